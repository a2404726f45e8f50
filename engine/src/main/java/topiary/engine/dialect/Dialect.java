package topiary.engine.dialect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Flavor;
import topiary.engine.plan.Login;
import topiary.engine.plan.Step;

/** How one family of servers is spoken to. */
public sealed interface Dialect permits MariaDialect, MySqlDialect {

  /** Asks any server what rights the asking user has: a row each. */
  String GRANTS = "SHOW GRANTS";

  /**
   * The dialect of a server.
   *
   * @param flavor whose server it is; empty for one nobody here knows
   * @param capabilities what it can do
   */
  static Optional<Dialect> of(Flavor flavor, Set<Capability> capabilities) {
    return switch (flavor) {
      case MARIADB -> Optional.of(new MariaDialect());
      case MYSQL, PERCONA -> Optional.of(new MySqlDialect(capabilities));
      case UNKNOWN -> Optional.empty();
    };
  }

  /** Asks who it is, how it is set up and how far it has come: one row. */
  String identity();

  /**
   * The same, and what plugins are set to.
   *
   * @param has the {@link Optionals} this server has, in lower case
   */
  default String identity(Set<String> has) {
    return identity() + Optionals.columns(has);
  }

  /** Asks for the streams into it: a row each. */
  String channels();

  /** Asks for the end of its binary log: one row, none when it writes none. */
  String logEnd();

  /** Asks who says to replicate from it: a row each. */
  String replicas();

  /** Asks since when it runs: one row. */
  default String uptime() {
    return "SHOW GLOBAL STATUS LIKE 'Uptime'";
  }

  /**
   * Asks since when it runs, and how plugins do: a row each.
   *
   * @param semiSync whether semi-synchronous replication is turned on, on either side
   */
  default String status(boolean semiSync) {
    return semiSync ? Optionals.status() : uptime();
  }

  /** Asks a member of a group for all members: a row each. */
  default String group() {
    return "SELECT * FROM performance_schema.replication_group_members";
  }

  /** Asks which clients read its binary log: a row each, column {@code host}. */
  default String dumpers() {
    return "SELECT HOST AS host FROM information_schema.PROCESSLIST"
        + " WHERE COMMAND IN ('Binlog Dump', 'Binlog Dump GTID')";
  }

  /**
   * Asks what says whether it is read-only, if it can tell: a row for each variable, with its
   * {@code name}, the {@code origin} of its value, and what is {@code persisted} of it.
   */
  default Optional<String> startup() {
    return Optional.empty();
  }

  /** Asks whom it replicates as, if it keeps that in a table: one row, column {@code user}. */
  default Optional<String> credentials() {
    return Optional.empty();
  }

  /**
   * Asks for statements that run long, the longest first: a row each. Threads of the server's own
   * and those that send its binary log are not told.
   *
   * @param seconds for so long or longer
   */
  default String longQueries(int seconds) {
    return "SELECT ID AS id, USER AS user, HOST AS host, DB AS db, COMMAND AS command,"
        + " TIME AS seconds, STATE AS state, LEFT(INFO, 1024) AS info"
        + " FROM information_schema.PROCESSLIST"
        + " WHERE TIME >= "
        + seconds
        + " AND COMMAND NOT IN ('Sleep', 'Daemon', 'Binlog Dump', 'Binlog Dump GTID',"
        + " 'Slave_IO', 'Slave_SQL', 'Slave_worker')"
        + " AND USER NOT IN ('system user', 'event_scheduler')"
        + " AND ID <> CONNECTION_ID() ORDER BY TIME DESC, ID";
  }

  /**
   * Asks for connections that have locked tables against writing and run nothing now, as {@link
   * #longQueries} does; empty where the server does not tell.
   */
  default Optional<String> tableLocks() {
    return Optional.empty();
  }

  /** Asks for the scheduled events that the asking user may see: a row each. */
  default String events() {
    return "SELECT EVENT_SCHEMA AS event_schema, EVENT_NAME AS event_name, DEFINER AS definer,"
        + " STATUS AS event_status, ORIGINATOR AS originator, UNIX_TIMESTAMP(LAST_ALTERED) AS"
        + " altered, CHARACTER_SET_CLIENT AS client_charset, COLLATION_CONNECTION AS"
        + " event_collation, @@session.character_set_client AS session_charset,"
        + " @@session.collation_connection AS session_collation, @@global.server_id AS server,"
        + " @@global.event_scheduler AS scheduler FROM information_schema.EVENTS"
        + " ORDER BY EVENT_SCHEMA, EVENT_NAME";
  }

  /**
   * Enables a scheduled event, or disables it as on a replica. It stays its definer's: not told who
   * that is, a server makes it that of whoever alters it.
   *
   * @param user its definer
   * @param host where that one comes from
   */
  default String alterEvent(String schema, String name, String user, String host, boolean enabled) {
    return alterEvent(
        Quote.name(user) + "@" + Quote.name(host),
        Quote.name(schema) + "." + Quote.name(name),
        enabled);
  }

  private String alterEvent(String definer, String event, boolean enabled) {
    return "ALTER DEFINER=" + definer + " EVENT " + event + (enabled ? " ENABLE" : offOnReplica());
  }

  /** How an event is disabled as on a replica. */
  default String offOnReplica() {
    return " DISABLE ON SLAVE";
  }

