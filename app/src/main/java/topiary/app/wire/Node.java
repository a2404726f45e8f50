package topiary.app.wire;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.app.config.Version;
import topiary.app.face.Handler;
import topiary.app.http.Front;
import topiary.app.http.Gate;
import topiary.app.http.WebFace;
import topiary.app.legacy.LegacyApi;
import topiary.app.legacy.LegacyHandler;
import topiary.app.legacy.LegacyNode;
import topiary.engine.manager.Manager;
import topiary.engine.port.CommandLog;

/** A headless node: a core, and the web as its door. */
public final class Node implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Node.class.getName());

  private final NodeConfig config;
  private final Core core;
  private final WebFace web;

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
    this.config = config;
    core = new Core(config, onFatal, logged);
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
                "sqlite",
                manager().started(),
                core::trouble),
            InstantSource.system(),
            task -> core.threads().start("orchestrator's API", task));
    var legacy = new LegacyHandler(api);
    Handler front = new Gate(new Front(core.api(), legacy), legacy::writes);
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
    core.start();
  }

  public Manager manager() {
    return core.manager();
  }

  /** Where it serves. */
  public String address() {
    String host = config.host().indexOf(':') >= 0 ? "[" + config.host() + "]" : config.host();
    return "http://" + host + ":" + web.port();
  }

  @Override
  public void close() {
    // Whoever watches a plan sees it to its end: the door closes after the plans have settled.
    core.settle();
    core.events().close();
    web.close();
    core.close();
  }
}
