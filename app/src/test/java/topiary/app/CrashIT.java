package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * A node is killed at every step of a move, before or after its deed. One fleet under load for all;
 * the replica goes back and forth.
 */
class CrashIT {

  /** Of a move of a running replica. */
  private static final int STEPS = 8;

  private static final int EVERY = 5;

  private static Rig rig;
  private static Load load;

  @BeforeAll
  static void up() {
    rig = Rig.of("crash", "p(r1,r2(r3))");
    load = Load.start(rig.lab, 300);
  }

  @AfterAll
  static void down() {
    if (load != null) {
      load.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  static Stream<Arguments> deaths() {
    boolean all = Boolean.getBoolean("topiary.crash.all");
    return IntStream.rangeClosed(1, STEPS)
        .filter(step -> all || step % EVERY == 1)
        .boxed()
        .flatMap(step -> points(step).map(point -> Arguments.of(step, point)));
  }

  /** Every fifth step, and of it one in turn; all with {@code -Dtopiary.crash.all=true}. */
  private static Stream<CrashingNode.Point> points(int step) {
    CrashingNode.Point[] both = CrashingNode.Point.values();
    return Boolean.getBoolean("topiary.crash.all")
        ? Stream.of(both)
        : Stream.of(both[step % both.length]);
  }

  @ParameterizedTest(name = "step {0}, {1}")
  @MethodSource("deaths")
  void afterADeathAtAnyStepTheMoveIsReportedAndReachesItsEndWhenAskedAgain(
      int step, CrashingNode.Point point) throws Exception {
    String from = rig.follows("r3").substring(0, 2);
    String to = from.equals("r2") ? "r1" : "r2";
    assertEquals(from + " Yes Yes", rig.follows("r3"));
    Map<String, String> call = Map.of("replica", rig.address("r3"), "below", rig.address(to));

    String plan = die(step, point, "relocate", call);

    Map<String, String> tree = Map.of("p", "", "r1", "p", "r2", "p", "r3", to);
    rig.startNode();
    try {
      Until.holds(
          "the plan is reported",
          () -> rig.http().get("run?plan=" + plan).json().get("end") != null);
      Map<String, Object> run = rig.http().get("runs?limit=1").list().getFirst();
      assertEquals(plan, run.get("plan"));
      assertEquals("INTERRUPTED", run.get("end"));
      assertEquals(step, Caller.list(run.get("steps")).size());
      String report = run.get("report").toString();
      assertTrue(
          report.startsWith(
              "Interrupted during step " + step + ", which may or may not be done. Now "),
          report);
      assertTrue(
          report.endsWith(
              "Ask again for \"relocate "
                  + rig.address("r3")
                  + " below "
                  + rig.address(to)
                  + "\": the new plan goes on from here."),
          report);

      again(call, to);

      assertEquals(to + " Yes Yes", rig.follows("r3"), report);
      rig.awaitTree(tree);
      int written = load.acknowledged();
      Until.holds("rows are written", () -> load.acknowledged() > written + 20);
      List<Check.Result> results = load.check(Until.PATIENCE);
      assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      Until.holds(
          "nothing is held for the plan any more",
          () -> rig.node().manager().state().held().isEmpty());
    } finally {
      rig.stopNode();
      heal();
    }
  }

  @ParameterizedTest(name = "step {0}, {1}")
  @CsvSource({"3, DONE", "5, BEGUN", "8, DONE"})
  void afterADeathDuringAnUndoItIsReportedAndTheReplicaComesBackWhenAskedAgain(
      int step, CrashingNode.Point point) throws Exception {
    String from = rig.follows("r3").substring(0, 2);
    String to = from.equals("r2") ? "r1" : "r2";
    rig.startNode();
    discovered();
    Caller.Got moved =
        rig.http().post("relocate", Map.of("replica", rig.address("r3"), "below", rig.address(to)));
    assertEquals(202, moved.status(), moved.body());
    String move = moved.header("Topiary-Run");
    assertEquals("DONE", rig.http().follow(move).get("end"));
    rig.stopNode();

    String undo = die(step, point, "undo", Map.of("plan", move));

    rig.startNode();
    try {
      Until.holds(
          "the undo is reported",
          () -> rig.http().get("run?plan=" + undo).json().get("end") != null);
      Map<String, Object> run = rig.http().get("run?plan=" + undo).json();
      assertEquals("INTERRUPTED", run.get("end"));
      String report = run.get("report").toString();
      assertTrue(report.startsWith("Interrupted during step " + step + ", which may"), report);
      assertTrue(
          report.endsWith(
              "Ask again for \"relocate "
                  + rig.address("r3")
                  + " below "
                  + rig.address(from)
                  + "\": the new plan goes on from here."),
          report);

      again(Map.of("replica", rig.address("r3"), "below", rig.address(from)), from);

      assertEquals(from + " Yes Yes", rig.follows("r3"), report);
      rig.awaitTree(Map.of("p", "", "r1", "p", "r2", "p", "r3", from));
      Until.holds(
          "nothing is held for the plan any more",
          () -> rig.node().manager().state().held().isEmpty());
    } finally {
      rig.stopNode();
      heal();
    }
  }

  @Test
  void thereAreThatManySteps() throws Exception {
    // Should a move get a ninth step, the deaths above would miss it.
    rig.startNode();
    try {
      discovered();
      String to = rig.follows("r3").startsWith("r2") ? "r1" : "r2";
      Map<String, Object> plan =
          rig.http()
              .post(
                  "relocate",
                  Map.of("replica", rig.address("r3"), "below", rig.address(to), "dryRun", true))
              .json();
      assertEquals(
          STEPS,
          Caller.list(plan.get("stages")).stream()
              .mapToInt(s -> Caller.list(s.get("steps")).size())
              .sum());
    } finally {
      rig.stopNode();
    }
  }

  private static void discovered() throws IOException, InterruptedException {
    assertEquals(200, rig.http().post("discover", Map.of("instance", rig.address("p"))).status());
    Until.holds("all are seen", () -> seen(rig.http()));
  }

  private static boolean seen(Caller http) throws IOException, InterruptedException {
    Map<String, Object> health = http.get("health").json();
    return Integer.valueOf(4).equals(((Map<?, ?>) health.get("conditions")).get("SEEN"))
        && http.get("clusters").list().size() == 1;
  }

  /** Starts a node that dies during the move; the plan it was at. */
  private static String die(
      int step, CrashingNode.Point point, String operation, Map<String, String> call)
      throws Exception {
    Process process =
        CrashingNode.process(rig, point, step)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      var http = new Caller(Rig.await(lines, "ready "));
      Until.holds("all are seen", () -> seen(http));
      Caller.Got started = http.post(operation, call);
      assertEquals(202, started.status(), started.body());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not die");
      assertEquals(137, process.exitValue());
      return started.header("Topiary-Run");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** Asks for the same move again; where all of it is done already, a refusal says so. */
  private static void again(Map<String, String> call, String to)
      throws IOException, InterruptedException {
    Caller http = rig.http();
    Caller.Got started = http.post("relocate", call);
    if (started.status() == 422) {
      assertEquals(
          "refused: " + rig.address("r3") + " is below " + rig.address(to) + " already",
          started.error());
    } else {
      assertEquals(202, started.status(), started.body());
      Map<String, Object> end = http.follow(started.header("Topiary-Run"));
      assertEquals("DONE", end.get("end"), end.toString());
    }
  }

  /** So that one failure does not make the rest fail. */
  private static void heal() throws Exception {
    if (!rig.follows("r3").endsWith(" Yes Yes")) {
      rig.sql("r3", "START SLAVE");
    }
  }
}
