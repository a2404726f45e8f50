package topiary.app.json;

import java.util.List;
import java.util.stream.Stream;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;
import topiary.engine.planner.Questions;

/** A step's SQL, as it is shown before it is run. */
public final class Sql {

  private Sql() {}

  /** The statements of a step on the server it is for; empty when that one was never seen. */
  public static List<String> of(Step step, Topology topology) {
    return topology
        .instance(step.target())
        .flatMap(i -> i.facts())
        .flatMap(f -> Dialect.of(f.identity().flavor(), f.identity().capabilities()))
        .map(d -> d.statements(step))
        .orElse(List.of());
  }

  /**
   * The statements that stop a replica and start it again around another one, each with a
   * semicolon.
   *
   * @param injected that other one; empty for none
   */
  public static List<String> around(Questions.Around around, String injected, Topology topology) {
    String other = injected.strip();
    String bare = other.endsWith(";") ? other.substring(0, other.length() - 1) : other;
    return Stream.of(
            around.stops().stream().flatMap(step -> of(step, topology).stream()),
            Stream.of(bare).filter(text -> !text.isEmpty()),
            around.starts().stream().flatMap(step -> of(step, topology).stream()))
        .flatMap(statements -> statements)
        .map(statement -> statement + ";")
        .toList();
  }
}
