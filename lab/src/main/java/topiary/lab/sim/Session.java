package topiary.lab.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.lab.sql.Expr;
import topiary.lab.sql.Statement;
import topiary.lab.sql.SyntaxError;

/** Somebody who is logged in to a server, and what is said to them. */
public final class Session {

  private static final Pattern OLD_WORD =
      Pattern.compile("(?i)\\b(SLAVE|MASTER)\\b.*", Pattern.DOTALL);
  private static final Pattern BLOCK =
      Pattern.compile("BEGIN NOT ATOMIC .*; (START SLAVE [^;]*);.* END", Pattern.DOTALL);
  private static final Pattern NEW_WORD =
      Pattern.compile("(?i)\\b(REPLICATION|BINARY)\\b.*", Pattern.DOTALL);

  private static final Columns WARNINGS = Columns.of("Level Code# Message");
  private static final Columns SHOWN = Columns.of("Variable_name Value");
  private static final Columns DATABASES = Columns.of("Database");

  private final Server server;
  private final long id;
  private final String user;
  private final String client;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, Object> own = new HashMap<>();
  private final List<Object[]> warnings = new ArrayList<>();
  private String schema;
  private String statement = "";
  private long busySince;
  private long idleSince;
  private boolean interrupted;
  private boolean ended;
  private Runnable onEnd = () -> {};

  Session(Server server, long id, String user, String client, long now) {
    this.server = server;
    this.id = id;
    this.user = user;
    this.client = client;
    idleSince = now;
  }

  /** The number of this connection on its server. */
  public long id() {
    return id;
  }

  Server server() {
    return server;
  }

  String user() {
    return user;
  }

  String clientAddress() {
    return client;
  }

  String clientHost() {
    return client.replaceFirst(":[0-9]+$", "");
  }

  String schema() {
    return schema;
  }

  long busySince() {
    return busySince;
  }

  long idleSince() {
    return idleSince;
  }

  String statement() {
    return statement;
  }

  /** Is run when somebody ends this connection. */
  public void onEnd(Runnable what) {
    onEnd = what;
  }

  /** The connection is no more: its locks are free. */
  public void close() {
    if (!ended) {
      ended = true;
      server.logout(this);
    }
  }

  private void end() {
    close();
    onEnd.run();
  }

  /** Chooses a database. */
  public Answer use(String name) {
    try {
      choose(name);
      return new Answer.Done(0);
    } catch (Refused e) {
      return new Answer.No(e.code(), e.state(), e.getMessage());
    }
  }

  private void choose(String name) throws Refused {
    if (!Tables.schemas(server.kind()).contains(name.toLowerCase(Locale.ROOT))) {
      throw new Refused(1049, "42000", "Unknown database '" + name + "'");
    }
    schema = name.toLowerCase(Locale.ROOT);
  }

  /**
   * What the server says to a statement.
   *
   * @param now the time
   * @param since when the statement came: earlier than now when it had to wait
   */
  public Answer execute(String sql, long now, long since) {
    if (since == now) {
      server.asked();
    }
    statement = sql;
    busySince = since;
    server.settle(now);
    try {
      if (interrupted && since != now) {
        throw new Refused(1317, "70100", "Query execution was interrupted");
      }
      Read read = server.fleet().read(server.kind().maria() ? within(sql) : sql);
      if (!(read.statement() instanceof Statement.Show show && show.what().equals("WARNINGS"))) {
        warnings.clear();
      }
      Answer answer = perform(read, sql, now, since);
      idle(now);
      return answer;
    } catch (Later e) {
      return new Answer.Wait();
    } catch (SyntaxError e) {
      return refuse(Refused.syntax(server.kind(), e), now);
    } catch (Refused e) {
      return refuse(e, now);
    }
  }

  /**
   * Of a block that starts to receive, with settings that it puts back, the start: for how long is
   * tried to connect is nothing here.
   */
  private static String within(String sql) {
    if (!sql.startsWith("BEGIN")) {
      return sql;
    }
    var block = BLOCK.matcher(sql);
    return block.matches() ? block.group(1) : sql;
  }

  private void idle(long now) {
    interrupted = false;
    busySince = 0;
    idleSince = now;
  }

