package topiary.app.wire;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.app.config.RuleSecrets;
import topiary.app.config.Version;
import topiary.app.v1.EventHub;
import topiary.app.v1.NodeInfo;
import topiary.app.v1.V1Api;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Fleet;
import topiary.raft.local.LocalLog;
import topiary.store.json.JsonCodec;
import topiary.store.sqlite.SqliteStore;

/** A node without a door: everything made in order, and ended in the opposite one. */
final class Core implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Core.class.getName());

  private final NodeConfig config;
  private final Threads threads = new Threads();
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final AtomicReference<Optional<String>> end = new AtomicReference<>(Optional.empty());
  private final StoreTrouble passing;
  private final SortedMap<String, String> waiting = new ConcurrentSkipListMap<>();
  private final String epoch;
  private final EventHub events;
  private final Manager manager;
  private final V1Api api;

  /**
   * Makes a node.
   *
   * @param onFatal told when the node cannot go on, for example because its database is damaged
   * @param logged what is put around the command log; nothing, outside of tests
   * @throws BadConfig when a password cannot be used
   * @throws topiary.store.StoreException when the data folder cannot be used
   */
  Core(NodeConfig config, Consumer<Throwable> onFatal, UnaryOperator<CommandLog> logged)
      throws BadConfig {
    this.config = config;
    ends.push(threads::close);
    try {
      var secrets = new RuleSecrets(config.credentials(), this::head);
      secrets.check();
      Fleet fleet = new JdbcFleet(secrets, threads);
      SqliteStore store = SqliteStore.open(config.dataFolder());
      ends.push(store::close);
      passing =
          new StoreTrouble(
              () -> {
                store.latest(1);
                store.checkWritable();
              },
              () -> threads.start("catch up", this::catchUp));
      ends.push(passing::close);
      var codec = new JsonCodec();
      var log =
          new LocalLog(
              new StoreApplier(store, codec, passing),
              fault -> {
                end.set(Optional.of("the command log has ended: " + fault.getMessage()));
                onFatal.accept(fault);
              });
      log.start();
      ends.push(log::close);
      CommandLog commands = logged.apply(new LoggedCommands(log, store, codec));
      epoch = Long.toString(store.epoch());
      events = new EventHub(epoch, () -> Collections.unmodifiableMap(commands.state().instances()));
      ends.push(events::close);
      var clock = new SystemClock();
      manager =
          new Manager(
              new Ports(
                  fleet,
                  commands,
                  new WatchedJournal(store, passing),
                  clock,
                  threads,
                  events,
                  UUID::randomUUID),
              new Policies(config.probe(), PlanPolicy.DEFAULT));
      ends.push(this::settle);
      var info = new NodeInfo(Version.TEXT, epoch, config.dataFolder(), this::trouble, waiting);
      api = new V1Api(manager, info, events, InstantSource.system());
    } catch (BadConfig | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Takes up its work: looks at what it knows, and at the servers it was told of. */
  void start() {
    manager.start();
    for (InstanceKey server : config.servers()) {
      threads.start("discover " + server, () -> discover(server));
    }
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
        if (!e.getMessage().equals(waiting.put(server.toString(), e.getMessage()))) {
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

  Manager manager() {
    return manager;
  }

  /** What is below {@code /api/v1}. */
  V1Api api() {
    return api;
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
