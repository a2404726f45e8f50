package topiary.lab;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;
import topiary.lab.process.TcpTable;

/** What can be done to one server of a lab. */
final class Deeds {
  private static final Duration GONE = Duration.ofSeconds(20);

  private final Site site;
  private final Proxied proxied;

  Deeds(Site site, Proxied proxied) {
    this.site = site;
    this.proxied = proxied;
  }

  void kill(String member) {
    LabState.Server server = site.state().server(member);
    if (server.process() != null && server.process().signal(Signal.KILL, site.proof(server))) {
      awaitEnd(server);
    }
    proxied.look(member);
  }

  private void awaitEnd(LabState.Server server) {
    if (!server.process().awaitEnd(GONE)) {
      throw new LabException(
          server.name() + " (process " + server.process().pid() + ") does not end though killed");
    }
    // A dying process counts as ended from its first thread's end on; its sockets go with the last.
    int port = Proxied.listens(site.directory, server);
    boolean network = site.network.exists();
    if (!Await.holds(
        GONE, () -> network ? !site.network.listens(server.name()) : !TcpTable.listens(port))) {
      throw new LabException(
          "port " + port + " of " + server.name() + " is still in use, though it was killed");
    }
  }

  void hang(String member) {
    signalled(member, Signal.STOP, true);
  }

  void resume(String member) {
    signalled(member, Signal.CONT, false);
  }

  private void signalled(String member, Signal signal, boolean stopped) {
    ProcessId process = running(member);
    if (!process.signal(signal, site.proof(site.state().server(member)))) {
      throw notRunning(member);
    }
    boolean done = Await.holds(GONE, () -> process.stopped() == stopped || !process.alive());
    if (!done) {
      throw new LabException(member + " does not react to " + signal);
    }
  }

  /**
   * The process of a member.
   *
   * @throws LabException when there is none
   */
  ProcessId running(String member) {
    LabState.Server server = site.state().server(member);
    if (!site.alive(server)) {
      throw notRunning(member);
    }
    return server.process();
  }

  private static LabException notRunning(String member) {
    return new LabException(member + " is not running; start it first");
  }

  void start(String member) {
    site.change(
        state -> {
          LabState.Server server = state.server(member);
          if (site.alive(server)) {
            throw new LabException(
                member + " is there already; kill it first, or resume it when it hangs");
          }
          if (state.tethered() && !state.owner().alive()) {
            throw new LabException(
                "lab "
                    + site.name
                    + " ended with process "
                    + state.owner().pid()
                    + "; start it anew");
          }
          site.flavor.tidy(site.disks.seen(Site.directory(server).resolve("data")));
          ProcessId process = site.launch(server, state.tethered());
          return state.with(member, s -> s.at(s.port(), process));
        });
    site.awaitReady(site.state().server(member));
    proxied.look(member);
  }

  void setReadOnly(String member, boolean readOnly) {
    if (readOnly) {
      sql(member, "cannot make it read-only", "SET GLOBAL read_only=ON");
      return;
    }
    LabState.Server server = site.state().server(member);
    try (var connection = site.connect(server, Site.QUICK, Site.PATIENT)) {
      site.flavor.makeWritable(connection);
    } catch (SQLException e) {
      throw site.fault("cannot make it writable", server, e);
    }
  }

  /** Runs statements on a member. */
  void sql(String member, String otherwise, String... statements) {
    sql(member, otherwise, _ -> statements);
  }

  /** Runs statements on a member, in the words of its make. */
  void sql(String member, String otherwise, Function<ReplicaWords, String[]> statements) {
    LabState.Server server = site.state().server(member);
    try (var connection = site.connect(server, Site.QUICK, Site.PATIENT);
        var statement = connection.createStatement()) {
      for (String one : statements.apply(ReplicaWords.of(connection))) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw site.fault(otherwise, server, e);
    }
  }
}