  /** Says in which character set, and with which collation, statements are sent from here on. */
  default String sentIn(String charset, String collation) {
    return "SET SESSION character_set_client = "
        + Quote.text(charset)
        + ", collation_connection = "
        + Quote.text(collation);
  }

  /** The statements that are shown of a {@link Step.DisableEvents}. */
  default List<String> disableEvents() {
    return List.of(
        events(),
        "SET SESSION sql_log_bin = 0",
        alterEvent(DEFINER, EACH, false),
        "SET SESSION sql_log_bin = 1");
  }

  /** The statements that are shown of a {@link Step.EnableEvents}. */
  default List<String> enableEvents() {
    return List.of(events(), alterEvent(DEFINER, EACH, true));
  }

  /** Starts the event scheduler. */
  String SCHEDULER_ON = "SET GLOBAL event_scheduler = ON";

  /** The right without which events are not told. */
  Grants EVENTS_SEEN = new Grants(Map.of("EVENT", "scheduled events cannot be seen"), Set.of());

  /** Stands in shown SQL for the definer of an event. */
  String DEFINER = "<its definer>";

  /** Stands in shown SQL for each event that is altered. */
  String EACH = "<each of them>";

  /** The rights needed here. */
  Grants needed();

  /**
   * Reads a position in this server's notation.
   *
   * @throws IllegalArgumentException when it is something else
   */
  GtidPosition position(String text);

  /** Asks how far a stopped replica has executed: one row, column {@code position}. */
  String executed();

  /** Asks how far a server could serve a replica: one row, column {@code position}. */
  String logged();

  /**
   * The statements that do a step, in order. For a step that waits: what is asked again and again.
   */
  List<String> statements(Step step);

  /**
   * The statement of a {@link Step.PointAtFile}.
   *
   * @param file the noted log file
   * @param position the noted offset in it, in digits
   */
  String pointAtFile(Step.PointAtFile step, String file, String position);

  /**
   * The statement of a {@link Step.DetachAtFile}.
   *
   * @param file the noted log file
   * @param position the noted offset in it, in digits
   */
  String detachAtFile(Step.DetachAtFile step, String file, String position);

  /**
   * The statement of a {@link Step.FollowAtFile}, with {@link Login#SECRET} for the password.
   *
   * @param file the noted log file
   * @param position the noted offset in it, in digits
   */
  String followAtFile(Step.FollowAtFile step, String file, String position);

  /**
   * Asks a replica for the password it logs in with, if it keeps that in a table: one row, column
   * {@code password}.
   */
  default Optional<String> password(Login.Kept kept) {
    return Optional.empty();
  }

  /** A statement with the password in its place. */
  static String withPassword(String statement, String password) {
    return statement.replace(SECRET, "PASSWORD=" + Quote.text(password));
  }

  /**
   * Asks a replica for the first event of what it has not applied: one row, column {@code Info}.
   *
   * @param from where that begins in its relay log
   */
  String failedEvent(Step.SkipTransaction step, BinlogPosition from);

  /**
   * Tells a replica that stands still to go on elsewhere.
   *
   * @param position after this
   */
  String goOnAfter(String position);

  /**
   * The statement of a {@link Step.ApplyPending}.
   *
   * @param pending the noted transactions
   */
  String applyPending(Step.ApplyPending step, String pending);

  /**
   * The statement of a {@link Step.ApplyUpTo}.
   *
   * @param file the noted log file
   * @param position the noted offset in it, in digits
   */
  String applyUpTo(Step.ApplyUpTo step, String file, String position);

  /** Where a statement has its password; quotes in other values are doubled, so nothing else is. */
  String SECRET = "PASSWORD='" + Login.SECRET + "'";

  /** Stand in shown SQL for what is known only while a plan runs. */
  String FILE = "<the noted file>";

  /** As above. */
  String POSITION = "<the noted position>";

  /** As above. */
  String PENDING = "<the noted transactions>";

  /** As above. */
  String KEPT = "<all others>";

  /** As above. */
  String AFTER = "<the position after it>";

  /** Takes the lock that fences deeds, without waiting: one row, column {@code got}. */
  default String takeFence() {
    return "SELECT GET_LOCK('" + FENCE + "', 0) AS got";
  }

  /** Takes the lock that fences deeds, waiting a little for its killed holder to let go. */
  default String awaitFence() {
    return "SELECT GET_LOCK('" + FENCE + "', 3) AS got";
  }

  /**
   * Asks for all connections: a row each, columns {@code Id}, {@code User}, {@code Host}, {@code
   * Command}.
   */
  default String connections() {
    return "SHOW PROCESSLIST";
  }

  /** Asks which connection this is: one row, column {@code connection}. */
  default String connection() {
    return "SELECT CONNECTION_ID() AS connection";
  }

  /** Asks which connection holds the fence: one row, column {@code holder}, absent for none. */
  default String fenceHolder() {
    return "SELECT IS_USED_LOCK('" + FENCE + "') AS holder";
  }

  /** Asks whether this connection holds the fence: one row, column {@code mine}. */
  default String fenceIsMine() {
    return "SELECT IS_USED_LOCK('" + FENCE + "') = CONNECTION_ID() AS mine";
  }

  /** Ends a connection. */
  default String kill(long connection) {
    return "KILL CONNECTION " + connection;
  }

  /** The name of the lock. */
  String FENCE = "topiary.fence";
}
