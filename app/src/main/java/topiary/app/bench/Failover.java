package topiary.app.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import topiary.app.nodes.NodeApi;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

/**
 * How long nobody can write when a primary dies: from its kill until another has acknowledged a
 * write to a client, or, of a source below it, until its replica gets from elsewhere what is
 * written. Every time real servers of the standard kind and a node as users start it, with the
 * shipped settings but for the switch that lets recoveries begin by themselves.
 *
 * @param intermediate whether a source below the primary dies
 * @param rounds how often
 */
record Failover(boolean intermediate, int rounds) implements Measurement {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final String ROW = "INSERT INTO bench.t () VALUES ()";

  @Override
  public List<Figures> run(Program program) throws IOException {
    var seconds = new ArrayList<Double>();
    for (int round = 0; round < rounds; round++) {
      seconds.add(round(program));
    }
    return List.of(new Figures("", "s", seconds));
  }

  private double round(Program program) throws IOException {
    Cache cache = Cache.standard();
    Path folder =
        cache.root().resolve("bench").resolve("failover-" + ProcessHandle.current().pid());
    Disk.delete(folder);
    Disk.makePrivate(folder);
    try (var lab = Lab.start(LabSpec.of(cache, Lab.freeName(cache, "failover"), "p(a,b(c))"))) {
      Process node =
          program
              .with(List.of("node", "--config", config(lab, folder).toString()), Map.of())
              .start();
      try {
        var api = new NodeApi(URI.create(Fleet.ready(node.inputReader(StandardCharsets.UTF_8))));
        await(() -> seen(api) == lab.members().size(), "not all servers are seen");
        if (!api.post("enable-recovery", Map.of())) {
          throw new LabException("recoveries cannot be switched on");
        }
        return intermediate ? getsAgain(lab) : takesWrites(lab);
      } catch (SQLException e) {
        throw new LabException("a server does not answer: " + e.getMessage(), e);
      } finally {
        Program.end(node, "the node");
      }
    } finally {
      Disk.delete(folder);
    }
  }

  private static double takesWrites(Lab lab) throws SQLException {
    try (Connection p = lab.clientConnection("p", ANSWER);
        Connection a = lab.clientConnection("a", ANSWER);
        Connection b = lab.clientConnection("b", ANSWER);
        Statement first = a.createStatement();
        Statement second = b.createStatement()) {
      prepare(p, List.of(a, b));
      long began = System.nanoTime();
      lab.kill("p");
      await(() -> done(first) || done(second), "nobody takes writes");
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static boolean done(Statement statement) {
    try {
      statement.execute(ROW);
      return true;
    } catch (SQLException e) {
      // It is read-only still.
      return false;
    }
  }

  private static double getsAgain(Lab lab) throws SQLException {
    try (Connection p = lab.clientConnection("p", ANSWER);
        Connection c = lab.clientConnection("c", ANSWER);
        Statement write = p.createStatement()) {
      prepare(p, List.of(c));
      long before = rows(c);
      long began = System.nanoTime();
      lab.kill("b");
      write.execute(ROW);
      await(
          () -> {
            try {
              return rows(c) > before;
            } catch (SQLException e) {
              throw new LabException("c does not answer: " + e.getMessage(), e);
            }
          },
          "nothing comes to c");
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static void prepare(Connection primary, List<Connection> replicas) throws SQLException {
    try (Statement statement = primary.createStatement()) {
      statement.execute("CREATE DATABASE bench");
      statement.execute("CREATE TABLE bench.t (id INT AUTO_INCREMENT PRIMARY KEY)");
      statement.execute(ROW);
    }
    for (Connection replica : replicas) {
      await(
          () -> {
            try {
              return rows(replica) > 0;
            } catch (SQLException e) {
              return false;
            }
          },
          "a replica does not get what is written");
    }
  }

  private static long rows(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM bench.t")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void await(BooleanSupplier condition, String otherwise) {
    if (!Await.holds(LONG, condition)) {
      throw new LabException("after " + LONG.toSeconds() + " s " + otherwise);
    }
  }

  private static long seen(NodeApi api) {
    return api.get("health")
        .map(json -> (Map<?, ?>) json.get("conditions"))
        .map(counts -> (Number) counts.get("SEEN"))
        .map(Number::longValue)
        .orElse(0L);
  }

  private static Path config(Lab lab, Path folder) throws IOException {
    return Fleet.config(
        folder,
        Fleet.SHIPPED,
        List.of(lab.member("p").address()),
        lab.credentials().user(),
        lab.credentials().password());
  }
}
