package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.InTree;
import topiary.engine.catalogue.OneServer;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.lab.sim.Kind;

/**
 * Whatever the catalogue has a plan for is broken off by {@link InterruptedTest}, and drawn by
 * {@link RandomOperationsTest}, or it is written here why not.
 */
class EveryOperationTest {

  private static final int DRAWN = 4000;

  /** Never drawn, and why. */
  private static final Map<String, String> NOT_DRAWN =
      Map.ofEntries(
          Map.entry("make-co-source", "a ring has no head, by which all that is checked goes"),
          Map.entry("take-over", "another head, by which all that is checked goes"),
          Map.entry("rejoin", "nobody is back who was a primary"),
          Map.entry(
              "reset-replica", "a tree would fall apart, and nobody could put it together again"),
          Map.entry(
              "move-equivalent", "no place is noted, as nobody is moved by file and position"),
          Map.entry(
              "skip-transaction", "nobody fails; what is skipped would be missing, as it should"),
          Map.entry("inject-empty-transactions", "nobody has errant transactions"),
          Map.entry("forget-errant-transactions", "nobody has errant transactions"),
          Map.entry(
              "enable-semi-sync-source",
              "on real servers commits would wait ten seconds for nobody"),
          Map.entry("disable-semi-sync-source", "nobody has turned it on"),
          Map.entry("kill-query", "on real servers it might end one of our own"));

  /** Broken off elsewhere, where nodes die and take over in the midst of it. */
  private static final Set<Form> ELSEWHERE = Set.of(new Form(InTree.TAKE_OVER.name(), ""));

  /** An operation, and with which of the arguments that change how it is planned. */
  private record Form(String operation, String with) implements Comparable<Form> {
    @Override
    public int compareTo(Form other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return operation + with;
    }
  }

  private static Stream<Operation> planned() {
    return Catalogue.all().stream().filter(o -> o.kind() == Operation.Kind.INTENT);
  }

  /** Those that have a case of their own for each channel and way that they take. */
  private static Set<Form> forms() {
    var forms = new TreeSet<Form>();
    planned()
        .forEach(
            o -> {
              forms.add(new Form(o.name(), ""));
              Stream.of("channel", "way")
                  .filter(argument -> o.argument(argument).isPresent())
                  .forEach(argument -> forms.add(new Form(o.name(), " --" + argument)));
            });
    return forms;
  }

  private static Form form(Intent intent) {
    return switch (intent) {
      case Intent.Relocate i -> new Form(Catalogue.RELOCATE.name(), "");
      case Intent.RelocateBy i -> new Form(Catalogue.RELOCATE.name(), " --way");
      case Intent.StartReplication i -> new Form(Catalogue.START_REPLICATION.name(), "");
      case Intent.StopReplication i -> new Form(Catalogue.STOP_REPLICATION.name(), "");
      case Intent.SetReadOnly i ->
          new Form((i.readOnly() ? Catalogue.SET_READ_ONLY : Catalogue.SET_WRITEABLE).name(), "");
      case Intent.Moves i -> new Form(InTree.RELOCATE_SEVERAL.name(), "");
      case Intent.OnServer i -> new Form(OneServer.operation(i.doing()).name(), "");
      case Intent.InTree i ->
          new Form(
              InTree.operation(i.reshaping()).name(),
              i.reshaping() instanceof Reshaping.ReplicasBy ? " --way" : "");
      case Intent.OnChannel i -> new Form(form(i.wanted()).operation(), " --channel");
      case Intent.Undo i -> new Form(Catalogue.UNDO.name(), "");
      case Intent.Replace i -> throw new IllegalArgumentException("only a recovery wants it");
      case Intent.CannotBeUndone i -> throw new IllegalArgumentException("nobody asks for it");
    };
  }

  @Test
  void eachIsBrokenOff() {
    Set<Form> forms = forms();
    // RecoverySimulationTest
    forms.removeAll(ELSEWHERE);
    new Cases(FakeField::keyOf)
        .all()
        .forEach(
            c ->
                forms.remove(
                    c.wanted()
                        .map(EveryOperationTest::form)
                        .orElse(new Form(Catalogue.UNDO.name(), ""))));
    assertEquals(Set.of(), forms);
  }

  @Test
  void eachIsDrawn() throws Exception {
    var drawn = new ArrayList<Intent>();
    try (var field = new FakeField(Kind.MYSQL)) {
      field.run(
          () -> {
            Cases.Case any = new Cases(FakeField::keyOf).mostUsed().getFirst();
            field.begin(any);
            field.a().applyNow(any.intent(field.log().log()), FakeTree.DBA).await();
            var random = new Random(1);
            for (int i = 0; i < DRAWN; i++) {
              drawn.add(new Draw(random, field.a().topology(), field.log().log()).intent());
            }
            return null;
          });
    }
    Set<String> operations =
        drawn.stream().map(i -> form(i).operation()).collect(Collectors.toSet());
    List<String> missing =
        planned()
            .map(Operation::name)
            .filter(name -> NOT_DRAWN.containsKey(name) == operations.contains(name))
            .toList();
    assertEquals(List.of(), missing);
  }
}
