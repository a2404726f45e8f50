package topiary.engine.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.plan.PlanResult;

/** The page about operations says what the catalogue, the planner and the tests say now. */
class OperationsPageTest {

  /** Arguments that say nothing new in an example of some operation. */
  private static final Set<String> SHOWN_NOWHERE =
      Set.of("pattern", "way", "source", "times", "force", "channel");

  private static final String AGAIN =
      " is not as it is made now; docs/operations makes the page anew";

  @Test
  void thePageIsAsItIsMadeNow() throws Exception {
    List<String> made = new OperationsPage().text().lines().toList();
    List<String> there = Files.readString(OperationsPage.PAGE).lines().toList();
    for (int i = 0; i < Math.min(made.size(), there.size()); i++) {
      assertEquals(made.get(i), there.get(i), "line " + (i + 1) + AGAIN);
    }
    assertEquals(made.size(), there.size(), "lines" + AGAIN);
    assertTrue(there.stream().filter(line -> line.startsWith("| `")).count() > 60);
  }

  @Test
  void everyOperationThatIsPlannedHasAnExampleOfEachKind() {
    List<Operation> without =
        Catalogue.all().stream()
            .filter(o -> o.kind() == Operation.Kind.INTENT)
            // It is planned of what the journal has.
            .filter(o -> !o.equals(Catalogue.UNDO))
            .filter(o -> Examples.all().stream().noneMatch(e -> e.operation().equals(o)))
            .toList();
    assertEquals(List.of(), without);
    for (Operation o : Examples.all().stream().map(Example::operation).toList()) {
      for (Argument a : o.arguments()) {
        assertTrue(
            Examples.all().stream()
                    .anyMatch(e -> e.operation().equals(o) && e.call().containsKey(a.name()))
                || !a.required() && SHOWN_NOWHERE.contains(a.name()),
            o.name() + " " + a.name());
      }
    }
  }

  @Test
  void everyExampleIsPlannedSomewhereAndRefusedSomewhere() {
    for (Example e : Examples.all()) {
      List<Setup> planned =
          Stream.of(Setup.values())
              .filter(s -> e.planned(s) instanceof PlanResult.Planned)
              .toList();
      assertFalse(planned.isEmpty(), () -> e.typed(e.call()) + " " + e.planned(Setup.MYSQL));
      assertTrue(
          planned.stream().anyMatch(s -> e.refused(s) instanceof PlanResult.Refused),
          () -> e.typed(e.call()) + " is never refused when " + e.no().when());
      for (Setup s : planned) {
        PlanResult.Planned p = assertInstanceOf(PlanResult.Planned.class, e.planned(s));
        assertFalse(p.plan().stages().isEmpty());
      }
    }
  }

  @Test
  void everyOperationIsDoneByATestOnRealServersAndByOneOnText() throws Exception {
    var page = new OperationsPage();
    for (List<Example> same :
        Examples.all().stream().collect(Collectors.groupingBy(Example::operation)).values()) {
      String tests = page.tests(same);
      assertFalse(tests.contains("none"), () -> same.getFirst().operation().name() + ": " + tests);
    }
  }
}
