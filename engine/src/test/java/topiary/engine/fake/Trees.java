package topiary.engine.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import topiary.engine.model.Background;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.Cloud;
import topiary.engine.model.Condition;
import topiary.engine.model.Detected;
import topiary.engine.model.Events;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.Startup;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Version;

/**
 * Topologies from text: {@code p(r1,r2(r3)) q} is a tree of four and one of one. Every server is
 * seen and well, and named after its host; whatever a test is about is changed afterwards.
 */
public final class Trees {

  private final Map<String, Server> servers = new LinkedHashMap<>();

  private Trees() {}

  /** What a test may change of a server. */
  public static final class Server {
    public Condition condition = Condition.SEEN;
    public String sentence = "";
    public boolean everSeen = true;
    public long serverId;
    public Optional<String> uuid = Optional.empty();
    public String version = "11.4.5-MariaDB-log";
    public boolean readOnly;
    public boolean logBin = true;
    public boolean logUpdates = true;
    public BinlogFormat format = BinlogFormat.ROW;
    public Optional<InstanceKey> source = Optional.empty();
    public int channels = 1;
    public String channel = "";

    /** Further channels that stand as the first, by name, each with its source. */
    public Map<String, InstanceKey> more = new TreeMap<>();

    /** Whether those run, and have no errors, however the first does. */
    public boolean moreRun;

    public GtidUse gtid = GtidUse.SLAVE_POS;
    public ThreadState io = ThreadState.RUNNING;
    public ThreadState sql = ThreadState.RUNNING;
    public boolean filtered;
    public long position = 100;
    public int delay;

    /** How long the last look at it took. */
    public Duration latency = Duration.ofMillis(1);

    /** How many bytes of its source's log it has received and not applied. */
    public long pending;

    /** Its lag in seconds by its own estimate, when that is not as large as its position. */
    public Optional<Optional<Long>> behind = Optional.empty();

    /** Whether it was detached from its source on purpose. */
    public boolean detached;

    /** Whether and how it connects to its source with TLS. */
    public boolean tls;

    public Channel.Encryption encryption = Channel.Encryption.NONE;

    /** How it takes connections. */
    public Settings.Tls takes = Settings.Tls.UNKNOWN;

    /** Whether it keeps a password to replicate with in a table. */
    public Optional<Boolean> keepsPassword = Optional.empty();

    /** How it will start. */
    public Optional<Startup> startup = Optional.empty();

    public Optional<Events> events = Optional.empty();

    public String executed = "";
    public String received = "";
    public String purged = "";
    public String history = "";
    public String gtidMode = "";
    public Set<Capability> capabilities = Set.of();
    public Optional<Cloud> cloud = Optional.empty();
    public Optional<Group> group = Optional.empty();
    public Instant lastSeen = Instant.EPOCH;
    public Optional<Instant> sourcesSince = Optional.empty();

    /** Since when it is not seen; empty for one that is. */
    public Optional<Instant> failingSince = Optional.empty();

    /** What its receiving thread has last failed at. */
    public ReplicationError ioError = ReplicationError.NONE;

    /** Whether a server of its own refuses writes even of those who may do anything. */
    public boolean superReadOnly;

    /** What its applying thread has stopped at; empty for nothing. */
    public String sqlError = "";

    public SemiSync semiSync = SemiSync.NONE;

    /** Its binary log. */
    public String logFile = "bin.000001";

    /** Its source's log, as far as it has read and applied. */
    public String readFile = "bin.000001";

    /** Both threads stand still. */
    public void stop() {
      io = ThreadState.STOPPED;
      sql = ThreadState.STOPPED;
    }
  }

  /** Reads trees, separated by blanks. */
  public static Trees of(String text) {
    var trees = new Trees();
    var above = new ArrayList<InstanceKey>();
    var name = new StringBuilder();
    InstanceKey last = null;
    for (char c : (text + " ").toCharArray()) {
      if (Character.isLetterOrDigit(c)) {
        name.append(c);
        continue;
      }
      if (!name.isEmpty()) {
        last = trees.add(name.toString(), above.isEmpty() ? null : above.getLast());
        name.setLength(0);
      }
      switch (c) {
        case '(' -> above.add(last);
        case ')' -> above.removeLast();
        case ',', ' ' -> {}
        default -> throw new IllegalArgumentException("not a tree: " + text);
      }
    }
    return trees;
  }

