package topiary.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.process.JavaProgram;
import topiary.lab.process.ProcessId;
import topiary.lab.proxy.Link;
import topiary.lab.proxy.LinkProxy;
import topiary.lab.proxy.ProxyControl;

/**
 * The proxy of a lab, if it has one: in this JVM when the lab is tethered to it, else in a helper
 * process. Deeds of a lab without one do nothing here.
 */
final class Proxied implements AutoCloseable {
  private static final Duration STARTING = Duration.ofSeconds(20);
  private static final Duration STATE = Duration.ofSeconds(30);

  private final Site site;
  private LinkProxy here;
  private MemberSockets clients;

  Proxied(Site site) {
    this.site = site;
  }

  /** Starts it, with no server yet. */
  void begin(boolean tethered) {
    if (tethered) {
      clients = new MemberSockets(site.stateFile());
      here = new LinkProxy(site.name, Site.HOST, clients);
      new ProxyState(here.address(), Map.of()).write(site.directory);
      return;
    }
    Path log = site.directory.resolve("proxy.log");
    ProcessId process =
        JavaProgram.start(
            ProxyProcess.class,
            List.of(site.directory.toString()),
            site.directory,
            log,
            "the proxy");
    site.change(
        state ->
            state.withHelper(
                new LabState.Helper(ProxyProcess.ROLE, process, site.directory.toString())));
    boolean there =
        Await.holds(
            STARTING, () -> ProxyState.read(site.directory).isPresent() || !process.alive());
    if (!there || !process.alive()) {
      throw new LabException("the proxy does not start: " + Disk.tail(log, 5));
    }
  }

  private boolean exists() {
    return ProxyState.read(site.directory).isPresent();
  }

  /**
   * The port on which a server is to listen, noted for all who manage the lab.
   *
   * @param port the public one, which it is if there is no proxy
   * @param another gives out free ports
   */
  int listens(String member, int port, IntSupplier another) {
    if (!exists()) {
      return port;
    }
    int target = another.getAsInt();
    synchronized (site) {
      try (var _ = Lock.take(site.directory.resolve("lab.json.lock"), STATE)) {
        ProxyState.read(site.directory).orElseThrow().with(member, target).write(site.directory);
      }
    }
    return target;
  }

  /** The port on which a server itself listens. */
  static int listens(Path lab, LabState.Server server) {
    return ProxyState.read(lab)
        .map(s -> s.targets().getOrDefault(server.name(), server.port()))
        .orElse(server.port());
  }

  /** All ports behind the proxy of the lab in this folder. */
  static Collection<Integer> ports(Path lab) {
    return ProxyState.read(lab).map(s -> s.targets().values()).orElse(List.of());
  }

  /** Opens the public port of a server. */
  void serve(String member, int port, int target) {
    if (exists()) {
      control().serve(member, port, target);
    }
  }

  /** A server has been started or ended: its public port follows before this returns. */
  void look(String member) {
    if (exists()) {
      control().look(member);
    }
  }

  /**
   * The way to change rules.
   *
   * @throws LabException when the lab is not proxied
   */
  ProxyControl control() {
    return ProxyState.read(site.directory)
        .map(s -> new ProxyControl(Site.HOST, s.control()))
        .orElseThrow(
            () ->
                new LabException(
                    "lab "
                        + site.name
                        + " has no proxies, so its links cannot be disturbed; start it with: lab up"
                        + " --proxied"));
  }

  /**
   * Gives a process a name, by which the links from it are named; see {@link Faults#name}.
   *
   * @throws LabException when the proxies are not in this JVM, or a member has the name
   */
  void name(String client, ProcessId process) {
    if (clients == null) {
      throw new LabException(
          "lab "
              + site.name
              + " has no proxies in this process, so its clients cannot be given names; start it"
              + " here, proxied and tethered");
    }
    boolean taken =
        Set.of(Link.ANYBODY, Link.OTHERS).contains(client)
            || site.state().servers().stream().anyMatch(s -> s.name().equals(client));
    if (taken) {
      throw new LabException("a client cannot be named " + client + ": that is another's name");
    }
    clients.name(client, process);
  }

  boolean named(String client) {
    return clients != null && clients.named(client);
  }

  /** Whether links can be disturbed. */
  boolean possible() {
    return exists();
  }

  /** Ends the one in this JVM. */
  @Override
  public void close() {
    if (here != null) {
      here.close();
      here = null;
    }
  }
}
