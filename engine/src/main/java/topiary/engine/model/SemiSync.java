package topiary.engine.model;

/**
 * Semi-synchronous replication: how a server is set up for it, and whether it is at work.
 *
 * @param sourceWords whether its plugins go by SOURCE and REPLICA (MySQL 8.0.26); else by MASTER
 *     and SLAVE
 * @param source the side that waits for acknowledgements
 * @param replica the side that gives them
 */
public record SemiSync(boolean sourceWords, Source source, Replica replica) {

  /** A server that knows nothing of it. */
  public static final SemiSync NONE =
      new SemiSync(
          false, new Source(false, false, 0, 0, false, 0), new Replica(false, false, false));

  /**
   * The side that waits.
   *
   * @param available whether the server has it: a plugin of MySQL, built into MariaDB
   * @param enabled whether commits are to wait
   * @param timeoutMillis after how long a commit goes on without an acknowledgement
   * @param waitFor how many replicas have to acknowledge; 1 where the server knows no other number
   * @param active whether commits wait now: not, after a time-out or with too few replicas
   * @param clients how many semi-synchronous replicas are connected
   */
  public record Source(
      boolean available,
      boolean enabled,
      long timeoutMillis,
      int waitFor,
      boolean active,
      int clients) {}

  /**
   * The side that acknowledges.
   *
   * @param available whether the server has it
   * @param enabled whether it is to acknowledge
   * @param active whether it does now
   */
  public record Replica(boolean available, boolean enabled, boolean active) {}

  /** Whether the server has both sides. */
  public boolean available() {
    return source.available() && replica.available();
  }

  /** Whether the server has either side turned on. */
  public boolean enabled() {
    return source.enabled() || replica.enabled();
  }
}
