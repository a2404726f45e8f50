package topiary.engine.dialect;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.Login;
import topiary.engine.plan.Step;

/**
 * MySQL and Percona Server, from 5.6 to those that know no MASTER and no SLAVE any more.
 *
 * @param capabilities what this server can do
 */
public record MySqlDialect(Set<Capability> capabilities) implements Dialect {

  /** What a server as of MySQL 8.4 can do: everything. */
  public static final MySqlDialect NEWEST = new MySqlDialect(EnumSet.allOf(Capability.class));

  /** So many of several transactions are shown one by one. */
  private static final int SHOWN = 3;

  private static final Map<String, String> RIGHTS =
      Map.of(
          "PROCESS", "long-running statements cannot be seen",
          "RELOAD", "logs cannot be flushed",
          "REPLICATION CLIENT", "its replication status and binary log cannot be read",
          "REPLICATION SLAVE", "its replicas cannot be listed");

  /** Who holds locks without running a statement. */
  private static final List<String> LOCKS =
      List.of("performance_schema.metadata_locks", "performance_schema.threads");

  /** What was one right, SUPER, before there were these. */
  private static final Map<String, String> DYNAMIC =
      Map.of(
          "REPLICATION_SLAVE_ADMIN", "replication cannot be stopped or changed",
          "SYSTEM_VARIABLES_ADMIN", "read_only cannot be changed",
          "BINLOG_ADMIN", "binary logs cannot be purged",
          "CONNECTION_ADMIN", "another manager's connection cannot be ended");

  public MySqlDialect {
    capabilities = Set.copyOf(capabilities);
  }

  /** Asks which of the variables it has that tell what it can do: a row each. */
  public static String abilities() {
    return Stream.of(Capability.values())
        .map(Capability::variable)
        .filter(name -> !name.isEmpty())
        .sorted()
        .collect(
            Collectors.joining("', '", "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('", "')"));
  }

  /** Asks something that only a server with {@link Capability#BINARY_LOG_STATUS} understands. */
  public static String binaryLogStatus() {
    return "SHOW BINARY LOG STATUS";
  }

  /** What a server can do that has these variables. */
  public static Set<Capability> toldBy(Set<String> variables) {
    var can = EnumSet.noneOf(Capability.class);
    Stream.of(Capability.values())
        .filter(c -> !c.variable().isEmpty() && variables.contains(c.variable()))
        .forEach(can::add);
    return can;
  }

  private boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  private boolean modern() {
    return can(Capability.REPLICA_WORDS);
  }

  @Override
  public String identity() {
    Map<String, String> columns = new TreeMap<>();
    for (String same : List.of("version", "version_comment", "hostname", "report_host")) {
      columns.put(same, "@@" + same);
    }
    for (String same : List.of("server_id", "report_port", "read_only", "log_bin")) {
      columns.put(same, "@@" + same);
    }
    // Of what a session has a value of its own, a kept one would tell an old value for ever.
    columns.put("binlog_row_image", "@@global.binlog_row_image");
    columns.put("log_updates", modern() ? "@@log_replica_updates" : "@@log_slave_updates");
    columns.put(
        "binlog_format", can(Capability.BINLOG_FORMATS) ? "@@global.binlog_format" : "'ROW'");
    if (can(Capability.SUPER_READ_ONLY)) {
      columns.put("super_read_only", "@@super_read_only");
    }
    if (can(Capability.GTID_SETS)) {
      columns.put("server_uuid", "@@server_uuid");
      columns.put("gtid_mode", "@@gtid_mode");
      columns.put("executed_gtid", "@@global.gtid_executed");
      columns.put("logged_gtid", "@@global.gtid_executed");
      columns.put("purged_gtid", "@@global.gtid_purged");
    }
    return columns.entrySet().stream()
        .map(e -> e.getValue() + " AS " + e.getKey())
        .collect(Collectors.joining(", ", "SELECT ", ""));
  }

  /** Asks for the binary logs it has, the oldest first: a row each. */
  public static String logs() {
    return "SHOW BINARY LOGS";
  }

  /** Asks for the first events of a log, one of which tells what was executed before it. */
  public static String beginning(String file) {
    return "SHOW BINLOG EVENTS IN " + Quote.text(file) + " LIMIT 5";
  }

