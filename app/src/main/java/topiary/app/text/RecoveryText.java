package topiary.app.text;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.RecoveryBook.Said;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.port.PlanJournal.StepRecord;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.state.AutoRecovery;
import topiary.engine.state.Command;
import topiary.engine.state.Recoveries;

/**
 * Recoveries as lines.
 *
 * @param ink whether in colour
 */
public record RecoveryText(Ink ink) {

  /**
   * One of several, on a line.
   *
   * @param former the one whose place was taken, when it is back
   */
  public String line(RecoveryBook.Entry entry, Optional<FormerPrimary> former) {
    Command.OpenRecovery open = entry.opened().said();
    String end =
        entry
            .closed()
            .map(
                c ->
                    c.said().end().successful()
                        ? ink.good(c.said().end().words())
                        : ink.warn(c.said().end().words()))
            .orElse(ink.warn("under way"));
    return ink.faint(entry.opened().at().truncatedTo(ChronoUnit.SECONDS).toString())
        + "  "
        + ink.strong(open.id().text())
        + "  "
        + open.code()
        + " "
        + open.failed()
        + successor(entry).map(s -> " -> " + s).orElse("")
        + "  "
        + end
        + entry.closed().map(c -> ink.faint(" in " + span(entry.opened().at(), c.at()))).orElse("")
        + (entry.acknowledged().isPresent() ? ink.faint(", acknowledged") : "")
        + former
            .flatMap(FormerPrimary::own)
            .map(own -> ink.warn(", and " + open.failed() + " is back with writes of its own"))
            .orElse("")
        + "\n";
  }

  private static Optional<String> successor(RecoveryBook.Entry entry) {
    return entry.chosen().stream().reduce((a, b) -> b).map(c -> c.said().successor().toString());
  }

  /**
   * All of one: how it began, who was chosen and what that lost, what was done and when.
   *
   * @param former the one whose place was taken, when it is back
   */
  public String report(RecoveryBook.Entry entry, Optional<FormerPrimary> former) {
    Command.OpenRecovery open = entry.opened().said();
    Instant began = entry.opened().at();
    var text = new StringBuilder();
    text.append("Recovery ")
        .append(ink.strong(open.id().text()))
        .append(" of ")
        .append(open.failed())
        .append(", ")
        .append(open.kind().words())
        .append(" of cluster ")
        .append(open.cluster())
        .append('\n');
    text.append("  found:  ").append(ink.bad(open.code())).append('\n');
    open.evidence()
        .forEach(
            e ->
                text.append("            ")
                    .append(e.server())
                    .append(": ")
                    .append(line(e.words()))
                    .append(e.at().map(at -> ink.faint(" (" + at(began, at) + ")")).orElse(""))
                    .append('\n'));
    text.append("  begun:  ")
        .append(began.truncatedTo(ChronoUnit.MILLIS))
        .append(open.forced() ? ", asked for by " : ", by ")
        .append(entry.opened().actor())
        .append('\n');
    entry
        .chosen()
        .forEach(
            c -> {
              text.append("  chosen: ")
                  .append(ink.strong(c.said().successor().toString()))
                  .append(ink.faint(" (" + at(began, c.at()) + ")"))
                  .append('\n');
              text.append("          ").append(line(c.said().why())).append('\n');
              text.append("  lost:   ").append(line(c.said().lost())).append('\n');
            });
    if (!entry.plans().isEmpty()) {
      text.append("  done:\n");
      entry.plans().forEach(plan -> plan(text, began, plan, entry.closed()));
    }
    if (!entry.hooks().isEmpty()) {
      text.append("  hooks:\n");
      entry.hooks().forEach(run -> hook(text, began, run));
    }
    text.append(
        entry
            .closed()
            .map(c -> end(began, c))
            .orElse("  It is under way" + (entry.plans().isEmpty() ? "" : " still") + ".\n"));
    former.ifPresent(
        f ->
            text.append("  since:  ")
                .append(f.own().isPresent() ? ink.warn(f.words()) : f.words())
                .append('\n'));
    entry
        .acknowledged()
        .ifPresent(
            a ->
                text.append("  Acknowledged by ")
                    .append(a.actor())
                    .append(" at ")
                    .append(a.at().truncatedTo(ChronoUnit.SECONDS))
                    .append(a.said().comment().isEmpty() ? "" : ": " + line(a.said().comment()))
                    .append('\n'));
    return text.toString();
  }

