package topiary.engine.model;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
 * @param ioError the receiving thread's last error; {@link ReplicationError#NO_ROOM} while it waits
 *     for space
 * @param sqlError the applying thread's last error
 * @param setup how it was set up otherwise
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
    ReplicationError sqlError,
    Setup setup) {

  /** What stands before the host of a source that a replica was detached from. */
  public static final String DETACHED = "//";

  /** Set up as a server does by itself. */
  public Channel(
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
    this(
        name,
        source,
        user,
        gtid,
        io,
        sql,
        filtered,
        tls,
        delaySeconds,
        progress,
        ioError,
        sqlError,
        Setup.STANDARD);
  }

  /**
   * How a channel was set up; what a later change of its source has to keep.
   *
   * @param sourceUuid the {@code server_uuid} of the source it was last connected to; empty when it
   *     was not yet, and where there are none
   * @param filters the filters and rewritings that are set, by the status column that has them
   * @param encryption how it connects
   * @param detached whether its source's host is written such that it cannot connect, as {@code
   *     detach-replica} and orchestrator do it: with {@link #DETACHED} before it
   */
  public record Setup(
      String sourceUuid,
      SortedMap<String, String> filters,
      Encryption encryption,
      boolean detached) {

    public static final Setup STANDARD = new Setup("", new TreeMap<>(), Encryption.NONE);

    public Setup {
      filters = Collections.unmodifiableSortedMap(new TreeMap<>(filters));
    }

    /** The same of a channel that can connect. */
    public Setup(String sourceUuid, SortedMap<String, String> filters, Encryption encryption) {
      this(sourceUuid, filters, encryption, false);
    }

    /** The filters in one line; empty for none. */
    public String filterText() {
      return String.join(
          "; ", filters.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }
  }

  /**
   * How a channel encrypts, and knows its source, as the server's replication status tells; empty
   * texts where nothing is set.
   *
   * @param options by the option of {@code CHANGE REPLICATION SOURCE} without its {@code SOURCE_}:
   *     {@code SSL_CA}, {@code SSL_CAPATH}, {@code SSL_CERT}, {@code SSL_CIPHER}, {@code SSL_KEY},
   *     {@code SSL_CRL}, {@code SSL_CRLPATH}, {@code TLS_VERSION}, {@code PUBLIC_KEY_PATH}, {@code
   *     BIND}; those that are set only
   * @param verify whether the source's certificate must be made out to its name; empty when the
   *     server does not say
   * @param getPublicKey whether the source is asked for its public key; empty when the server knows
   *     no such thing
   */
  public record Encryption(
      SortedMap<String, String> options, Optional<Boolean> verify, Optional<Boolean> getPublicKey) {

    public static final Encryption NONE =
        new Encryption(new TreeMap<>(), Optional.empty(), Optional.empty());

    public Encryption {
      options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /** An option's text; empty when it is not set. */
    public String option(String name) {
      return options.getOrDefault(name, "");
    }
  }

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
      Optional<Long> secondsBehind) {

    // Asked at each look at each replica; a record's own way costs several times as much without
    // an optimising compiler.
    @Override
    public boolean equals(Object other) {
      return this == other
          || other instanceof Progress p
              && read.equals(p.read)
              && executed.equals(p.executed)
              && relay.equals(p.relay)
              && receivedGtid.equals(p.receivedGtid)
              && secondsBehind.equals(p.secondsBehind);
    }

    @Override
    public int hashCode() {
      return 31 * read.hashCode() + executed.hashCode();
    }
  }

  /** Whether all is as in another but the progress. */
  boolean standsAs(Channel other) {
    return this == other
        || io == other.io
            && sql == other.sql
            && gtid == other.gtid
            && filtered == other.filtered
            && tls == other.tls
            && delaySeconds == other.delaySeconds
            && name.equals(other.name)
            && source.equals(other.source)
            && user.equals(other.user)
            && Facts.same(ioError, other.ioError)
            && Facts.same(sqlError, other.sqlError)
            && Facts.same(setup, other.setup);
  }

  /** The same, having come another way. */
  public Channel at(Progress reached) {
    return new Channel(
        name,
        source,
        user,
        gtid,
        io,
        sql,
        filtered,
        tls,
        delaySeconds,
        reached,
        ioError,
        sqlError,
        setup);
  }

  /** The same, made of what is equal in a former value; that itself if all is. */
  Channel sharing(Channel former) {
    if (standsAs(former) && Facts.same(progress, former.progress)) {
      return former;
    }
    return new Channel(
        Facts.shared(name, former.name),
        Facts.shared(source, former.source),
        Facts.shared(user, former.user),
        gtid,
        io,
        sql,
        filtered,
        tls,
        delaySeconds,
        Facts.shared(progress, former.progress),
        Facts.shared(ioError, former.ioError),
        Facts.shared(sqlError, former.sqlError),
        Facts.shared(setup, former.setup));
  }

  /** The same, with its source by another name. */
  Channel from(InstanceKey named) {
    return new Channel(
        name,
        named,
        user,
        gtid,
        io,
        sql,
        filtered,
        tls,
        delaySeconds,
        progress,
        ioError,
        sqlError,
        setup);
  }

  /** The same, its receiving thread in another state, having failed at this last. */
  public Channel receiving(ThreadState state, ReplicationError error) {
    return new Channel(
        name,
        source,
        user,
        gtid,
        state,
        sql,
        filtered,
        tls,
        delaySeconds,
        progress,
        error,
        sqlError,
        setup);
  }

  /** The same, finding its place another way, these threads started. */
  Channel by(GtidUse use, Optional<Threads> started) {
    boolean receives = io == ThreadState.STOPPED && started.filter(Threads::io).isPresent();
    boolean applies = sql == ThreadState.STOPPED && started.filter(Threads::sql).isPresent();
    return new Channel(
        name,
        source,
        user,
        use,
        receives ? ThreadState.RUNNING : io,
        applies ? ThreadState.RUNNING : sql,
        filtered,
        tls,
        delaySeconds,
        progress,
        ioError,
        sqlError,
        setup);
  }

  /** Whether it was detached from its source on purpose: it cannot connect, and applies. */
  public boolean detached() {
    return setup.detached();
  }

  /** Its source as it is set up, by what it is known by: {@code //host:port} when detached. */
  public String told() {
    return (detached() ? DETACHED : "") + source;
  }

  /** Those of its threads that were started, connected or not; empty when both stand still. */
  public Optional<Threads> started() {
    return Threads.of(io != ThreadState.STOPPED, sql != ThreadState.STOPPED);
  }

  /** Whether both threads run and the source is connected. */
  public boolean replicating() {
    return io == ThreadState.RUNNING && sql == ThreadState.RUNNING;
  }

  /** Whether its receiving thread says that it runs, and waits for space on its disk. */
  public boolean lacksRoom() {
    return ioError.equals(ReplicationError.NO_ROOM);
  }

  /** Whether both threads stand still. */
  public boolean stopped() {
    return io == ThreadState.STOPPED && sql == ThreadState.STOPPED;
  }
}
