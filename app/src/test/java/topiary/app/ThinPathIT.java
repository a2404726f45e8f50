package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.lab.Member;
import topiary.lab.load.Check;
import topiary.lab.load.Load;
import topiary.store.StoreException;

/**
 * One fleet and one node, from the first look to a restart; each test leaves the tree as it was.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThinPathIT {

  private static final Map<String, String> TREE =
      Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2", "r4", "r2");

  private static Rig rig;
  private static String r1;
  private static String r2;
  private static String r3;

  @BeforeAll
  static void up() throws BadConfig {
    rig = Rig.of("path", "p(r1,r2(r3,r4))");
    r1 = rig.address("r1");
    r2 = rig.address("r2");
    r3 = rig.address("r3");
    rig.startNode();
  }

  @AfterAll
  static void down() {
    if (rig != null) {
      rig.close();
    }
  }

  @AfterEach
  void theTreeIsAsItWas() throws SQLException {
    for (Member member : rig.lab.members().subList(1, 5)) {
      String is = rig.follows(member.name());
      String was = TREE.get(member.name());
      if (!is.equals(was + " Yes Yes")) {
        // One failure is enough: the tests that follow get what they expect.
        rig.sql(member.name(), "STOP SLAVE");
        rig.sql(member.name(), "CHANGE MASTER TO MASTER_PORT=" + rig.lab.member(was).port());
        rig.sql(member.name(), "START SLAVE");
      }
      assertEquals(was + " Yes Yes", is, member.name());
    }
  }

  /** A plan's JSON without how long it is going to take, which each look may tell otherwise. */
  private static String timeless(String plan) {
    return plan.replaceAll("\"aboutMillis\":\\d+", "").replaceAll("\"expected\":[{][^}]*[}]", "");
  }

  @Test
  @Order(1)
  void oneLeafLeadsToTheWholeTree() throws Exception {
    assertEquals(
        "No servers are known yet. Name one: topiary discover HOST:PORT\n",
        rig.cli("topology").out());
    Caller.Got got = rig.http().post("discover", Map.of("instance", rig.address("r4")));
    assertEquals(200, got.status(), got.body());
    assertEquals("SEEN", got.json().get("condition"));
    rig.awaitTree(TREE);
    Until.holds(
        "the tree has one name",
        () -> rig.http().get("clusters").list().size() == 1 && ids(topology()).size() == 1);
    Map<String, Object> cluster = rig.http().get("clusters").list().getFirst();
    assertEquals(rig.address("p"), cluster.get("head"));
    assertEquals(5, cluster.get("instances"));
    assertEquals(0, cluster.get("troubled"));
    var depths = new LinkedHashMap<Object, Object>();
    topology().forEach(i -> depths.put(i.get("instance"), i.get("depth")));
    assertEquals(Map.of(rig.address("p"), 0, r1, 1, r2, 1, r3, 2, rig.address("r4"), 2), depths);
    for (Member member : rig.lab.members()) {
      Caller.Got one = rig.http().get("instance?instance=" + member.address());
      assertEquals(!member.name().equals("p"), one.json().get("readOnly"), member.name());
      assertEquals(List.of(), one.json().get("complaints"), member.name());
    }
    assertEquals(
        topology(), topologyOf("?cluster=" + cluster.get("id")), "by id it is the same tree");
    List<String> lines = rig.cli("topology").out().lines().toList();
    assertEquals(5, lines.size());
    assertTrue(lines.getFirst().startsWith(rig.address("p") + "  "), lines.getFirst());
  }

  @Test
  @Order(2)
  void aMoveUnderWritesIsPlannedShownRunUndoneAndLosesNothing() throws Exception {
    Caller http = rig.http();
    try (Load load = Load.start(rig.lab, 300)) {
      grows(load);
      int before = runs();
      Map<String, String> call = Map.of("replica", r3, "below", r1);
      Caller.Got shown = http.post("relocate", with(call, "dryRun", true));
      assertEquals(200, shown.status(), shown.body());
      Map<String, Object> plan = shown.json();
      assertEquals("relocate " + r3 + " below " + r1, plan.get("intent"));
      assertEquals("relocate " + r3 + " below " + r2, plan.get("undo"));
      List<Map<String, Object>> stages = Caller.list(plan.get("stages"));
      assertEquals(2, stages.size());
      List<String> sql =
          stages.stream()
              .flatMap(s -> Caller.list(s.get("steps")).stream())
              .flatMap(s -> ((List<?>) s.get("sql")).stream())
              .map(Object::toString)
              .toList();
      assertEquals("STOP SLAVE IO_THREAD", sql.getFirst());
      assertTrue(
          sql.contains(
              "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT="
                  + rig.lab.member("r1").port()
                  + ", MASTER_USE_GTID=slave_pos"),
          sql.toString());
      assertFalse(shown.body().contains(rig.lab.credentials().password()));
      for (Map<String, Object> stage : stages) {
        assertTrue(
            Caller.list(stage.get("guards"))
                .contains(Map.of("instance", r3, "field", "source", "value", r2)),
            stage.toString());
        assertFalse(Caller.list(stage.get("lastly")).isEmpty());
      }
      String fingerprint = (String) plan.get("fingerprint");
      assertTrue(fingerprint.matches("[0-9a-f]{32}"), fingerprint);
      assertEquals(fingerprint, shown.header("Topiary-Plan"));
      Caller.Got same = http.post("plan", with(call, "operation", "relocate"));
      assertEquals(timeless(shown.body()), timeless(same.body()));
      assertEquals("r2 Yes Yes", rig.follows("r3"), "a plan that is shown does nothing");
      assertEquals(before, runs());

      Caller.Got started = http.post("apply", Map.of("plan", fingerprint));
      assertEquals(202, started.status(), started.body());
      String run = (String) started.json().get("plan");
      assertEquals(run, started.header("Topiary-Run"));
      Map<String, Object> end = http.follow(run);
      assertEquals("DONE", end.get("end"), end.toString());
      assertEquals(
          "Did 8 of 8 steps. Now "
              + r1
              + " is below "
              + rig.address("p")
              + ", receiving and applying. Now "
              + r3
              + " is below "
              + r1
              + ", receiving and applying.",
          sorted(end.get("report")));
      assertTrue(
          Caller.list(end.get("steps")).stream().allMatch(s -> "DONE".equals(s.get("phase"))));
      assertEquals("r1 Yes Yes", rig.follows("r3"));
      grows(load);
      complete(Check.all(rig.lab, Until.PATIENCE));

      Caller.Got undo = http.post("undo", Map.of("dryRun", true));
      assertEquals("undo plan " + run, undo.json().get("intent"));
      Caller.Got undoing = http.post("undo", Map.of());
      assertEquals(202, undoing.status(), undoing.body());
      String second = undoing.header("Topiary-Run");
      assertEquals("DONE", http.follow(second).get("end"));
      assertEquals("r2 Yes Yes", rig.follows("r3"));
      Until.holds(
          "the first plan is marked",
          () -> second.equals(http.get("run?plan=" + run).json().get("undoneBy")));
      Caller.Got again = http.post("undo", Map.of("plan", run));
      assertEquals(422, again.status());
      assertEquals(
          "refused: plan " + run + " was undone by plan " + second + " already", again.error());
      grows(load);
      load.stop();
      complete(load.check(Until.PATIENCE));
    }
  }

  @Test
  @Order(3)
  void theCommandLineMovesOnlyWhenItIsTold() throws Exception {
    int before = runs();
    var dry = rig.cli("relocate", r3, "--below", r1, "--dry-run");
    assertEquals(Exit.OK, dry.exit());
    assertTrue(dry.out().startsWith("Plan to relocate " + r3 + " below " + r1 + "\n"), dry.out());
    assertTrue(dry.out().contains("STOP SLAVE IO_THREAD;"), dry.out());
    for (var said :
        List.of(
            rig.cli("plan", "relocate", r3, "--below", r1, "--json"),
            rig.cli("relocate", r3, "--below", r1, "--json", "--yes", "--dry-run"))) {
      assertEquals(Exit.OK, said.exit());
      assertEquals("relocate " + r3 + " below " + r1, Caller.object(said.out()).get("intent"));
    }
    var nobody = rig.cli("relocate", r3, "--below", r1);
    assertEquals(Exit.FAILED, nobody.exit());
    assertEquals(
        "topiary: nothing was done: nobody can be asked here. Say --yes, or --dry-run.\n",
        nobody.err());
    for (String typed : List.of("n\n", "\n", "", "yesterday\n")) {
      var no = rig.cli(true, typed, "relocate", r3, "--below", r1);
      assertEquals(Exit.FAILED, no.exit(), typed);
      assertTrue(no.out().endsWith("Run this plan? [y/N] Nothing was done.\n"), no.out());
    }
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    assertEquals(before, runs(), "nothing of this was run");
  }

  @Test
  @Order(4)
  void theCommandLineMovesAndUndoesUnderWrites() throws Exception {
    try (Load load = Load.start(rig.lab, 300)) {
      grows(load);
      var moved = rig.cli("relocate", r3, "--below", r1, "--yes");
      assertEquals(Exit.OK, moved.exit(), moved.toString());
      assertTrue(moved.out().contains("  done    point " + r3 + " at " + r1 + "\n"), moved.out());
      assertEquals(8, moved.out().lines().filter(l -> l.startsWith("  done  ")).count());
      assertTrue(
          moved.out().matches("(?s).*\ndone plan p[0-9a-f]{12}: Did 8 of 8 .*"), moved.out());
      assertEquals("r1 Yes Yes", rig.follows("r3"));
      var undone = rig.cli("undo", "--yes", "--json");
      assertEquals(Exit.OK, undone.exit(), undone.toString());
      assertEquals("DONE", Caller.object(undone.out()).get("end"), undone.out());
      assertEquals("r2 Yes Yes", rig.follows("r3"));
      var asked = rig.cli(true, "y\n", "relocate", r3, "--below", r1);
      assertEquals(Exit.OK, asked.exit(), asked.toString());
      assertEquals("r1 Yes Yes", rig.follows("r3"));
      var back = rig.cli(true, " YES \n", "undo", "--json");
      assertEquals(Exit.OK, back.exit(), back.toString());
      assertEquals("r2 Yes Yes", rig.follows("r3"));
      grows(load);
      load.stop();
      complete(load.check(Until.PATIENCE));
    }
    var runs = rig.cli("runs", "--limit", "2");
    assertEquals(2, runs.out().lines().count(), runs.out());
    assertTrue(runs.out().contains("(undone by p"), runs.out());
  }

  @Test
  @Order(5)
  void everyEndHasItsExitStatus() {
    assertEquals(Exit.OK, rig.cli("health").exit());
    var refused = rig.cli("relocate", r2, "--below", r3, "--yes");
    assertEquals(Exit.FAILED, refused.exit());
    assertEquals(
        r3 + " is below " + r2 + ": the move would cut the tree into a ring\n", refused.err());
    assertEquals("", refused.out());
    var unknown = rig.cli("instance", "127.0.0.1:1", "--json");
    assertEquals(Exit.FAILED, unknown.exit());
    assertTrue(unknown.err().contains("\"code\":\"unknown\""), unknown.err());
    assertEquals(Exit.USAGE, rig.cli("xyzzy").exit());
    assertEquals(Exit.USAGE, rig.cli("health", "--api", "ftp://x").exit());
    assertEquals(Exit.USAGE, rig.cli("health", "--api", "http://[").exit());
    var nowhere = rig.cli("health", "--api", "http://127.0.0.1:1/api/");
    assertEquals(Exit.UNREACHABLE, nowhere.exit());
    assertTrue(
        nowhere.err().startsWith("topiary: no node answers at http://127.0.0.1:1: "),
        nowhere.err());
  }

  @Test
  @Order(6)
  void whatWasApprovedIsNotRunOnceTheServersHaveChanged() throws Exception {
    int before = runs();
    Caller http = rig.http();
    Caller.Got shown = http.post("relocate", Map.of("replica", r3, "below", r1, "dryRun", true));
    String fingerprint = (String) shown.json().get("fingerprint");
    rig.sql("r3", "STOP SLAVE");
    try {
      Caller.Got applied = http.post("apply", Map.of("plan", fingerprint));
      assertEquals(409, applied.status(), applied.body());
      assertTrue(
          applied
              .error()
              .startsWith(
                  "changed: the servers have changed since this was planned; look at the new plan"
                      + " "),
          applied.error());
      var said = rig.cli("apply", fingerprint);
      assertEquals(Exit.CHANGED, said.exit(), said.toString());
      assertEquals("r2 No No", rig.follows("r3"), "nothing was done");
      assertEquals(before, runs());
    } finally {
      rig.sql("r3", "START SLAVE");
    }
    rig.awaitTree(TREE);
    Caller.Got never = http.post("apply", Map.of("plan", "0".repeat(32)));
    assertEquals(404, never.status());
    assertEquals(
        "unknown: no plan with this fingerprint was shown lately; plan again", never.error());
  }

  @Test
  @Order(7)
  void aServerBelongsToOnePlanAtATime() throws Exception {
    Caller http = rig.http();
    String first = waiting();
    try {
      Caller.Got second = http.post("relocate", Map.of("replica", r3, "below", rig.address("p")));
      assertEquals(422, second.status(), second.body());
      assertEquals(
          "refused: "
              + r3
              + " is in use by plan "
              + first
              + " (relocate "
              + r3
              + " below "
              + r1
              + "); try again when it has ended",
          second.error());
      Caller.Got forget = http.post("forget", Map.of("instance", r3));
      assertEquals(422, forget.status(), forget.body());
      assertEquals(
          "refused: " + r3 + " cannot be forgotten while plan " + first + " is under way",
          forget.error());
      assertEquals(1, http.get("health").json().get("plansUnderWay"));
      // A short hang of the new source is only waited for.
      rig.lab.hang("r1");
      rig.lab.resume("r1");
    } finally {
      rig.sql("r1", "START SLAVE SQL_THREAD");
    }
    assertEquals("DONE", http.follow(first).get("end"));
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    assertEquals(Exit.OK, rig.cli("undo", "--yes").exit());
  }

  @Test
  @Order(8)
  void aCancelledPlanPutsBackWhatItStopped() throws Exception {
    String run = waiting();
    assertEquals(
        "Plan " + run + " will stop at its next safe border.\n", rig.cli("cancel", run).out());
    rig.sql("r1", "START SLAVE SQL_THREAD");
    Map<String, Object> end = rig.http().follow(run);
    assertEquals("CANCELLED", end.get("end"));
    assertTrue(
        end.get("report").toString().contains("Put back: start replication on " + r3 + "."),
        end.toString());
    Until.holds("the replica runs again", () -> rig.follows("r3").equals("r2 Yes Yes"));
  }

  @Test
  @Order(9)
  void aNewSourceThatHangsEndsThePlanAndTheReplicaGoesOnWhereItWas() throws Exception {
    String run = waiting();
    rig.lab.hang("r1");
    try {
      Map<String, Object> end = rig.http().follow(run);
      assertEquals("FAILED", end.get("end"), end.toString());
      String report = end.get("report").toString();
      assertTrue(report.contains("Step 5 of 8"), report);
      assertTrue(report.contains("Put back: start replication on " + r3 + "."), report);
      Until.holds("the replica runs again", () -> rig.follows("r3").equals("r2 Yes Yes"));
    } finally {
      rig.lab.resume("r1");
      rig.sql("r1", "START SLAVE SQL_THREAD");
    }
    rig.awaitTree(TREE);
  }

  @Test
  @Order(10)
  void replicationIsStoppedAndStarted() throws Exception {
    Caller http = rig.http();
    Caller.Got stopped = http.post("stop-replication", Map.of("instance", r3));
    assertEquals("DONE", http.follow(stopped.header("Topiary-Run")).get("end"));
    assertEquals("r2 No No", rig.follows("r3"));
    Caller.Got again = http.post("stop-replication", Map.of("instance", r3));
    assertEquals("refused: replication on " + r3 + " is stopped already", again.error());
    var started = rig.cli("start-replication", r3, "--yes");
    assertEquals(Exit.OK, started.exit(), started.toString());
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    assertEquals(
        "replication on " + r3 + " is started already\n",
        rig.cli("start-replication", r3, "--yes").err());
    assertEquals(422, http.post("stop-replication", Map.of("instance", rig.address("p"))).status());
  }

  @Test
  @Order(11)
  void aServerIsMadeReadOnlyAndWriteable() throws Exception {
    Caller http = rig.http();
    String p = rig.address("p");
    Caller.Got shown = http.post("set-read-only", Map.of("instance", p, "dryRun", true));
    assertEquals(
        List.of(p + " is the head of its tree: writes to it will fail"),
        shown.json().get("warnings"));
    Caller.Got run = http.post("set-read-only", Map.of("instance", p));
    assertEquals("DONE", http.follow(run.header("Topiary-Run")).get("end"));
    assertTrue(rig.readOnly("p"));
    assertEquals(p + " is read-only already\n", rig.cli("set-read-only", p, "--yes").err());
    assertEquals(Exit.OK, rig.cli("set-writeable", p, "--yes").exit());
    assertFalse(rig.readOnly("p"));
    assertEquals(Exit.OK, rig.cli("set-writeable", r1, "--yes").exit());
    assertFalse(rig.readOnly("r1"));
    assertEquals(Exit.OK, rig.cli("undo", "--yes").exit());
    assertTrue(rig.readOnly("r1"));
  }

  @Test
  @Order(12)
  void whatIsForgottenGoesAndComesBackWhenItIsStillNamed() throws Exception {
    Caller http = rig.http();
    String r4 = rig.address("r4");
    Object id = http.get("clusters").list().getFirst().get("id");
    Caller.Got forgotten = http.post("forget", Map.of("instance", r4));
    assertEquals(200, forgotten.status(), forgotten.body());
    assertEquals(404, http.get("instance?instance=" + r4).status());
    assertEquals(4, topology().size());
    assertEquals(404, http.post("forget", Map.of("instance", r4)).status());
    rig.awaitTree(TREE);
    Until.holds("it has its tree's name again", () -> ids(topology()).equals(List.of(id)));
    http.post("forget", Map.of("instance", r4));
    assertEquals(200, http.post("discover", Map.of("instance", r4)).status());
    assertEquals(
        200, http.get("instance?instance=" + r4).status(), "at once, when it is asked for");
    rig.awaitTree(TREE);
  }

  @Test
  @Order(13)
  void theStreamOfEventsSeesAMove() throws Exception {
    var lines = new CopyOnWriteArrayList<String>();
    HttpResponse<Stream<String>> response =
        Caller.client()
            .send(
                rig.http().request("events").header("Accept", "text/event-stream").build(),
                BodyHandlers.ofLines());
    assertEquals(200, response.statusCode());
    assertEquals(
        "text/event-stream; charset=UTF-8",
        response.headers().firstValue("content-type").orElse(""));
    Thread reader = Thread.ofVirtual().start(() -> quietly(response.body(), lines));
    Until.holds("the snapshot comes", () -> lines.contains("event: snapshot"));
    assertEquals(Exit.OK, rig.cli("relocate", r3, "--below", r1, "--yes").exit());
    Until.holds(
        "the move is told",
        () ->
            lines.stream()
                .skip(4)
                .filter(l -> l.startsWith("data: "))
                .flatMap(l -> Caller.list(Caller.object(l.substring(6)).get("instances")).stream())
                .anyMatch(i -> r3.equals(i.get("instance")) && r1.equals(i.get("source"))));
    assertEquals(Exit.OK, rig.cli("undo", "--yes").exit());
    rig.awaitTree(TREE);
    response.body().close();
    reader.interrupt();
    String last =
        lines.stream().filter(l -> l.startsWith("id: ")).reduce((a, b) -> b).orElseThrow();
    HttpResponse<Stream<String>> resumed =
        Caller.client()
            .send(
                rig.http().request("events").header("Last-Event-ID", last.substring(4)).build(),
                BodyHandlers.ofLines());
    try (Stream<String> more = resumed.body()) {
      assertEquals("event: delta", more.skip(1).findFirst().orElseThrow());
    }
  }

  @Test
  @Order(14)
  void aRestartedNodeKnowsWhatItKnew() throws Exception {
    String runs = rig.http().get("runs?limit=1000").body();
    Object clusters = rig.http().get("clusters").list().getFirst().get("id");
    Object epoch = rig.http().get("health").json().get("epoch");
    rig.stopNode();
    rig.startNode();
    rig.awaitTree(TREE);
    assertEquals(runs, rig.http().get("runs?limit=1000").body());
    Until.holds("the tree has its old name", () -> ids(topology()).equals(List.of(clusters)));
    assertFalse(epoch.equals(rig.http().get("health").json().get("epoch")));
    assertEquals(true, rig.http().get("health").json().get("healthy"));
  }

  @Test
  @Order(15)
  void aDataFolderHasOneNodeAndAPortToo() throws Exception {
    var taken = assertThrows(StoreException.class, () -> Rig.node(rig.config()));
    assertEquals(
        "the data folder "
            + rig.data
            + " is in use by another Topiary: end that one, or give this one a folder of its own",
        taken.getMessage());
    int port = Integer.parseInt(rig.node().address().replaceAll(".*:", ""));
    var other = rig.config(Rig.folder("data"), port, rig.lab.credentials().file());
    for (int i = 0; i < 2; i++) {
      // Twice: the first attempt must have let go of its own folder.
      var refused = assertThrows(BadConfig.class, () -> Rig.node(other));
      assertTrue(
          refused.getMessage().startsWith("127.0.0.1:" + port + " cannot be listened on: "),
          refused.getMessage());
      assertTrue(
          refused.getMessage().endsWith("; is another node running there?"), refused.getMessage());
    }
    assertEquals(200, rig.http().get("health").status());
  }

  /** Starts to move r3 below r1, and waits until that waits for r1, which applies nothing. */
  private static String waiting() throws Exception {
    rig.awaitTree(TREE);
    rig.sql("r1", "STOP SLAVE SQL_THREAD");
    rig.sql("p", "CREATE OR REPLACE TABLE lab.ahead (id INT)");
    Until.holds(
        "r3 is ahead of r1",
        () -> {
          rig.sql("r3", "SELECT 1 FROM lab.ahead");
          return rig.status("r3").get("Gtid_IO_Pos").equals(rig.status("r1").get("Gtid_IO_Pos"));
        });
    Caller.Got started = rig.http().post("relocate", Map.of("replica", r3, "below", r1));
    assertEquals(202, started.status(), started.body());
    String run = started.header("Topiary-Run");
    Until.holds(
        "the plan waits for r1",
        () -> Caller.list(rig.http().get("runs/" + run).json().get("steps")).size() == 5);
    return run;
  }

  private static void quietly(Stream<String> from, List<String> to) {
    try {
      from.forEach(to::add);
    } catch (RuntimeException e) {
      // Closing the stream ends the reading in the middle.
      to.add("closed");
    }
  }

  private static Map<String, Object> with(Map<String, String> map, String name, Object value) {
    var all = new LinkedHashMap<String, Object>(map);
    all.put(name, value);
    return all;
  }

  /** The sentences of a report about servers, whose order depends on their ports, by name. */
  private static String sorted(Object report) {
    String text = report.toString();
    String one = "Now " + r1;
    String three = "Now " + r3;
    int a = text.indexOf(one);
    int b = text.indexOf(three);
    if (a < b) {
      return text;
    }
    return text.substring(0, b) + text.substring(a) + " " + text.substring(b, a).strip();
  }

  private static int runs() throws Exception {
    return rig.http().get("runs?limit=1000").list().size();
  }

  private static List<Map<String, Object>> topology() throws Exception {
    return topologyOf("");
  }

  /** The members of the one tree, without what moves. */
  private static List<Map<String, Object>> topologyOf(String query) throws Exception {
    List<Map<String, Object>> clusters =
        Caller.list(rig.http().get("topology" + query).json().get("clusters"));
    assertEquals(1, clusters.size());
    List<Map<String, Object>> members = Caller.list(clusters.getFirst().get("instances"));
    members.forEach(
        m ->
            m.keySet()
                .retainAll(
                    List.of("instance", "cluster", "condition", "source", "depth", "readOnly")));
    return members;
  }

  private static List<Object> ids(List<Map<String, Object>> members) {
    return members.stream().map(m -> m.get("cluster")).distinct().toList();
  }

  private static void grows(Load load) {
    int from = load.acknowledged();
    Until.holds("rows are written", () -> load.acknowledged() >= from + 100);
  }

  private static void complete(List<Check.Result> results) {
    assertEquals(5, results.size());
    assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
    assertTrue(results.getFirst().acknowledged() > 100, results::toString);
  }
}