  private String end(Instant began, Said<Command.CloseRecovery> closed) {
    boolean well = closed.said().end().successful();
    String words = closed.said().end().words();
    return "  ended:  "
        + (well ? ink.good(words) : ink.bad(words))
        + " after "
        + span(began, closed.at())
        + "\n          "
        + line(closed.said().report())
        + "\n";
  }

  private void plan(
      StringBuilder text,
      Instant began,
      PlanRecord plan,
      Optional<Said<Command.CloseRecovery>> closed) {
    text.append("    ")
        .append(plan.plan().intent().words())
        .append(ink.faint(" (plan " + plan.id() + ")"))
        .append('\n');
    List<StepRecord> steps = new ArrayList<>(plan.steps());
    steps.sort(Comparator.comparing(StepRecord::begun));
    for (StepRecord step : steps) {
      text.append(
              String.format(
                  Locale.ROOT,
                  "    %10s  %6s  ",
                  at(began, step.begun()),
                  step.ended().map(e -> millis(step.begun(), e)).orElse("")))
          .append(step.step().words())
          .append(step.failure().map(f -> ": " + ink.bad(line(f))).orElse(""))
          .append('\n');
    }
    if (isLater(plan, closed)) {
      text.append("          ").append(line(plan.report())).append('\n');
    }
  }

  /** Whether it was begun when the recovery had ended, whose report does not tell of it then. */
  private static boolean isLater(PlanRecord plan, Optional<Said<Command.CloseRecovery>> closed) {
    return plan.end().isPresent() && closed.filter(c -> plan.opened().isAfter(c.at())).isPresent();
  }

  private void hook(StringBuilder text, Instant began, RecoveryBook.HookRun run) {
    Command.BeginHook begun = run.begun().said();
    text.append(
            String.format(
                Locale.ROOT,
                "    %10s  %6s  ",
                at(began, run.begun().at()),
                run.ended().map(e -> millis(run.begun().at(), e.at())).orElse("")))
        .append(begun.list().word())
        .append(' ')
        .append(begun.number())
        .append(begun.attempt() > 1 ? ", attempt " + begun.attempt() : "")
        .append(
            run.ended()
                .map(e -> e.said().failure().map(f -> ": " + ink.bad(line(f))).orElse(""))
                .orElse(": has not ended"))
        .append('\n');
    run.ended()
        .map(e -> e.said().output().strip())
        .filter(output -> !output.isEmpty())
        .ifPresent(
            output ->
                output
                    .lines()
                    .forEach(
                        line ->
                            text.append("                          ")
                                .append(ink.faint(line))
                                .append('\n')));
  }

  /** Where recoveries begin by themselves. */
  public String switches(Recoveries now) {
    var text = new StringBuilder();
    if (now.halted()) {
      text.append(ink.warn("Recoveries are halted everywhere"))
          .append(", whatever is switched on.\n");
    }
    text.append("By themselves are recovered, where nothing else is said: ")
        .append(which(now.everywhere()))
        .append(".\n");
    now.automatic()
        .forEach(
            (id, which) ->
                text.append("In cluster ")
                    .append(id)
                    .append(": ")
                    .append(which(which))
                    .append(".\n"));
    return text.toString();
  }

  private String which(AutoRecovery which) {
    return which.equals(AutoRecovery.NONE) ? ink.warn(which.words()) : which.words();
  }

  private static String line(String words) {
    return words.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  private static String at(Instant began, Instant then) {
    long millis = Duration.between(began, then).toMillis();
    return String.format(Locale.ROOT, "%+.3f s", millis / 1000.0);
  }

  private static String millis(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() + " ms";
  }

  private static String span(Instant from, Instant to) {
    return String.format(Locale.ROOT, "%.3f s", Duration.between(from, to).toMillis() / 1000.0);
  }
}