  private Answer refuse(Refused e, long now) {
    idle(now);
    warnings.clear();
    warnings.add(new Object[] {"Error", (long) e.code(), e.getMessage()});
    return new Answer.No(e.code(), e.state(), e.getMessage());
  }

  private void note(int code, String message) {
    warnings.add(new Object[] {"Note", (long) code, message});
  }

  private Answer done() {
    return new Answer.Done(warnings.size());
  }

  private Answer perform(Read read, String sql, long now, long since)
      throws SyntaxError, Refused, Later {
    var eval = new Eval(this, now, since, null, null);
    return switch (read.statement()) {
      case Statement.Select s -> select(read, s, eval);
      case Statement.Show s -> show(read, s, sql, eval);
      case Statement.Set s -> set(s, eval);
      case Statement.Replication s -> replication(s, sql, now);
      case Statement.ChangeSource s -> change(s, sql, now);
      case Statement.ChangeFilter s -> filter(s, sql);
      case Statement.ResetReplica s -> reset(s, sql, now);
      case Statement.ResetBinaryLogs s -> {
        words(s.today(), sql);
        server.resetLogs(now);
        yield done();
      }
      case Statement.Flush s -> {
        if (s.what().endsWith("LOGS")) {
          server.rotate();
        }
        yield done();
      }
      case Statement.PurgeLogs s -> {
        server.purgeLogs(s.file());
        yield done();
      }
      case Statement.Kill s -> kill(s, eval);
      case Statement.Use s -> {
        choose(s.schema());
        yield done();
      }
      case Statement.Transaction s -> transaction(s, now);
      case Statement.Do s -> {
        for (Expr value : s.values()) {
          eval.value(value);
        }
        yield done();
      }
      case Statement.InstallPlugin s -> {
        server.plugin(s.name(), s.install());
        yield done();
      }
      case Statement.Call s -> {
        Faults.call(server.fleet(), server, s, eval);
        yield done();
      }
    };
  }

  /** Refuses words that this kind of server does not know. */
  private void words(boolean today, String sql) throws Refused {
    if (today == server.kind().maria()) {
      var matcher = (today ? NEW_WORD : OLD_WORD).matcher(sql);
      throw Refused.syntax(server.kind(), matcher.find() ? matcher.group().strip() : sql, 1);
    }
  }

  // ---- questions

  private Answer select(Read read, Statement.Select s, Eval eval) throws Refused, Later {
    if (s.from().isEmpty()) {
      var row = new Object[s.items().size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = eval.value(s.items().get(i).value());
      }
      return projected(read, s, s.limit() > 0 ? List.<Object[]>of(row) : List.of());
    }
    Answer.Rows table = Tables.of(this, s.from().get(), eval.now());
    var kept = new ArrayList<Object[]>();
    for (Object[] row : table.rows()) {
      if (s.where().isEmpty() || eval.on(table.columns(), row).holds(s.where().get())) {
        kept.add(row);
      }
    }
    sort(kept, s, table.columns());
    if (s.items().stream().anyMatch(i -> i.value() instanceof Expr.Call c && aggregate(c))) {
      return projected(read, s, List.<Object[]>of(aggregated(s, kept, table.columns(), eval)));
    }
    List<Object[]> some = kept.subList(0, (int) Math.min(s.limit(), kept.size()));
    if (s.items().isEmpty()) {
      return new Answer.Rows(table.columns(), some);
    }
    var rows = new ArrayList<Object[]>();
    for (Object[] row : some) {
      var out = new Object[s.items().size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = eval.on(table.columns(), row).value(s.items().get(i).value());
      }
      rows.add(out);
    }
    return projected(read, s, rows);
  }

  private static boolean aggregate(Expr.Call call) {
    return List.of("COUNT", "MAX", "MIN").contains(call.name());
  }

  private static Object[] aggregated(
      Statement.Select s, List<Object[]> rows, Columns columns, Eval eval) throws Refused, Later {
    var out = new Object[s.items().size()];
    for (int i = 0; i < out.length; i++) {
      if (!(s.items().get(i).value() instanceof Expr.Call call && aggregate(call))) {
        throw new Refused(
            1140, "42000", "In aggregated query without GROUP BY, a column is not aggregated");
      }
      long count = 0;
      Object best = null;
      for (Object[] row : rows) {
        Object value =
            call.arguments().isEmpty()
                ? 1L
                : eval.on(columns, row).value(call.arguments().getFirst());
        if (value != null) {
          count++;
          int order = best == null ? 0 : Eval.compare(value, best);
          best = best == null || (call.name().equals("MAX") ? order > 0 : order < 0) ? value : best;
        }
      }
      out[i] = call.name().equals("COUNT") ? (Object) count : best;
    }
    return out;
  }

