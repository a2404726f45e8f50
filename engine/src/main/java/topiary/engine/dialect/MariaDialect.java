package topiary.engine.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.gtid.MariaPosition;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Login;
import topiary.engine.plan.Step;

/** MariaDB 10.11 and newer. */
public record MariaDialect() implements Dialect {

  private static final Grants NEEDED =
      new Grants(
          Map.ofEntries(
              Map.entry("PROCESS", "long-running statements cannot be seen"),
              Map.entry("RELOAD", "logs cannot be flushed"),
              Map.entry("REPLICATION SLAVE", "relay logs cannot be read"),
              Map.entry("BINLOG MONITOR", "its binary log cannot be read"),
              Map.entry("SLAVE MONITOR", "its replication status cannot be read"),
              Map.entry("REPLICATION SLAVE ADMIN", "replication cannot be stopped or changed"),
              Map.entry("REPLICATION MASTER ADMIN", "its replicas cannot be listed"),
              Map.entry("BINLOG ADMIN", "binary logs cannot be purged"),
              Map.entry("READ_ONLY ADMIN", "read_only cannot be changed"),
              Map.entry("CONNECTION ADMIN", "another manager's connection cannot be ended")),
          Set.of(),
          List.of(),
          List.of("EVENT", "SET USER"));

  @Override
  public String identity() {
    // Of what a session has a value of its own, a kept one would tell an old value for ever.
    return "SELECT @@version AS version, @@version_comment AS version_comment,"
        + " @@global.server_id AS server_id, @@hostname AS hostname,"
        + " @@report_host AS report_host, @@report_port AS report_port,"
        + " @@read_only AS read_only, @@log_bin AS log_bin,"
        + " @@log_slave_updates AS log_updates, @@global.binlog_format AS binlog_format,"
        + " @@global.binlog_row_image AS binlog_row_image, @@gtid_strict_mode AS gtid_strict,"
        + " @@gtid_current_pos AS executed_gtid, @@gtid_binlog_pos AS logged_gtid,"
        + " @@gtid_binlog_state AS history_gtid";
  }

  @Override
  public String channels() {
    return "SHOW ALL SLAVES STATUS";
  }

  @Override
  public String logEnd() {
    return "SHOW MASTER STATUS";
  }

  /** It persists nothing. */
  @Override
  public Optional<String> startup() {
    return Optional.of(
        "SELECT VARIABLE_NAME AS name, GLOBAL_VALUE_ORIGIN AS origin, NULL AS persisted"
            + " FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME = 'READ_ONLY'");
  }

  @Override
  public String replicas() {
    return "SHOW SLAVE HOSTS";
  }

  @Override
  public Grants needed() {
    return NEEDED;
  }

  @Override
  public MariaPosition position(String text) {
    return MariaPosition.parse(text);
  }

  @Override
  public String executed() {
    return "SELECT @@gtid_slave_pos AS position";
  }

  /** What a source can serve from: its own writes and what it replicated, one per domain. */
  @Override
  public String logged() {
    return "SELECT @@gtid_current_pos AS position";
  }

