package topiary.lab;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Parallel;
import topiary.lab.flavor.ServerOptions;
import topiary.lab.flavor.ServerView;
import topiary.lab.flavor.Source;
import topiary.lab.process.ProcessId;
import topiary.lab.tree.Tree;

/** The making of a lab: data directories, servers, replication, until all are level. */
final class Construction {
  private static final long PER_SERVER = 64L << 20;
  private static final int PORT_TRIES = 5;
  private static final String IN_USE = "Address already in use";

  private final Site site;
  private final Proxied proxied;

  /**
   * @param proxied the proxy of this lab, which has one only if it says so itself
   */
  Construction(Site site, Proxied proxied) {
    this.site = site;
    this.proxied = proxied;
  }

  void build(LabSpec spec) {
    check(spec);
    List<Tree.Member> wanted = spec.tree().members();
    var template = site.flavor.template(site.cache);
    Path home = site.flavor.install(site.cache);
    Disk.needSpace(site.directory, wanted.size() * PER_SERVER, wanted.size() + " servers");
    Disk.copySparse(template.passwords(), site.directory.resolve("passwords"));
    Disk.makePrivate(site.directory.resolve("servers"));
    boolean tethered = spec.life() == LabSpec.Life.TETHERED;
    List<LabState.Server> servers = new ArrayList<>();
    for (Tree.Member member : wanted) {
      String place = site.directory.resolve("servers").resolve(member.name()).toString();
      servers.add(new LabState.Server(member.name(), place, 0, member.sources(), null));
    }
    // Written before the first server is launched, so that a killed builder leaves nothing unknown.
    new LabState(
            LabState.FORMAT,
            site.name,
            site.flavor.id(),
            home.toString(),
            spec.mode(),
            tethered,
            false,
            ProcessId.own(),
            servers,
            List.of())
        .write(site.stateFile());
    if (spec.links() == LabSpec.Links.PROXIED) {
      proxied.begin(tethered);
    }
    if (spec.links() == LabSpec.Links.NETWORK) {
      site.network.begin(tethered);
    }
    if (spec.disks() == LabSpec.Disks.SMALL) {
      site.disks.begin(tethered);
    }
    var ports = new Ports(Site.HOST, portsOfAllLabs());
    // In the tree's order, so that whoever sorts by address has it too.
    List<Integer> first =
        site.network.exists()
            ? List.of()
            : Stream.generate(ports::take).limit(servers.size()).sorted().toList();
    Parallel.each(
        servers,
        server ->
            raise(
                server,
                spec.options().getOrDefault(server.name(), ""),
                first.isEmpty() ? Network.PORT : first.get(servers.indexOf(server)),
                port -> options(spec, home, server, servers.indexOf(server) + 1, port),
                ports,
                tethered,
                template.data()));
    LabState state = site.state();
    List<LabState.Server> replicas =
        state.servers().stream().filter(s -> !s.sources().isEmpty()).toList();
    // Before the heads take writes: a head without replicas would not wait for an acknowledgement.
    Parallel.each(replicas, replica -> wire(state, replica));
    Parallel.each(replicas, this::awaitRunning);
    if (spec.mode().semiSync()) {
      Parallel.each(state.servers(), server -> awaitAcknowledging(state, server));
    }
    Map<String, String> positions = new ConcurrentHashMap<>();
    Parallel.each(spec.tree().heads(), head -> positions.put(head, openHead(state.server(head))));
    Parallel.each(
        replicas,
        replica ->
            spec.tree()
                .headsAbove(replica.name())
                .forEach(head -> awaitPosition(replica, head, positions.get(head))));
    site.change(LabState::asReady);
  }

  private void check(LabSpec spec) {
    spec.obstacle()
        .ifPresent(
            sentence -> {
              throw new LabException(sentence);
            });
    for (String named : spec.options().keySet()) {
      if (spec.tree().members().stream().noneMatch(m -> m.name().equals(named))) {
        throw new LabException("there are options for " + named + ", which the tree does not name");
      }
    }
    for (Tree.Member member : spec.tree().members()) {
      if (member.sources().size() > 1 && !site.flavor.multiSource()) {
        throw new LabException(
            "%s replicates from %s, and a server of %s can have one source only; use another flavour"
                .formatted(
                    member.name(), String.join(" and ", member.sources()), site.flavor.id()));
      }
      if (member.sources().size() > 1 && !spec.mode().gtid() && twice(spec.tree(), member)) {
        throw new LabException(
            "%s would get the same transactions from %s, and without GTIDs it cannot tell; leave one out"
                .formatted(member.name(), String.join(" and from ", member.sources())));
      }
    }
  }

  /** Whether two sources of a member have anything from the same head. */
  private static boolean twice(Tree tree, Tree.Member member) {
    Set<String> heads = new HashSet<>();
    for (String source : member.sources()) {
      Set<String> above = new HashSet<>(tree.headsAbove(source));
      if (tree.heads().contains(source)) {
        above.add(source);
      }
      if (above.stream().anyMatch(heads::contains)) {
        return true;
      }
      heads.addAll(above);
    }
    return false;
  }

  private ServerOptions options(
      LabSpec spec, Path home, LabState.Server server, int number, int port) {
    return new ServerOptions(
        home,
        Site.directory(server),
        server.name(),
        site.host(server.name()),
        port,
        number,
        domain(spec.tree(), server),
        server.sources().size(),
        spec.mode());
  }

