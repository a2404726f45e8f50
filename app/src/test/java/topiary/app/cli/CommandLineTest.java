package topiary.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;

class CommandLineTest {

  static Stream<Operation> operations() {
    // "plan" is not an operation of its own here: it is another's --dry-run.
    return Catalogue.all().stream().filter(o -> !o.equals(Catalogue.PLAN_FOR));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationIsReadWithAllItsArguments(Operation operation) throws Exception {
    var words = new ArrayList<>(List.of(operation.name()));
    var byName = new ArrayList<>(List.of(operation.name()));
    var expected = new LinkedHashMap<String, String>();
    for (Argument a : operation.arguments()) {
      boolean alone = a.type() == Argument.Type.SWITCH;
      String value = alone ? "true" : "value-of-" + a.name();
      expected.put(a.name(), value);
      if (a.positional()) {
        words.add(value);
      } else if (alone) {
        words.add("--" + a.name());
      } else {
        words.addAll(List.of("--" + a.name(), value));
      }
      byName.add("--" + a.name() + "=" + value);
    }
    assertEquals(operation, read(words).operation());
    assertEquals(expected, read(words).arguments());
    assertEquals(read(words), read(byName));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationIsReadWithoutItsOptionalArgumentsButNotWithoutTheOthers(Operation operation)
      throws Exception {
    var words = new ArrayList<>(List.of(operation.name()));
    operation.arguments().stream()
        .filter(Argument::required)
        .forEach(a -> words.add("--" + a.name() + "=x"));
    assertEquals(operation, read(words).operation());
    if (words.size() > 1) {
      words.removeLast();
      String said = wrong(words);
      assertTrue(said.startsWith(operation.name() + " needs "), said);
    }
  }

  @Test
  void optionsMayStandAnywhere() throws Exception {
    CommandLine line =
        read(
            List.of(
                "relocate",
                "--json",
                "a:1",
                "--api",
                "http://n:3000",
                "-y",
                "--below",
                "b:2",
                "--dry-run",
                "--no-color"));
    assertEquals(Map.of("replica", "a:1", "below", "b:2"), line.arguments());
    assertEquals(List.of("http://n:3000"), line.api());
    assertTrue(line.json());
    assertTrue(line.yes());
    assertTrue(line.dryRun());
    assertFalse(line.colour());
  }

  @Test
  void withoutOptionsNothingIsAssumed() throws Exception {
    CommandLine line = read(List.of("stop-replication", "a:1"));
    assertEquals(List.of(), line.api());
    assertFalse(line.local());
    assertFalse(line.fresh());
    assertFalse(line.json());
    assertFalse(line.yes());
    assertFalse(line.dryRun());
    assertTrue(line.colour());
  }

  @Test
  void severalNodesAndOneNodeOnly() throws Exception {
    CommandLine line =
        read(
            List.of(
                "topology", "--api", "http://a:1", "--fresh", "--api", "http://b:2,http://c:3"));
    assertEquals(List.of("http://a:1", "http://b:2,http://c:3"), line.api());
    assertTrue(line.fresh());
    assertTrue(read(List.of("topology", "--ignore-raft-setup")).local());
    assertTrue(read(List.of("forget", "-ignore-raft-setup", "a:1")).local());
  }

  @Test
  void planIsTheSameAsDryRun() throws Exception {
    assertEquals(
        read(List.of("relocate", "a:1", "--below", "b:2", "--dry-run")),
        read(List.of("plan", "relocate", "a:1", "--below", "b:2")));
    assertTrue(read(List.of("plan", "undo")).dryRun());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relocat|there is no command \"relocat\"; did you mean relocate?",
        "replication|there is no command \"replication\"; did you mean start-replication?",
        "xyzzy|there is no command \"xyzzy\"; see topiary help",
        "x|there is no command \"x\"; see topiary help",
        "plan|plan needs the operation to plan, for example: plan relocate …",
        "plan xyzzy|there is no command \"xyzzy\"; see topiary help",
        "plan topology|topology changes no server, so there is nothing to plan",
        "plan plan|plan changes no server, so there is nothing to plan",
        "forget a:1 --dry-run|forget changes no server, so there is nothing to plan",
        "topology --dry-run|topology changes no server, so there is nothing to plan",
        "relocate|relocate needs HOST:PORT: the replica to move",
        "relocate a:1|relocate needs --below: its new source",
        "relocate a:1 b:2 --below c:3|relocate does not take \"b:2\"",
        "health now|health does not take \"now\"",
        "topology --depth 3|topology has no option --depth",
        "topology --depth|--depth needs a value",
        "runs --limit|--limit needs a value",
        "runs --api|--api needs a value",
        "runs --limit --json|--limit needs a value",
        "relocate a:1 --below --dry-run|--below needs a value",
        "runs --limit 1 --limit=2|--limit is given twice",
        "forget a:1 --fresh|forget is done by the node that leads, which knows all there is to"
            + " know",
      })
  void aWrongFormIsToldInOneSentence(String line, String sentence) {
    assertEquals(sentence, wrong(List.of(line.split(" "))));
  }

  private static CommandLine read(List<String> args) throws CommandLine.Wrong {
    return CommandLine.read(args);
  }

  private static String wrong(List<String> args) {
    return assertThrows(CommandLine.Wrong.class, () -> CommandLine.read(args)).getMessage();
  }
}
