package topiary.app.wire;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
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
import topiary.app.face.Handler;
import topiary.app.http.Front;
import topiary.app.http.Gate;
import topiary.app.http.WebFace;
import topiary.app.legacy.LegacyApi;
import topiary.app.legacy.LegacyHandler;
import topiary.app.legacy.LegacyNode;
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

/** A headless node: everything made in order, and ended in the opposite one. */
public final class Node implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Node.class.getName());

  private final NodeConfig config;
  private final Threads threads = new Threads();
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
  private final SortedMap<String, String> waiting = new ConcurrentSkipListMap<>();
  private final Manager manager;
  private final WebFace web;

  /**
   * Starts a node.
   *
   * @param onFatal told when the node cannot go on, for example because its disk is full
   * @param logged what is put around the command log; nothing, outside of tests
   * @throws BadConfig when a password or the address cannot be used
   * @throws topiary.store.StoreException when the data folder cannot be used
   */
  public Node(NodeConfig config, Consumer<Throwable> onFatal, UnaryOperator<CommandLog> logged)
      throws BadConfig {
    this.config = config;
    ends.push(threads::close);
    try {
      var secrets = new RuleSecrets(config.credentials(), this::head);
      secrets.check();
      Fleet fleet = new JdbcFleet(secrets, threads);
      SqliteStore store = SqliteStore.open(config.dataFolder());
      ends.push(store::close);
      var codec = new JsonCodec();
      var log =
          new LocalLog(
              new StoreApplier(store, codec),
              fault -> {
                trouble.set(Optional.of("the command log has ended: " + fault.getMessage()));
                onFatal.accept(fault);
              });
      log.start();
      ends.push(log::close);
      CommandLog commands = logged.apply(new LoggedCommands(log, store, codec));
      String epoch = Long.toString(store.epoch());
      var events =
          new EventHub(epoch, () -> Collections.unmodifiableMap(commands.state().instances()));
      ends.push(events::close);
      var clock = new SystemClock();
      manager =
          new Manager(
              new Ports(fleet, commands, store, clock, threads, events, UUID::randomUUID),
              new Policies(config.probe(), PlanPolicy.DEFAULT));
      ends.push(this::settle);
      web = web(events, epoch);
      // Whoever watches a plan sees it to its end: the doors close after the plans have settled.
      ends.push(web::close);
      ends.push(events::close);
      ends.push(this::settle);
    } catch (BadConfig | RuntimeException e) {
      close();
      throw e;
    }
  }

  private WebFace web(EventHub events, String epoch) throws BadConfig {
    var info = new NodeInfo(Version.TEXT, epoch, config.dataFolder(), trouble::get, waiting);
    var v1 = new V1Api(manager, info, events, InstantSource.system());
    var api =
        new LegacyApi(
            manager,
            new LegacyNode(hostname(), epoch, Version.TEXT, "sqlite", manager.started()),
            InstantSource.system(),
            task -> threads.start("orchestrator's API", task));
    var legacy = new LegacyHandler(api);
    Handler front = new Gate(new Front(v1, legacy), legacy::writes);
    try {
      InetAddress address = InetAddress.getByName(config.host());
      return WebFace.start(new InetSocketAddress(address, config.port()), front);
    } catch (UnknownHostException e) {
      throw new BadConfig("there is no address for " + config.host(), e);
    } catch (UncheckedIOException e) {
      throw new BadConfig(
          config.host()
              + ":"
              + config.port()
              + " cannot be listened on: "
              + e.getCause().getMessage()
              + "; is another node running there?",
          e);
    }
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine that cannot resolve its own name has one all the same, but nobody can use it.
      LOG.log(System.Logger.Level.INFO, "this machine's name is not known", e);
      return "localhost";
    }
  }

  /** Takes up its work: looks at what it knows, and at the servers it was told of. */
  public void start() {
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
  private void settle() {
    List<PlanId> left = manager.settle();
    if (!left.isEmpty()) {
      // The logging of a JVM that is being ended has ended before.
      System.err.println(
          "topiary: ended while these plans were under way, to be reported at the next start: "
              + left);
    }
    manager.close();
  }

  private Optional<InstanceKey> head(InstanceKey key) {
    // Asked while the manager is being made, when nothing is known yet.
    Manager known = manager;
    return known == null ? Optional.empty() : known.topology().treeOf(key).map(tree -> tree.head());
  }

  public Manager manager() {
    return manager;
  }

  /** Where it serves. */
  public String address() {
    String host = config.host().indexOf(':') >= 0 ? "[" + config.host() + "]" : config.host();
    return "http://" + host + ":" + web.port();
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