  /**
   * Every head, and every co-master, writes in a GTID domain of its own, since two that write at
   * the same time would clash in one; a replica writes in its first head's if it is ever made one.
   */
  private static int domain(Tree tree, LabState.Server server) {
    List<String> writers = tree.writers();
    String at = server.name();
    while (!writers.contains(at)) {
      String next = at;
      at =
          tree.members().stream()
              .filter(m -> m.name().equals(next))
              .findFirst()
              .flatMap(Tree.Member::source)
              .orElseThrow();
    }
    return writers.indexOf(at);
  }

  private Set<Integer> portsOfAllLabs() {
    Set<Integer> ports = new HashSet<>();
    for (String other : Lab.names(site.cache)) {
      try {
        LabState.read(site.cache.labs().resolve(other).resolve("lab.json"))
            .ifPresent(state -> state.servers().forEach(server -> ports.add(server.port())));
        ports.addAll(Proxied.ports(site.cache.labs().resolve(other)));
      } catch (LabException e) {
        // A lab of another version: its running servers are seen at their ports, only a stopped one
        // may be in the way.
        continue;
      }
    }
    return ports;
  }

  private void raise(
      LabState.Server server,
      String more,
      int first,
      IntFunction<ServerOptions> options,
      Ports ports,
      boolean tethered,
      Path template) {
    Path place = Site.directory(server);
    for (int attempt = 1; ; attempt++) {
      int port = attempt == 1 || site.network.exists() ? first : ports.take();
      int listens = proxied.listens(server.name(), port, ports::take);
      Disk.delete(place);
      Disk.makePrivate(place);
      site.disks.populate(template, place.resolve("data"));
      // The last word counts: what it says of itself is where others find it.
      Disk.writePrivate(
          place.resolve("my.cnf"),
          site.flavor.options(options.apply(listens)) + "report_port=" + port + "\n" + more);
      LabState.Server placed = server.at(port, site.launch(server, tethered));
      site.change(state -> state.with(server.name(), _ -> placed));
      try {
        site.awaitReady(placed);
        proxied.serve(server.name(), port, listens);
        return;
      } catch (LabException e) {
        // Between our look at the port and the server's, somebody took it.
        boolean portTaken =
            e.getMessage().contains(IN_USE)
                || Disk.tail(place.resolve("error.log"), 20).contains(IN_USE);
        if (!portTaken || attempt == PORT_TRIES) {
          throw e;
        }
      }
    }
  }

  /**
   * Lets a head take writes, and makes its first transaction, so that there is something to
   * replicate.
   */
  private String openHead(LabState.Server head) {
    try (var connection = site.connect(head, Site.QUICK, Site.PATIENT);
        var statement = connection.createStatement()) {
      site.flavor.makeWritable(connection);
      // Another head may have made it, and a common replica has it from both.
      statement.execute("CREATE DATABASE IF NOT EXISTS lab");
      return site.look(connection).position();
    } catch (SQLException e) {
      throw site.fault("cannot be made the head", head, e);
    }
  }

  private void wire(LabState state, LabState.Server replica) {
    try (var connection = site.connect(replica, Site.QUICK, Site.PATIENT)) {
      for (String source : replica.sources()) {
        boolean first = source.equals(replica.sources().getFirst());
        site.flavor.follow(
            connection,
            new Source(
                first ? "" : source,
                site.host(source),
                state.server(source).port(),
                site.account("repl")),
            state.mode());
      }
    } catch (SQLException e) {
      throw site.fault("cannot be made a replica of " + sources(replica), replica, e);
    }
  }

  private static String sources(LabState.Server replica) {
    return String.join(" and ", replica.sources());
  }

  private void awaitRunning(LabState.Server replica) {
    var last =
        new Object() {
          ServerView view;
        };
    await(
        replica,
        connection -> {
          last.view = site.look(connection);
          return last.view.channels().size() == replica.sources().size()
              && last.view.channels().stream().allMatch(c -> c.receiving() && c.applying());
        },
        () -> {
          String fault =
              last.view.channels().stream()
                  .map(ServerView.Replication::fault)
                  .filter(f -> !f.isEmpty())
                  .findFirst()
                  .orElse("it names no error");
          return "does not replicate from " + sources(replica) + " (" + fault + ")";
        });
  }

  private void awaitAcknowledging(LabState state, LabState.Server source) {
    int replicas =
        (int) state.servers().stream().filter(s -> s.sources().contains(source.name())).count();
    await(
        source,
        connection -> site.flavor.acknowledging(connection) == replicas,
        () -> "does not have all its " + replicas + " replicas acknowledge its commits");
  }

  private interface Question {
    boolean holds(Connection connection) throws SQLException;
  }

  private void await(LabState.Server server, Question question, Supplier<String> otherwise) {
    try (var connection = site.connect(server, Site.QUICK, Site.PATIENT)) {
      boolean there =
          Await.holds(
              Site.READY,
              () -> {
                try {
                  return question.holds(connection);
                } catch (SQLException e) {
                  throw site.fault("cannot be asked how it stands", server, e);
                }
              });
      if (!there) {
        throw site.fault(
            otherwise.get() + " within " + Site.READY.toSeconds() + " s", server, null);
      }
    } catch (SQLException e) {
      throw site.fault("cannot be asked how it stands", server, e);
    }
  }

  private void awaitPosition(LabState.Server replica, String head, String position) {
    try {
      if (!new Positions(site).await(replica, position, Site.READY)) {
        throw site.fault(
            "does not get what " + head + " has within " + Site.READY.toSeconds() + " s",
            replica,
            null);
      }
    } catch (SQLException e) {
      throw site.fault("cannot be asked how it stands", replica, e);
    }
  }
}
