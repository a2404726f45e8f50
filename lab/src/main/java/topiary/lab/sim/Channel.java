package topiary.lab.sim;

import java.util.Map;
import java.util.Optional;

/** One stream into a server: whence, its two threads, and how far they have come. */
final class Channel {

  private static final long SECOND = 1_000_000;

  final String name;
  private final Server owner;

  String host = "";
  int port = 3306;
  String user = "";
  boolean autoPosition;

  /** MariaDB's {@code No}, {@code Slave_Pos}, {@code Current_Pos}. */
  String usingGtid = "No";

  int connectRetry = 60;
  long retryCount = 86_400;
  int delaySeconds;

  /** Whether it is to encrypt; MySQL's does when nothing is said. */
  boolean tls;

  /** By how much a fault holds it back, in seconds. */
  int lagSeconds;

  /** How long it takes until it receives what was written, in microseconds. */
  long travelMicros;

  /** Whether it says which transaction it has failed at. */
  boolean namesFailed = true;

  private boolean io;
  private boolean sql;

  /** What the applying thread stops after; nothing for one that goes on. */
  private Optional<MySqlGtids> until = Optional.empty();

  /** Whether it is to fail at whatever it applies next. */
  private boolean fails;

  /** What it fails at; empty for nothing. */
  private Optional<Gtids> failsAt = Optional.empty();

  private boolean connected;
  private long connectedAt;
  private long ioSince;
  private long sqlSince;

  int ioErrno;
  String ioError = "";
  long ioErrorAt;
  int sqlErrno;
  String sqlError = "";
  long sqlErrorAt;

  /** What was received since the relay log began: a set on MySQL, the last ones on MariaDB. */
  Gtids received;

  private Gtids served;

  /** Where its source was when somebody last asked. */
  private Address address = new Address(host, port);

  Log.Position read = Log.Position.NONE;
  long sourceId;
  String sourceUuid = "";

  Channel(String name, Server owner) {
    this.name = name;
    this.owner = owner;
    this.received = owner.nothing();
    this.tls = !owner.kind().maria();
  }

  Address source() {
    if (!address.host().equals(host) || address.port() != port) {
      address = new Address(host, port);
    }
    return address;
  }

  boolean ioRunning() {
    return io;
  }

  boolean sqlRunning() {
    return sql;
  }

  boolean connected() {
    return connected;
  }

  Optional<MySqlGtids> until() {
    return until;
  }

  /**
   * Applies nothing any more from its next transaction on, which it fails at, until that is
   * skipped.
   */
  void failAtNext() {
    fails = true;
  }

  long ioSince() {
    return ioSince;
  }

  long sqlSince() {
    return sqlSince;
  }

  // ---- deeds, on a server that was settled

  void start(boolean receiving, boolean applying, long now) {
    start(receiving, applying, Optional.empty(), now);
  }

  /** As above; the applying thread stops by itself once it has applied these. */
  void start(boolean receiving, boolean applying, Optional<MySqlGtids> last, long now) {
    if (!io && !sql && owner.kind().maria() && !usingGtid.equals("No")) {
      // MariaDB throws away its relay log when it starts from a standstill, and asks again.
      received = owner.slavePosition();
      served = null;
    }
    if (receiving && !io) {
      io = true;
      ioSince = now;
      ioErrno = 0;
      ioError = "";
      ioErrorAt = 0;
    }
    if (applying && !sql) {
      sql = true;
      until = last;
      sqlSince = now;
      sqlErrno = 0;
      sqlError = "";
      sqlErrorAt = 0;
    }
    follow(now);
  }

  void stop(boolean receiving, boolean applying, long now) {
    if (receiving) {
      io = false;
      connected = false;
      tellSource(now);
    }
    if (applying) {
      sql = false;
    }
  }

  /** Its source may have to do without its acknowledgements, or have them again. */
  void tellSource(long now) {
    Server source = owner.fleet().find(source());
    if (source != null) {
      source.heard(now);
    }
  }

  /** The number of the last transaction of a writer that it has received. */
  long got(Server writer) {
    return received instanceof MySqlGtids sets
        ? sets.last(writer.origin())
        : ((MariaGtids) received)
            .last().values().stream()
                .filter(last -> Long.toString(last.server()).equals(writer.origin()))
                .mapToLong(MariaGtids.Last::number)
                .max()
                .orElse(0);
  }

  /** Throws away what was received. */
  void forget() {
    received = owner.kind().maria() ? owner.slavePosition() : MySqlGtids.NONE;
    served = null;
    read = Log.Position.NONE;
    sourceUuid = "";
    if (!owner.kind().maria()) {
      sourceId = 0;
    }
    ioErrno = 0;
    ioError = "";
    ioErrorAt = 0;
  }

