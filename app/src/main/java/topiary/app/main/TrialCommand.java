package topiary.app.main;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import topiary.app.cli.Exit;
import topiary.app.desktop.trial.PictureTrial;
import topiary.app.wire.DesktopFace;

/**
 * What {@code topiary bench picture} runs as a process of its own: one window, one size of tree.
 */
final class TrialCommand {

  private static final int MOST = 100_000;

  private TrialCommand() {}

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    try {
      int servers = args.size() == 1 ? Integer.parseInt(args.getFirst()) : 0;
      if (servers < 2 || servers > MOST) {
        throw new NumberFormatException();
      }
      if (!DesktopFace.possible(System.getenv())) {
        err.println("topiary: there is no display here to open the window on");
        return Exit.FAILED;
      }
      DesktopFace.trial(servers).forEach(result -> out.println(line(result)));
      return Exit.OK;
    } catch (NumberFormatException e) {
      err.println("topiary: picture-trial N, with N servers from 2 to " + MOST);
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
