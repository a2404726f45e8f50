package topiary.app.wire;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.app.config.Version;
import topiary.app.face.Handler;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.http.Forwarder;
import topiary.app.http.Front;
import topiary.app.http.Gate;
import topiary.app.http.HttpLeaderLink;
import topiary.app.http.WebFace;
import topiary.app.legacy.LegacyApi;
import topiary.app.legacy.LegacyHandler;
import topiary.app.legacy.LegacyNode;
import topiary.app.security.ReloadingKeys;
import topiary.app.v1.V1Api;
import topiary.engine.analysis.World;
import topiary.engine.manager.Manager;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.port.CommandLog;

/** A headless node: a core, and the web as its door. */
public final class Node implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Node.class.getName());

  private final NodeConfig config;
  private final Core core;
  private final InstantSource clock;
  private final WebFace web;
  private HttpLeaderLink link;

  /** The cluster has no place for this node any more; it need not be started again. */
  public static final class Removed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Removed(String sentence) {
      super(sentence);
    }
  }

  /**
   * Starts a node.
   *
   * @param onFatal told when the node cannot go on, for example because its database is damaged
   * @param logged what is put around the command log; nothing, outside of tests
   * @throws BadConfig when a password or the address cannot be used
   * @throws topiary.store.StoreException when the data folder cannot be used
   */
  public Node(NodeConfig config, Consumer<Throwable> onFatal, UnaryOperator<CommandLog> logged)
      throws BadConfig {
    this(config, new Core(config, RecoveryPolicy.DEFAULT, onFatal, logged), Optional.empty());
  }

  /** One that shows servers as others have seen them; its folder has them in its state. */
  Node(NodeConfig config, World shown, Consumer<Throwable> onFatal) throws BadConfig {
    this(
        config,
        new Core(
            config, RecoveryPolicy.DEFAULT.watching(), onFatal, ClosedLog::new, Optional.of(shown)),
        Optional.of(shown));
  }

  private Node(NodeConfig config, Core core, Optional<World> shown) throws BadConfig {
    this.config = config;
    this.core = core;
    clock = Core.time(shown);
    try {
      web = web();
    } catch (BadConfig | RuntimeException e) {
      core.close();
      throw e;
    }
  }

  private WebFace web() throws BadConfig {
    var api =
        new LegacyApi(
            manager(),
            new LegacyNode(
                hostname(),
                core.epoch(),
                Version.TEXT,
                config.store().word(),
                manager().started(),
                core::trouble),
            clock,
            task -> core.threads().start("orchestrator's API", task),
            core.cluster(),
            Optional.of(core.audit()),
            core.kept());
    var legacy = new LegacyHandler(api);
    Door door = core.door();
    Handler inside = new Front(core.api(), legacy);
    if (core.cluster().isPresent()) {
      link = new HttpLeaderLink(door.keys().map(ReloadingKeys::nodeContext));
      inside = Forwarder.of(inside, core.cluster().get(), legacy, link);
    }
    Handler front =
        new Gate(
            door.guarding(inside, request -> needed(request, legacy)),
            legacy::writes,
            door.hosts());
    try {
      InetAddress address = InetAddress.getByName(config.host());
      return WebFace.start(
          new InetSocketAddress(address, config.port()),
          front,
          door.keys().map(ReloadingKeys::context),
          core.threads()::send);
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

  /** What one must be to have a request answered. */
  private static Role needed(Request request, LegacyHandler legacy) {
    List<String> path = request.segments();
    boolean v1 = path.size() > 2 && path.get(0).equals("api") && path.get(1).equals("v1");
    if (v1) {
      return V1Api.role(request.below(2));
    }
    return legacy.writes(request) ? Role.OPERATOR : Role.READER;
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

  /**
   * Takes up its work: takes its place in its cluster, looks at what it knows, and at the servers
   * it was told of.
   *
   * @throws BadConfig when the cluster does not take it in
   */
  public void start() throws BadConfig {
    core.start();
    core.takePlace(URI.create(address()));
  }

  public Manager manager() {
    return core.manager();
  }

  /** Where it serves. */
  public String address() {
    String host = config.host().indexOf(':') >= 0 ? "[" + config.host() + "]" : config.host();
    return (core.door().keys().isPresent() ? "https://" : "http://") + host + ":" + web.port();
  }

  @Override
  public void close() {
    // Whoever watches a plan sees it to its end: the door closes after the plans have settled.
    core.settle();
    core.events().close();
    web.close();
    if (link != null) {
      link.close();
    }
    core.close();
  }
}