  @Override
  public List<String> statements(Step step) {
    return switch (step) {
      case Step.StopReplication s ->
          List.of("STOP SLAVE" + name(s.channel()) + threads(s.threads()));
      case Step.StartReplication s ->
          List.of("START SLAVE" + name(s.channel()) + threads(s.threads()));
      case Step.TryConnect s -> List.of(tryConnect(s));
      case Step.AwaitDrained s -> List.of(channels());
      case Step.ReadExecuted s -> List.of(executed());
      case Step.ReadLogged s -> List.of(logged());
      case Step.AwaitLogged s -> List.of(logged());
      case Step.AwaitLoggedOf s -> List.of(logged());
      case Step.ReadPending s -> throw new IllegalArgumentException("MariaDB has no sets of GTIDs");
      case Step.AwaitSendable s ->
          throw new IllegalArgumentException("MariaDB has no sets of GTIDs");
      case Step.PointAt s ->
          List.of(point(s.channel(), s.source().host(), s.source().port(), s.gtid()));
      case Step.AwaitReplicating s -> List.of(channels());
      case Step.QuietDown s -> List.of("SET GLOBAL read_only = ON");
      case Step.SetReadOnly s -> List.of("SET GLOBAL read_only = " + (s.readOnly() ? "ON" : "OFF"));
      case Step.ApplyPending s ->
          throw new IllegalArgumentException("MariaDB has no sets of GTIDs");
      case Step.ReadCoordinates s -> List.of(channels());
      case Step.PointAtFile s -> List.of(pointAtFile(s, FILE, POSITION));
      // MariaDB has no other way to forget a channel's own position: the GTIDs stay.
      case Step.ForgetSource s -> List.of("RESET SLAVE" + name(s.channel()) + " ALL");
      case Step.SetDelay s ->
          List.of("CHANGE MASTER" + name(s.channel()) + " TO MASTER_DELAY=" + s.seconds());
      case Step.SetSemiSync s -> List.of(SemiSyncWords.set(s));
      case Step.SkipTransaction s -> skip(s);
      case Step.InjectEmpty s -> throw new IllegalArgumentException("MariaDB has no sets of GTIDs");
      case Step.ForgetTransactions s ->
          throw new IllegalArgumentException("MariaDB has no sets of GTIDs");
      case Step.FlushLogs s -> List.of("FLUSH LOCAL BINARY LOGS");
      case Step.PurgeLogs s -> List.of("PURGE BINARY LOGS TO " + Quote.text(s.file()));
      case Step.KillQuery s -> List.of("KILL QUERY " + s.connection());
      case Step.ReadLogEnd s -> List.of(channels(), logEnd());
      case Step.ReadReceived s -> List.of(channels());
      case Step.NotePlace s -> List.of(channels(), logEnd());
      case Step.DisableEvents s -> disableEvents();
      case Step.EnableEvents s -> enableEvents();
      case Step.AwaitPlace s -> List.of(channels());
      case Step.ApplyUpTo s ->
          List.of(
              applyUpTo(s, FILE, POSITION),
              channels(),
              statements(new Step.StopReplication(s.target(), s.channel(), Threads.BOTH))
                  .getFirst());
      case Step.PointBack s ->
          List.of(
              channels(),
              pointAtFile(
                  new Step.PointAtFile(s.target(), s.channel(), s.source(), s.at()),
                  FILE,
                  POSITION));
      case Step.Detach s ->
          List.of(point(s.channel(), detached(s.source()), s.source().port(), s.gtid()));
      case Step.DetachAtFile s -> List.of(detachAtFile(s, FILE, POSITION));
      case Step.Attach s ->
          List.of(point(s.channel(), s.source().host(), s.source().port(), s.gtid()));
      case Step.Follow s ->
          // What it has written itself counts as what it has got, at this moment: from there on it
          // asks only for what others write.
          List.of(
              follow(s.source(), s.login())
                  + ", MASTER_USE_GTID="
                  + use(s.gtid())
                  + ", MASTER_DEMOTE_TO_SLAVE=1");
      case Step.FollowAtFile s -> List.of(followAtFile(s, FILE, POSITION));
      case Step.PointAtPlace s ->
          List.of(
              channels(),
              pointAtFile(
                  s.channel(),
                  s.source().host(),
                  s.source().port(),
                  s.at().file(),
                  Long.toString(s.at().offset())));
    };
  }

  /**
   * Starts to receive, and has the thread give up soon when it cannot connect: until it does, it
   * cannot be stopped. It takes what {@code slave_net_timeout} is at that moment. One statement, so
   * that the server has its own value again whoever dies meanwhile.
   */
  private static String tryConnect(Step.TryConnect s) {
    return "BEGIN NOT ATOMIC DECLARE own INT UNSIGNED DEFAULT @@global.slave_net_timeout;"
        + " DECLARE EXIT HANDLER FOR SQLEXCEPTION"
        + " BEGIN SET GLOBAL slave_net_timeout = own; RESIGNAL; END;"
        + " SET GLOBAL slave_net_timeout = LEAST(own, "
        + s.limit().toSeconds()
        + "); START SLAVE"
        + name(s.channel())
        + threads(Threads.IO)
        + "; DO SLEEP(0.05); SET GLOBAL slave_net_timeout = own; END";
  }