  private static void sort(List<Object[]> rows, Statement.Select s, Columns columns)
      throws Refused {
    Comparator<Object[]> all = (a, b) -> 0;
    for (Statement.Order order : s.order()) {
      int index = order.by() instanceof Expr.Column c ? columns.index(c.name()) : -1;
      if (index < 0) {
        throw new Refused(1054, "42S22", "Unknown column in 'order clause'");
      }
      Comparator<Object[]> one =
          (a, b) ->
              a[index] == null || b[index] == null
                  ? Boolean.compare(a[index] != null, b[index] != null)
                  : Eval.compare(a[index], b[index]);
      all = all.thenComparing(order.descending() ? one.reversed() : one);
    }
    rows.sort(all);
  }

  private static Answer projected(Read read, Statement.Select s, List<Object[]> rows) {
    Optional<Object[]> first = rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    return new Answer.Rows(read.columns(s, first), rows);
  }

  /** The variables or the status that are asked for by their names; empty for another question. */
  private Optional<Answer> named(Read read, Statement.Show s, long now) {
    Template template = server.template();
    return switch (s.what()) {
      case "VARIABLES", "SESSION VARIABLES", "LOCAL VARIABLES", "GLOBAL VARIABLES" ->
          read.named(s, server.kind(), template.variables())
              .map(some -> shown(server.variables(some), s.what().startsWith("GLOBAL")));
      case "STATUS", "GLOBAL STATUS", "SESSION STATUS" ->
          read.named(s, server.kind(), template.status())
              .map(some -> new Answer.Rows(SHOWN, server.status(some, now)));
      default -> Optional.empty();
    };
  }

  private Answer show(Read read, Statement.Show s, String sql, Eval eval) throws Refused, Later {
    boolean maria = server.kind().maria();
    long now = eval.now();
    Optional<Answer> named = s.where().isEmpty() ? Optional.empty() : named(read, s, now);
    if (named.isPresent()) {
      return named.get();
    }
    Answer answer =
        switch (s.what()) {
          case "REPLICA STATUS" -> Replicas.status(server, s.name(), false, now);
          case "SLAVE STATUS" -> maria ? Replicas.status(server, s.name(), false, now) : null;
          case "ALL SLAVES STATUS", "ALL REPLICAS STATUS" ->
              maria ? Replicas.status(server, s.name(), true, now) : null;
          case "BINARY LOG STATUS" -> maria ? null : Replicas.logEnd(server);
          case "MASTER STATUS", "BINLOG STATUS" -> maria ? Replicas.logEnd(server) : null;
          case "REPLICAS" -> maria ? null : Replicas.hosts(server, now);
          case "SLAVE HOSTS", "REPLICA HOSTS" -> maria ? Replicas.hosts(server, now) : null;
          case "RELAYLOG EVENTS IN" ->
              maria ? Replicas.nextEvent(server, s.name().orElse("")) : null;
          case "BINARY LOGS" -> Replicas.logs(server);
          case "MASTER LOGS" -> maria ? Replicas.logs(server) : null;
          case "GRANTS" -> grants();
          case "PROCESSLIST", "FULL PROCESSLIST" -> Replicas.processes(server, false, now);
          case "VARIABLES", "SESSION VARIABLES", "LOCAL VARIABLES" ->
              shown(server.variables(s.like()), false);
          case "GLOBAL VARIABLES" -> shown(server.variables(s.like()), true);
          case "STATUS", "GLOBAL STATUS", "SESSION STATUS" -> shownStatus(s, now);
          case "WARNINGS" -> new Answer.Rows(WARNINGS, List.copyOf(warnings));
          case "DATABASES", "SCHEMAS" ->
              new Answer.Rows(
                  DATABASES,
                  Tables.schemas(server.kind()).stream().map(d -> new Object[] {d}).toList());
          case "PLUGINS" ->
              Tables.of(this, new Statement.Table("information_schema", "plugins"), now);
          default -> null;
        };
    if (answer == null) {
      throw Refused.syntax(server.kind(), sql.strip().replaceFirst("(?is)^show\\s+", ""), 1);
    }
    return s.where().isEmpty() || !(answer instanceof Answer.Rows rows)
        ? answer
        : filtered(rows, s.where().get(), eval);
  }

