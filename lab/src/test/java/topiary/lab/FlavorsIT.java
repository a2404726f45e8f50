package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.load.Check;
import topiary.lab.load.Load;
import topiary.lab.process.ProcessId;

/** Every flavour that is there: a fleet, its ledger, a crash. */
class FlavorsIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int ROWS = 20;
  private static final Cache CACHE = Scratch.cacheOfFetched();

  static Stream<Flavor> flavors() {
    return Flavors.all().stream().filter(f -> f != Flavors.standard());
  }

  private static LabSpec spec(Flavor flavor, String tree) {
    Flavors.absent(flavor, CACHE).ifPresent(Assumptions::abort);
    return LabSpec.of(CACHE, Lab.freeName(CACHE, "flavor"), tree).flavor(flavor);
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void aFleetLosesNothingByACrashAndLeavesNothing(Flavor flavor) throws SQLException {
    Lab lab = Lab.start(spec(flavor, "p(r1,r2(r3))"));
    List<ProcessId> processes;
    try (lab) {
      assertEquals(
          List.of("-", "p", "p", "r2"),
          lab.status(LOOK).stream().map(s -> s.source().orElse("-")).toList());
      nobodyGetsInWithoutAPassword(lab);
      assertEquals(flavor.id(), Lab.open(CACHE, lab.name()).flavor().id());
      try (Load load = Load.start(lab, 200)) {
        grows(load);
        lab.kill("r2");
        grows(load);
        lab.start("r2");
        lab.restart("p");
        assertFalse(lab.status(LOOK).getFirst().writable(), "a server comes back read-only");
        lab.makeWritable("p");
        grows(load);
        load.stop();
        List<Check.Result> results = load.check(LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      processes = lab.members().stream().map(m -> ProcessId.of(m.pid()).orElseThrow()).toList();
    }
    assertTrue(processes.stream().noneMatch(ProcessId::alive));
    assertFalse(Files.exists(lab.directory()));
  }

  private static void nobodyGetsInWithoutAPassword(Lab lab) {
    for (String user : List.of("root", "", "topiary")) {
      assertThrows(
          SQLException.class,
          () ->
              DriverManager.getConnection(
                      "jdbc:mysql://"
                          + lab.member("p").address()
                          + "/?sslMode=DISABLED&allowPublicKeyRetrieval=true",
                      user,
                      "")
                  .close());
    }
  }

  private static void grows(Load load) {
    int from = load.acknowledged();
    assertTrue(Await.holds(LIMIT, () -> load.acknowledged() >= from + ROWS), "no rows are written");
  }
}
