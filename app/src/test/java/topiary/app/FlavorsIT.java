package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.app.cli.Exit;
import topiary.app.desktop.model.Mood;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * The thin path, on every kind of server the lab has, from the API, the command line and the
 * window, while rows are written. What came of it is the table in docs/flavors.md.
 */
class FlavorsIT {

  private static final Map<String, String> TREE = Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2");
  private static final Path PAGE = Path.of("..", "docs", "flavors.md");
  private static final String BEGIN = "<!-- the table: written by FlavorsIT -->\n";
  private static final String END = "<!-- end of the table -->\n";

  /** By operation, and then by flavour, what came of it. */
  private static final Map<String, Map<String, String>> RESULTS = new LinkedHashMap<>();

  private Flavor flavor;
  private Rig rig;
  private Load load;

  /**
   * The newest of either family, as the rooms below are tested on all; on all with {@code
   * -Dtopiary.flavors=all}, on some with their ids.
   */
  static List<Flavor> flavors() {
    String only = System.getProperty("topiary.flavors", "mysql-9.7");
    return Flavors.all().stream()
        .filter(f -> only.equals("all") || List.of(only.split(",")).contains(f.id()))
        .toList();
  }

  /** Something that is done; what it answers stands in the table. */
  private interface Operation {
    String run() throws Exception;
  }

