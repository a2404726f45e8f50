package topiary.app.rehearse;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  private RehearseCommand() {}

  /**
   * Plays one, or all of them; fails when an outcome is not what it should be. What there is to see
   * of it is printed then, and always when asked for.
   */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    Map<String, Rehearsal> all = Rehearsal.all();
    var left = new ArrayList<>(args);
    boolean semiSync = left.remove(SEMI_SYNC);
    boolean always = left.remove(EVIDENCE);
    Flavor flavor = Flavors.standard();
    int at = left.indexOf(FLAVOR);
    try {
      if (at >= 0 && at + 1 < left.size()) {
        flavor = Flavors.named(left.get(at + 1));
        left.subList(at, at + 2).clear();
      }
    } catch (LabException | IllegalArgumentException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.USAGE;
    }
    if (left.isEmpty() || left.equals(List.of("list"))) {
      all.values().forEach(r -> out.printf("%-14s %s%n", r.name(), r.what()));
      return Exit.OK;
    }
    if (left.size() != 1 || !left.getFirst().equals("all") && !all.containsKey(left.getFirst())) {
      err.println(
          "topiary: no rehearsal is called \""
              + String.join(" ", left)
              + "\"; there are: all, "
              + String.join(", ", all.keySet()));
      return Exit.USAGE;
    }
    String launcher = System.getProperty("topiary.launcher");
    if (launcher == null) {
      err.println("topiary: rehearsals start the program as users do: run ./topiary rehearse");
      return Exit.FAILED;
    }
    List<Rehearsal> chosen =
        left.getFirst().equals("all")
            ? List.copyOf(all.values())
            : List.of(all.get(left.getFirst()));
    boolean well = true;
    for (Rehearsal one : chosen) {
      well &= play(one, new Program(launcher), flavor, semiSync, always, out);
    }
    return well ? Exit.OK : Exit.FAILED;
  }

  private static boolean play(
      Rehearsal one,
      Program program,
      Flavor flavor,
      boolean semiSync,
      boolean always,
      PrintStream out) {
    long began = System.nanoTime();
    String outcome;
    String evidence = "";
    boolean well = false;
    try (var stage = new Stage(program, flavor, semiSync, one.set())) {
      began = System.nanoTime();
      try {
        outcome = one.play().on(stage);
        well = true;
        evidence = always ? stage.evidence().indent(4) : "";
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
