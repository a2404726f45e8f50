package topiary.app.rehearse;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import topiary.app.bench.Program;
import topiary.app.cli.Exit;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/** {@code topiary rehearse}: plays rehearsals, and prints a line for each. */
public final class RehearseCommand {

  private static final String FLAVOR = "--flavor";
  private static final String SEMI_SYNC = "--semi-sync";
  private static final String EVIDENCE = "--evidence";
  private static final String STEP = "--step";
  private static final String EVERY = "--every";
  private static final String ALL = "all";

  private RehearseCommand() {}

  /**
   * How rehearsals are played.
   *
   * @param step of a series, the only moment; 0 for all
   * @param every of a series, each so many-th moment
   */
  private record How(
      Program program, Flavor flavor, boolean semiSync, boolean always, int step, int every) {}

  /**
   * Plays one, or all of them, or a series; fails when an outcome is not what it should be. What
   * there is to see of it is printed then, and always when asked for.
   */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    Map<String, Rehearsal> all = Rehearsal.all();
    Map<String, Series> series = Series.all();
    var left = new ArrayList<>(args);
    boolean semiSync = left.remove(SEMI_SYNC);
    boolean always = left.remove(EVIDENCE);
    Flavor flavor;
    Optional<Integer> step;
    Optional<Integer> every;
    try {
      flavor = value(left, FLAVOR).map(Flavors::named).orElseGet(Flavors::standard);
      step = value(left, STEP).map(RehearseCommand::number);
      every = value(left, EVERY).map(RehearseCommand::number);
    } catch (LabException | IllegalArgumentException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.USAGE;
    }
    if (left.isEmpty() || left.equals(List.of("list"))) {
      all.values().forEach(r -> out.printf("%-14s %s%n", r.name(), r.what()));
      series.values().forEach(s -> out.printf("%-14s %s%n", s.name(), s.what()));
      return Exit.OK;
    }
    String name = String.join(" ", left);
    if (!name.equals(ALL) && !all.containsKey(name) && !series.containsKey(name)) {
      err.println(
          "topiary: no rehearsal is called \""
              + name
              + "\"; there are: all, "
              + String.join(", ", all.keySet())
              + "; and, not among all, "
              + String.join(", ", series.keySet()));
      return Exit.USAGE;
    }
    if (!series.containsKey(name) && (step.isPresent() || every.isPresent())) {
      err.println(
          "topiary: only "
              + String.join(" and ", series.keySet())
              + " have moments to choose with "
              + STEP
              + " or "
              + EVERY);
      return Exit.USAGE;
    }
    String launcher = System.getProperty("topiary.launcher");
    if (launcher == null) {
      err.println("topiary: rehearsals start the program as users do: run ./topiary rehearse");
      return Exit.FAILED;
    }
    var how =
        new How(new Program(launcher), flavor, semiSync, always, step.orElse(0), every.orElse(1));
    if (series.containsKey(name)) {
      return play(series.get(name), how, out) ? Exit.OK : Exit.FAILED;
    }
    boolean well = true;
    for (Rehearsal one : name.equals(ALL) ? all.values() : List.of(all.get(name))) {
      well &= play(one, how, out);
    }
    return well ? Exit.OK : Exit.FAILED;
  }

  /** The value of an option, which is taken away with it; empty without. */
  private static Optional<String> value(List<String> words, String option) {
    int at = words.indexOf(option);
    if (at < 0) {
      return Optional.empty();
    }
    if (at + 1 == words.size()) {
      throw new IllegalArgumentException(option + " says nothing");
    }
    words.remove(at);
    return Optional.of(words.remove(at));
  }

  private static int number(String text) {
    if (!text.matches("[1-9]\\d{0,3}")) {
      throw new IllegalArgumentException("\"" + text + "\" is no number from 1 to 9999");
    }
    return Integer.parseInt(text);
  }

  /** The recovery as a whole, to know its moments, and then a death at each of them, or some. */
  private static boolean play(Series series, How how, PrintStream out) {
    if (how.step() > 0) {
      return play(series.at(how.step()), how, out);
    }
    var moments = new ArrayList<String>();
    if (!play(series.whole(moments::addAll), how, out)) {
      return false;
    }
    int played = 0;
    int wrong = 0;
    for (int moment = 1; moment <= moments.size(); moment += how.every()) {
      played++;
      wrong += play(series.at(moment), how, out) ? 0 : 1;
    }
    out.printf(
        "%-14s %s  %d of %d moments played, %d wrong%n",
        series.name(), wrong == 0 ? "ok   " : "WRONG", played, moments.size(), wrong);
    return wrong == 0;
  }

  private static boolean play(Rehearsal one, How how, PrintStream out) {
    long began = System.nanoTime();
    String outcome;
    String evidence = "";
    boolean well = false;
    try (var stage = new Stage(how.program(), how.flavor(), how.semiSync(), one.set())) {
      began = System.nanoTime();
      try {
        outcome = one.play().on(stage);
        well = true;
        evidence = how.always() ? stage.evidence().indent(4) : "";
      } catch (Wrong e) {
        outcome = e.getMessage();
        evidence = stage.evidence().indent(4);
      }
    } catch (IOException | LabException e) {
      outcome = "it could not be played: " + e.getMessage();
    }
    out.printf(
        Locale.ROOT,
        "%-14s %-5s %5.1f s  %s%n",
        one.name(),
        well ? "ok" : "WRONG",
        (System.nanoTime() - began) / 1e9,
        outcome);
    out.print(evidence);
    return well;
  }
}
