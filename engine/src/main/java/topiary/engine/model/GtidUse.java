package topiary.engine.model;

/** How a channel finds its place in its source's log. */
public enum GtidUse {
  /** By file and offset. */
  NONE,
  /** MariaDB: from what was replicated. */
  SLAVE_POS,
  /** MariaDB: from what was replicated or written here; deprecated by the server. */
  CURRENT_POS,
  /** MySQL: the source sends what the replica lacks. */
  AUTO_POSITION;

  /**
   * Whether a start from a standstill throws away what was received and not applied, as MariaDB
   * does when it uses GTIDs.
   */
  public boolean startDropsReceived() {
    return this == SLAVE_POS || this == CURRENT_POS;
  }
}
