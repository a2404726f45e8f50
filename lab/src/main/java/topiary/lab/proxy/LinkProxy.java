package topiary.lab.proxy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.lab.base.LabException;
import topiary.lab.process.TcpTable;

/**
 * The proxies of a lab: one public port in front of each server, and the rules that stand. Whoever
 * knows the control port and the token, both in the lab's state, changes them by {@link
 * ProxyControl}.
 */
public final class LinkProxy implements AutoCloseable {
  private final String host;
  private final Clients clients;
  private final Loop loop;
  private final ControlPort control;
  private final Map<String, Hoard> hoards = new ConcurrentHashMap<>();

  // Both on the loop's thread only.
  private final Map<String, Gate> gates = new LinkedHashMap<>();
  private List<Standing> standing = List.of();
  private long nextId = 1;

  /**
   * Starts with no server.
   *
   * @param lab for the name of its thread
   */
  public LinkProxy(String lab, String host, Clients clients) {
    this.host = host;
    this.clients = clients;
    this.loop = new Loop("lab-proxy-" + lab);
    this.control = new ControlPort(this, host);
  }

  /** Where it takes orders. */
  public ControlAddress address() {
    return control.address();
  }

  /**
   * Puts a public port before a server, which is open from now on while the server listens.
   *
   * @throws LabException when the port is taken
   */
  void serve(String name, int port, int target) {
    boolean listens = TcpTable.listens(target);
    loop.call(
        () -> {
          Gate before = gates.remove(name);
          if (before != null) {
            before.close();
            loop.flush();
          }
          var gate =
              new Gate(
                  loop,
                  clients,
                  name,
                  new InetSocketAddress(host, port),
                  new InetSocketAddress(host, target));
          gate.begin(standing, listens);
          gates.put(name, gate);
          return null;
        });
  }

  /** Sees at once whether a server has been started or has ended. */
  void look(String name) {
    gate(name).lookNow();
    standing().stream()
        .filter(s -> isFull(s, name))
        .map(s -> hoards.get(s.id()))
        .filter(h -> h != null && TcpTable.listens(gate(name).target().getPort()))
        .forEach(Hoard::fill);
  }

  private static boolean isFull(Standing one, String name) {
    return one.rule().kind() == Rule.Kind.TOO_MANY_CONNECTIONS
        && one.links().getFirst().to().equals(name);
  }

  private Gate gate(String name) {
    Gate gate = loop.call(() -> gates.get(name));
    if (gate == null) {
      throw new LabException("the proxy serves no " + name);
    }
    return gate;
  }

  /** Adds a rule; it is in force on return. */
  Standing add(List<Link> links, Rule rule) {
    String id = loop.call(() -> "link-" + nextId++);
    var added = new Standing(id, links, rule);
    if (rule.kind() == Rule.Kind.TOO_MANY_CONNECTIONS) {
      var hoard = new Hoard(gate(links.getFirst().to()).target());
      hoard.fill();
      hoards.put(id, hoard);
    }
    loop.call(
        () -> {
          var all = new ArrayList<>(standing);
          all.add(added);
          return inForce(all);
        });
    return added;
  }

  /** Takes rules away; those not there are no error. */
  void remove(Set<String> ids) {
    loop.call(() -> inForce(standing.stream().filter(s -> !ids.contains(s.id())).toList()));
    for (String id : ids) {
      Hoard hoard = hoards.remove(id);
      if (hoard != null) {
        hoard.release();
      }
    }
  }

  private Void inForce(List<Standing> all) {
    standing = List.copyOf(all);
    gates.values().forEach(g -> g.obey(standing));
    loop.flush();
    return null;
  }

  /** The rules, the oldest first. */
  List<Standing> standing() {
    return loop.call(() -> standing);
  }

  /** How many connections it has to a server now. */
  int connections(String name) {
    Gate gate = gate(name);
    return loop.call(gate::connections);
  }

  /** Ends it with all connections. */
  @Override
  public void close() {
    control.close();
    loop.close(() -> gates.values().forEach(Gate::close));
    hoards.values().forEach(Hoard::release);
  }
}
