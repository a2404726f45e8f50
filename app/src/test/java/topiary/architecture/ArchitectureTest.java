package topiary.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house's borders, over all modules. */
final class ArchitectureTest {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("topiary");

  /** Rooms of the engine, each importing only rooms before it. */
  private static final List<String> ENGINE =
      List.of(
          "gtid",
          "model",
          "said",
          "policy",
          "finding",
          "analysis",
          "intent",
          "catalogue",
          "plan",
          "planner",
          "dialect",
          "state",
          "recovery",
          "port",
          "mysql",
          "probe",
          "observe",
          "execute",
          "manager");

  private static final String[] PURE =
      Set.of(
              "gtid",
              "model",
              "said",
              "policy",
              "finding",
              "analysis",
              "intent",
              "catalogue",
              "plan",
              "planner",
              "dialect",
              "state",
              "recovery",
              "observe")
          .stream()
          .map(room -> "topiary.engine." + room + "..")
          .toArray(String[]::new);

  @Test
  void everyModuleIsLookedAt() {
    Set<String> modules =
        ALL.stream()
            .map(c -> c.getPackageName().split("\\."))
            .filter(parts -> parts.length > 1)
            .map(parts -> parts[1])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("app", "engine", "icons", "lab", "raft", "store"), modules);
    assertTrue(ALL.size() > 200, "only " + ALL.size() + " classes were found");
  }

  @Test
  void noPackagesFormACycle() {
    slices().matching("topiary.(**)").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void leavesKnowNobody() {
    for (String leaf : List.of("icons", "raft", "lab")) {
      classes()
          .that()
          .resideInAPackage("topiary." + leaf + "..")
          .should()
          .onlyDependOnClassesThat(
              DescribedPredicate.describe(
                  "are of " + leaf + " or foreign",
                  (JavaClass c) ->
                      !c.getPackageName().startsWith("topiary.")
                          || c.getPackageName().startsWith("topiary." + leaf)))
          .check(ALL);
    }
  }

  @Test
  void storeKnowsOnlyTheEngine() {
    noClasses()
        .that()
        .resideInAPackage("topiary.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("topiary.app..", "topiary.raft..", "topiary.lab..", "topiary.icons..")
        .check(ALL);
  }

  @Test
  void engineRoomsImportOnlyRoomsBeforeThem() {
    var known = new TreeSet<>(ENGINE);
    Set<String> rooms =
        ALL.stream()
            .map(JavaClass::getPackageName)
            .filter(p -> p.startsWith("topiary.engine."))
            .map(p -> p.split("\\.")[2])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(known, rooms, "every room of the engine has its place in the order");
    for (int i = 0; i < ENGINE.size(); i++) {
      var later = new ArrayList<String>();
      for (String room : ENGINE.subList(i + 1, ENGINE.size())) {
        later.add("topiary.engine." + room + "..");
      }
      later.addAll(List.of("topiary.app..", "topiary.store..", "topiary.raft..", "topiary.lab.."));
      noClasses()
          .that()
          .resideInAPackage("topiary.engine." + ENGINE.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later.toArray(String[]::new))
          .check(ALL);
    }
  }

  @Test
  void pureRoomsTouchNoClockThreadFileNetOrLog() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.nio.file..",
            "java.sql..",
            "java.util.concurrent..",
            "java.util.logging..")
        .orShould()
        // A URI is a value: nothing is asked by it.
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(?!URI$).*")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.(Thread|System\\$Logger|Runtime|Process.*)|java\\.util\\.(Random|UUID)"
                + "|java\\.time\\.Clock")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(
            ALL.that(
                DescribedPredicate.describe(
                    // A header carries an id it was given; it makes none.
                    "all but the header", (JavaClass c) -> !c.getSimpleName().equals("Header"))));
  }

  @Test
  void databasesAreSpokenToInThreeRooms() {
    noClasses()
        .that()
        .resideOutsideOfPackages("topiary.engine.mysql..", "topiary.store..", "topiary.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "com.mysql..", "org.sqlite..")
        .check(ALL);
  }

  @Test
  void kindsOfStoresAreKnownWhereOneIsChosenOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("topiary.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "topiary.store.sqlite..", "topiary.store.mysql..", "topiary.store.rows..")
        .check(ALL);
  }

  @Test
  void oneClassKnowsTheWebServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("topiary.app.http..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon..")
        .check(ALL);
  }

  @Test
  void onlyWireJoinsLogAndStore() {
    noClasses()
        .that()
        .resideInAPackage("topiary.app..")
        .and()
        .resideOutsideOfPackage("topiary.app.wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "topiary.raft..",
            "topiary.store.sqlite..",
            "topiary.store.mysql..",
            "topiary.store.rows..",
            "topiary.store.opening..",
            "topiary.store.json..")
        .check(ALL);
  }

  @Test
  void theCommandLineLoadsNoManager() {
    noClasses()
        .that()
        .resideInAPackage("topiary.app.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "topiary.engine.manager..",
            "topiary.engine.mysql..",
            "topiary.store..",
            "topiary.raft..",
            "topiary.app.wire..",
            "topiary.app.http..",
            "topiary.app.gateway..",
            "topiary.app.desktop..",
            "tools.jackson..")
        .check(ALL);
  }

  @Test
  void onlyTheDesktopKnowsTheWindowSystem() {
    noClasses()
        .that()
        .resideOutsideOfPackage("topiary.app.desktop..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..")
        .check(ALL);
  }

  @Test
  void theDesktopReachesDeedsThroughTheGatewayOnly() {
    noClasses()
        .that()
        .resideInAPackage("topiary.app.desktop..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of the app outside of gateway and desktop, or do deeds",
                (JavaClass c) ->
                    c.getPackageName()
                            .matches(
                                "topiary\\.(raft|store|lab).*|topiary\\.app\\.(?!gateway|desktop).*"
                                    + "|topiary\\.engine\\.(manager|execute|mysql|port|probe|state)")
                        || c.getPackageName().startsWith("java.net.http")))
        .check(ALL);
  }

  @Test
  void viewModelsNeedNoWindow() {
    noClasses()
        .that()
        .resideInAnyPackage("topiary.app.desktop.model..", "topiary.app.desktop.layout..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "javafx.scene..",
            "javafx.stage..",
            "javafx.application..",
            "javafx.animation..",
            "topiary.app.desktop",
            "topiary.app.desktop.tree..",
            "topiary.app.desktop.window..")
        .check(ALL);
  }

  @Test
  void threadsAreMadeInFewPlaces() {
    noClasses()
        .that()
        .resideInAnyPackage("topiary.engine..", "topiary.app..", "topiary.store..")
        .and()
        .resideOutsideOfPackage("topiary.app.wire..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.concurrent\\.Executors|java\\.lang\\.Thread\\$Builder.*")
        .orShould()
        .callConstructor(Thread.class)
        .check(ALL);
  }

  @Test
  void nobodyKeepsMutableStatics() {
    List<String> mutable =
        ALL.stream()
            .flatMap(c -> c.getFields().stream())
            .filter(f -> f.getModifiers().contains(JavaModifier.STATIC))
            .filter(f -> !f.getModifiers().contains(JavaModifier.FINAL))
            .map(f -> f.getFullName())
            .toList();
    assertEquals(List.of(), mutable);
  }
}
