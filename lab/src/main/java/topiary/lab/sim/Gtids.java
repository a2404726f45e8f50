package topiary.lab.sim;

/** Transactions, as MySQL or as MariaDB counts them. A value. */
sealed interface Gtids permits MySqlGtids, MariaGtids {

  /** Until which number an origin had written at a moment. */
  interface Until {
    /**
     * The last number.
     *
     * @param origin a server's uuid on MySQL, its id on MariaDB
     */
    long last(String origin);
  }

  /** What this or the other has. */
  Gtids plus(Gtids other);

  /** How many transactions this has that the other has not. */
  long beyond(Gtids other);

  /** Whether the other has nothing that this has not. */
  default boolean covers(Gtids other) {
    return other.beyond(this) == 0;
  }

  /** What of this was written until then. */
  Gtids written(Until until);
}
