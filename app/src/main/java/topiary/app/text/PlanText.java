package topiary.app.text;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;
import topiary.app.json.Sql;
import topiary.engine.intent.Intent;
import topiary.engine.manager.Run;
import topiary.engine.model.Topology;
import topiary.engine.plan.Expected;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.planner.Timing;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.PlanEnd;

/** Plans and runs as lines. */
public final class PlanText {

  private final Ink ink;

  public PlanText(Ink ink) {
    this.ink = ink;
  }

  /** A plan, before it is approved. */
  public String plan(Plan plan, Topology topology) {
    var text = new StringBuilder();
    text.append(ink.strong("Plan to " + plan.intent().words())).append('\n');
    int number = 0;
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      text.append('\n').append(plan.title(i)).append('\n');
      for (Step step : stage.steps()) {
        number++;
        text.append(String.format(Locale.ROOT, "%4d. %s%n", number, step.words()));
        Sql.of(step, topology)
            .forEach(sql -> text.append(ink.faint("        " + sql + ";")).append('\n'));
      }
      if (!stage.lastly().isEmpty()) {
        text.append("      if one of these fails:\n");
        stage.lastly().forEach(s -> text.append("        - ").append(s.words()).append('\n'));
      }
    }
    text.append("\nAfterwards: ").append(String.join("; ", plan.outcome())).append(".\n");
    Expected expected = Timing.of(plan, topology);
    text.append("It takes ").append(expected.words()).append(".\n");
    Stream.concat(plan.warnings().stream(), expected.doubts().stream())
        .forEach(w -> text.append(ink.warn("Note: " + w + ".")).append('\n'));
    Intent back = plan.undoing().inverse();
    text.append(back instanceof Intent.CannotBeUndone ? "Note: " : "To undo: ")
        .append(back.words())
        .append(".\n");
    text.append(ink.faint("Fingerprint: " + plan.fingerprint())).append('\n');
    return text.toString();
  }

  /**
   * What has happened in a run, in the order in which it ended.
   *
   * @param stepsShown how many ended steps were told already
   */
  public String progress(Run run, Run.Snapshot now, int stepsShown) {
    var text = new StringBuilder();
    now.steps().stream()
        .filter(s -> s.phase() != Run.Phase.BEGUN)
        .skip(stepsShown)
        .forEach(
            s ->
                text.append(
                    s.phase() == Run.Phase.DONE
                        ? "  " + ink.good("done") + "    " + s.step().words() + "\n"
                        : "  "
                            + ink.bad("failed")
                            + "  "
                            + s.step().words()
                            + ": "
                            + s.failure()
                            + "\n"));
    now.outcome()
        .ifPresent(
            o ->
                text.append(end(o.end()))
                    .append(" plan ")
                    .append(run.id())
                    .append(": ")
                    .append(o.report())
                    .append('\n'));
    return text.toString();
  }

  /** A plan as the journal has it. */
  public String record(PlanJournal.PlanRecord r) {
    var text = new StringBuilder();
    text.append(ink.strong("Plan " + r.id() + ": " + r.plan().intent().words())).append('\n');
    text.append("  by ").append(r.actor()).append(", ").append(seconds(r.opened())).append('\n');
    r.steps()
        .forEach(
            s -> {
              String how =
                  s.failure()
                      .map(f -> ink.bad("failed"))
                      .orElse(s.ended().isPresent() ? ink.good("done") : ink.warn("begun"));
              text.append(
                      String.format(Locale.ROOT, "%4d. %s  %s", s.number(), how, s.step().words()))
                  .append(s.failure().map(f -> ": " + f).orElse(""))
                  .append('\n');
            });
    text.append(r.end().map(e -> end(e) + ": " + r.report()).orElse("under way")).append('\n');
    r.undoneBy().ifPresent(by -> text.append("undone by plan ").append(by).append('\n'));
    return text.toString();
  }

  /** One line of the list of plans. */
  public String line(PlanJournal.PlanRecord r) {
    String how = r.end().map(this::end).orElse(ink.warn("running"));
    String undone = r.undoneBy().map(by -> "  (undone by " + by + ")").orElse("");
    return r.id()
        + "  "
        + r.opened()
        + "  "
        + how
        + "  "
        + r.plan().intent().words()
        + undone
        + "\n";
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private String end(PlanEnd end) {
    String words = end.name().toLowerCase(Locale.ROOT);
    return switch (end) {
      case DONE -> ink.good(words);
      case FAILED -> ink.bad(words);
      case CANCELLED, INTERRUPTED -> ink.warn(words);
    };
  }
}
