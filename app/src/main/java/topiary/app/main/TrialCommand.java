package topiary.app.main;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import topiary.app.cli.Exit;
import topiary.app.desktop.trial.PictureTrial;
import topiary.app.wire.DesktopFace;

/** What {@code topiary bench} runs as a process of its own: one window, one size of fleet. */
final class TrialCommand {

  private static final int MOST = 100_000;

  /** So many servers are looked at in a second: 10,000 every five seconds. */
  private static final int LOOKS = 2_000;

  private TrialCommand() {}

  private interface Trial {
    List<PictureTrial.Result> of(int size) throws InterruptedException;
  }

  static Exit picture(List<String> args, PrintStream out, PrintStream err) {
    return run("picture-trial N, with N servers", DesktopFace::trial, args, out, err);
  }

  static Exit overview(List<String> args, PrintStream out, PrintStream err) {
    return run(
        "overview-trial N, with N clusters",
        clusters -> DesktopFace.overviewTrial(clusters, LOOKS),
        args,
        out,
        err);
  }

  private static Exit run(
      String usage, Trial trial, List<String> args, PrintStream out, PrintStream err) {
    try {
      int size = args.size() == 1 ? Integer.parseInt(args.getFirst()) : 0;
      if (size < 2 || size > MOST) {
        throw new NumberFormatException();
      }
      if (!DesktopFace.possible(System.getenv())) {
        err.println("topiary: there is no display here to open the window on");
        return Exit.FAILED;
      }
      trial.of(size).forEach(result -> out.println(line(result)));
      return Exit.OK;
    } catch (NumberFormatException e) {
      err.println("topiary: " + usage + " from 2 to " + MOST);
      return Exit.USAGE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }

  private static String line(PictureTrial.Result result) {
    return result.values().stream()
        .map(String::valueOf)
        .collect(Collectors.joining("\t", result.name() + "\t" + result.unit() + "\t", ""));
  }
}
