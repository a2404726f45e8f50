package topiary.engine.model;

/**
 * How far a server has come; moves with every write.
 *
 * @param logEnd the end of its own binary log
 * @param executedGtid all it has executed: {@code @@gtid_current_pos} on MariaDB,
 *     {@code @@gtid_executed} on MySQL
 * @param loggedGtid what it can serve a replica up to: {@code @@gtid_binlog_pos} on MariaDB, on
 *     MySQL the same as executed
 * @param purgedGtid what it has executed and can serve nobody any more, its logs being deleted:
 *     MySQL's {@code @@gtid_purged}
 * @param historyGtid the last of everybody who ever wrote into its log: MariaDB's
 *     {@code @@gtid_binlog_state}; empty on MySQL, whose executed set tells that already
 * @param uptimeSeconds since it started
 */
public record Positions(
    BinlogPosition logEnd,
    String executedGtid,
    String loggedGtid,
    String purgedGtid,
    String historyGtid,
    long uptimeSeconds) {

  /** Whether the server has come as far, however long it is up. */
  boolean isAsFarAs(Positions other) {
    return Facts.same(logEnd, other.logEnd)
        && executedGtid.equals(other.executedGtid)
        && loggedGtid.equals(other.loggedGtid)
        && purgedGtid.equals(other.purgedGtid)
        && historyGtid.equals(other.historyGtid);
  }

  /** The same, after another time since the server started. */
  public Positions upFor(long seconds) {
    return new Positions(logEnd, executedGtid, loggedGtid, purgedGtid, historyGtid, seconds);
  }
}
