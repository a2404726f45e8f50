package topiary.app.wire;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.CredentialRule;
import topiary.app.config.Folders;
import topiary.app.config.NodeConfig;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.HttpGateway;
import topiary.app.gateway.LocalGateway;
import topiary.app.gateway.place.Past;
import topiary.app.gateway.place.Place;
import topiary.app.gateway.place.PlaceFile;
import topiary.app.gateway.place.Places;
import topiary.app.security.NodeLogin;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.port.Tls;
import topiary.store.StoreException;

/** The nodes a user of this computer can reach: one in this program, and any over HTTP. */
public final class OwnPlaces implements Places, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(OwnPlaces.class.getName());

  /** Longer than the 15 s between two signs of life of a node that has nothing to tell. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final int POLL_SECONDS = 5;

  private final Path own;
  private final Path data;
  private final PlaceFile memory;
  private final Executor background;
  private final NodeLogin login;
  private final Set<Gateway> open = ConcurrentHashMap.newKeySet();
  private final Set<Core> cores = ConcurrentHashMap.newKeySet();
  private boolean closed;

  /**
   * A user's places.
   *
   * @param settings the folder of what is remembered, and of this computer's own node.json
   * @param data where a node in this program keeps its state, when node.json does not say
   * @param background runs what waits
   */
  public OwnPlaces(Path settings, Path data, Executor background) {
    this(settings, data, NodeLogin.NONE, background);
  }

  /**
   * A user's places.
   *
   * @param login shows nodes who asks, where nothing else is typed
   */
  public OwnPlaces(Path settings, Path data, NodeLogin login, Executor background) {
    this.login = login;
    this.own = settings.resolve("node.json");
    this.data = data;
    this.memory = new PlaceFile(settings.resolve("desktop.json"));
    this.background = background;
  }

  /** Those of whoever runs this program. */
  public static OwnPlaces ofUser(NodeLogin login, Executor background) {
    return new OwnPlaces(Folders.config(), Folders.data(), login, background);
  }

  @Override
  public Past past() {
    return memory.read();
  }

  @Override
  public Optional<String> credentials() {
    if (!Files.exists(own)) {
      return Optional.empty();
    }
    try {
      return ConfigFile.read(own).credentials().isEmpty()
          ? Optional.empty()
          : Optional.of(own.toString());
    } catch (BadConfig e) {
      // What is wrong with it is said when it is to be used.
      return Optional.of(own.toString());
    }
  }

  @Override
  public Gateway again(Place.There place) {
    try {
      return remembering(place, login.with("", "", place.authority()));
    } catch (BadConfig e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
      return remembering(place, login);
    }
  }

  /** A way to a node, or several of one cluster, whether any answers or not; not remembered. */
  public HttpGateway to(List<URI> nodes) {
    return way(new Place.There(nodes), members -> {}, login);
  }

  private HttpGateway remembering(Place.There place, NodeLogin as) {
    return way(place, members -> remember(place, members), as);
  }

  private HttpGateway way(Place.There place, Consumer<List<URI>> members, NodeLogin as) {
    var gateway =
        new HttpGateway(
            place.addresses(),
            place.members(),
            members,
            as,
            background,
            InstantSource.system(),
            SILENCE);
    open.add(gateway);
    return gateway;
  }

  /** One address is enough to find the others again, whichever is dead by then. */
  private void remember(Place.There place, List<URI> members) {
    try {
      memory.members(place.addresses(), members);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "where the other nodes are is not remembered", e);
    }
  }

  @Override
  public Opened open(Place place, String password) throws GatewayException {
    Gateway gateway =
        switch (place) {
          case Place.Here here -> here(here, password);
          case Place.There there -> there(there, password);
        };
    try {
      memory.chosen(place);
      return new Opened(gateway, "");
    } catch (IOException e) {
      return new Opened(gateway, "This choice is not remembered: " + e);
    }
  }

  private Gateway there(Place.There place, String password) throws GatewayException {
    HttpGateway gateway;
    try {
      gateway = remembering(place, login.with(place.user(), password, place.authority()));
    } catch (BadConfig e) {
      throw new GatewayException(e.getMessage(), GatewayException.Kind.REFUSED, e);
    }
    try {
      gateway.check();
      return gateway;
    } catch (GatewayException e) {
      end(gateway);
      throw e;
    }
  }

  // ---- a node in this program

  private Gateway here(Place.Here place, String password) throws GatewayException {
    try {
      return opened(core(config(place, password)), place);
    } catch (BadConfig | StoreException e) {
      throw new GatewayException(e.getMessage(), GatewayException.Kind.REFUSED, e);
    }
  }

  private NodeConfig config(Place.Here place, String password) throws BadConfig {
    boolean asked = credentials().isEmpty();
    List<CredentialRule> typed =
        List.of(
            new CredentialRule(
                "*",
                place.user(),
                new CredentialRule.Source.InMemory(password),
                new Tls(place.tls(), Optional.empty())));
    if (!Files.exists(own)) {
      return new NodeConfig(
          "127.0.0.1",
          0,
          data,
          List.of(),
          typed,
          NodeConfig.polling(Duration.ofSeconds(POLL_SECONDS)));
    }
    NodeConfig file = ConfigFile.read(own);
    // It has no door, so it does not matter who may come in by it.
    return new NodeConfig(
        "127.0.0.1",
        0,
        file.dataFolder(),
        file.servers(),
        asked ? typed : file.credentials(),
        file.probe(),
        file.access(),
        file.cluster(),
        file.store(),
        file.keeping());
  }

  /** Registered before anything can end the process. */
  private synchronized Core core(NodeConfig config) throws BadConfig, GatewayException {
    if (closed) {
      throw new GatewayException(
          "the window is being closed", GatewayException.Kind.UNREACHABLE, null);
    }
    var core =
        new Core(config, RecoveryPolicy.DEFAULT.watching(), fault -> {}, UnaryOperator.identity());
    cores.add(core);
    return core;
  }

  private Gateway opened(Core core, Place.Here place) throws GatewayException {
    boolean good = false;
    try {
      core.start();
      if (place.server().isPresent()) {
        look(core, place.server().get());
      }
      var gateway =
          new LocalGateway(
              core.api(),
              core.events(),
              core::trouble,
              background,
              InstantSource.system(),
              () -> end(core));
      open.add(gateway);
      good = true;
      return gateway;
    } finally {
      if (!good) {
        end(core);
      }
    }
  }

  /** The first server; that it is down is no reason to stay out where others are known. */
  private static void look(Core core, InstanceKey server) throws GatewayException {
    try {
      core.manager().discover(server, new By("local user", "desktop"));
    } catch (RequestRefused e) {
      boolean down = e.kind() == RequestRefused.Kind.UNREACHABLE;
      if (!down || core.manager().state().instances().isEmpty()) {
        throw new GatewayException(e.getMessage(), GatewayException.Kind.REFUSED, e);
      }
    }
  }

  private void end(Core core) {
    core.close();
    cores.remove(core);
  }

  @Override
  public void end(Gateway gateway) {
    gateway.close();
    open.remove(gateway);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    open.forEach(this::end);
    cores.forEach(this::end);
  }
}
