package topiary.app.json;

import java.util.List;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;

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
}