  private static Answer filtered(Answer.Rows rows, Expr where, Eval eval) throws Refused, Later {
    var kept = new ArrayList<Object[]>();
    for (Object[] row : rows.rows()) {
      if (eval.on(rows.columns(), row).holds(where)) {
        kept.add(row);
      }
    }
    return new Answer.Rows(rows.columns(), kept);
  }

  private Answer shown(List<Template.Entry> some, boolean global) {
    var rows = new ArrayList<Object[]>(some.size());
    for (Template.Entry entry : some) {
      String own = global ? null : variables.get(entry.name());
      rows.add(new Object[] {entry.name(), own != null ? own : server.variable(entry)});
    }
    return new Answer.Rows(SHOWN, rows);
  }

  private Answer shownStatus(Statement.Show s, long now) {
    return new Answer.Rows(SHOWN, server.status(s.like(), now));
  }

  /** The rights that Topiary asks for, as the server of each kind lists them. */
  private Answer grants() {
    String to = " ON *.* TO `" + user + "`@`%`";
    List<String> lines =
        server.kind().maria()
            ? List.of(
                "GRANT RELOAD, PROCESS, REPLICATION SLAVE, BINLOG MONITOR, EVENT, SET USER,"
                    + " CONNECTION ADMIN, READ_ONLY ADMIN, REPLICATION SLAVE ADMIN, REPLICATION"
                    + " MASTER ADMIN, BINLOG ADMIN, SLAVE MONITOR"
                    + to)
            : List.of(
                "GRANT RELOAD, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, EVENT" + to,
                "GRANT BINLOG_ADMIN,CONNECTION_ADMIN,PERSIST_RO_VARIABLES_ADMIN,"
                    + "REPLICATION_APPLIER,REPLICATION_SLAVE_ADMIN,SESSION_VARIABLES_ADMIN,"
                    + "SET_ANY_DEFINER,SYSTEM_VARIABLES_ADMIN"
                    + to);
    return new Answer.Rows(
        Columns.ofTexts("Grants for " + user + "@%"),
        lines.stream().map(l -> new Object[] {l}).toList());
  }

  // ---- variables

  Object variable(String scope, String name) throws Refused {
    Template.Entry entry =
        server
            .entry(name)
            .orElseThrow(
                () -> new Refused(1193, "HY000", "Unknown system variable '" + name + "'"));
    String mine = scope.equals("global") ? null : variables.get(name);
    return entry.selected(mine != null ? mine : server.variable(entry));
  }

  Object userVariable(String name) {
    return own.get(name);
  }

  private Answer set(Statement.Set s, Eval eval) throws Refused, Later {
    for (Statement.Assignment a : s.assignments()) {
      Object value = eval.value(a.value());
      if (a.scope().equals("user")) {
        own.put(a.name(), value);
        continue;
      }
      String text = value == null ? "" : value.toString();
      Optional<Template.Entry> entry = server.entry(a.name());
      if (text.equalsIgnoreCase("DEFAULT") && entry.isPresent()) {
        text = entry.get().shown();
      }
      if (a.scope().equals("global") || a.scope().equals("persist")) {
        server.set(a.name(), text, eval.now());
      } else if (entry.isEmpty()) {
        throw new Refused(1193, "HY000", "Unknown system variable '" + a.name() + "'");
      } else {
        boolean flag = entry.get().type().equals("b");
        boolean on = List.of("1", "ON", "TRUE").contains(text.toUpperCase(Locale.ROOT));
        variables.put(a.name(), flag ? (on ? "ON" : "OFF") : text);
      }
    }
    return done();
  }

  // ---- deeds