  /**
   * A random forest; some sources are outside of it, and some trees are rings.
   *
   * @param size how many servers
   */
  public static Trees random(Random random, int size) {
    var trees = new Trees();
    for (int i = 0; i < size; i++) {
      InstanceKey source =
          switch (random.nextInt(12)) {
            case 0, 1 -> null;
            case 2 -> key("outside" + random.nextInt(2));
            // Any server at all, itself included: this is where rings come from.
            case 3, 4 -> key("s" + random.nextInt(size));
            default -> i == 0 ? null : key("s" + random.nextInt(i));
          };
      trees.add("s" + i, source);
      trees.servers.get("s" + i).readOnly = random.nextBoolean();
    }
    return trees;
  }

  private InstanceKey add(String name, InstanceKey source) {
    var server = new Server();
    server.serverId = servers.size() + 1L;
    server.source = Optional.ofNullable(source);
    server.readOnly = source != null;
    servers.put(name, server);
    return key(name);
  }

  /** The address of a server of this name. */
  public static InstanceKey key(String name) {
    return new InstanceKey(name, InstanceKey.DEFAULT_PORT);
  }

  /** Changes a server. */
  public Trees with(String name, Consumer<Server> change) {
    change.accept(servers.get(name));
    return this;
  }

  /** Lets a server replicate from any other, known or not. */
  public Trees below(String name, String source) {
    return with(name, s -> s.source = Optional.of(key(source)));
  }

  public Topology topology() {
    SortedMap<InstanceKey, Instance> instances = new TreeMap<>();
    servers.forEach((name, server) -> instances.put(key(name), instance(key(name), server)));
    return new Topology(1, instances);
  }

  private static Instance instance(InstanceKey key, Server s) {
    Optional<Instant> when = Optional.of(s.lastSeen);
    return new Instance(
        key,
        s.condition,
        s.sentence,
        s.everSeen ? Optional.of(facts(key, s)) : Optional.empty(),
        when,
        s.everSeen ? when : Optional.empty(),
        s.latency,
        s.sourcesSince,
        s.failingSince);
  }

  private static Facts facts(InstanceKey key, Server s) {
    var channels = new ArrayList<Channel>();
    s.source.ifPresent(
        source -> {
          for (int i = 0; i < s.channels; i++) {
            channels.add(channel(s, i == 0 ? s.channel : "extra" + i, source));
          }
        });
    s.more.forEach(
        (name, source) -> {
          Channel one = channel(s, name, source);
          channels.add(s.moreRun ? running(one) : one);
        });
    String executed = s.executed.isEmpty() ? "0-1-" + s.position : s.executed;
    return new Facts(
        new Identity(
            s.serverId,
            s.uuid,
            Flavor.of(s.version, ""),
            Version.parse(s.version),
            "",
            key.host(),
            Optional.empty(),
            s.capabilities),
        new Settings(
            s.readOnly,
            s.superReadOnly,
            s.logBin,
            s.logUpdates,
            s.format,
            "FULL",
            true,
            s.gtidMode,
            s.takes),
        channels,
        List.of(),
        new Positions(
            new BinlogPosition(s.logFile, s.position),
            executed,
            executed,
            s.purged,
            s.history,
            s.position),
        List.of(),
        s.semiSync,
        s.group,
        new Background(s.cloud, s.keepsPassword, List.of(), s.startup, s.events, Detected.NOTHING),
        Optional.empty());
  }

  private static Channel running(Channel c) {
    return new Channel(
        c.name(),
        c.source(),
        c.user(),
        c.gtid(),
        ThreadState.RUNNING,
        ThreadState.RUNNING,
        c.filtered(),
        c.tls(),
        c.delaySeconds(),
        c.progress(),
        ReplicationError.NONE,
        ReplicationError.NONE,
        c.setup());
  }

  private static Channel channel(Server s, String name, InstanceKey source) {
    var at = new BinlogPosition(s.readFile, s.position);
    return new Channel(
        name,
        source,
        "replication",
        s.gtid,
        s.io,
        s.sql,
        s.filtered,
        s.tls,
        s.delay,
        new Channel.Progress(
            new BinlogPosition(s.readFile, s.position + s.pending),
            at,
            at,
            s.received.isEmpty() ? "0-1-" + s.position : s.received,
            s.behind.orElse(Optional.of(s.position))),
        s.ioError,
        s.sqlError.isEmpty() ? ReplicationError.NONE : new ReplicationError(1062, s.sqlError),
        new Channel.Setup("", new TreeMap<>(), s.encryption, s.detached));
  }
}
