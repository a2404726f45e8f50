package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import topiary.app.gateway.RecoveryView;

/** What there is to say of a recovery, in lines. Pure. */
public final class RecoveryReport {

  /** How a line is meant. */
  public enum Tone {
    TITLE,
    PLAIN,
    STRONG,
    GOOD,
    BAD,
    QUOTE
  }

  /**
   * A line.
   *
   * @param at how long after the beginning; empty where that says nothing
   * @param took how long it lasted; empty where that says nothing
   * @param words what
   */
  public record Line(String at, String took, String words, Tone tone) {}

  private final RecoveryView of;
  private final List<Line> lines = new ArrayList<>();

  private RecoveryReport(RecoveryView of) {
    this.of = of;
  }

  /** In a few words: of whom, and who has its place. */
  public static String title(RecoveryView r) {
    return r.failed() + r.choice().map(c -> " → " + c.successor()).orElse("");
  }

  /** What came of it, in a few words. */
  public static String state(RecoveryView r) {
    return r.end()
        .map(e -> Words.capital(e.words()) + " in " + span(r.took().orElseThrow()))
        .orElse("Under way");
  }

  /** How what came of it is meant. */
  public static Tone tone(RecoveryView r) {
    return r.end()
        .map(e -> e.successful() ? Tone.GOOD : e.needed() ? Tone.BAD : Tone.PLAIN)
        .orElse(Tone.BAD);
  }

  /** All of it, in the order in which it happened. */
  public static List<Line> of(RecoveryView r) {
    var report = new RecoveryReport(r);
    report.found();
    report.chosen();
    r.plans().forEach(report::plan);
    report.hooks();
    report.ended();
    return List.copyOf(report.lines);
  }

  private void found() {
    title("FOUND");
    of.evidence().stream()
        .sorted(Comparator.comparing(e -> e.at().orElse(of.opened())))
        .forEach(
            e ->
                lines.add(
                    new Line(
                        e.at().map(this::at).orElse(""),
                        "",
                        e.server() + ": " + flat(e.words()),
                        Tone.PLAIN)));
    line(
        of.opened(),
        Optional.empty(),
        of.code() + ": " + of.failed() + ", " + of.kind().words(),
        Tone.STRONG);
    line(
        of.opened(),
        Optional.empty(),
        of.forced() ? "Begun, asked for by " + of.actor() : "Begun by " + of.actor(),
        Tone.PLAIN);
  }

  private void chosen() {
    of.choice()
        .ifPresent(
            c -> {
              title("CHOSEN");
              line(c.at(), Optional.empty(), c.successor() + ": " + flat(c.why()), Tone.STRONG);
              title("LOST");
              lines.add(new Line("", "", Words.sentence(flat(c.lost())), Tone.PLAIN));
            });
  }

  private void plan(RecoveryView.Plan plan) {
    title("DONE: " + plan.words());
    plan.steps().stream()
        .sorted(Comparator.comparing(RecoveryView.Step::begun))
        .forEach(s -> deed(s.words(), s.begun(), s.ended(), s.failure()));
  }

  private void hooks() {
    if (of.hooks().isEmpty()) {
      return;
    }
    title("HOOKS");
    for (RecoveryView.Hook hook : of.hooks()) {
      deed(
          hook.words() + (hook.ended().isEmpty() ? " has not ended" : ""),
          hook.begun(),
          hook.ended(),
          hook.failure());
      hook.output().strip().lines().forEach(l -> lines.add(new Line("", "", l, Tone.QUOTE)));
    }
  }

  private void deed(
      String words, Instant begun, Optional<Instant> ended, Optional<String> failure) {
    line(
        begun,
        ended,
        failure.map(f -> words + ": " + flat(f)).orElse(words),
        failure.isPresent() ? Tone.BAD : Tone.PLAIN);
  }

  private void ended() {
    of.end()
        .ifPresent(
            e -> {
              title("ENDED");
              line(e.at(), Optional.empty(), Words.capital(e.words()), tone(of));
              lines.add(new Line("", "", Words.sentence(flat(e.report())), Tone.PLAIN));
            });
    of.former()
        .ifPresent(
            f -> {
              title("SINCE THEN");
              lines.add(new Line("", "", flat(f), Tone.STRONG));
            });
    of.acknowledged()
        .ifPresent(
            a -> {
              title("ACKNOWLEDGED");
              lines.add(
                  new Line(
                      "",
                      "",
                      "By " + a.actor() + (a.comment().isEmpty() ? "" : ": " + flat(a.comment())),
                      Tone.PLAIN));
            });
  }

  private void title(String words) {
    lines.add(new Line("", "", words, Tone.TITLE));
  }

  private void line(Instant from, Optional<Instant> to, String words, Tone tone) {
    lines.add(
        new Line(
            at(from),
            to.map(t -> Duration.between(from, t).toMillis() + " ms").orElse(""),
            words,
            tone));
  }

  private String at(Instant then) {
    return String.format(
        Locale.ROOT, "%+.3f s", Duration.between(of.opened(), then).toMillis() / 1000.0);
  }

  private static String span(Duration d) {
    return String.format(Locale.ROOT, "%.3f s", d.toMillis() / 1000.0);
  }

  /** On one line, whatever a server's words have in them. */
  private static String flat(String words) {
    return words.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
