package topiary.engine.model;

import java.util.Optional;

/**
 * One replication stream into a server.
 *
 * @param name the channel's name, empty for the only or first one
 * @param source where it comes from
 * @param user whom it logs in as there
 * @param gtid how it finds its place
 * @param io the receiving thread
 * @param sql the applying thread
 * @param filtered whether replication filters are set
 * @param tls whether it connects with TLS
 * @param delaySeconds how far it is held back on purpose
 * @param progress how far it has come
 * @param ioError the receiving thread's last error
 * @param sqlError the applying thread's last error
 */
public record Channel(
    String name,
    InstanceKey source,
    String user,
    GtidUse gtid,
    ThreadState io,
    ThreadState sql,
    boolean filtered,
    boolean tls,
    int delaySeconds,
    Progress progress,
    ReplicationError ioError,
    ReplicationError sqlError) {

  /**
   * How far a channel has come; moves with every write.
   *
   * @param read received up to here, in the source's log
   * @param executed applied up to here, in the source's log
   * @param relay applied up to here, in the own relay log
   * @param receivedGtid received up to here
   * @param secondsBehind the server's own estimate of the lag, empty when it has none
   */
  public record Progress(
      BinlogPosition read,
      BinlogPosition executed,
      BinlogPosition relay,
      String receivedGtid,
      Optional<Long> secondsBehind) {}

  /** The same, having come another way. */
  Channel at(Progress reached) {
    return new Channel(
        name, source, user, gtid, io, sql, filtered, tls, delaySeconds, reached, ioError, sqlError);
  }

  /** The same, with its source by another name. */
  Channel from(InstanceKey named) {
    return new Channel(
        name, named, user, gtid, io, sql, filtered, tls, delaySeconds, progress, ioError, sqlError);
  }

  /** Whether both threads run and the source is connected. */
  public boolean replicating() {
    return io == ThreadState.RUNNING && sql == ThreadState.RUNNING;
  }

  /** Whether both threads stand still. */
  public boolean stopped() {
    return io == ThreadState.STOPPED && sql == ThreadState.STOPPED;
  }
}
