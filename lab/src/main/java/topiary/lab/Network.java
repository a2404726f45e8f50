package topiary.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.process.Commands;
import topiary.lab.process.ProcessId;
import topiary.lab.process.TcpTable;
import topiary.lab.proxy.Link;

/**
 * A network that only this lab has: every server is a host of its own in it, with its own address
 * and the usual port, and so is {@code others}, from where people and Topiary may use it. Each host
 * is a network namespace, joined by a cable (a veth pair) to a router, which is one too; packets
 * between two hosts are lost by the router's rules, silently and for one direction at a time. All
 * of them lie in a user namespace, which needs no root where the kernel admits it. Where a lab has
 * no such network, {@link #exists} is false, and {@link #within} leaves things as they are.
 */
final class Network {
  static final String ROLE = "network";

  /** All servers listen on this one. */
  static final int PORT = 3306;

  private static final String ROUTER = "10.99.255.254";
  private static final String OTHERS_ADDRESS = "10.99.255.1";

  /** Hosts with the same first three bytes of their address. */
  private static final int ROW = 250;

  private static final int MOST = ROW * ROW;

  /** The router's rules of ours begin here; the number is the fault's. */
  private static final int FIRST_RULE = 1001;

  private static final int LAST_RULE = 30_000;
  private static final String ID = "partition-";
  private static final Duration OTHERS_WORK = Duration.ofSeconds(30);
  private static final Pattern RULE =
      Pattern.compile("([0-9]+):\\s+from (\\S+)(?: to (\\S+))? .*blackhole.*");

  /**
   * Makes the router and the hosts; arguments: a name and an address for each. Run within the
   * keeper's namespaces, so the mount hides nothing from anybody else.
   */
  private static final String MAKE =
      """
      mount -t tmpfs -o mode=700 topiary-lab /run
      mkdir /run/netns
      ip link set lo up
      echo 1 >/proc/sys/net/ipv4/ip_forward
      number=0
      while [ $# -gt 0 ]; do
        number=$((number + 1))
        ip netns add "$1"
        ip link add "v$number" type veth peer name eth0 netns "$1"
        ip address add ROUTER/32 dev "v$number"
        ip link set "v$number" up
        ip route add "$2/32" dev "v$number"
        ip -n "$1" link set lo up
        ip -n "$1" address add "$2/32" dev eth0
        ip -n "$1" link set eth0 up
        ip -n "$1" route add ROUTER/32 dev eth0
        ip -n "$1" route add default via ROUTER dev eth0
        shift 2
      done
      ip rule add pref 1000 from 10.99.255.253 to 10.99.255.252 blackhole
      ip rule del pref 1000
      """
          .replace("ROUTER", ROUTER);

  /** What makes the namespaces that the rest is made in. */
  private static final List<String> UNSHARE = List.of("unshare", "-Urnm");

  /**
   * Packets that are lost.
   *
   * @param from a host, or {@link Link#ANYBODY}
   * @param to a host, or {@link Link#ANYBODY}
   */
  record Loss(int number, String from, String to, boolean bothWays) {
    String id() {
      return ID + (number - FIRST_RULE + 1);
    }

    String sentence() {
      return bothWays
          ? "no packet passes between " + name(from) + " and " + name(to)
          : "no packet from " + name(from) + " reaches " + name(to);
    }

    boolean isOn(Link link) {
      return from.equals(link.from()) && to.equals(link.to())
          || bothWays && from.equals(link.to()) && to.equals(link.from());
    }

    private static String name(String host) {
      return host.equals(Link.ANYBODY) ? "anybody" : host;
    }
  }

  private final Site site;
  private final Keeper keeper;

  Network(Site site) {
    this.site = site;
    this.keeper = new Keeper(site, ROLE);
  }

