package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Judgement;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.Startup;
import topiary.lab.flavor.Flavor;

/** What real servers tell of how they will start, what is found of it, and whether it is so. */
class StartupIT {

  private Ground ground;

  static List<Flavor> flavors() {
    return Ground.flavors();
  }

  /** What a Topiary that begins now knows of r. */
  private record Seen(Optional<Startup> startup, Optional<Finding> found) {}

  private Seen look() throws Exception {
    try (Ground.Topiary topiary = ground.topiary(new MemoryLog(), Policies.DEFAULT)) {
      Manager manager = topiary.manager();
      topiary.discover(ground.key("p"), 2);
      Optional<Startup> startup =
          manager
              .topology()
              .instance(ground.key("r"))
              .orElseThrow()
              .facts()
              .orElseThrow()
              .background()
              .startup();
      boolean wrong = startup.filter(s -> s != Startup.READ_ONLY).isPresent();
      Ground.await(() -> found(manager).isPresent() == wrong, "not judged: " + startup);
      return new Seen(startup, found(manager));
    }
  }

  private Optional<Finding> found(Manager manager) {
    return Optional.ofNullable(manager.findings().get(ground.key("r")))
        .map(Judgement::warnings)
        .flatMap(all -> all.stream().filter(f -> f.code() == Code.BOOTS_WRITABLE).findFirst());
  }

  private boolean readOnly() {
    return ground.ask("r", "SELECT @@global.read_only AS v").get("v").equals("1");
  }

  private void restart() {
    ground.lab().restart("r");
    Ground.await(() -> !ground.ask("r", "SELECT 1 AS one").isEmpty(), "r does not come back");
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whoIsReadOnlyForNowOnlyIsFoundUntilThatIsKept(Flavor flavor) throws Exception {
    boolean maria = flavor.id().startsWith("mariadb");
    try (Ground up = Ground.up("startup", "p(r)", flavor)) {
      ground = up;
      assertEquals(new Seen(Optional.of(Startup.READ_ONLY), Optional.empty()), look());

      up.tell("r", "SET GLOBAL read_only = OFF");
      assertEquals(new Seen(Optional.empty(), Optional.empty()), look(), "it takes writes now");
      up.tell("r", "SET GLOBAL " + (maria ? "" : "super_") + "read_only = ON");
      Seen unsaid = look();
      assertEquals(Optional.of(Startup.UNSAID), unsaid.startup());
      String words = unsaid.found().orElseThrow().evidence().getFirst().words();
      assertTrue(words.contains(maria ? "read_only=1" : "SET PERSIST super_read_only = ON"), words);
      if (maria) {
        // Its option file says so, which is told again when it has started.
        restart();
        assertEquals(new Seen(Optional.of(Startup.READ_ONLY), Optional.empty()), look());
        return;
      }
      up.tell("r", "SET PERSIST super_read_only = ON");
      assertEquals(new Seen(Optional.of(Startup.READ_ONLY), Optional.empty()), look());
      up.tell(
          "r",
          "SET PERSIST super_read_only = OFF",
          "SET PERSIST read_only = OFF",
          "SET GLOBAL super_read_only = ON");
      assertEquals(Optional.of(Startup.WRITABLE), look().startup());
      restart();
      assertEquals(false, readOnly(), "it starts as it told");
    }
  }
}
