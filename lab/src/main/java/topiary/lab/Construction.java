package topiary.lab;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Parallel;
import topiary.lab.flavor.ServerOptions;
import topiary.lab.flavor.ServerView;
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
    List<Tree.Member> wanted = spec.tree().members();
    var template = site.flavor.template(site.cache);
    Disk.needSpace(site.directory, wanted.size() * PER_SERVER, wanted.size() + " servers");
    Disk.copySparse(template.passwords(), site.directory.resolve("passwords"));
    Disk.makePrivate(site.directory.resolve("servers"));
    boolean tethered = spec.life() == LabSpec.Life.TETHERED;
    List<LabState.Server> servers = new ArrayList<>();
    for (Tree.Member member : wanted) {
      String place = site.directory.resolve("servers").resolve(member.name()).toString();
      servers.add(new LabState.Server(member.name(), place, 0, member.source().orElse(null), null));
    }
    // Written before the first server is launched, so that a killed builder leaves nothing unknown.
    new LabState(
            LabState.FORMAT,
            site.name,
            site.flavor.id(),
            tethered,
            false,
            ProcessId.own(),
            servers,
            List.of())
        .write(site.stateFile());
    if (spec.links() == LabSpec.Links.PROXIED) {
      proxied.begin(tethered);
    }
    if (spec.disks() == LabSpec.Disks.SMALL) {
      site.disks.begin(tethered);
    }
    var ports = new Ports(Site.HOST, portsOfAllLabs());
    Parallel.each(
        servers,
        server -> raise(server, servers.indexOf(server) + 1, ports, tethered, template.data()));
    LabState state = site.state();
    LabState.Server head = state.servers().getFirst();
    String position = openHead(head);
    Parallel.each(
        state.servers().subList(1, state.servers().size()), replica -> wire(state, replica));
    Parallel.each(
        state.servers().subList(1, state.servers().size()),
        replica -> awaitPosition(replica, position));
    site.change(LabState::asReady);
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
      LabState.Server server, int number, Ports ports, boolean tethered, Path template) {
    Path place = Site.directory(server);
    for (int attempt = 1; ; attempt++) {
      int port = ports.take();
      int listens = proxied.listens(server.name(), port, ports::take);
      Disk.delete(place);
      Disk.makePrivate(place);
      site.disks.populate(template, place.resolve("data"));
      var options =
          new ServerOptions(site.flavor.install(site.cache), place, Site.HOST, listens, number);
      // The last word counts: what it says of itself is where others find it.
      Disk.writePrivate(
          place.resolve("my.cnf"), site.flavor.options(options) + "report_port=" + port + "\n");
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
   * Lets the head take writes, and makes its first transaction, so that there is something to
   * replicate.
   */
  private String openHead(LabState.Server head) {
    try (var connection = site.connect(head, Site.QUICK, Site.PATIENT);
        var statement = connection.createStatement()) {
      statement.execute("SET GLOBAL read_only=OFF");
      statement.execute("CREATE DATABASE lab");
      return site.flavor.look(connection).position();
    } catch (SQLException e) {
      throw site.fault("cannot be made the head", head, e);
    }
  }

  private void wire(LabState state, LabState.Server replica) {
    try (var connection = site.connect(replica, Site.QUICK, Site.PATIENT)) {
      site.flavor.follow(
          connection, Site.HOST, state.server(replica.source()).port(), site.account("repl"));
    } catch (SQLException e) {
      throw site.fault("cannot be made a replica of " + replica.source(), replica, e);
    }
  }

  private void awaitPosition(LabState.Server replica, String position) {
    var last =
        new Object() {
          String seen = "";
        };
    try (var connection = site.connect(replica, Site.QUICK, Site.PATIENT)) {
      boolean there =
          Await.holds(
              Site.READY,
              () -> {
                try {
                  ServerView view = site.flavor.look(connection);
                  var replication = view.replication().orElseThrow();
                  last.seen = replication.fault();
                  return replication.receiving()
                      && replication.applying()
                      && view.position().equals(position);
                } catch (SQLException e) {
                  throw site.fault("cannot be asked for its replication", replica, e);
                }
              });
      if (!there) {
        throw new LabException(
            "%s does not replicate from %s within %d s (%s); %s"
                .formatted(
                    replica.name(),
                    replica.source(),
                    Site.READY.toSeconds(),
                    last.seen.isEmpty() ? "it names no error" : last.seen,
                    site.log(replica)));
      }
    } catch (SQLException e) {
      throw site.fault("cannot be asked for its replication", replica, e);
    }
  }
}