  /**
   * Why there can be none on this machine, as a sentence; empty when there can. It is found by
   * making one with two hosts.
   */
  static Optional<String> obstacle() {
    for (String program : List.of("unshare", "nsenter", "ip")) {
      if (!Commands.there(program)) {
        return Optional.of(
            "a lab with a network of its own needs the program "
                + program
                + ", which is not there; install the package "
                + (program.equals("ip") ? "iproute2" : "util-linux"));
      }
    }
    List<String> trial = new ArrayList<>(UNSHARE);
    trial.addAll(List.of("sh", "-euc", MAKE, "sh", "a", "10.99.0.1", "b", "10.99.0.2"));
    Commands.Result tried = Commands.run(trial);
    return tried.status() == 0
        ? Optional.empty()
        : Optional.of(
            "this machine lets its users make no networks ("
                + tried.output().strip().replace('\n', ' ')
                + "), so there is no lab with a network of its own; faults of links can be had with"
                + " proxies instead (lab up --proxied)");
  }

  /** Makes it, with a host for every server of the lab. */
  void begin(boolean tethered) {
    List<LabState.Server> servers = site.state().servers();
    if (servers.size() > MOST || servers.stream().anyMatch(s -> s.name().equals(Link.OTHERS))) {
      throw new LabException(
          "a lab with a network of its own has at most "
              + MOST
              + " servers, none of which is named "
              + Link.OTHERS);
    }
    ProcessId process = keeper.begin(UNSHARE, tethered);
    List<String> make = new ArrayList<>(List.of("sh", "-euc", MAKE, "sh"));
    addresses()
        .forEach(
            (name, address) -> {
              make.add(name);
              make.add(address);
            });
    List<String> command = new ArrayList<>(enter(process, "-n", "-m"));
    command.addAll(make);
    succeed("the network of lab " + site.name + " cannot be made", command);
  }

  boolean exists() {
    return keeper.process().isPresent();
  }

  private ProcessId owned() {
    return keeper
        .process()
        .orElseThrow(
            () ->
                new LabException(
                    "the servers of lab "
                        + site.name
                        + " share this machine's network, in which no packet is lost; start it"
                        + " with: lab up --netns"));
  }

  private Map<String, String> addresses() {
    var all = new LinkedHashMap<String, String>();
    int number = 0;
    for (LabState.Server server : site.state().servers()) {
      all.put(server.name(), "10.99.%d.%d".formatted(number / ROW, number % ROW + 1));
      number++;
    }
    all.put(Link.OTHERS, OTHERS_ADDRESS);
    return all;
  }

  /** A host's address. */
  String address(String host) {
    return addresses().get(host);
  }

  /** The same command, run on a host of the lab's network if it has one. */
  List<String> within(String host, List<String> command) {
    return keeper
        .process()
        .map(
            k -> {
              List<String> words = new ArrayList<>(enter(k, "--net=" + namespace(k, host)));
              words.addAll(command);
              return words;
            })
        .orElse(command);
  }

  /**
   * The same command, run where namespaces can be made that shall know this network; unchanged
   * where there is none.
   */
  List<String> withinUser(List<String> command) {
    return keeper
        .process()
        .map(
            k -> {
              List<String> words = new ArrayList<>(enter(k));
              words.addAll(command);
              return words;
            })
        .orElse(command);
  }

  private static Path namespace(ProcessId keeper, String host) {
    return Path.of("/proc/" + keeper.pid() + "/root/run/netns/" + host);
  }

