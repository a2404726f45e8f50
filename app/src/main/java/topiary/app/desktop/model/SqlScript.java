package topiary.app.desktop.model;

import java.util.List;
import topiary.app.gateway.PlanView;

/** A plan's SQL as a commented script, for the clipboard. */
public final class SqlScript {

  private final StringBuilder text = new StringBuilder();

  private SqlScript() {}

  /** The script of a plan. */
  public static String of(PlanView plan) {
    var script = new SqlScript();
    script.comment(plan.intent());
    plan.outcome().forEach(o -> script.comment("afterwards: " + o));
    plan.warnings().forEach(w -> script.comment("note: " + w));
    plan.stages().forEach(script::stage);
    script.text.append('\n');
    script.comment("to undo: " + plan.undo());
    return script.text.toString();
  }

  private void stage(PlanView.Stage stage) {
    text.append('\n');
    comment(stage.title());
    for (PlanView.Guard g : stage.guards()) {
      comment("checked before: " + g.field() + " of " + g.instance() + " is " + g.value());
    }
    for (PlanView.Step step : stage.steps()) {
      comment(step.number() + ". " + step.words());
      statements(step.instance(), step.sql());
    }
    for (PlanView.Step step : stage.lastly()) {
      comment("only if one of these fails: " + step.words());
      // Not to be carried out by whoever runs the script from its beginning to its end.
      step.sql().forEach(sql -> comment("on " + step.instance() + ": " + sql + ";"));
    }
  }

  private void statements(String instance, List<String> sql) {
    for (String statement : sql) {
      comment("on " + instance);
      text.append(statement).append(";\n");
    }
  }

  private void comment(String words) {
    words.lines().forEach(line -> text.append("-- ").append(line).append('\n'));
  }
}
