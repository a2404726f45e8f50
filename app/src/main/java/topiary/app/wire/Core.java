package topiary.app.wire;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import topiary.app.cluster.Cluster;
import topiary.app.config.BadConfig;
import topiary.app.config.ClusterConfig;
import topiary.app.config.NodeConfig;
import topiary.app.config.NotifyConfig;
import topiary.app.config.RuleSecrets;
import topiary.app.config.Version;
import topiary.app.hooks.KeyValueFile;
import topiary.app.hooks.NameService;
import topiary.app.hooks.ShellHooks;
import topiary.app.json.HistoryForm;
import topiary.app.kept.Kept;
import topiary.app.notify.Mail;
import topiary.app.notify.Notifier;
import topiary.app.notify.Receiver;
import topiary.app.notify.Webhook;
import topiary.app.security.ReloadingKeys;
import topiary.app.v1.EventHub;
import topiary.app.v1.NodeInfo;
import topiary.app.v1.Past;
import topiary.app.v1.V1Api;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.World;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.planner.Readiness;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.port.Audit;
import topiary.engine.port.Clock;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.Leadership;
import topiary.engine.port.ServerTrouble;
import topiary.engine.state.Header;
import topiary.raft.api.LogException;
import topiary.raft.api.Peer;
import topiary.raft.api.ReplicatedLog;
import topiary.raft.local.LocalLog;
import topiary.raft.ratis.LinkKeys;
import topiary.raft.ratis.Membership;
import topiary.raft.ratis.RatisLog;
import topiary.raft.ratis.Timing;
import topiary.store.Store;
import topiary.store.history.HistoryLimits;
import topiary.store.json.JsonCodec;