  /** The channels a statement is about: one, or all there are. */
  private List<Channel> channels(Optional<String> named) throws Refused {
    // MariaDB means its unnamed one when none is named.
    if (named.isEmpty() && !server.kind().maria()) {
      return List.copyOf(server.channels());
    }
    String name = named.orElse("");
    Optional<Channel> known = server.known(name);
    if (known.isEmpty() && !name.isEmpty()) {
      throw Replicas.unknown(name, server.kind());
    }
    return known.stream().toList();
  }

  private Answer replication(Statement.Replication s, String sql, long now) throws Refused {
    if (!s.today() && !server.kind().maria()) {
      words(false, sql);
    }
    List<Channel> channels = channels(s.channel());
    Optional<MySqlGtids> until = until(s, sql);
    if (s.start() && (channels.isEmpty() || channels.stream().anyMatch(c -> c.host.isEmpty()))) {
      throw server.kind().maria()
          ? new Refused(
              1200,
              "HY000",
              "Misconfigured slave: MASTER_HOST was not set; Fix in config file or with CHANGE"
                  + " MASTER TO")
          : new Refused(
              1200,
              "HY000",
              "The server is not configured as replica; fix in config file or with CHANGE"
                  + " REPLICATION SOURCE TO");
    }
    for (Channel channel : channels) {
      boolean nothing =
          (!s.io() || channel.ioRunning() == s.start())
              && (!s.sql() || channel.sqlRunning() == s.start());
      if (nothing) {
        noteNothing(channel, s.start());
      }
      if (s.start()) {
        channel.start(s.io(), s.sql(), until, now);
      } else {
        channel.stop(s.io(), s.sql(), now);
      }
    }
    return done();
  }

  /** After which transactions the applying thread is to stop; MariaDB has no words for it. */
  private Optional<MySqlGtids> until(Statement.Replication s, String sql) throws Refused {
    if (s.until().isEmpty()) {
      return Optional.empty();
    }
    try {
      if (!server.kind().maria()) {
        return s.until().map(MySqlGtids::parse);
      }
    } catch (IllegalArgumentException e) {
      throw new Refused(
          1772, "HY000", "Malformed GTID set specification '" + s.until().get() + "'.");
    }
    int at = sql.toUpperCase(Locale.ROOT).indexOf("SQL_AFTER_GTIDS");
    throw Refused.syntax(server.kind(), sql.substring(at).strip(), 1);
  }

  private void noteNothing(Channel channel, boolean start) {
    if (server.kind().maria()) {
      note(
          start ? 1254 : 1255,
          start ? "Slave is already running" : "Slave already has been stopped");
    } else {
      note(
          start ? 3083 : 3084,
          "Replication thread(s) for channel '"
              + channel.name
              + (start ? "' are already runnning." : "' are already stopped."));
    }
  }

  private Answer change(Statement.ChangeSource s, String sql, long now) throws Refused {
    words(s.today(), sql);
    Optional<Channel> known = server.known(s.channel());
    if (known.isPresent() && (known.get().ioRunning() || known.get().sqlRunning())) {
      boolean applying = s.options().containsKey("DELAY");
      boolean receiving = s.options().keySet().stream().anyMatch(o -> !o.equals("DELAY"));
      boolean free =
          !server.kind().maria()
              && !s.options().containsKey("AUTO_POSITION")
              && !(receiving && known.get().ioRunning())
              && !(applying && known.get().sqlRunning());
      if (!free) {
        throw Replicas.running(known.get(), server.kind());
      }
    }
    for (Map.Entry<String, String> option : s.options().entrySet()) {
      check(option.getKey(), option.getValue(), sql);
    }
    boolean fresh = known.isEmpty();
    Channel channel = server.channel(s.channel());
    var options = s.options();
    if (fresh && server.kind().maria()) {
      channel.usingGtid = "Slave_Pos";
    }
    channel.user = options.getOrDefault("USER", channel.user);
    channel.connectRetry = number(options.get("CONNECT_RETRY"), channel.connectRetry);
    channel.retryCount = number(options.get("RETRY_COUNT"), (int) channel.retryCount);
    channel.delaySeconds = number(options.get("DELAY"), channel.delaySeconds);
    channel.tls = options.getOrDefault("SSL", channel.tls ? "1" : "0").equals("1");
    if (options.containsKey("AUTO_POSITION")) {
      channel.autoPosition = options.get("AUTO_POSITION").equals("1");
    }
    if (options.containsKey("USE_GTID")) {
      channel.usingGtid =
          switch (options.get("USE_GTID").toLowerCase(Locale.ROOT)) {
            case "slave_pos", "replica_pos" -> "Slave_Pos";
            case "current_pos" -> "Current_Pos";
            default -> "No";
          };
    }
    if (options.containsKey("HOST") || options.containsKey("PORT")) {
      String host = options.getOrDefault("HOST", channel.host);
      server.point(channel, host, number(options.get("PORT"), fresh ? 3306 : channel.port), now);
    }
    if (!channel.sqlRunning() && !channel.ioRunning()) {
      channel.forget();
    }
    return done();
  }