  private void operation(String name, Operation operation) throws Exception {
    String result = operation.run();
    RESULTS.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(flavor.id(), result);
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void theThinPath(Flavor kind) throws Exception {
    flavor = kind;
    try (Rig here = Rig.of("kinds", "p(r1,r2(r3))", kind)) {
      rig = here;
      rig.startNode();
      operation("login", this::login);
      operation("discover a tree from a leaf", this::discover);
      operation("`topology`", this::topology);
      load = Load.start(rig.lab, 200);
      try (Load writing = load) {
        operation("relocate, HTTP API", this::relocateByApi);
        operation("undo, HTTP API", this::undoByApi);
        operation("relocate with replicas below, command line", this::relocateByCommand);
        operation("undo, command line", this::undoByCommand);
        window();
        operation("stop and start replication", this::stopAndStart);
        writing.stop();
        operation("acknowledged rows on every server", this::ledger);
      }
      operation("read-only and writeable", this::readOnly);
      operation("errant GTIDs seen", this::errant);
    }
  }

  private String login() throws Exception {
    var config = rig.config().credentials().getFirst();
    return "over "
        + switch (config.tls().mode()) {
          case VERIFY_CA -> "TLS, verified (`caching_sha2_password`)";
          default -> "`mysql_native_password`";
        };
  }

  private String discover() throws Exception {
    var got = rig.http().post("discover", Map.of("instance", rig.address("r3")));
    assertEquals(200, got.status(), got.body());
    rig.awaitTree(TREE);
    return "yes";
  }

  private String topology() {
    var said = rig.cli("topology");
    assertEquals(Exit.OK, said.exit(), said.err());
    assertEquals(4, said.out().lines().count(), said.out());
    assertTrue(said.out().contains("└─ " + rig.address("r3") + "  ok"), said.out());
    return "yes";
  }

  private String relocateByApi() throws Exception {
    grows();
    var shown =
        rig.http()
            .post(
                "relocate",
                Map.of("replica", rig.address("r3"), "below", rig.address("r1"), "dryRun", true));
    assertEquals(200, shown.status(), shown.body());
    assertFalse(shown.body().contains(rig.lab.credentials().password()));
    assertEquals("r2 Yes Yes", rig.follows("r3"), "a plan that is shown does nothing");
    String sql =
        Caller.list(shown.json().get("stages")).stream()
            .flatMap(s -> Caller.list(s.get("steps")).stream())
            .flatMap(s -> ((List<?>) s.get("sql")).stream())
            .map(Object::toString)
            .filter(s -> s.startsWith("CHANGE"))
            .findFirst()
            .orElseThrow();
    var started = rig.http().post("apply", Map.of("plan", shown.json().get("fingerprint")));
    assertEquals(202, started.status(), started.body());
    var end = rig.http().follow((String) started.json().get("plan"));
    assertEquals("DONE", end.get("end"), end.toString());
    assertEquals("r1 Yes Yes", rig.follows("r3"));
    return "yes (`" + sql.substring(0, sql.indexOf(" TO ") + 3) + " …`)";
  }

  private String undoByApi() throws Exception {
    var undoing = rig.http().post("undo", Map.of());
    assertEquals(202, undoing.status(), undoing.body());
    var end = rig.http().follow(undoing.header("Topiary-Run"));
    assertEquals("DONE", end.get("end"), end.toString());
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    return "yes";
  }

  private String relocateByCommand() throws Exception {
    grows();
    var moved = rig.cli("relocate", rig.address("r2"), "--below", rig.address("r1"), "--yes");
    assertEquals(Exit.OK, moved.exit(), moved.toString());
    assertEquals("r1 Yes Yes", rig.follows("r2"));
    assertEquals("r2 Yes Yes", rig.follows("r3"));
    return "yes";
  }

  private String undoByCommand() throws Exception {
    var undone = rig.cli("undo", "--yes");
    assertEquals(Exit.OK, undone.exit(), undone.toString());
    assertEquals("p Yes Yes", rig.follows("r2"));
    return "yes";
  }

  private void window() throws Exception {
    try (var window = new WindowRig(rig)) {
      window.awaitShown("r3", "r2");
      operation(
          "relocate, window",
          () -> {
            window.drag("r3", "r1");
            window.apply();
            assertEquals("r1 Yes Yes", rig.follows("r3"));
            return "yes";
          });
      operation(
          "undo, window",
          () -> {
            window.undo();
            assertEquals("r2 Yes Yes", rig.follows("r3"));
            return "yes";
          });
    }
  }

  private String stopAndStart() throws Exception {
    for (String operation : List.of("stop-replication", "start-replication")) {
      var said = rig.cli(operation, rig.address("r1"), "--yes");
      assertEquals(Exit.OK, said.exit(), said.toString());
    }
    assertEquals("p Yes Yes", rig.follows("r1"));
    return "yes";
  }

  private String ledger() {
    List<Check.Result> results = load.check(Until.PATIENCE);
    assertEquals(4, results.size());
    assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
    assertTrue(results.getFirst().acknowledged() > 100, results::toString);
    return "all";
  }

  private String readOnly() throws Exception {
    assertEquals(Exit.OK, rig.cli("set-writeable", rig.address("r3"), "--yes").exit());
    assertFalse(rig.readOnly("r3"));
    var said = rig.cli("set-read-only", rig.address("r3"), "--yes");
    assertEquals(Exit.OK, said.exit(), said.toString());
    assertTrue(rig.readOnly("r3"));
    return said.out().contains("super_read_only") ? "`super_read_only`" : "`read_only`";
  }

  private String errant() throws Exception {
    assertEquals(Exit.OK, rig.cli("set-writeable", rig.address("r3"), "--yes").exit());
    rig.sql("r3", "CREATE DATABASE by_mistake");
    String line = rig.address("r3") + " has errant transactions of its own: ";
    Until.holds("the command line says so", () -> rig.cli("topology").out().contains("! " + line));
    var got = rig.http().get("instance?instance=" + rig.address("r3"));
    String gtids = (String) got.json().get("errantGtid");
    assertTrue(rig.cli("topology").out().contains(line + gtids), gtids);
    try (var window = new WindowRig(rig)) {
      Until.holds(
          "its card says so",
          () ->
              WindowRig.fx(
                  () ->
                      window.shell().model().picture().get().cards().get(window.key("r3")).mood()
                          == Mood.ERRANT));
    }
    return "yes";
  }

  private void grows() {
    int from = load.acknowledged();
    Until.holds("rows are written", () -> load.acknowledged() >= from + 50);
  }

  /** File and position: seen, drawn, and refused with the reason. */
  @ParameterizedTest
  @MethodSource("flavors")
  void withoutGtid(Flavor kind) throws Exception {
    flavor = kind;
    LabSpec spec =
        LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "files"), "p(r1,r2)").flavor(kind);
    try (Rig here = Rig.of(spec.withoutGtid())) {
      rig = here;
      rig.startNode();
      rig.http().post("discover", Map.of("instance", rig.address("r1")));
      rig.awaitTree(Map.of("p", "", "r1", "p", "r2", "p"));
      operation(
          "relocate without GTID",
          () -> {
            String[] call = {"relocate", rig.address("r1"), "--below", rig.address("r2"), "--yes"};
            var said = rig.cli(call);
            if (said.exit() == Exit.CHANGED) {
              // A server that was too slow for one look is no other than it was.
              said = rig.cli(call);
            }
            assertEquals(Exit.OK, said.exit(), said.toString());
            rig.awaitTree(Map.of("p", "", "r1", "r2", "r2", "p"));
            var back = rig.cli("undo", "--yes");
            assertEquals(Exit.OK, back.exit(), back.toString());
            rig.awaitTree(Map.of("p", "", "r1", "p", "r2", "p"));
            return "by file and position, and undone";
          });
    }
  }

  @AfterAll
  static void thePageSaysWhatCameOfIt() throws Exception {
    List<String> ids = Flavors.all().stream().map(Flavor::id).toList();
    if (RESULTS.values().stream().anyMatch(r -> r.size() < ids.size())) {
      // A flavour was not there, or a test has failed and says so itself.
      return;
    }
    var table = new StringBuilder("| operation | " + String.join(" | ", ids) + " |\n");
    table.append("|---".repeat(ids.size() + 1)).append("|\n");
    RESULTS.forEach(
        (operation, by) ->
            table
                .append("| ")
                .append(operation)
                .append(" | ")
                .append(String.join(" | ", ids.stream().map(by::get).toList()))
                .append(" |\n"));
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    String written = page.substring(0, from) + table + page.substring(to);
    if (Boolean.getBoolean("topiary.flavors.write")) {
      Files.writeString(PAGE, written);
    } else {
      assertEquals(
          written,
          page,
          "docs/flavors.md is not what came of this run; write it with"
              + " -Dtopiary.flavors.write=true");
    }
  }
}
