package topiary.app.main;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.wire.StateFile;
import topiary.store.StoreException;

/** Carries a node's state to a file, and from one. */
final class StoreCommand {

  private static final String USAGE =
      "topiary: store export|import --config NODE.JSON [--replace] FILE";

  private StoreCommand() {}

  private record Asked(boolean export, Path config, Path file, boolean replace) {}

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    Asked asked;
    try {
      asked = asked(args);
    } catch (IllegalArgumentException e) {
      err.println(USAGE);
      return Exit.USAGE;
    }
    try {
      NodeConfig config = ConfigFile.read(asked.config());
      StateFile.Content content =
          asked.export()
              ? StateFile.export(config, asked.file(), asked.replace())
              : StateFile.take(config, asked.file(), asked.replace());
      out.printf(
          "%s %s: %d servers, up to entry %d of term %d, state %s%n",
          asked.export() ? "exported to" : "imported from",
          asked.file(),
          content.servers(),
          content.position().index(),
          content.position().term(),
          content.hash());
      return Exit.OK;
    } catch (StateFile.Unfit e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.STORE;
    }
  }

  /** Options and the file in any order, behind what is to be done. */
  private static Asked asked(List<String> args) {
    var rest = new ArrayList<>(args);
    boolean export = !rest.isEmpty() && rest.getFirst().equals("export");
    if (!export && (rest.isEmpty() || !rest.getFirst().equals("import"))) {
      throw new IllegalArgumentException("neither");
    }
    rest.removeFirst();
    boolean replace = rest.remove("--replace");
    int option = rest.indexOf("--config");
    if (option < 0 || rest.size() != 3 || option == 2) {
      throw new IllegalArgumentException("no configuration, or no file, or too much");
    }
    String config = rest.get(option + 1);
    String file = rest.get(option == 0 ? 2 : 0);
    if (file.startsWith("-") || config.startsWith("-")) {
      throw new IllegalArgumentException("an unknown option");
    }
    try {
      return new Asked(export, Path.of(config), Path.of(file), replace);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("no path", e);
    }
  }
}