  private static List<String> enter(ProcessId keeper, String... more) {
    List<String> words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(keeper.pid())));
    // Nobody can enter a user namespace that he is in, as a command run with "lab netns" is.
    if (!isIn(user(Long.toString(keeper.pid())), user("self"))) {
      words.addAll(List.of("-U", "--preserve-credentials"));
    }
    words.addAll(List.of(more));
    return words;
  }

  private static Path user(String pid) {
    return Path.of("/proc", pid, "ns", "user");
  }

  private static boolean isIn(Path namespace, Path other) {
    try {
      return Files.readSymbolicLink(namespace).equals(Files.readSymbolicLink(other));
    } catch (NoSuchFileException e) {
      // The keeper has ended: what enters it says so.
      return false;
    } catch (IOException e) {
      throw LabException.of("cannot see in what namespace this is", e);
    }
  }

  /** Whether this process is on the host {@code others}, from where servers are reached by TCP. */
  boolean here() {
    return keeper
        .process()
        .filter(
            k -> {
              try {
                String own = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
                Object there = Files.getAttribute(namespace(k, Link.OTHERS), "unix:ino");
                return own.equals("net:[" + there + "]");
              } catch (IOException e) {
                throw LabException.of("cannot tell whether this is lab " + site.name, e);
              }
            })
        .isPresent();
  }

  /** Whether somebody listens on a server's port. */
  boolean listens(String host) {
    return TcpTable.listens(
        PORT,
        succeed(
            "the sockets of " + host + " cannot be seen",
            within(host, List.of("cat", "/proc/net/tcp"))));
  }

  // ---- losing packets

  /** Loses all packets between two hosts from now on, or only those of one direction. */
  Loss lose(String from, String to, boolean bothWays) {
    owned();
    try (var _ = Lock.take(site.directory.resolve("network.lock"), OTHERS_WORK)) {
      int number = next();
      var loss = new Loss(number, from, to, bothWays);
      if (number > LAST_RULE) {
        throw new LabException("lab " + site.name + " has had too many partitions; start it anew");
      }
      rule("add", number, from, to);
      if (bothWays) {
        rule("add", number, to, from);
      }
      return loss;
    }
  }

  /** A number that none has had, so that whoever heals an old one does not heal a new one. */
  private int next() {
    Path file = site.directory.resolve("network.next");
    try {
      int next = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : FIRST_RULE;
      Disk.writePrivate(file, (next + 1) + "\n");
      return next;
    } catch (IOException e) {
      throw LabException.of("cannot read " + file, e);
    }
  }

  /** All losses, as the router itself has them. */
  List<Loss> losses() {
    Map<String, String> names = new LinkedHashMap<>();
    addresses().forEach((name, address) -> names.put(address, name));
    names.put("all", Link.ANYBODY);
    var found = new TreeMap<Integer, Loss>();
    for (String line : ip("the rules of the router cannot be read", "rule", "list").split("\n")) {
      var parts = RULE.matcher(line.strip());
      if (parts.matches()) {
        int number = Integer.parseInt(parts.group(1));
        String from = names.get(parts.group(2));
        String to = parts.group(3) == null ? Link.ANYBODY : names.get(parts.group(3));
        // The second rule of one number is the other way.
        found.merge(
            number,
            new Loss(number, from, to, false),
            (first, _) -> new Loss(number, first.from(), first.to(), true));
      }
    }
    return List.copyOf(found.values());
  }

  /** Lets the packets of a loss pass again; nothing when there is none of this id. */
  void pass(String id) {
    if (!exists()) {
      return;
    }
    try (var _ = Lock.take(site.directory.resolve("network.lock"), OTHERS_WORK)) {
      for (Loss loss : losses()) {
        if (loss.id().equals(id)) {
          rule("del", loss.number(), loss.from(), loss.to());
          if (loss.bothWays()) {
            rule("del", loss.number(), loss.to(), loss.from());
          }
        }
      }
    }
  }

  private void rule(String what, int number, String from, String to) {
    ip(
        "the rules of the router cannot be changed",
        "rule",
        what,
        "pref",
        Integer.toString(number),
        "from",
        from.equals(Link.ANYBODY) ? "all" : address(from),
        "to",
        to.equals(Link.ANYBODY) ? "all" : address(to),
        "blackhole");
  }

  /** Runs {@code ip} on the router. */
  private String ip(String otherwise, String... words) {
    List<String> command = new ArrayList<>(enter(owned(), "-n"));
    command.add("ip");
    command.addAll(List.of(words));
    return succeed(otherwise, command);
  }

  private static String succeed(String otherwise, List<String> command) {
    Commands.Result result = Commands.run(command);
    if (result.status() != 0) {
      throw new LabException(otherwise + ": " + result.output().strip().replace('\n', ' '));
    }
    return result.output();
  }
}
