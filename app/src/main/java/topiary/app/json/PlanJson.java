package topiary.app.json;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.Run;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Expected;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.planner.Timing;
import topiary.engine.port.PlanJournal;

/** Plans, and how they go on, as JSON. */
public final class PlanJson {

  private PlanJson() {}

  /**
   * A plan that can be approved.
   *
   * @param topology gives each server's dialect, and so the SQL
   */
  public static Map<String, Object> plan(Plan plan, Topology topology) {
    Expected expected = Timing.of(plan, topology);
    var stages = new ArrayList<Map<String, Object>>();
    int number = 0;
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      stages.add(stage(plan, i, number, topology, expected.stages().get(i)));
      number += stage.steps().size();
    }
    return new Tree()
        .with("fingerprint", plan.fingerprint())
        .with("intent", plan.intent().words())
        .with("stages", stages)
        .with("outcome", plan.outcome())
        .with("warnings", plan.warnings())
        .with("expected", expected(expected))
        .with("basis", plan.basis().stream().map(PlanJson::basis).toList())
        .with("undo", plan.undoing().inverse().words())
        .done();
  }

  private static Map<String, Object> expected(Expected expected) {
    return new Tree()
        .with("words", expected.words())
        .with("aboutMillis", expected.about().toMillis())
        .with("unknown", expected.unknown())
        .with("doubts", expected.doubts())
        .with("longestWaitMillis", expected.longestWait().map(Duration::toMillis))
        .done();
  }

  private static Map<String, Object> stage(
      Plan plan, int place, int before, Topology topology, Duration about) {
    Stage stage = plan.stages().get(place);
    var steps = new ArrayList<Map<String, Object>>();
    int number = before;
    for (Step step : stage.steps()) {
      steps.add(step(++number, step, topology));
    }
    List<Map<String, Object>> lastly = new ArrayList<>();
    for (Step step : stage.lastly()) {
      lastly.add(step(0, step, topology));
    }
    return new Tree()
        .with("title", plan.title(place))
        .with("after", plan.before(place).stream().map(i -> i + 1).toList())
        .with("aboutMillis", about.toMillis())
        .with("inAnyCase", stage.start().map(Stage.Start::inAnyCase).orElse(false))
        .with("guards", stage.guards().stream().map(PlanJson::basis).toList())
        .with("steps", steps)
        .with("lastly", lastly)
        .done();
  }

  private static Map<String, Object> step(int number, Step step, Topology topology) {
    return new Tree()
        .with("number", number == 0 ? null : number)
        .with("instance", step.target().toString())
        .with("words", step.words())
        .with("sql", Sql.of(step, topology))
        .done();
  }

  private static Map<String, Object> basis(Basis basis) {
    Tree tree =
        new Tree()
            .with("instance", basis.instance().toString())
            .with("field", basis.field().label())
            .with("value", basis.value());
    basis.channel().ifPresent(channel -> tree.with("channel", channel));
    return tree.done();
  }

  /** A plan that is being run, or was. */
  public static Map<String, Object> run(Run run) {
    Run.Snapshot now = run.snapshot();
    var steps =
        now.steps().stream()
            .map(
                s ->
                    new Tree()
                        .with("number", s.number())
                        .with("instance", s.step().target().toString())
                        .with("words", s.step().words())
                        .with("phase", s.phase().name())
                        .with("failure", s.failure().isEmpty() ? null : s.failure())
                        .done())
            .toList();
    return new Tree()
        .with("plan", run.id().text())
        .with("intent", run.plan().intent().words())
        .with("version", now.version())
        .with("total", total(run.plan()))
        .with("steps", steps)
        .with("end", now.outcome().map(o -> o.end().name()))
        .with("report", now.outcome().map(o -> o.report()))
        .done();
  }

  /** A plan as the journal has it. */
  public static Map<String, Object> record(PlanJournal.PlanRecord r) {
    var steps =
        r.steps().stream()
            .map(
                s ->
                    new Tree()
                        .with("number", s.number())
                        .with("instance", s.step().target().toString())
                        .with("words", s.step().words())
                        .with("begun", s.begun().toString())
                        .with("ended", s.ended().map(Instant::toString))
                        .with("failure", s.failure())
                        .done())
            .toList();
    return new Tree()
        .with("plan", r.id().text())
        .with("intent", r.plan().intent().words())
        .with("actor", r.actor())
        .with("opened", r.opened().toString())
        .with("closed", r.closed().map(Instant::toString))
        .with("total", total(r.plan()))
        .with("end", r.end().map(Enum::name))
        .with("report", r.report())
        .with("undoneBy", r.undoneBy().map(PlanId::text))
        .with("back", r.undoable() ? IntentJson.call(r.plan().undoing().inverse()) : null)
        .with("steps", steps)
        .done();
  }

  private static int total(Plan plan) {
    return plan.length();
  }
}