  private static String point(String channel, String host, int port, GtidUse gtid) {
    return "CHANGE MASTER"
        + name(channel)
        + " TO MASTER_HOST="
        + Quote.text(host)
        + ", MASTER_PORT="
        + port
        + ", MASTER_USE_GTID="
        + use(gtid);
  }

  @Override
  public String pointAtFile(Step.PointAtFile s, String file, String position) {
    return pointAtFile(s.channel(), s.source().host(), s.source().port(), file, position);
  }

  @Override
  public String detachAtFile(Step.DetachAtFile s, String file, String position) {
    return pointAtFile(s.channel(), detached(s.source()), s.source().port(), file, position);
  }

  private static String detached(InstanceKey source) {
    return Channel.DETACHED + source.host();
  }

  private static String pointAtFile(
      String channel, String host, int port, String file, String position) {
    return "CHANGE MASTER"
        + name(channel)
        + " TO MASTER_HOST="
        + Quote.text(host)
        + ", MASTER_PORT="
        + port
        + ", MASTER_LOG_FILE="
        + Quote.text(file)
        + ", MASTER_LOG_POS="
        + position
        + ", MASTER_USE_GTID=no";
  }

  @Override
  public String followAtFile(Step.FollowAtFile s, String file, String position) {
    return follow(s.source(), s.login())
        + ", MASTER_LOG_FILE="
        + Quote.text(file)
        + ", MASTER_LOG_POS="
        + position
        + ", MASTER_USE_GTID=no";
  }

  private static String follow(InstanceKey source, Login login) {
    var options = new ArrayList<String>();
    options.add("MASTER_HOST=" + Quote.text(source.host()));
    options.add("MASTER_PORT=" + source.port());
    options.add("MASTER_USER=" + Quote.text(login.user()));
    options.add("MASTER_" + SECRET);
    options.add("MASTER_SSL=" + (login.tls() ? 1 : 0));
    login
        .encryption()
        .verify()
        .ifPresent(verify -> options.add("MASTER_SSL_VERIFY_SERVER_CERT=" + (verify ? 1 : 0)));
    login
        .encryption()
        .options()
        .forEach((option, value) -> options.add("MASTER_" + option + "=" + Quote.text(value)));
    return "CHANGE MASTER TO " + String.join(", ", options);
  }

  @Override
  public String applyPending(Step.ApplyPending s, String pending) {
    throw new IllegalArgumentException("MariaDB has no sets of GTIDs");
  }

  @Override
  public String applyUpTo(Step.ApplyUpTo s, String file, String position) {
    return "START SLAVE"
        + name(s.channel())
        + " UNTIL MASTER_LOG_FILE="
        + Quote.text(file)
        + ", MASTER_LOG_POS="
        + position;
  }

  @Override
  public String failedEvent(Step.SkipTransaction s, BinlogPosition from) {
    return "SHOW RELAYLOG"
        + name(s.channel())
        + " EVENTS IN "
        + Quote.text(from.file())
        + " FROM "
        + from.offset()
        + " LIMIT 1";
  }

  @Override
  public String goOnAfter(String position) {
    return "SET GLOBAL gtid_slave_pos = " + Quote.text(position);
  }

  /** The counter is about the connection the session has chosen. */
  private List<String> skip(Step.SkipTransaction s) {
    if (s.gtid() != GtidUse.NONE) {
      return List.of(executed(), "SHOW RELAYLOG EVENTS", goOnAfter(AFTER));
    }
    String count = "SET GLOBAL sql_slave_skip_counter = 1";
    return s.channel().isEmpty()
        ? List.of(count)
        : List.of("SET default_master_connection = " + Quote.text(s.channel()), count);
  }

  private static String use(GtidUse use) {
    return switch (use) {
      case SLAVE_POS -> "slave_pos";
      case CURRENT_POS -> "current_pos";
      case NONE, AUTO_POSITION ->
          throw new IllegalArgumentException("MariaDB has no such use of GTIDs: " + use);
    };
  }

  private static String threads(Threads threads) {
    return switch (threads) {
      case BOTH -> "";
      case IO -> " IO_THREAD";
      case SQL -> " SQL_THREAD";
    };
  }

  private static String name(String channel) {
    return channel.isEmpty() ? "" : " " + Quote.text(channel);
  }
}