  @Override
  public String channels() {
    return modern() ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
  }

  @Override
  public String logEnd() {
    return can(Capability.BINARY_LOG_STATUS) ? binaryLogStatus() : "SHOW MASTER STATUS";
  }

  @Override
  public String replicas() {
    return modern() ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
  }

  /** Told by servers that can persist, of which the finer rights are as old as that is. */
  @Override
  public Optional<String> startup() {
    return can(Capability.DYNAMIC_PRIVILEGES)
        ? Optional.of(
            "SELECT i.VARIABLE_NAME AS name, i.VARIABLE_SOURCE AS origin, p.VARIABLE_VALUE AS"
                + " persisted FROM performance_schema.variables_info AS i LEFT JOIN"
                + " performance_schema.persisted_variables AS p USING (VARIABLE_NAME)"
                + " WHERE i.VARIABLE_NAME IN ('read_only', 'super_read_only')")
        : Optional.empty();
  }

  @Override
  public Optional<String> credentials() {
    return Optional.of("SELECT MAX(User_name) AS user FROM mysql.slave_master_info");
  }

  @Override
  public Grants needed() {
    Map<String, String> needed = new TreeMap<>(RIGHTS);
    if (can(Capability.DYNAMIC_PRIVILEGES)) {
      needed.putAll(DYNAMIC);
      // What altering an event without making it one's own needs was called otherwise before 8.2.
      String definer = can(Capability.BINARY_LOG_STATUS) ? "SET_ANY_DEFINER" : "SET_USER_ID";
      return new Grants(needed, DYNAMIC.keySet(), LOCKS, List.of("EVENT", definer));
    }
    needed.put("SUPER", "replication and read_only cannot be changed");
    return new Grants(needed, Set.of(), List.of(), List.of("EVENT"));
  }

  /** In words that came with the last of the statements without SLAVE (MySQL 8.2). */
  @Override
  public String offOnReplica() {
    return can(Capability.BINARY_LOG_STATUS) ? " DISABLE ON REPLICA" : " DISABLE ON SLAVE";
  }

  @Override
  public GtidSet position(String text) {
    return GtidSet.parse(text);
  }

  @Override
  public String executed() {
    return "SELECT @@global.gtid_executed AS position";
  }

  @Override
  public String logged() {
    return executed();
  }

