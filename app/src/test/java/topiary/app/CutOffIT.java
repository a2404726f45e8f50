package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import topiary.app.ClusterRig.NodeProcess;
import topiary.app.HeldLog.Point;
import topiary.engine.policy.TlsMode;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.ServerView;
import topiary.lab.proxy.Rule;
import topiary.lab.proxy.Standing;

/**
 * A leader is cut off from the others in the middle of a plan, while its way to the servers stays
 * open: a deed of its own comes late. That it is refused is read in the servers' own logs, in which
 * each node has a user of its own.
 */
@EnabledIfSystemProperty(
    named = "topiary.cluster",
    matches = "all",
    disabledReason = "takes a minute: -Dtopiary.cluster=all")
@Timeout(300)
class CutOffIT {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String POINT_AT = "PointAt";

  private static final List<String> NODES = List.of("n1", "n2", "n3");

  /** A fleet, and what the server writes down whose place is changed. */
  private record Grove(Lab lab, GeneralLog log) implements AutoCloseable {

    static Grove of(Flavor flavor) throws IOException, SQLException {
      Lab lab =
          Lab.start(
              LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "cutoff"), "p(r1,r2)")
                  .flavor(flavor)
                  .proxied());
      try {
        String password = Files.readString(lab.credentials().file()).strip();
        try (var connection = lab.connection("p");
            var statement = connection.createStatement()) {
          for (String node : NODES) {
            for (String sql : user(flavor, node, password)) {
              statement.execute(sql);
            }
          }
        }
        var grove = new Grove(lab, GeneralLog.of(lab, "r2"));
        for (String replica : List.of("r1", "r2")) {
          Until.holds(
              "the users are known to " + replica,
              () ->
                  grove
                      .ask(replica, "SELECT COUNT(*) FROM mysql.user WHERE user LIKE 'n_'")
                      .equals("3"));
        }
        return grove;
      } catch (IOException | SQLException | RuntimeException | Error e) {
        lab.close();
        throw e;
      }
    }

    /** A user as Topiary's own in the lab is, password and all; the lab's cannot grant anything. */
    private static List<String> user(Flavor flavor, String name, String password) {
      return flavor.id().startsWith("mariadb")
          ? List.of(
              "INSERT INTO mysql.global_priv SELECT Host, '"
                  + name
                  + "', Priv FROM mysql.global_priv WHERE User = 'topiary'",
              "FLUSH PRIVILEGES")
          : List.of(
              "CREATE USER " + name + " IDENTIFIED BY '" + password + "'",
              "GRANT topiary TO " + name,
              "SET DEFAULT ROLE topiary TO " + name);
    }

    String address(String member) {
      return lab.member(member).address();
    }

    Map<String, String> move(String below) {
      return Map.of("replica", address("r2"), "below", address(below));
    }

    /** What stands under {@code credentials} of a node. */
    Stream<Map<String, Object>> rules(String node) {
      return lab.members().stream()
          .map(
              member -> {
                var rule = new LinkedHashMap<String, Object>();
                rule.put("match", member.address());
                rule.put("user", node);
                rule.put("password", Map.of("file", lab.credentials().file().toString()));
                lab.authority()
                    .ifPresent(
                        pem -> {
                          rule.put("tls", TlsMode.VERIFY_CA.word());
                          rule.put("ca", pem.toString());
                        });
                return rule;
              });
    }

    String ask(String member, String sql) throws SQLException {
      try (var connection = lab.connection(member);
          var statement = connection.createStatement();
          var row = statement.executeQuery(sql)) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }

    /** The connection that holds the fence of r2; {@code null} as text when none does. */
    String holder() throws SQLException {
      return ask("r2", "SELECT IS_USED_LOCK('topiary.fence')");
    }

    void end(String connection) throws SQLException {
      try (var own = lab.connection("r2");
          var statement = own.createStatement()) {
        statement.execute("KILL " + connection);
      }
      Until.holds("the fence is free", () -> holder().equals("null"));
    }

    /** Whom r2 itself says to replicate from, and how, for example {@code p Yes Yes}. */
    String stands() {
      var status =
          lab.status(LIMIT).stream()
              .filter(s -> s.member().name().equals("r2"))
              .findFirst()
              .orElseThrow();
      ServerView.Replication r = status.view().orElseThrow().replication().orElseThrow();
      return status.source().orElseThrow()
          + (r.receiving() ? " Yes" : " No")
          + (r.applying() ? " Yes" : " No");
    }

    @Override
    public void close() {
      lab.close();
    }
  }

  @Test
  void theLateDeedsOfALeaderThatWasCutOffAreRefusedByTheServers() throws Exception {
    var groves = new ArrayList<Grove>();
    try (var rig = new ClusterRig()) {
      for (String name : List.of("mariadb-11.4", "mysql-9.7")) {
        Flavor flavor = Flavors.named(name);
        // Where it must be there, absent() fails.
        if (Flavors.absent(flavor, Rig.cache()).isEmpty()) {
          groves.add(Grove.of(flavor));
        }
      }
      rig.with(
              node ->
                  Map.of(
                      "pollSeconds",
                      0.5,
                      "credentials",
                      groves.stream().flatMap(g -> g.rules(node)).toList()))
          .onStart(node -> groves.forEach(g -> g.lab().faults().name(node.name, node.id())))
          .three();
      var plans = new ArrayList<Plan>();
      for (Grove grove : groves) {
        NodeProcess leader = rig.leader();
        assertEquals(
            200, leader.http().post("discover", Map.of("instance", grove.address("p"))).status());
        plans.add(onItsWay(rig, grove));
        plans.add(asleep(rig, grove));
      }
      rig.endAndCompare();
      for (Plan plan : plans) {
        for (String node : NODES) {
          assertOnce(plan, rig.commandsOf(plan.id(), rig.node(node)));
        }
      }
    } finally {
      groves.forEach(Grove::close);
    }
  }

  /** A plan that was interrupted, and the number of the last step that was begun. */
  private record Plan(String id, int steps) {}

  /** Opened once, closed once, each step begun no more than once and in order. */
  private static void assertOnce(Plan plan, List<String> commands) {
    assertEquals(1, commands.stream().filter("open-plan"::equals).count(), commands::toString);
    assertEquals(1, commands.stream().filter("close-plan"::equals).count(), commands::toString);
    assertEquals("close-plan", commands.getLast(), commands::toString);
    assertEquals(
        IntStream.rangeClosed(1, plan.steps()).mapToObj(i -> "begin-step " + i).toList(),
        commands.stream().filter(c -> c.startsWith("begin-step ")).toList(),
        commands::toString);
  }

  /** The deed has left the leader, and is on its way to the server for long. */
  private static Plan onItsWay(ClusterRig rig, Grove grove) throws Exception {
    Held held = begin(rig, grove.move("r1"), Point.BEGUN);
    NodeProcess leader = held.leader();
    String plan = held.plan();
    // Its connection is lost, so that it takes the fence once more; the deed itself comes next.
    grove.end(grove.holder());
    leader.holdAt(Point.CONFIRMED, POINT_AT);
    leader.awaitHeld(Point.CONFIRMED, POINT_AT);
    String fenced = grove.holder();
    NodeProcess next;
    List<Standing> cut;
    Plan closed;
    try (var _ = grove.lab().faults().blackHole(leader.name, "r2")) {
      leader.letGo();
      leader.awaitTold();
      cut = rig.around(leader, Rule.blackHole());
      next = rig.leader(List.of(leader));
      closed = awaitInterrupted(next, plan, grove);
    }
    // The way is open again, and what was on it arrives.
    awaitGivenUp(leader, plan);

    List<GeneralLog.Line> lines = grove.log().lines();
    List<GeneralLog.Line> by = lines.stream().filter(l -> fenced.equals(connection(l))).toList();
    assertEquals(leader.name, by.getFirst().by());
    assertTrue(by.stream().anyMatch(GeneralLog.Line::asksForTheFence), by::toString);
    assertNoDeed(lines, next, leader, fenced);
    assertEquals("p No No", grove.stands());

    goesThrough(next, grove, "r1");
    rig.heal(cut);
    return closed;
  }

  /**
   * The leader was asleep before it asked whether the fence is its own; when it wakes, its
   * successor has been there and gone, so the fence is free.
   */
  private static Plan asleep(ClusterRig rig, Grove grove) throws Exception {
    Held held = begin(rig, grove.move("p"), Point.ASLEEP);
    NodeProcess leader = held.leader();
    String plan = held.plan();
    String fenced = grove.holder();
    List<Standing> cut = rig.around(leader, Rule.blackHole());
    NodeProcess next = rig.leader(List.of(leader));
    Plan closed = awaitInterrupted(next, plan, grove);
    Until.holds("the successor lets go of the fence", () -> grove.holder().equals("null"));
    int before = grove.log().lines().size();
    leader.letGo();
    awaitGivenUp(leader, plan);

    List<GeneralLog.Line> lines = grove.log().lines();
    // It got as far as taking the fence; no majority confirmed, so nothing came of it.
    assertTrue(
        lines.subList(before, lines.size()).stream()
            .anyMatch(l -> l.by().equals(leader.name) && l.asksForTheFence()),
        lines.subList(before, lines.size())::toString);
    assertNoDeed(lines, next, leader, fenced);
    assertEquals("r1 No No", grove.stands());

    goesThrough(next, grove, "p");
    rig.heal(cut);
    return closed;
  }

  private static String connection(GeneralLog.Line line) {
    return Long.toString(line.connection());
  }

  /**
   * The successor has ended the leader's fenced connection; since then no connection of the leader
   * has done anything to the server, though the leader is still there and looks at it.
   */
  private static void assertNoDeed(
      List<GeneralLog.Line> lines, NodeProcess next, NodeProcess former, String fenced) {
    int kill =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).by().equals(next.name))
            .filter(i -> lines.get(i).kills(Long.parseLong(fenced)))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no kill of " + fenced + " in " + lines));
    List<GeneralLog.Line> since = lines.subList(kill, lines.size());
    assertTrue(
        since.stream().anyMatch(l -> l.by().equals(next.name) && l.asksForTheFence()),
        since::toString);
    List<GeneralLog.Line> deeds =
        since.stream().filter(l -> l.by().equals(former.name) && l.deed()).toList();
    assertEquals(List.of(), deeds);
    assertFalse(
        since.stream().anyMatch(l -> connection(l).equals(fenced) && l.command().equals("Query")),
        since::toString);
    // The log does tell deeds: those before.
    assertTrue(
        lines.subList(0, kill).stream().anyMatch(l -> l.by().equals(former.name) && l.deed()),
        lines::toString);
  }

  /** A plan whose thread stands still. */
  private record Held(NodeProcess leader, String plan) {}

  /**
   * Begins a move and waits until it stands where it is to stand. On a busy machine leadership may
   * move just before, and the request with it: so whoever runs the plan is held.
   */
  private static Held begin(ClusterRig rig, Map<String, String> move, Point point)
      throws Exception {
    List<NodeProcess> all = NODES.stream().map(rig::node).toList();
    NodeProcess asked = rig.leader();
    awaitPlannable(asked, move);
    all.forEach(n -> n.holdAt(point, POINT_AT));
    String plan = begin(asked, move);
    Until.holds(
        "somebody stands at " + point + " " + POINT_AT,
        () -> {
          if (all.stream().anyMatch(n -> n.stands(point, POINT_AT))) {
            return true;
          }
          throw new IllegalStateException(asked.http().get("run?plan=" + plan).body());
        });
    NodeProcess leader =
        all.stream().filter(n -> n.stands(point, POINT_AT)).findFirst().orElseThrow();
    all.stream().filter(n -> n != leader).forEach(NodeProcess::letGo);
    return new Held(leader, plan);
  }

  private static void awaitPlannable(NodeProcess node, Map<String, String> move) {
    Until.holds(
        node.name + " can plan " + move,
        () -> {
          var dry = new LinkedHashMap<String, Object>(move);
          dry.put("dryRun", true);
          Caller.Got got = node.http().post("relocate", dry);
          if (got.status() != 200) {
            throw new IllegalStateException(got.body());
          }
          return true;
        });
  }

  private static String begin(NodeProcess node, Map<String, String> move) throws Exception {
    Caller.Got started = node.http().post("relocate", move);
    assertEquals(202, started.status(), started.body());
    return started.header("Topiary-Run");
  }

  private static Plan awaitInterrupted(NodeProcess next, String plan, Grove grove)
      throws Exception {
    Until.holds(
        next.name + " reports the plan",
        () -> next.http().get("run?plan=" + plan).json().get("end") != null);
    Map<String, Object> run = next.http().get("run?plan=" + plan).json();
    assertEquals("INTERRUPTED", run.get("end"), run::toString);
    String report = run.get("report").toString();
    int steps = Caller.list(run.get("steps")).size();
    assertTrue(
        report.startsWith(
            "Interrupted during step " + steps + ", which may or may not be done. Now "),
        report);
    assertTrue(report.contains(grove.address("r2") + " is below "), report);
    assertTrue(report.contains(", not receiving and not applying."), report);
    assertFalse(report.contains("could not be taken"), report);
    return new Plan(plan, steps);
  }

  /** What the former leader says when its own run of the plan is over. */
  private static void awaitGivenUp(NodeProcess former, String plan) {
    Until.holds(
        former.name + " gives up the plan",
        () -> former.said().contains("plan " + plan + " is left to the node that leads now"));
    assertFalse(former.leads());
  }

  private static void goesThrough(NodeProcess next, Grove grove, String below) throws Exception {
    awaitPlannable(next, grove.move(below));
    Map<String, Object> end = next.http().follow(begin(next, grove.move(below)));
    assertEquals("DONE", end.get("end"), end::toString);
    assertEquals(below + " Yes Yes", grove.stands());
  }
}
