package topiary.engine.manual;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.catalogue.Asking;
import topiary.engine.catalogue.Operation;
import topiary.engine.dialect.Dialect;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;

/**
 * The page of the manual about operations: prose that is written by hand, and between it what the
 * catalogue says of each, what the planner plans on a small tree of every kind of servers, what it
 * refuses, and which tests do it.
 */
final class OperationsPage {

  static final Path PAGE = Path.of("../docs/operations.md");
  private static final Path PROSE =
      Path.of("src/test/resources/topiary/engine/manual/operations.md");
  private static final Path TESTS = Path.of("src/test/java/topiary/engine");
  private static final Pattern PORT = Pattern.compile("\\b(\\w+):3306\\b");

  /** What a step asks while it waits for what it has begun. */
  private static final Pattern ASKS = Pattern.compile("SHOW |SELECT ");

  private final Map<String, String> tests = new LinkedHashMap<>();

  /** Reads the tests' sources, to find out what each is about. */
  OperationsPage() throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*(IT|Test)\\.java")).sorted().toList()) {
        String name = file.getFileName().toString();
        tests.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
      }
    }
  }

  /** Writes the page, or another file. */
  public static void main(String[] args) throws IOException {
    Files.writeString(args.length == 0 ? PAGE : Path.of(args[0]), new OperationsPage().text());
  }

  /** All of it. */
  String text() {
    try {
      return Files.readString(PROSE)
          .replace("@@several@@\n", sections(Examples.inTree()))
          .replace("@@one@@\n", sections(Examples.oneServer()))
          .replace("@@questions@@\n", questions());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String sections(List<Example> examples) {
    var byOperation = new LinkedHashMap<Operation, List<Example>>();
    examples.forEach(
        e -> byOperation.computeIfAbsent(e.operation(), k -> new ArrayList<>()).add(e));
    return byOperation.entrySet().stream()
        .map(e -> section(e.getKey(), e.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private String section(Operation operation, List<Example> examples) {
    var text = new StringBuilder("### `" + operation.name() + "`\n\n");
    text.append(operation.summary()).append(".");
    examples.stream()
        .map(Example::note)
        .filter(note -> !note.isEmpty())
        .forEach(note -> text.append(' ').append(note));
    text.append("\n\n").append(arguments(operation)).append("\n\n");
    text.append(
        "| example | on | statements that change something | taken back by | refused, for example"
            + " |\n");
    text.append("|---|---|---|---|---|\n");
    for (Example example : examples) {
      String before = "";
      for (Setup setup : Setup.values()) {
        String refused = refusal(example, setup);
        text.append(row(example, setup, refused.equals(before) ? "the same" : refused));
        before = refused;
      }
    }
    return text.append("\nTests: ").append(tests(examples)).append(".\n").toString();
  }

  private static String arguments(Operation operation) {
    return operation.arguments().stream()
            .map(
                a ->
                    "`"
                        + (a.positional() ? "" : "--" + a.name() + " ")
                        + a.type().sample()
                        + "` "
                        + a.help()
                        + (a.required() || a.help().contains("left out")
                            ? ""
                            : " (may be left out)"))
            .map(words -> words.replace(" ` ", "` "))
            .collect(Collectors.joining("; "))
        + ".";
  }

  private static String row(Example example, Setup setup, String refused) {
    String called = code(example.typed(example.call())) + " of " + code(example.tree());
    return switch (example.planned(setup)) {
      case PlanResult.Planned(Plan plan) ->
          cells(
              called,
              setup.words(),
              statements(plan, example.topology(setup)),
              back(plan.undoing().inverse()),
              refused);
      case PlanResult.Refused(String reason) ->
          cells(called, setup.words(), "— " + plain(reason), "", "");
    };
  }

  private static String cells(String... cells) {
    return Stream.of(cells)
        .map(c -> c.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String refusal(Example example, Setup setup) {
    String when = "when " + example.no().when();
    return switch (example.refused(setup)) {
      case PlanResult.Refused(String reason) -> when + ": “" + plain(reason) + "”";
      case PlanResult.Planned p -> "not " + when;
    };
  }

  private static String back(Intent inverse) {
    return plain(
        inverse instanceof Intent.CannotBeUndone(var why) ? "nothing: " + why : inverse.words());
  }

  /** In the order of the stages; each server's name where it is another than before. */
  private static String statements(Plan plan, Topology topology) {
    var lines = new ArrayList<String>();
    InstanceKey at = null;
    for (Step step : plan.stages().stream().flatMap(s -> s.steps().stream()).toList()) {
      if (!step.changes()) {
        continue;
      }
      List<String> sql = sql(step, topology);
      if (!sql.isEmpty()) {
        String on = step.target().equals(at) ? "" : step.target().host() + ": ";
        at = step.target();
        lines.add(on + sql.stream().map(OperationsPage::code).collect(Collectors.joining("; ")));
      }
    }
    return String.join("; ", lines);
  }

  private static List<String> sql(Step step, Topology topology) {
    return topology
        .instance(step.target())
        .flatMap(i -> i.facts())
        .flatMap(f -> Dialect.of(f.identity().flavor(), f.identity().capabilities()))
        .map(d -> d.statements(step))
        .orElse(List.of())
        .stream()
        .filter(sql -> !ASKS.matcher(sql).lookingAt())
        // Nobody has to write it; it would stand in every line.
        .map(sql -> sql.replace(" FOR CHANNEL ''", ""))
        .toList();
  }

  private static String code(String text) {
    return "`" + PORT.matcher(text).replaceAll("$1") + "`";
  }

  private static String plain(String text) {
    return PORT.matcher(text).replaceAll("$1");
  }

  /** The tests that name what the examples want. */
  String tests(List<Example> examples) {
    List<String> words = examples.stream().map(e -> word(e.intent(e.call()))).distinct().toList();
    List<String> found =
        tests.entrySet().stream()
            .filter(t -> words.stream().anyMatch(w -> t.getValue().contains(w + "(")))
            .map(Map.Entry::getKey)
            .toList();
    List<String> real = found.stream().filter(t -> t.endsWith("IT")).toList();
    List<String> texts = found.stream().filter(t -> t.endsWith("PlannerTest")).toList();
    return "on real servers "
        + (real.isEmpty() ? "none" : names(real))
        + ", on trees that are texts "
        + (texts.isEmpty() ? "none" : names(texts));
  }

  private static String names(List<String> tests) {
    return tests.stream().map(OperationsPage::code).collect(Collectors.joining(", "));
  }

  /** What a test must write to want this. */
  private static String word(Intent intent) {
    return switch (intent) {
      case Intent.OnServer(_, var doing) -> "new Doing." + doing.getClass().getSimpleName();
      case Intent.InTree(_, var reshaping) ->
          "new Reshaping." + reshaping.getClass().getSimpleName();
      default -> "new Intent." + intent.getClass().getSimpleName();
    };
  }

  private static String questions() {
    var text = new StringBuilder("| question | what it answers | arguments |\n|---|---|---|\n");
    for (Operation o : Asking.ALL) {
      text.append(cells(code(o.name()), o.summary(), arguments(o)));
    }
    return text.toString();
  }
}
