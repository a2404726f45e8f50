package topiary.lab.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A simulated server. What it has written, received and applied is worked out when somebody asks:
 * see {@link #settle}.
 */
public final class Server {

  /** Whether it answers. */
  public enum Standing {
    ALIVE,
    /** Its port refuses. */
    DEAD,
    /** It takes connections and says nothing. */
    HUNG
  }

  private final SimFleet fleet;
  private final Address address;
  private final Kind kind;
  private final long serverId;
  private final String uuid;
  private final String hostname;
  private final Template template;

  private Standing standing = Standing.ALIVE;
  private long standingSince;
  private long startedAt;
  private long settledAt;
  private boolean settling;

  private boolean readOnly = true;
  private boolean superReadOnly;
  private boolean writer;
  private double rate;

  private final Log log;
  private final Writes writes = new Writes();
  private final Commits commits = new Commits(this);
  private MySqlGtids executed = MySqlGtids.NONE;
  private MySqlGtids purged = MySqlGtids.NONE;

  /** What it had executed when somebody had it begin a file of its log, by the file. */
  private final TreeMap<Integer, MySqlGtids> before = new TreeMap<>();

  private MariaGtids slavePosition = MariaGtids.NONE;
  private MariaGtids binlogPosition = MariaGtids.NONE;
  private final SortedMap<Long, Map<Long, Long>> binlogState = new TreeMap<>();

  private final SortedMap<String, Channel> channels = new TreeMap<>();
  private final Map<String, String> own = new HashMap<>();
  private final SortedMap<String, String> filters = new TreeMap<>();
  private final Map<String, Session> locks = new HashMap<>();
  private final SortedMap<Long, Session> sessions = new TreeMap<>();
  private long lastConnection = 10;
  private long questions;

  Server(SimFleet fleet, Address address, Kind kind, long serverId, String uuid, long now) {
    this.fleet = fleet;
    this.address = address;
    this.kind = kind;
    this.serverId = serverId;
    this.uuid = uuid;
    hostname = "sim-" + address.host().replaceFirst("^127\\.[0-9]+\\.", "").replace('.', '-');
    template = Template.of(kind);
    log = new Log(kind);
    superReadOnly = !kind.maria();
    standingSince = now;
    startedAt = now;
    settledAt = now;
  }

  // ---- who it is

  public Address address() {
    return address;
  }

  public Kind kind() {
    return kind;
  }

  public Standing standing() {
    return standing;
  }

  long standingSince() {
    return standingSince;
  }

  long startedAt() {
    return startedAt;
  }

  long serverId() {
    return serverId;
  }

  String uuid() {
    return uuid;
  }

  /** By what its transactions are known. */
  String origin() {
    return kind.maria() ? Long.toString(serverId) : uuid;
  }

  SimFleet fleet() {
    return fleet;
  }

  Log log() {
    return log;
  }

  Writes writes() {
    return writes;
  }

  Gtids nothing() {
    return kind.maria() ? MariaGtids.NONE : MySqlGtids.NONE;
  }

  long netTimeout() {
    String name = kind.maria() ? "slave_net_timeout" : "replica_net_timeout";
    return Long.parseLong(own.getOrDefault(name, "60"));
  }

  // ---- time

  /** Works out all that has happened on it until now. */
  public void settle(long now) {
    // Two that replicate from each other ask each other in turns.
    if (settling || now <= settledAt || standing != Standing.ALIVE) {
      return;
    }
    settling = true;
    try {
      write(now);
      for (Channel channel : channels.values()) {
        channel.follow(now);
      }
      settledAt = now;
      commits.note();
    } finally {
      settling = false;
    }
  }

  private void write(long now) {
    if (mayWrite() && rate > 0) {
      commits.goesAlone(now).ifPresent(since -> writes.goOn(since, ownNumber(), rate));
      append(writes.now(now) - ownNumber());
    }
  }

  private boolean mayWrite() {
    return standing == Standing.ALIVE && !readOnly && (writer || channels.isEmpty());
  }

  /** The number of the last transaction it wrote, or of what it wrote its own behind. */
  long ownNumber() {
    return kind.maria()
        ? Math.max(binlogPosition.number(domain()), slavePosition.number(domain()))
        : executed.last(uuid);
  }

  private long domain() {
    return Long.parseLong(own.getOrDefault("gtid_domain_id", "0"));
  }

  /** Writes transactions of its own. */
  private void append(long count) {
    if (count <= 0) {
      return;
    }
    long last = ownNumber() + count;
    if (kind.maria()) {
      logged(MariaGtids.one(domain(), serverId, last));
    } else {
      executed = executed.plus(MySqlGtids.one(uuid, last - count + 1, last));
    }
    log.add(count);
  }

  private void logged(MariaGtids more) {
    binlogPosition = binlogPosition.replacedBy(more);
    for (Map.Entry<Long, MariaGtids.Last> e : more.last().entrySet()) {
      binlogState
          .computeIfAbsent(e.getKey(), d -> new TreeMap<>())
          .put(e.getValue().server(), e.getValue().number());
    }
  }

  /** Something that decides whether it is written to has changed. */
  private void retune(long now) {
    boolean go = commits.look(now);
    writes.goOn(now, ownNumber(), go && mayWrite() ? rate : 0);
  }

  /** Who acknowledges what it writes may be others than before; it was settled. */
  void heard(long now) {
    if (commits.wait(this)) {
      retune(now);
    }
  }

  /** Those it replicates from may have to do without its acknowledgements, or have them again. */
  private void tellSources(long now) {
    for (Channel channel : channels.values()) {
      channel.tellSource(now);
    }
  }

  /**
   * Applies what was received, up to here.
   *
   * @return why it cannot, empty when it has
   */
  String take(Gtids target) {
    if (target instanceof MySqlGtids sets) {
      long more = sets.beyond(executed);
      if (more > 0) {
        executed = executed.plus(sets);
        log.add(more);
      }
      return "";
    }
    for (Map.Entry<Long, MariaGtids.Last> e : ((MariaGtids) target).last().entrySet()) {
      long domain = e.getKey();
      long before = slavePosition.number(domain);
      MariaGtids.Last to = e.getValue();
      if (to.number() <= before) {
        continue;
      }
      if (to.server() == serverId) {
        // What comes back to it around a ring is left out.
        slavePosition = slavePosition.replacedBy(MariaGtids.one(domain, serverId, to.number()));
        continue;
      }
      MariaGtids.Last mine = binlogPosition.last().get(domain);
      boolean ahead = mine != null && mine.server() == serverId && mine.number() > before;
      if (ahead && variable("gtid_strict_mode").map(v -> v.equals("ON")).orElse(false)) {
        return "An attempt was made to binlog GTID "
            + MariaGtids.one(domain, to.server(), before + 1)
            + " which would create an out-of-order sequence number with existing GTID "
            + MariaGtids.one(domain, mine.server(), mine.number())
            + ", and gtid strict mode is enabled";
      }
      MariaGtids more = MariaGtids.one(domain, to.server(), to.number());
      slavePosition = slavePosition.replacedBy(more);
      logged(more);
      log.add(to.number() - before);
    }
    return "";
  }

  // ---- positions

  /** What it can send. */
  Gtids serves() {
    return kind.maria() ? binlogPosition : executed;
  }

  /**
   * What of that was written by some time.
   *
   * @param had what has arrived before that: it is not less
   */
  Gtids servedBy(long time, Gtids had) {
    Gtids.Until until = fleet.until(time);
    if (!kind.maria()) {
      return executed.written(until);
    }
    MariaGtids all = binlogPosition;
    for (Map.Entry<Long, MariaGtids.Last> e : binlogPosition.last().entrySet()) {
      MariaGtids.Last mine = e.getValue();
      MariaGtids.Last before = ((MariaGtids) had).last().get(e.getKey());
      long number = Math.min(mine.number(), until.last(Long.toString(mine.server())));
      if (before != null && before.number() >= number && before.number() < mine.number()) {
        all = all.replacedBy(MariaGtids.one(e.getKey(), before.server(), before.number()));
      } else if (number < mine.number()) {
        all = all.replacedBy(MariaGtids.one(e.getKey(), writer(e.getKey(), number), number));
      }
    }
    return all;
  }

  /** Who wrote a transaction of a domain: whoever came to its number first. */
  private long writer(long domain, long number) {
    return binlogState.get(domain).entrySet().stream()
        .filter(e -> e.getValue() >= number)
        .min(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(serverId);
  }

  /** The number of the last transaction of its own whose client was told that it is written. */
  public long told() {
    return commits.told();
  }

  /** The same of those for which it had waited until another server had it. */
  public long acknowledged() {
    return commits.acknowledged();
  }

  /** The number of the last transaction it wrote itself; 0 for none. Also of one that is dead. */
  public long wrote() {
    return kind.maria()
        ? binlogState.getOrDefault(domain(), Map.of()).getOrDefault(serverId, 0L)
        : executed.last(uuid);
  }

  /** Whether it has written, or applied, what another wrote up to some number of that. */
  public boolean has(Server writer, long number) {
    long wrote = Math.min(number, writer.wrote());
    return kind.maria()
        ? binlogState.getOrDefault(writer.domain(), Map.of()).getOrDefault(writer.serverId, 0L)
            >= wrote
        : executed.last(writer.uuid) >= wrote;
  }

  /** Up to which number of its own another server had written at some time. */
  public long wroteBy(long time) {
    return Math.min(wrote(), writes.at(time));
  }

  /** The number of the last transaction of another that it has received or applied. */
  public long received(Server writer) {
    long got = channels.values().stream().mapToLong(c -> c.got(writer)).max().orElse(0);
    long has =
        kind.maria()
            ? binlogState.getOrDefault(writer.domain(), Map.of()).getOrDefault(writer.serverId, 0L)
            : executed.last(writer.uuid);
    return Math.max(got, has);
  }

  MySqlGtids executedSet() {
    return executed;
  }

  MySqlGtids purged() {
    return purged;
  }

  MariaGtids slavePosition() {
    return slavePosition;
  }

  MariaGtids currentPosition() {
    MariaGtids current = slavePosition;
    for (Map.Entry<Long, MariaGtids.Last> e : binlogPosition.last().entrySet()) {
      MariaGtids.Last last = e.getValue();
      if (last.server() == serverId && last.number() > slavePosition.number(e.getKey())) {
        current = current.replacedBy(MariaGtids.one(e.getKey(), last.server(), last.number()));
      }
    }
    return current;
  }

  /** Whether anything of a domain is in its binary log; whoever has more of another may follow. */
  boolean knows(long domain) {
    return binlogState.containsKey(domain);
  }

  boolean hasLogged(long domain, MariaGtids.Last gtid) {
    long last = binlogState.getOrDefault(domain, Map.of()).getOrDefault(gtid.server(), 0L);
    return last >= gtid.number();
  }

  private String stateText() {
    var text = new StringBuilder(32);
    binlogState.forEach(
        (domain, servers) -> {
          // The one that wrote last comes last.
          Long newest = binlogPosition.last().get(domain).server();
          servers.forEach(
              (server, number) -> {
                if (!server.equals(newest)) {
                  gtid(text, domain, server, number);
                }
              });
          if (servers.containsKey(newest)) {
            gtid(text, domain, newest, servers.get(newest));
          }
        });
    return text.toString();
  }

  private static void gtid(StringBuilder text, long domain, long server, long number) {
    text.append(text.isEmpty() ? "" : ",").append(domain);
    text.append('-').append(server).append('-').append(number);
  }

  // ---- how it is set up, when a fleet is made

  /** Writes, if ever, in a GTID domain of its own. */
  public void domain(long number) {
    if (number != 0) {
      own.put("gtid_domain_id", Long.toString(number));
    }
  }

  /** What all its channels are held back on purpose, in seconds. */
  public void delay(int seconds, long now) {
    settle(now);
    channels.values().forEach(c -> c.delaySeconds = seconds);
  }

  /** Waits for acknowledgements, and gives them. */
  public void semiSync(long now) {
    settle(now);
    for (String side : kind.maria() ? List.of("master", "slave") : List.of("source", "replica")) {
      if (!kind.maria()) {
        own.put(Template.Entry.installed("rpl_semi_sync_" + side), "");
      }
      own.put("rpl_semi_sync_" + side + "_enabled", "ON");
    }
    retune(now);
    tellSources(now);
  }

  /** The columns of a replica's status that tell what it leaves out, in capital letters. */
  private static final Map<String, String> FILTERS =
      Stream.of(
              "Replicate_Do_DB",
              "Replicate_Ignore_DB",
              "Replicate_Do_Table",
              "Replicate_Ignore_Table",
              "Replicate_Wild_Do_Table",
              "Replicate_Wild_Ignore_Table",
              "Replicate_Rewrite_DB")
          .collect(Collectors.toMap(c -> c.toUpperCase(Locale.ROOT), c -> c));

  /**
   * Leaves changes out, as far as it tells.
   *
   * @param name for example {@code REPLICATE_IGNORE_DB}
   * @return whether there is such a filter
   */
  public boolean filter(String name, String what) {
    String column = FILTERS.get(name.toUpperCase(Locale.ROOT));
    if (column == null) {
      return false;
    }
    if (what.isEmpty()) {
      filters.remove(column);
    } else {
      filters.put(column, what);
    }
    return true;
  }

  Map<String, String> filters() {
    return filters;
  }

  /** What is written reaches it so long after. */
  public void distance(long micros, long now) {
    settle(now);
    channels.values().forEach(c -> c.travelMicros = micros);
  }

  /** Begins as the head of a tree: writable, with so many transactions, and more every second. */
  public void head(long transactions, double perSecond, long domain, long now) {
    domain(domain);
    readOnly = false;
    superReadOnly = false;
    writer = true;
    append(transactions);
    writes(perSecond, now);
  }

  /** How many transactions are written a second while it may be written to. */
  public void writes(double perSecond, long now) {
    settle(now);
    rate = perSecond;
    retune(now);
  }

  /** Begins as a replica that has all its source has. */
  public void replica(String channel, Server source, String user, long now) {
    Channel c = channel(channel);
    c.host = source.address.host();
    c.port = source.address.port();
    c.user = user;
    c.connectRetry = 1;
    c.autoPosition = !kind.maria();
    c.usingGtid = kind.maria() ? "Slave_Pos" : "No";
    fleet.follows(this, source.address);
    c.start(true, true, now);
    retune(now);
  }

  Channel channel(String name) {
    return channels.computeIfAbsent(name, n -> new Channel(n, this));
  }

  Collection<Channel> channels() {
    return channels.values();
  }

  Optional<Channel> known(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  void point(Channel channel, String host, int port, long now) {
    Address before = channel.source();
    channel.host = host;
    channel.port = port;
    fleet.leaves(this, before);
    fleet.follows(this, channel.source());
    retune(now);
  }

  void drop(Channel channel, long now) {
    channel.stop(true, true, now);
    channels.remove(channel.name);
    fleet.leaves(this, channel.source());
    retune(now);
  }

  // ---- faults

  /** It ends at once: connections are lost, its port refuses. */
  public void kill(long now) {
    stand(Standing.DEAD, now);
    locks.clear();
  }

  /** It keeps its connections and says nothing any more. */
  public void hang(long now) {
    stand(Standing.HUNG, now);
  }

  /** A hung one goes on; a dead one is started: read-only, its replication with it. */
  public void revive(long now) {
    if (standing == Standing.ALIVE) {
      return;
    }
    boolean restart = standing == Standing.DEAD;
    standing = Standing.ALIVE;
    standingSince = now;
    settledAt = now - 1;
    if (restart) {
      startedAt = now;
      readOnly = true;
      superReadOnly = !kind.maria();
      channels.values().forEach(Channel::reconnect);
    }
    retune(now);
    settle(now);
    tellSources(now);
    fleet.tell(this);
  }

  private void stand(Standing other, long now) {
    if (standing == other) {
      return;
    }
    settle(now);
    // What it had sent until this moment has arrived.
    for (Server replica : fleet.replicasOf(this)) {
      replica.settle(now);
    }
    commits.note();
    standing = other;
    standingSince = now;
    retune(now);
    tellSources(now);
    fleet.tell(this);
  }

  /** Each of its channels applies so many seconds late; 0 for not at all. */
  public void lag(int seconds, long now) {
    settle(now);
    channels.values().forEach(c -> c.lagSeconds = seconds);
  }

  /** Each of its channels fails at the transaction it would apply next, until that is skipped. */
  public void fail(long now) {
    settle(now);
    channels.values().forEach(Channel::failAtNext);
  }

  /** One channel does, as far as there is one of that name. */
  public void fail(String channel, long now) {
    settle(now);
    channels.values().stream().filter(c -> c.name.equals(channel)).forEach(Channel::failAtNext);
  }

  /** As servers with one applying thread do, its channels do not say at which transaction. */
  public void sayLess(long now) {
    settle(now);
    channels.values().forEach(c -> c.namesFailed = false);
  }

  /** Starts or stops threads of all its channels. */
  public void threads(boolean run, boolean io, boolean sql, long now) {
    settle(now);
    for (Channel channel : channels.values()) {
      if (run) {
        channel.start(io, sql, now);
      } else {
        channel.stop(io, sql, now);
      }
    }
  }

  /** Writes transactions of its own, whether it may be written to or not. */
  public void errant(int transactions, long now) {
    settle(now);
    append(transactions);
    retune(now);
  }

  // ---- sessions

  /** Somebody has logged in. */
  public Session login(String user, String host, long now) {
    var session = new Session(this, ++lastConnection, user, host, now);
    sessions.put(session.id(), session);
    return session;
  }

  void logout(Session session) {
    sessions.remove(session.id());
    locks.values().removeIf(holder -> holder == session);
  }

  Collection<Session> sessions() {
    return List.copyOf(sessions.values());
  }

  Map<String, Session> locks() {
    return locks;
  }

  void asked() {
    questions++;
  }

  // ---- variables and status

  /** A global variable as {@code SHOW VARIABLES} has it; empty for one that it has not. */
  Optional<String> variable(String name) {
    String special = special(name);
    String set = special != null ? special : own.get(name);
    return set != null ? Optional.of(set) : entry(name).map(Template.Entry::shown);
  }

  /** The same of a variable that it has. */
  String variable(Template.Entry entry) {
    String special = special(entry.name());
    String set = special != null ? special : own.get(entry.name());
    return set != null ? set : entry.shown();
  }

  /** The entry of a variable that it has. */
  Optional<Template.Entry> entry(String name) {
    Template.Entry entry = template.variables().get(name);
    return entry != null && has(entry) ? Optional.of(entry) : Optional.empty();
  }

  private boolean has(Template.Entry entry) {
    return entry.plugin().isEmpty() || own.containsKey(entry.plugin());
  }

  /** The global variables that it has, by name. */
  List<Template.Entry> variables(Optional<String> like) {
    return variables(matching(template.variables(), like));
  }

  /** Those of some variables that it has, and not only its sessions. */
  List<Template.Entry> variables(Collection<Template.Entry> some) {
    var has = new ArrayList<Template.Entry>(some.size());
    for (Template.Entry entry : some) {
      if (has(entry) && !entry.where().equals("session")) {
        has.add(entry);
      }
    }
    return has;
  }

  Template template() {
    return template;
  }

  /** Entries whose name fits a pattern; mostly it is just a name. */
  private static Collection<Template.Entry> matching(
      Map<String, Template.Entry> all, Optional<String> like) {
    if (like.isEmpty()) {
      return all.values();
    }
    String pattern = like.get();
    // An underscore stands for any character, so itself is looked for first.
    Template.Entry exact = all.get(pattern.toLowerCase(Locale.ROOT));
    if (exact != null && pattern.indexOf('%') < 0) {
      return List.of(exact);
    }
    Pattern regex = Eval.like(pattern);
    return all.values().stream().filter(e -> regex.matcher(e.name()).matches()).toList();
  }

  /** What is a server's own of a variable; null for one of which nothing is. */
  private String special(String name) {
    return switch (name) {
      case "server_id" -> Long.toString(serverId);
      case "hostname" -> hostname;
      case "report_host", "bind_address" -> address.host();
      case "report_port", "port" -> Integer.toString(address.port());
      case "read_only" -> onOff(readOnly);
      case "server_uuid" -> kind.maria() ? null : uuid;
      case "super_read_only" -> kind.maria() ? null : onOff(superReadOnly);
      case "gtid_executed" -> kind.maria() ? null : executed.toString();
      case "gtid_purged" -> kind.maria() ? null : purged.toString();
      case "gtid_slave_pos" -> kind.maria() ? slavePosition.toString() : null;
      case "gtid_binlog_pos" -> kind.maria() ? binlogPosition.toString() : null;
      case "gtid_binlog_state" -> kind.maria() ? stateText() : null;
      case "gtid_current_pos" -> kind.maria() ? currentPosition().toString() : null;
      default -> null;
    };
  }

  private static String onOff(boolean on) {
    return on ? "ON" : "OFF";
  }

  private static final List<String> FIXED =
      List.of(
          "server_id", // could be set, but by this its transactions are told apart
          "server_uuid",
          "version",
          "version_comment",
          "hostname",
          "port",
          "bind_address",
          "report_host",
          "report_port",
          "log_bin",
          "log_slave_updates",
          "log_replica_updates",
          "gtid_executed",
          "gtid_binlog_pos",
          "gtid_current_pos",
          "gtid_owned",
          "performance_schema");

  /** Sets a global variable. */
  void set(String name, String value, long now) throws Refused {
    if (entry(name).isEmpty()) {
      throw new Refused(1193, "HY000", "Unknown system variable '" + name + "'");
    }
    if (FIXED.contains(name)) {
      throw new Refused(1238, "HY000", "Variable '" + name + "' is a read only variable");
    }
    Template.Entry entry = entry(name).get();
    String text = value;
    if (entry.type().equals("b")) {
      text = switchWord(name, value);
    } else if (entry.type().equals("n") && !Template.whole(value)) {
      throw new Refused(1232, "42000", "Incorrect argument type to variable '" + name + "'");
    }
    settle(now);
    switch (name) {
      case "read_only" -> {
        readOnly = text.equals("ON");
        superReadOnly &= readOnly;
      }
      case "super_read_only" -> {
        superReadOnly = text.equals("ON");
        readOnly |= superReadOnly;
      }
      case "gtid_purged" -> purge(text);
      case "gtid_slave_pos" -> place(text);
      case "replicate_do_db",
          "replicate_ignore_db",
          "replicate_do_table",
          "replicate_ignore_table",
          "replicate_wild_do_table",
          "replicate_wild_ignore_table",
          "replicate_rewrite_db" -> {
        Optional<Channel> running =
            channels.values().stream().filter(Channel::sqlRunning).findAny();
        if (running.isPresent()) {
          throw Replicas.running(running.get(), kind);
        }
        own.put(name, text);
        filter(name, text);
      }
      default -> own.put(name, text);
    }
    retune(now);
    if (Commits.decides(name)) {
      tellSources(now);
    }
  }

  private static String switchWord(String name, String value) throws Refused {
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "1", "ON", "TRUE" -> "ON";
      case "0", "OFF", "FALSE" -> "OFF";
      default ->
          throw new Refused(
              1231,
              "42000",
              "Variable '" + name + "' can't be set to the value of '" + value + "'");
    };
  }

  private void purge(String text) throws Refused {
    try {
      MySqlGtids sets = MySqlGtids.parse(text.replaceFirst("^\\+", ""));
      if (sets.minus(executed).beyond(nothing()) != sets.beyond(nothing())) {
        throw new Refused(
            3546,
            "HY000",
            "@@GLOBAL.GTID_PURGED cannot be changed: the added gtid set must not overlap with"
                + " @@GLOBAL.GTID_EXECUTED");
      }
      purged = purged.plus(sets);
      executed = executed.plus(sets);
    } catch (IllegalArgumentException e) {
      throw new Refused(
          1231, "42000", "Variable 'gtid_purged' can't be set to the value of '" + text + "'");
    }
  }

  private void place(String text) throws Refused {
    Optional<Channel> running =
        channels.values().stream().filter(c -> c.ioRunning() || c.sqlRunning()).findFirst();
    if (running.isPresent()) {
      throw Replicas.running(running.get(), kind);
    }
    try {
      slavePosition = MariaGtids.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(1941, "HY000", "Could not parse GTID list");
    }
  }

  /** A transaction without content, under a name somebody gave it. */
  void inject(MySqlGtids gtid, long now) {
    settle(now);
    long more = gtid.beyond(executed);
    executed = executed.plus(gtid);
    log.add(more);
    retune(now);
  }

  /** It writes a new file of its binary log. */
  void rotate() {
    log.rotate();
    before.put(log.count() - 1, executed);
  }

  /** Deletes the files before one. */
  void purgeLogs(String file) throws Refused {
    int to = log.number(file);
    if (to < 0) {
      throw new Refused(1373, "HY000", "Target log not found in binlog index");
    }
    log.purge(to);
    Map.Entry<Integer, MySqlGtids> gone = before.floorEntry(to);
    if (gone != null) {
      purged = purged.plus(gone.getValue());
    }
  }

  /** Its binary log begins anew. */
  void resetLogs(long now) {
    settle(now);
    log.reset();
    before.clear();
    executed = MySqlGtids.NONE;
    purged = MySqlGtids.NONE;
    binlogPosition = MariaGtids.NONE;
    binlogState.clear();
    retune(now);
  }

  /** Installs or removes a plugin. */
  void plugin(String name, boolean install) throws Refused {
    if (kind.maria() || !List.of("rpl_semi_sync_source", "rpl_semi_sync_replica").contains(name)) {
      throw new Refused(
          1126, "HY000", "Can't open shared library '" + name + "' (errno: 2 no such file)");
    }
    String noted = Template.Entry.installed(name);
    if (!install) {
      own.remove(noted);
    } else if (own.put(noted, "") != null) {
      throw new Refused(1125, "HY000", "Function '" + name + "' already exists");
    }
  }

  boolean hasPlugin(String name) {
    return own.containsKey(Template.Entry.installed(name));
  }

  /** The status, a name and a value each. */
  List<Object[]> status(Optional<String> like, long now) {
    return status(matching(template.status(), like), now);
  }

  /** As above, of some of it. */
  List<Object[]> status(Collection<Template.Entry> some, long now) {
    var all = new ArrayList<Object[]>();
    for (Template.Entry entry : some) {
      if (has(entry)) {
        all.add(new Object[] {entry.name(), status(entry, now)});
      }
    }
    return all;
  }

  private String status(Template.Entry entry, long now) {
    return switch (entry.name()) {
      case "Uptime", "Uptime_since_flush_status" -> Long.toString((now - startedAt) / 1_000_000);
      case "Threads_connected" -> Integer.toString(sessions.size());
      case "Questions", "Queries" -> Long.toString(questions);
      case "Connections" -> Long.toString(lastConnection);
      case "Rpl_semi_sync_source_clients", "Rpl_semi_sync_master_clients" ->
          Long.toString(ackers(now));
      case "Rpl_semi_sync_source_status" -> onOff(waits(now));
      case "Rpl_semi_sync_master_status" ->
          onOff(isOn("rpl_semi_sync_master_enabled") && !commits.alone());
      case "Rpl_semi_sync_replica_status" -> onOff(acknowledges());
      case "Rpl_semi_sync_slave_status" -> onOff(acknowledges());
      default -> entry.shown();
    };
  }

  boolean isOn(String name) {
    return variable(name).map(v -> v.equals("ON")).orElse(false);
  }

  /** Whether it acknowledges to a source that asks for it. */
  boolean acknowledges() {
    return isOn(kind.maria() ? "rpl_semi_sync_slave_enabled" : "rpl_semi_sync_replica_enabled")
        && channels.values().stream()
            .filter(Channel::connected)
            .map(c -> fleet.find(c.source()))
            .anyMatch(
                s ->
                    s.isOn(
                        kind.maria()
                            ? "rpl_semi_sync_master_enabled"
                            : "rpl_semi_sync_source_enabled"));
  }

  /** Whether MySQL's commits wait; MariaDB's say that they do while there is nobody, too. */
  private boolean waits(long now) {
    return isOn("rpl_semi_sync_source_enabled")
        && !commits.alone()
        && (isOn("rpl_semi_sync_source_wait_no_replica") || ackers(now) > 0);
  }

  private long ackers(long now) {
    return connectedReplicas(now).stream().filter(Server::acknowledges).count();
  }

  /** Those that are connected to it just now. */
  List<Server> connectedReplicas(long now) {
    List<Server> replicas = fleet.replicasOf(this);
    if (replicas.isEmpty()) {
      return replicas;
    }
    for (Server replica : replicas) {
      replica.settle(now);
    }
    var connected = new ArrayList<Server>();
    for (Server replica : replicas) {
      if (replica.standing != Standing.DEAD && replica.receivesFrom(address)) {
        connected.add(replica);
      }
    }
    return connected;
  }

  boolean receivesFrom(Address source) {
    for (Channel channel : channels.values()) {
      if (channel.connected() && channel.source().equals(source)) {
        return true;
      }
    }
    return false;
  }
}