/** A node without a door: everything made in order, and ended in the opposite one. */
final class Core implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Core.class.getName());

  /** How soon changed keys and passwords are seen. */
  private static final Duration RELOAD = Duration.ofSeconds(2);

  /** How soon it is seen that a receiver may be tried again. */
  private static final Duration NOTIFY = Duration.ofSeconds(1);

  /** How soon a file of keys and values is written anew. */
  private static final Duration KEY_VALUES = Duration.ofMillis(20);

  /** How often it is looked how ready trees are. */
  private static final Duration READY = Duration.ofSeconds(10);

  /** After so long without a question, and at the most twice that, answers are made anew. */
  private static final Duration RESTS = Duration.ofMinutes(5);

  private final NodeConfig config;
  private final Optional<World> shown;
  private final Kept kept = new Kept();
  private final Threads threads = new Threads();
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final AtomicReference<Optional<String>> end = new AtomicReference<>(Optional.empty());
  private final StoreTrouble passing;
  private final SortedMap<String, String> waiting = new ConcurrentSkipListMap<>();
  private final String epoch;
  private final EventHub events;
  private final Door door;
  private final Manager manager;
  private final V1Api api;
  private final Audit audit;
  private final Runnable auditing;
  private final Optional<HistoryKeeper> history;
  private final List<Notifier> notifiers;
  private final Optional<KeyValueFile> keyValues;
  private final Optional<Part> part;
  private final Optional<Agreement> agreement;
  private RatisLog shared;
  private volatile Members members;
  private final Consumer<Throwable> onFatal;
  private volatile boolean notifying;

  /**
   * Makes a node.
   *
   * @param recovery how dead servers are recovered
   * @param onFatal told when the node cannot go on, for example because its database is damaged
   * @param logged what is put around the command log; nothing, outside of tests
   * @throws BadConfig when a password cannot be used
   * @throws topiary.store.StoreException when the data folder cannot be used
   */
  Core(
      NodeConfig config,
      RecoveryPolicy recovery,
      Consumer<Throwable> onFatal,
      UnaryOperator<CommandLog> logged)
      throws BadConfig {
    this(config, recovery, onFatal, logged, Optional.empty());
  }

  /**
   * Makes a node.
   *
   * @param shown what others have seen of the servers in its state, which is shown and judged
   *     instead of looking at them; empty for a node that looks
   */
  Core(
      NodeConfig config,
      RecoveryPolicy recovery,
      Consumer<Throwable> onFatal,
      UnaryOperator<CommandLog> logged,
      Optional<World> shown)
      throws BadConfig {
    this.config = config;
    this.onFatal = onFatal;
    this.shown = shown;
    ends.push(threads::close);
    try {
      door = new Door(config.access(), config.host());
      threads.every(RELOAD, "keys and passwords", door::refresh);
      var secrets = new RuleSecrets(config.credentials(), this::head);
      secrets.check();
      Fleet fleet = shown.isPresent() ? Core::nobody : new JdbcFleet(secrets, threads);
      Store store = MemberStore.open(config);
      ends.push(store::close);
      passing =
          new StoreTrouble(
              () -> {
                store.latest(1);
                store.checkWritable();
              },
              () -> threads.start("catch up", this::catchUp));
      ends.push(passing::close);
      int level = config.cluster().map(ClusterConfig::level).orElse(Header.LEVEL);
      var codec = new JsonCodec(level);
      part =
          Part.of(
              config,
              config.dataFolder(),
              store.lastApplied().index() == 0,
              new PeerLink(door.keys().map(ReloadingKeys::nodeContext)));
      agreement =
          part.map(
              p ->
                  new Agreement(
                      (int) config.keeping().audit().toDays(),
                      () -> others(p.self()),
                      p.link()::auditDays));
      ReplicatedLog log;
      if (part.isEmpty()) {
        log = new LocalLog(StoreApplier.patient(store, codec, passing), this::failed);
      } else {
        shared =
            new RatisLog(
                membership(part.get()),
                new StoreApplier(store, codec),
                this::failed,
                this::removed);
        log = shared;
      }
      CommandLog commands =
          logged.apply(
              new LoggedCommands(
                  log,
                  store,
                  codec,
                  id ->
                      Optional.ofNullable(store.state().nodes().get(new NodeId(id)))
                          .map(topiary.engine.state.NodeInfo::name)
                          .orElse(id)));
      log.start();
      ends.push(log::close);
      epoch = Long.toString(store.epoch());
      events =
          new EventHub(
              epoch,
              () -> commands.state().instances(),
              () -> commands.state().said(),
              this::found);
      ends.push(events::close);
      history = config.keeping().history().map(limits -> keeper(limits, commands));
      history.ifPresent(keeper -> ends.push(keeper::close));
      Clock clock = shown.isPresent() ? new StoppedClock(shown.get().now()) : new SystemClock();
      Supplier<Set<NodeId>> ids = () -> members().map(Members::ids).orElse(Set.of());
      manager =
          new Manager(
              new Ports(
                  fleet,
                  commands,
                  new WatchedJournal(store, passing),
                  clock,
                  threads,
                  this::published,
                  UUID::randomUUID,
                  ids,
                  Optional.of(store),
                  new ShellHooks(config.hooks(), called(config), threads::start),
                  new NameService()),
              new Policies(
                  config.probe(), PlanPolicy.DEFAULT, config.keeping().said(), recovery, level));
      if (part.isPresent()) {
        members = new Members(part.get().cluster().toString(), shared, store, manager);
      }
      ends.push(this::settle);
      notifiers = config.telling().map(this::notifiers).orElse(List.of());
      keyValues =
          config
              .keyValues()
              .map(
                  file ->
                      new KeyValueFile(
                          file,
                          manager::state,
                          manager.primaries()::keyValues,
                          System::nanoTime,
                          task -> threads.start("keys and values", task)));
      var info =
          new NodeInfo(
              Version.TEXT, epoch, config.dataFolder(), this::trouble, this::warnings, waiting);
      api =
          new V1Api(
              manager,
              info,
              events,
              time(shown),
              cluster(),
              new Past(
                  Optional.of(store),
                  (int) config.keeping().audit().toDays(),
                  history.map(keeper -> keeper)),
              kept);
      threads.every(RESTS, "answers", kept::rest);
      audit = store;
      var cutting =
          new AuditKeeper(
              store,
              commands,
              manager::purgeAudit,
              config.keeping().audit(),
              InstantSource.system());
      auditing = () -> threads.start("audit", cutting::look);
    } catch (LogException e) {
      close();
      throw new BadConfig(e.getMessage(), e);
    } catch (BadConfig | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The time by which a node answers: that of what it shows, else today's. */
  static InstantSource time(Optional<World> shown) {
    return shown.map(World::now).map(InstantSource::fixed).orElseGet(InstantSource::system);
  }

  private static Fleet.Session nobody(InstanceKey key, Deadline deadline) throws ServerTrouble {
    throw new ServerTrouble(Condition.UNREACHABLE, 0, Leadership.SHOWN, null);
  }

  /** What people call this node: in a cluster its name there, else that of the machine. */
  private static String called(NodeConfig config) {
    Optional<String> name = config.cluster().map(ClusterConfig::name);
    if (name.isPresent()) {
      return name.get();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine that cannot resolve its own name.
      return "localhost";
    }
  }

  private HistoryKeeper keeper(HistoryLimits limits, CommandLog commands) {
    return new HistoryKeeper(
        config.dataFolder(),
        limits,
        new HistoryForm(),
        () -> commands.state().instances(),
        InstantSource.system());
  }

  /** One for each way, so that none waits for another. */
  private List<Notifier> notifiers(NotifyConfig to) {
    var all = new ArrayList<Notifier>();
    to.webhook()
        .ifPresent(
            address -> {
              var webhook = new Webhook(address);
              ends.push(webhook::close);
              all.add(notifier("webhook", webhook, to));
            });
    to.mail().ifPresent(mail -> all.add(notifier("mail", new Mail(mail), to)));
    return List.copyOf(all);
  }

  private Notifier notifier(String way, Receiver receiver, NotifyConfig to) {
    return new Notifier(
        way,
        receiver,
        to.least(),
        new Notifier.World(
            this::found,
            key -> Optional.ofNullable(manager.state().instances().get(key)),
            key -> manager.state().said().downtime(key, Instant.now()).isPresent(),
            manager::leads),
        InstantSource.system(),
        task -> threads.start("notify", task));
  }

  private void ready() {
    World world = manager.world();
    var ready = new TreeMap<ClusterId, Readiness>();
    for (Tree tree : world.topology().trees()) {
      ClusterId cluster = world.clusters().get(tree.head());
      if (cluster != null) {
        ready.put(cluster, Readiness.of(world, tree));
      }
    }
    notifiers.forEach(it -> it.ready(ready));
  }

  private void published(Topology topology, Collection<InstanceKey> touched) {
    events.published(topology, touched);
    history.ifPresent(keeper -> keeper.published(topology, touched));
    // Asked while the node is being made, when nobody is told anything yet.
    if (notifying) {
      notifiers.forEach(Notifier::look);
    }
  }

  private List<String> warnings() {
    return Stream.of(
            door.warnings(),
            history.flatMap(HistoryKeeper::trouble).stream().toList(),
            notifiers.stream().flatMap(it -> it.trouble().stream()).toList(),
            keyValues.flatMap(KeyValueFile::trouble).stream().toList(),
            agreement.map(Agreement::warnings).orElse(List.of()),
            shown.map(it -> List.of("what is shown was so at " + it.now())).orElse(List.of()))
        .flatMap(List::stream)
        .toList();
  }

  /** Where the other nodes serve, by what people call them. */
  private Map<String, URI> others(String self) {
    var others = new TreeMap<String, URI>();
    manager
        .state()
        .nodes()
        .forEach(
            (id, node) -> {
              if (!id.text().equals(self)) {
                others.put(node.name(), node.http());
              }
            });
    return others;
  }

  private Membership membership(Part part) throws BadConfig {
    ClusterConfig config = part.config();
    String address;
    try {
      address = InetAddress.getByName(config.listen().host()).getHostAddress();
    } catch (UnknownHostException e) {
      throw new BadConfig("there is no address for " + config.listen().host(), e);
    }
    return new Membership(
        part.cluster(),
        new Peer(part.self(), config.address().toString()),
        part.first(),
        address,
        config.listen().port(),
        part.folder(),
        Timing.STANDARD,
        door.keys().map(keys -> new LinkKeys(keys.keyManager(), keys.nodeTrust())),
        Membership.SNAPSHOT_EVERY);
  }

  private void failed(Throwable fault) {
    end.set(Optional.of("the command log has ended: " + fault.getMessage()));
    onFatal.accept(fault);
  }

  private void removed() {
    part.ifPresent(Part::removed);
    failed(new Node.Removed("this node was removed from its cluster"));
  }

  /** Takes up its work: looks at what it knows, and at the servers it was told of. */
  void start() {
    if (shown.isPresent()) {
      manager.show(shown.get());
      return;
    }
    notifying = true;
    manager.start();
    if (!notifiers.isEmpty()) {
      threads.every(NOTIFY, "notify", () -> notifiers.forEach(Notifier::look));
      threads.every(READY, "readiness", () -> threads.start("readiness", this::ready));
    }
    keyValues.ifPresent(it -> threads.every(KEY_VALUES, "keys and values", it::look));
    threads.every(AuditKeeper.LOOK, "audit", auditing);
    for (InstanceKey server : config.servers()) {
      threads.start("discover " + server, () -> discover(server));
    }
  }

  /**
   * Takes its place in its cluster, and keeps it; nothing for a node that is alone.
   *
   * @param http where it serves
   * @throws BadConfig when the cluster does not take it in
   */
  void takePlace(URI http) throws BadConfig {
    if (part.isEmpty()) {
      return;
    }
    if (part.get().joining()) {
      part.get().join(http);
    }
    var place = new Place(part.get(), members, shared, http, this::failed);
    threads.every(Place.PAUSE, "place", () -> threads.start("place", place::keep));
    agreement.ifPresent(
        it ->
            threads.every(Agreement.LOOK, "agreement", () -> threads.start("agreement", it::look)));
  }

  /** Tries until it is seen: the servers may start after the node. */
  private void discover(InstanceKey server) {
    var clock = new SystemClock();
    while (true) {
      try {
        manager.discover(server, new By("topiary", "configuration"));
        waiting.remove(server.toString());
        return;
      } catch (RequestRefused e) {
        if (e.kind() == RequestRefused.Kind.NOT_LEADING) {
          // Whoever leads takes it in; this node does when it leads before that.
          waiting.remove(server.toString());
          if (manager.state().instances().containsKey(manager.real(server))) {
            return;
          }
        } else if (!e.getMessage().equals(waiting.put(server.toString(), e.getMessage()))) {
          LOG.log(System.Logger.Level.WARNING, "server in the configuration: " + e.getMessage());
        }
      }
      clock.pause(config.probe().interval());
    }
  }

  /** Plans under way come to a safe border; what does not is told where it is read even now. */
  void settle() {
    List<PlanId> left = manager.settle();
    if (!left.isEmpty()) {
      // The logging of a JVM that is being ended has ended before.
      System.err.println(
          "topiary: ended while these plans were under way, to be reported at the next start: "
              + left);
    }
    manager.close();
  }

  private void catchUp() {
    // Trouble may be met, and be over, while the manager is being made.
    Manager known = manager;
    if (known != null) {
      known.catchUp();
    }
  }

  private Optional<InstanceKey> head(InstanceKey key) {
    // Asked while the manager is being made, when nothing is known yet.
    Manager known = manager;
    return known == null ? Optional.empty() : known.topology().treeOf(key).map(tree -> tree.head());
  }

  private SortedMap<InstanceKey, Found> found() {
    Manager known = manager;
    return known == null ? Collections.emptySortedMap() : known.found();
  }

  Kept kept() {
    return kept;
  }

  Manager manager() {
    return manager;
  }

  private Optional<Members> members() {
    return Optional.ofNullable(members);
  }

  /** The cluster it is a member of; empty for one that is alone. */
  Optional<Cluster> cluster() {
    return Optional.ofNullable(members);
  }

  /** Who did what. */
  Audit audit() {
    return audit;
  }

  /** What is below {@code /api/v1}. */
  V1Api api() {
    return api;
  }

  /** Who may come in, and by what this node is known to others. */
  Door door() {
    return door;
  }

  EventHub events() {
    return events;
  }

  /** This run of the process, counted by the data folder. */
  String epoch() {
    return epoch;
  }

  /** What is wrong with it: why it cannot go on at all, or not for now; empty when it is well. */
  Optional<String> trouble() {
    return end.get().or(passing::now);
  }

  Threads threads() {
    return threads;
  }

  @Override
  public synchronized void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
