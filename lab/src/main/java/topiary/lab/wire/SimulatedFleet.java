package topiary.lab.wire;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import topiary.lab.base.LabException;
import topiary.lab.sim.Address;
import topiary.lab.sim.Server;
import topiary.lab.sim.SimFleet;

/**
 * Simulated servers that can be connected to, until it is closed or the process ends. Thread-safe;
 * a fault is in force when its method has returned.
 */
public final class SimulatedFleet implements AutoCloseable {

  /** Beside two for each server: its port, and the connection of one who watches it. */
  private static final int OTHER_FILES = 300;

  private final SimulatedSpec spec;
  private final Loop loop;
  private final SimFleet model = new SimFleet();
  private final Map<Address, Port> ports = new LinkedHashMap<>();
  private final List<List<Address>> clusters;

  private SimulatedFleet(SimulatedSpec spec) {
    this.spec = spec;
    loop = new Loop();
    var account = new Account(spec.user(), spec.password());
    List<List<Server>> trees = Shape.make(spec, model, loop.now());
    clusters = trees.stream().map(t -> t.stream().map(Server::address).toList()).toList();
    for (Server server : model.servers()) {
      ports.put(server.address(), new Port(loop, server, account));
    }
    model.watch(server -> ports.get(server.address()).follow());
  }

  /**
   * Starts one.
   *
   * @throws LabException with a sentence when its addresses are taken, or too few files may be open
   */
  public static SimulatedFleet start(SimulatedSpec spec) {
    enoughFiles(spec.servers());
    var fleet = new SimulatedFleet(spec);
    try {
      fleet.ports.values().forEach(Port::open);
    } catch (LabException e) {
      fleet.ports.values().forEach(Port::close);
      fleet.loop.close();
      throw e;
    }
    fleet.loop.start();
    return fleet;
  }

  private static void enoughFiles(int servers) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      long needed = 2L * servers + OTHER_FILES;
      if (free < needed) {
        throw new LabException(
            servers
                + " simulated servers need "
                + needed
                + " open files, and this process may open "
                + free
                + " more; raise the limit (ulimit -n "
                + (needed + system.getOpenFileDescriptorCount())
                + ") or simulate at most "
                + Math.max(0, (free - OTHER_FILES) / 2));
      }
    }
  }

  /** What it was asked to be like. */
  public SimulatedSpec spec() {
    return spec;
  }

  /** All servers by tree, the head of each first. */
  public List<List<Address>> clusters() {
    return clusters;
  }

  /** All servers. */
  public List<Address> servers() {
    return clusters.stream().flatMap(List::stream).toList();
  }

  /** One server of each tree, from which the others can be found. */
  public List<Address> seeds() {
    return clusters.stream().map(List::getFirst).toList();
  }

  // ---- faults

  /** It ends at once: its port refuses, its connections are lost. */
  public void kill(Address server) {
    with(
        server,
        (s, now) -> {
          s.kill(now);
          loop.letGo();
        });
  }

  /** It keeps its connections, takes new ones, and says nothing. */
  public void hang(Address server) {
    with(server, Server::hang);
  }

  /** A hung one goes on; a dead one is started, read-only. */
  public void revive(Address server) {
    with(server, Server::revive);
  }

  /** It applies late from now on. */
  public void lag(Address server, Duration by) {
    with(server, (s, now) -> s.lag(Math.toIntExact(by.toSeconds()), now));
  }

  /** Its receiving threads stop, or start. */
  public void receiver(Address server, boolean run) {
    with(server, (s, now) -> s.threads(run, true, false, now));
  }

  /** Its applying threads stop, or start. */
  public void applier(Address server, boolean run) {
    with(server, (s, now) -> s.threads(run, false, true, now));
  }

  /** It has so many more transactions that nobody else has. */
  public void errant(Address server, int transactions) {
    with(server, (s, now) -> s.errant(transactions, now));
  }

  /** So many transactions a second are written on it while it takes writes. */
  public void writes(Address server, double perSecond) {
    with(server, (s, now) -> s.writes(perSecond, now));
  }

  private void with(Address address, BiConsumer<Server, Long> what) {
    loop.call(
        () -> {
          Server server = model.find(address);
          if (server == null) {
            throw new LabException("there is no simulated server at " + address);
          }
          what.accept(server, loop.now());
          return null;
        });
  }

  // ---- what it costs

  /** How many statements it has answered. */
  public long questions() {
    return loop.questions();
  }

  /** What it has used of a processor since it was started. */
  public Duration cpu() {
    return Duration.ofNanos(loop.cpuNanos());
  }

  @Override
  public void close() {
    loop.call(
        () -> {
          new ArrayList<>(ports.values()).forEach(Port::close);
          return null;
        });
    loop.close();
  }
}
