package topiary.raft.api;

/**
 * Hears what becomes of a log. Called on the log's thread, one call at a time and in order; must be
 * short and wait for nothing that needs the log.
 */
public interface LogListener {

  /** Entries were applied, or a snapshot was put in the place of everything. */
  void applied();

  /**
   * This node leads, and has applied everything that was committed before it began to.
   *
   * @param term since which election
   */
  void leads(long term);

  /** This node does not lead any more. Comes after {@link #leads}, once for each. */
  void stopsLeading();
}
