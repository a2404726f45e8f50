package topiary.engine.gtid;

/**
 * How far a server has come, as GTIDs of its own family: a set on MySQL, the last of each domain on
 * MariaDB. Positions of different families have nothing to do with each other.
 */
public sealed interface GtidPosition permits MariaPosition, GtidSet {

  /**
   * Whether a server at this position has everything that one at the other position has; of another
   * family it has only nothing.
   */
  boolean covers(GtidPosition other);

  boolean isEmpty();
}