  /** The connection to its source is made anew: its own server has been started again. */
  void reconnect() {
    connected = false;
    served = null;
  }

  // ---- time

  void follow(long now) {
    receive(now);
    apply(now);
  }

  private void receive(long now) {
    if (!io) {
      return;
    }
    Server source = owner.fleet().find(source());
    if (source == null || source.standing() == Server.Standing.DEAD) {
      connected = false;
      refused(now);
      return;
    }
    if (source.standing() == Server.Standing.HUNG) {
      if (connected && now - source.standingSince() >= owner.netTimeout() * SECOND) {
        connected = false;
      }
      return;
    }
    source.settle(now);
    if ((!connected || source.startedAt() > connectedAt) && !connect(source, now)) {
      return;
    }
    Gtids serves =
        travelMicros == 0 ? source.serves() : source.servedBy(now - travelMicros, received);
    if (serves != served) {
      take(serves);
      served = serves;
    }
    read = source.log().end();
  }

  private void take(Gtids serves) {
    if (serves instanceof MySqlGtids sets) {
      var mine = (MySqlGtids) received;
      MySqlGtids more = sets.minus(owner.executedSet()).minus(mine);
      received = more.isEmpty() ? mine : mine.plus(more);
    } else {
      received = ((MariaGtids) received).replacedBy((MariaGtids) serves);
    }
  }

  private void refused(long now) {
    ioErrno = 2003;
    ioErrorAt = now;
    ioError =
        owner.kind().maria()
            ? "error connecting to master '"
                + (user + "@" + host + ":" + port)
                + "' - retry-time: "
                + connectRetry
                + "  maximum-retries: 100000  message: Can't connect to server on '"
                + host
                + "' (111 \"Connection refused\")"
            : "Error connecting to source '"
                + (user + "@" + host + ":" + port)
                + "'. This was attempt "
                + (1 + Math.max(0, now - ioSince) / SECOND / Math.max(1, connectRetry))
                + "/"
                + retryCount
                + ", with a delay of "
                + connectRetry
                + " seconds between attempts. Message: Can't connect to MySQL server on '"
                + (host + ":" + port)
                + "' (111)";
  }

  private boolean connect(Server source, long now) {
    if (source.serverId() == owner.serverId()) {
      fail(
          now,
          owner.kind().maria() ? 1593 : 13117,
          owner.kind().maria()
              ? "Fatal error: The slave I/O thread stops because master and slave have equal MySQL"
                  + " server ids; these ids must be different for replication to work (or the"
                  + " --replicate-same-server-id option must be used on slave but this does not"
                  + " always make sense; please check the manual before using it)."
              : "Fatal error: The replica I/O thread stops because source and replica have equal"
                  + " MySQL server ids; these ids must be different for replication to work (or the"
                  + " --replicate-same-server-id option must be used on replica but this does not"
                  + " always make sense; please check the manual before using it).");
      return false;
    }
    String why = source.kind() == owner.kind() ? lacks(source) : "The server is of another family";
    if (!why.isEmpty()) {
      fail(
          now,
          owner.kind().maria() ? 1236 : 13114,
          "Got fatal error 1236 from "
              + (owner.kind().maria() ? "master" : "source")
              + " when reading data from binary log: '"
              + why
              + "'");
      return false;
    }
    connected = true;
    connectedAt = now;
    sourceId = source.serverId();
    sourceUuid = source.uuid();
    ioErrno = 0;
    ioError = "";
    source.heard(now);
    return true;
  }

  /** What the source has not got and would have to send; empty when it can send all. */
  private String lacks(Server source) {
    if (owner.kind().maria()) {
      if (usingGtid.equals("No")) {
        return "";
      }
      MariaGtids from =
          usingGtid.equals("Slave_Pos") ? (MariaGtids) received : owner.currentPosition();
      for (Map.Entry<Long, MariaGtids.Last> e : from.last().entrySet()) {
        if (source.knows(e.getKey()) && !source.hasLogged(e.getKey(), e.getValue())) {
          return "Error: connecting slave requested to start from GTID "
              + MariaGtids.one(e.getKey(), e.getValue().server(), e.getValue().number())
              + ", which is not in the master's binlog";
        }
      }
      return "";
    }
    MySqlGtids has = owner.executedSet().plus(received);
    if (!has.covers(source.purged())) {
      return "Cannot replicate because the source purged required binary logs. Replicate the"
          + " missing transactions from elsewhere, or provision a new replica from backup.";
    }
    return has.last(source.uuid()) > source.executedSet().last(source.uuid())
        ? "Replica has more GTIDs than the source has, using the source's SERVER_UUID."
        : "";
  }

