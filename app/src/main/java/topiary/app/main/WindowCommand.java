package topiary.app.main;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import topiary.app.cli.Exit;
import topiary.app.cli.NodeAddress;
import topiary.app.wire.DesktopFace;
import topiary.app.wire.Logging;

/** Opens the window on a node, or where it was last. */
final class WindowCommand {

  private WindowCommand() {}

  static Exit run(List<String> args, PrintStream err) {
    if (args.size() != 0 && args.size() != 2) {
      err.println("topiary: --api URL, and nothing else, opens the window; see topiary help");
      return Exit.USAGE;
    }
    if (!DesktopFace.possible(System.getenv())) {
      err.println("topiary: there is no display here to open the window on");
      return Exit.FAILED;
    }
    Logging.toConsole();
    try {
      boolean named = !args.isEmpty() || NodeAddress.named(System.getenv());
      Optional<String> api = args.isEmpty() ? Optional.empty() : Optional.of(args.get(1));
      DesktopFace.open(
          named ? Optional.of(NodeAddress.given(api, System.getenv())) : Optional.empty());
      return Exit.OK;
    } catch (IllegalArgumentException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.USAGE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }
}
