package topiary.app.main;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import topiary.app.cli.Exit;
import topiary.app.cli.NodeAddress;
import topiary.app.config.BadConfig;
import topiary.app.security.NodeLogin;
import topiary.app.wire.DesktopFace;
import topiary.app.wire.Logging;

/** Opens the window on a node or several of a cluster, or where it was last. */
final class WindowCommand {

  private WindowCommand() {}

  static Exit run(List<String> args, PrintStream err) {
    var api = new ArrayList<String>();
    for (int i = 0; i < args.size(); i += 2) {
      if (!args.get(i).equals("--api") || i + 1 == args.size()) {
        err.println(
            "topiary: --api URL, as often as there are nodes, and nothing else, opens the window;"
                + " see topiary help");
        return Exit.USAGE;
      }
      api.add(args.get(i + 1));
    }
    if (!DesktopFace.possible(System.getenv())) {
      err.println("topiary: there is no display here to open the window on");
      return Exit.FAILED;
    }
    Logging.toConsole();
    try {
      boolean named = !args.isEmpty() || NodeAddress.named(System.getenv());
      DesktopFace.open(
          named ? NodeAddress.several(api, System.getenv()) : List.of(),
          NodeLogin.of(Map.of(), System.getenv()));
      return Exit.OK;
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (IllegalArgumentException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.USAGE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }
}