  private void fail(long now, int errno, String error) {
    io = false;
    connected = false;
    ioErrno = errno;
    ioError = error;
    ioErrorAt = now;
  }

  private void apply(long now) {
    if (!sql) {
      return;
    }
    long hold = (delaySeconds + (long) lagSeconds) * SECOND;
    Gtids target = hold == 0 ? received : received.written(owner.fleet().until(now - hold));
    if (until.isPresent() && target instanceof MySqlGtids sets) {
      target = sets.minus(sets.minus(until.get()));
    }
    if (fails) {
      failsAt = next(target);
      fails = failsAt.isEmpty();
    }
    failsAt = failsAt.filter(gtid -> !applied().covers(gtid));
    if (failsAt.isPresent() && target.covers(failsAt.get())) {
      stop(now, 1062, failure(failsAt.get()));
      return;
    }
    String wrong = owner.take(target);
    if (!wrong.isEmpty()) {
      stop(now, 1950, wrong);
    } else if (until.isPresent() && owner.executedSet().covers(until.get())) {
      sql = false;
    }
  }

  private void stop(long now, int errno, String error) {
    sql = false;
    sqlErrno = errno;
    sqlError = error;
    sqlErrorAt = now;
  }

  private Gtids applied() {
    return owner.kind().maria() ? owner.slavePosition() : owner.executedSet();
  }

  /** The first of some transactions that is not applied. */
  private Optional<Gtids> next(Gtids of) {
    if (of instanceof MySqlGtids sets) {
      return sets.minus(owner.executedSet()).sets().entrySet().stream()
          .map(e -> (Gtids) MySqlGtids.one(e.getKey(), e.getValue()[0], e.getValue()[0]))
          .findFirst();
    }
    MariaGtids applied = owner.slavePosition();
    return ((MariaGtids) of)
        .last().entrySet().stream()
            .filter(e -> e.getValue().number() > applied.number(e.getKey()))
            .map(
                e ->
                    (Gtids)
                        MariaGtids.one(
                            e.getKey(), e.getValue().server(), applied.number(e.getKey()) + 1))
            .findFirst();
  }

  private String failure(Gtids at) {
    return owner.kind().maria() || !namesFailed
        ? "Could not execute Write_rows_v1 event on table lab.t; Duplicate entry '1' for key"
            + " 'PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY"
        : "Coordinator stopped because there were error(s) in the worker(s). The most recent"
            + " failure being: Worker 1 failed executing transaction '"
            + at
            + "' at source log "
            + executed().file()
            + ", end_log_pos "
            + (executed().offset() + Log.TRANSACTION)
            + ". See error log and/or performance_schema.replication_applier_status_by_worker table"
            + " for more details about this failure or others, if any.";
  }

  // ---- what it says of itself

  /** The transaction its relay log has next, as MariaDB names it. */
  Optional<String> nextEvent() {
    return next(received).map(Gtids::toString);
  }

  /** What it leaves out, by the columns of its status. */
  Map<String, String> filters() {
    return owner.filters();
  }

  /** How many transactions are received and not applied. */
  long pending() {
    return received.beyond(owner.kind().maria() ? owner.slavePosition() : owner.executedSet());
  }

  /** How far it has applied in its source's log. */
  Log.Position executed() {
    return new Log.Position(
        read.file(),
        read.file().isEmpty() ? 0 : Math.max(4, read.offset() - pending() * Log.TRANSACTION));
  }

  /** The age of the oldest transaction that is not applied, in seconds; null when unknown. */
  Long secondsBehind(long now) {
    boolean knows = sql && (connected || io && !owner.kind().maria());
    if (!knows) {
      return null;
    }
    return pending() == 0 ? 0L : Math.max(0, now - firstPending()) / SECOND;
  }

  private long firstPending() {
    long oldest = Long.MAX_VALUE;
    if (received instanceof MySqlGtids sets) {
      for (Map.Entry<String, long[]> e : sets.minus(owner.executedSet()).sets().entrySet()) {
        oldest = Math.min(oldest, owner.fleet().when(e.getKey(), e.getValue()[0]));
      }
    } else {
      MariaGtids applied = owner.slavePosition();
      for (Map.Entry<Long, MariaGtids.Last> e : ((MariaGtids) received).last().entrySet()) {
        long next = applied.number(e.getKey()) + 1;
        if (e.getValue().number() >= next) {
          String origin = Long.toString(e.getValue().server());
          oldest = Math.min(oldest, owner.fleet().when(origin, next));
        }
      }
    }
    return oldest;
  }
}
