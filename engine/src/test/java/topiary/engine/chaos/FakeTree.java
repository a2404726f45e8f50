package topiary.engine.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import topiary.engine.dialect.Dialect;
import topiary.engine.fake.OneThread;
import topiary.engine.fake.SimulatedServers;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.model.Channel;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.CommandLog;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.ServerTrouble;
import topiary.lab.sim.Kind;
import topiary.lab.sim.Server;

/**
 * A tree of simulated servers in a world of one thread, and managers that look after it. Every
 * statement that changes something is watched: none may make a ring, or throw away what was
 * received and is nowhere else.
 */
final class FakeTree implements SimulatedServers.Witness, AutoCloseable {

  static final By DBA = new By("dba", "test");

  /** Servers are looked at when somebody asks, and now and then. */
  private static final Policies POLICIES =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(10),
              Duration.ofSeconds(5)));

  private static final double WRITES = 50;

  private final OneThread world;
  private final SimulatedServers servers;
  private final Random ids;
  private final InstanceKey head;
  private final List<String> wrongs = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private final List<Manager> managers = new ArrayList<>();

  private Optional<InstanceKey> otherHead = Optional.empty();
  private boolean coSources;
  private Stand told;
  private BiConsumer<InstanceKey, String> listener = (server, sql) -> {};

  /** A head, alone. */
  FakeTree(Kind kind, long seed) {
    world = new OneThread(seed);
    servers = new SimulatedServers(world, kind, seed);
    ids = new Random(seed);
    head = servers.head(WRITES);
    servers.watch(this);
  }

  /** A head of another tree, which writes, too. */
  InstanceKey otherHead() {
    InstanceKey other = servers.otherHead(WRITES);
    otherHead = Optional.of(other);
    return other;
  }

  /** The head is to have a co-source: the ring that makes is meant. */
  void coSources() {
    coSources = true;
    servers.replicationUser("repl");
  }

  OneThread world() {
    return world;
  }

  SimulatedServers servers() {
    return servers;
  }

  InstanceKey head() {
    return head;
  }

  /** One more manager; it begins when it is started. */
  Manager manager(CommandLog log, PlanJournal journal, Set<NodeId> members) {
    var manager =
        new Manager(
            new Ports(
                servers,
                log,
                journal,
                world,
                world,
                (topology, touched) -> {},
                () -> new UUID(ids.nextLong(), ids.nextLong()),
                () -> members),
            POLICIES);
    managers.add(manager);
    return manager;
  }

  /** Waits until a manager has seen everybody. */
  void awaitSeen(Manager manager) {
    while (manager.topology().instances().size() < servers.keys().size()
        || !manager.topology().instances().values().stream().allMatch(i -> i.seen())) {
      world.pause(Duration.ofMillis(50));
    }
  }

  // ---- what is so

  Stand stand(InstanceKey key) {
    try {
      return Stand.of(dialect(key), sql -> servers.truth(key, sql));
    } catch (ServerTrouble e) {
      throw new IllegalStateException(e);
    }
  }

  Map<InstanceKey, Stand> stands() {
    var all = new LinkedHashMap<InstanceKey, Stand>();
    servers.keys().forEach(key -> all.put(key, stand(key)));
    return all;
  }

  private Dialect dialect(InstanceKey key) {
    return servers.introduction(key).dialect();
  }

  private GtidPosition logged(InstanceKey key) {
    try {
      return Stand.position(dialect(key), sql -> servers.truth(key, sql), dialect(key).logged());
    } catch (ServerTrouble e) {
      throw new IllegalStateException(e);
    }
  }

  /** Hears of every statement that changed something. */
  void listen(BiConsumer<InstanceKey, String> anybody) {
    listener = anybody;
  }

  /** What went wrong, in sentences. */
  List<String> wrongs() {
    return List.copyOf(wrongs);
  }

  void wrong(String sentence) {
    wrongs.add(sentence);
  }

  /** What servers were told, for whoever has to find out why something went wrong. */
  List<String> statements() {
    return statements;
  }

  // ---- no state between is unsafe

  @Override
  public void before(InstanceKey server, String sql) {
    told = stand(server);
  }

  @Override
  public void after(InstanceKey server, String sql) {
    statements.add("%.3f %s: %s".formatted(world.nanos() / 1e9, server, sql));
    Stand now = stand(server);
    if (!now.source().equals(told.source()) && inRing(server) && !coSources) {
      wrong(server + " stands in a ring after " + sql);
    }
    GtidPosition has = Stand.together(now.executed(), now.received());
    for (Channel channel : now.channels()) {
      if (lives(channel.source())) {
        has = Stand.together(has, logged(channel.source()));
      }
    }
    if (!has.covers(told.received())) {
      wrong(
          "%s had received %s; after %s that is neither there nor at its source, which has %s"
              .formatted(server, told.received(), sql, has));
    }
    listener.accept(server, sql);
  }

  private boolean lives(InstanceKey key) {
    return servers.server(key).standing() == Server.Standing.ALIVE;
  }

  private boolean inRing(InstanceKey server) {
    var seen = new HashSet<InstanceKey>();
    Optional<InstanceKey> at = Optional.of(server);
    while (at.filter(this::lives).isPresent()) {
      if (!seen.add(at.get())) {
        return true;
      }
      at = stand(at.get()).source();
    }
    return false;
  }

  /** All write no more, everybody runs and has applied everything: and has what the head has. */
  void everybodyComesLevel() {
    servers.server(head).writes(0, world.micros());
    otherHead.ifPresent(other -> servers.server(other).writes(0, world.micros()));
    for (InstanceKey key : servers.keys()) {
      if (stand(key).channel().isPresent()) {
        servers.server(key).lag(0, world.micros());
        servers.server(key).delay(0, world.micros());
        servers.server(key).threads(true, true, true, world.micros());
      }
    }
    world.pause(Duration.ofSeconds(1));
    GtidPosition its = logged(head);
    GtidPosition all = otherHead.map(other -> Stand.together(its, logged(other))).orElse(its);
    for (InstanceKey key : servers.keys()) {
      Stand stand = stand(key);
      if (follows(key) && !stand.executed().covers(its)) {
        wrong(key + " never gets " + its + ", it has " + stand.executed() + ": " + stand.channel());
      }
      if (!all.covers(stand.executed())) {
        wrong(key + " has what its head lacks: " + stand.executed() + ", not in " + all);
      }
    }
  }

  /** Whether a server gets what its head writes, as far as it is up to how it is set up. */
  private boolean follows(InstanceKey key) {
    Stand at = stand(key);
    while (!key.equals(head) && at.source().isPresent() && !at.detached()) {
      key = at.source().get();
      at = stand(key);
    }
    return key.equals(head);
  }

  @Override
  public void close() {
    world.close();
    managers.forEach(Manager::close);
  }
}