  private Answer filter(Statement.ChangeFilter s, String sql) throws Refused {
    words(true, sql);
    for (Channel channel : channels(s.channel())) {
      if (channel.sqlRunning()) {
        throw new Refused(
            3017,
            "HY000",
            "This operation cannot be performed with a running replica sql thread; run STOP REPLICA"
                + " SQL_THREAD first");
      }
    }
    for (Map.Entry<String, String> filter : s.filters().entrySet()) {
      if (!server.filter(filter.getKey(), filter.getValue())) {
        throw Refused.syntax(server.kind(), filter.getKey(), 1);
      }
    }
    return done();
  }

  private static final List<String> OPTIONS =
      List.of(
          "HOST",
          "PORT",
          "USER",
          "PASSWORD",
          "AUTO_POSITION",
          "USE_GTID",
          "CONNECT_RETRY",
          "RETRY_COUNT",
          "DELAY",
          "HEARTBEAT_PERIOD",
          "LOG_FILE",
          "LOG_POS",
          "SSL",
          "SSL_VERIFY_SERVER_CERT",
          "SSL_CA",
          "GET_SOURCE_PUBLIC_KEY",
          "GET_MASTER_PUBLIC_KEY",
          "BIND",
          "DEMOTE_TO_SLAVE");

  private void check(String option, String value, String sql) throws Refused {
    boolean number = List.of("PORT", "CONNECT_RETRY", "RETRY_COUNT", "DELAY").contains(option);
    if (!OPTIONS.contains(option) || (number && !value.matches("[0-9]{1,9}"))) {
      String wanted = OPTIONS.contains(option) ? value : option;
      int at = sql.toUpperCase(Locale.ROOT).indexOf(wanted.toUpperCase(Locale.ROOT));
      throw Refused.syntax(server.kind(), sql.substring(Math.max(0, at)).strip(), 1);
    }
  }

  private static int number(String text, int otherwise) {
    return text == null ? otherwise : Integer.parseInt(text);
  }

  private Answer reset(Statement.ResetReplica s, String sql, long now) throws Refused {
    if (!s.today() && !server.kind().maria()) {
      words(false, sql);
    }
    for (Channel channel : channels(s.channel())) {
      if (channel.ioRunning() || channel.sqlRunning()) {
        throw Replicas.running(channel, server.kind());
      }
      if (s.all()) {
        server.drop(channel, now);
      } else {
        channel.forget();
      }
    }
    return done();
  }

  private Answer kill(Statement.Kill s, Eval eval) throws Refused, Later {
    Object given = eval.value(s.id());
    Optional<Session> target =
        server.sessions().stream().filter(one -> Long.valueOf(one.id).equals(given)).findFirst();
    if (target.isEmpty()) {
      throw new Refused(1094, "HY000", "Unknown thread id: " + given);
    }
    if (s.connection()) {
      target.get().end();
    } else {
      target.get().interrupted = true;
    }
    if (target.get() == this) {
      throw new Refused(1317, "70100", "Query execution was interrupted");
    }
    return done();
  }

  private Answer transaction(Statement.Transaction s, long now) throws Refused {
    String next = variables.getOrDefault("gtid_next", "AUTOMATIC");
    if (s.what().equals("COMMIT") && !next.equalsIgnoreCase("AUTOMATIC")) {
      try {
        server.inject(MySqlGtids.parse(next), now);
      } catch (IllegalArgumentException e) {
        throw new Refused(1774, "HY000", "Malformed GTID specification '" + next + "'.");
      }
    }
    return done();
  }
}
