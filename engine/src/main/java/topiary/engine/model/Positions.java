package topiary.engine.model;

/**
 * How far a server has come; moves with every write.
 *
 * @param logEnd the end of its own binary log
 * @param executedGtid all it has executed: {@code @@gtid_current_pos} on MariaDB
 * @param loggedGtid what its own binary log ends with: {@code @@gtid_binlog_pos} on MariaDB
 * @param uptimeSeconds since it started
 */
public record Positions(
    BinlogPosition logEnd, String executedGtid, String loggedGtid, long uptimeSeconds) {

  /** The same, after another time since the server started. */
  public Positions upFor(long seconds) {
    return new Positions(logEnd, executedGtid, loggedGtid, seconds);
  }
}