  @Override
  public List<String> statements(Step step) {
    return switch (step) {
      case Step.StopReplication s ->
          List.of("STOP " + replica() + threads(s.threads()) + on(s.channel()));
      case Step.StartReplication s ->
          List.of("START " + replica() + threads(s.threads()) + on(s.channel()));
      // It can be stopped while it connects.
      case Step.TryConnect s ->
          List.of("START " + replica() + threads(Threads.IO) + on(s.channel()));
      case Step.AwaitDrained s -> List.of(channels());
      case Step.ReadExecuted s -> List.of(executed());
      case Step.ReadLogged s -> List.of(logged());
      case Step.AwaitLogged s -> List.of(logged());
      case Step.AwaitLoggedOf s -> throw new IllegalArgumentException("MySQL has no domains");
      case Step.ReadPending s -> List.of(channels(), executed());
      case Step.AwaitSendable s ->
          List.of("SELECT GTID_SUBTRACT(@@global.gtid_executed, @@global.gtid_purged) AS position");
      case Step.PointAt s -> List.of(pointAt(s));
      case Step.AwaitReplicating s -> List.of(channels());
      case Step.QuietDown s -> List.of(readOnly(true));
      case Step.SetReadOnly s -> List.of(readOnly(s.readOnly()));
      case Step.ApplyPending s -> List.of(applyPending(s, PENDING));
      case Step.ReadCoordinates s -> List.of(channels());
      case Step.PointAtFile s -> List.of(pointAtFile(s, FILE, POSITION));
      case Step.ForgetSource s -> List.of("RESET " + replica() + " ALL" + on(s.channel()));
      case Step.SetDelay s -> List.of(change(s.channel(), word("DELAY") + "=" + s.seconds()));
      case Step.SetSemiSync s -> List.of(SemiSyncWords.set(s));
      case Step.SkipTransaction s ->
          s.transaction().isEmpty()
              ? List.of("SET GLOBAL sql_" + (modern() ? "replica" : "slave") + "_skip_counter = 1")
              : empty(s.transaction());
      case Step.InjectEmpty s -> injecting(GtidSet.parse(s.gtids()));
      case Step.ForgetTransactions s -> forgetting(KEPT);
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
      case Step.Detach s -> List.of(host(s.channel(), detached(s.source()), s.source().port()));
      case Step.DetachAtFile s -> List.of(detachAtFile(s, FILE, POSITION));
      case Step.Attach s -> List.of(host(s.channel(), s.source().host(), s.source().port()));
      case Step.Follow s -> List.of(follow(s));
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

  private String pointAt(Step.PointAt s) {
    if (s.gtid() != GtidUse.AUTO_POSITION) {
      throw new IllegalArgumentException("MySQL has no such use of GTIDs: " + s.gtid());
    }
    return change(
        s.channel(),
        word("HOST") + "=" + Quote.text(s.source().host()),
        word("PORT") + "=" + s.source().port(),
        word("AUTO_POSITION") + "=1");
  }

  /**
   * That it goes by GTID is kept, and not said: said, it would not be taken while the applying
   * thread runs, and once that stands still what was received is thrown away.
   */
  private String host(String channel, String host, int port) {
    return change(channel, word("HOST") + "=" + Quote.text(host), word("PORT") + "=" + port);
  }

  private static String detached(InstanceKey source) {
    return Channel.DETACHED + source.host();
  }

  @Override
  public String detachAtFile(Step.DetachAtFile s, String file, String position) {
    return pointAtFile(s.channel(), detached(s.source()), s.source().port(), file, position);
  }

  @Override
  public String pointAtFile(Step.PointAtFile s, String file, String position) {
    return pointAtFile(s.channel(), s.source().host(), s.source().port(), file, position);
  }

  private String pointAtFile(String channel, String host, int port, String file, String position) {
    var options = new ArrayList<String>();
    options.add(word("HOST") + "=" + Quote.text(host));
    options.add(word("PORT") + "=" + port);
    if (can(Capability.GTID_SETS)) {
      options.add(word("AUTO_POSITION") + "=0");
    }
    options.add(word("LOG_FILE") + "=" + Quote.text(file));
    options.add(word("LOG_POS") + "=" + position);
    return change(channel, options.toArray(String[]::new));
  }

  private String follow(Step.Follow s) {
    if (s.gtid() != GtidUse.AUTO_POSITION) {
      throw new IllegalArgumentException("MySQL has no such use of GTIDs: " + s.gtid());
    }
    List<String> options = login(s.source(), s.login());
    options.add(word("AUTO_POSITION") + "=1");
    return change("", options.toArray(String[]::new));
  }

  @Override
  public String followAtFile(Step.FollowAtFile s, String file, String position) {
    List<String> options = login(s.source(), s.login());
    if (can(Capability.GTID_SETS)) {
      options.add(word("AUTO_POSITION") + "=0");
    }
    options.add(word("LOG_FILE") + "=" + Quote.text(file));
    options.add(word("LOG_POS") + "=" + position);
    return change("", options.toArray(String[]::new));
  }

  private List<String> login(InstanceKey source, Login login) {
    var options = new ArrayList<String>();
    options.add(word("HOST") + "=" + Quote.text(source.host()));
    options.add(word("PORT") + "=" + source.port());
    options.add(word("USER") + "=" + Quote.text(login.user()));
    options.add(word(SECRET));
    options.add(word("SSL") + "=" + (login.tls() ? 1 : 0));
    Channel.Encryption how = login.encryption();
    how.verify()
        .ifPresent(verify -> options.add(word("SSL_VERIFY_SERVER_CERT") + "=" + (verify ? 1 : 0)));
    how.options().forEach((option, value) -> options.add(word(option) + "=" + Quote.text(value)));
    how.getPublicKey()
        .ifPresent(get -> options.add("GET_" + word("PUBLIC_KEY") + "=" + (get ? 1 : 0)));
    return options;
  }

  @Override
  public Optional<String> password(Login.Kept kept) {
    return Optional.of(
        "SELECT User_password AS password FROM mysql.slave_master_info"
            + (can(Capability.CHANNELS)
                ? " WHERE Channel_name = " + Quote.text(kept.channel())
                : ""));
  }

  @Override
  public String failedEvent(Step.SkipTransaction s, BinlogPosition from) {
    throw new IllegalArgumentException("MySQL is given an empty transaction");
  }

  @Override
  public String goOnAfter(String position) {
    throw new IllegalArgumentException("MySQL is given an empty transaction");
  }

  /** It stops by itself, after the last of them and before it begins with anything else. */
  @Override
  public String applyPending(Step.ApplyPending s, String pending) {
    return "START "
        + replica()
        + " SQL_THREAD UNTIL SQL_AFTER_GTIDS = "
        + Quote.text(pending)
        + on(s.channel());
  }

  @Override
  public String applyUpTo(Step.ApplyUpTo s, String file, String position) {
    return "START "
        + replica()
        + " UNTIL "
        + word("LOG_FILE")
        + " = "
        + Quote.text(file)
        + ", "
        + word("LOG_POS")
        + " = "
        + position
        + on(s.channel());
  }

  /** The first of them; the others likewise. */
  private static List<String> injecting(GtidSet gtids) {
    var shown = new ArrayList<String>();
    gtids.each(SHOWN).forEach(gtid -> shown.addAll(empty(gtid)));
    long more = gtids.count() - SHOWN;
    if (more > 0) {
      shown.add("-- and so for " + more + " more");
    }
    return shown;
  }

  /** The statements that have a server forget all it has executed but this. */
  public List<String> forgetting(String kept) {
    return List.of(
        can(Capability.BINARY_LOG_STATUS) ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER",
        "SET GLOBAL gtid_purged = " + Quote.text(kept));
  }

  /** An empty transaction in the place of one of another server's. */
  public static List<String> empty(String gtid) {
    return List.of(
        "SET SESSION gtid_next = " + Quote.text(gtid),
        "BEGIN",
        "COMMIT",
        "SET SESSION gtid_next = 'AUTOMATIC'");
  }

  private String change(String channel, String... options) {
    return (modern() ? "CHANGE REPLICATION SOURCE TO " : "CHANGE MASTER TO ")
        + String.join(", ", options)
        + on(channel);
  }

  private String word(String what) {
    return (modern() ? "SOURCE_" : "MASTER_") + what;
  }

  @Override
  public Optional<String> tableLocks() {
    return can(Capability.SUPER_READ_ONLY)
        ? Optional.of(
            "SELECT DISTINCT t.PROCESSLIST_ID AS id, t.PROCESSLIST_USER AS user,"
                + " t.PROCESSLIST_HOST AS host, t.PROCESSLIST_DB AS db,"
                + " t.PROCESSLIST_COMMAND AS command, t.PROCESSLIST_TIME AS seconds,"
                + " 'LOCK TABLES' AS state,"
                + " CONCAT('LOCK TABLES ', l.OBJECT_SCHEMA, '.', l.OBJECT_NAME, ' WRITE') AS info"
                + " FROM performance_schema.metadata_locks l"
                + " JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID"
                + " WHERE l.OBJECT_TYPE = 'TABLE' AND l.LOCK_STATUS = 'GRANTED'"
                + " AND l.LOCK_TYPE IN ('SHARED_NO_READ_WRITE', 'EXCLUSIVE')"
                + " AND t.PROCESSLIST_COMMAND = 'Sleep'")
        : Optional.empty();
  }

  /** Turned off, both modes are; turned on, the stricter one brings the other with it. */
  private String readOnly(boolean on) {
    return on && can(Capability.SUPER_READ_ONLY)
        ? "SET GLOBAL super_read_only = ON"
        : "SET GLOBAL read_only = " + (on ? "ON" : "OFF");
  }

  private String replica() {
    return modern() ? "REPLICA" : "SLAVE";
  }

  private static String threads(Threads threads) {
    return switch (threads) {
      case BOTH -> "";
      case IO -> " IO_THREAD";
      case SQL -> " SQL_THREAD";
    };
  }

  /** Said even of the only channel: without it the statement would be about all of them. */
  private String on(String channel) {
    return can(Capability.CHANNELS) ? " FOR CHANNEL " + Quote.text(channel) : "";
  }
}
