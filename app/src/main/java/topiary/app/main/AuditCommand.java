package topiary.app.main;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.text.AuditText;
import topiary.app.wire.StateFile;
import topiary.engine.port.Audit;
import topiary.store.StoreException;

/** Goes along the audit of a node that is not running. */
final class AuditCommand {

  private static final String USAGE =
      "topiary: audit verify [--noted HASH] (of a node), or audit verify --config NODE.JSON"
          + " [--noted HASH] (where none runs)";

  private static final String CONFIG = "--config";
  private static final String NOTED = "--noted";

  private AuditCommand() {}

  /** Whether it is asked of a data folder, and not of a node. */
  static boolean offline(List<String> words) {
    return words.contains(CONFIG);
  }

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    var rest = new ArrayList<>(args);
    Optional<String> config = taken(rest, CONFIG);
    Optional<String> noted = taken(rest, NOTED);
    try {
      if (!rest.isEmpty() || config.isEmpty()) {
        throw new IllegalArgumentException("too much, or no configuration");
      }
      Path file = Path.of(config.get());
      Audit.Verification verified = StateFile.verify(ConfigFile.read(file), noted);
      (verified.holds() ? out : err).print(AuditText.verification(verified));
      return verified.holds() ? Exit.OK : Exit.FAILED;
    } catch (InvalidPathException e) {
      err.println("topiary: " + config.get() + " is not a path: " + e.getReason());
      return Exit.USAGE;
    } catch (IllegalArgumentException e) {
      err.println(USAGE);
      return Exit.USAGE;
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.STORE;
    }
  }

  /** The value of an option, which is taken away with it. */
  private static Optional<String> taken(List<String> words, String option) {
    int at = words.indexOf(option);
    if (at < 0 || at + 1 == words.size()) {
      return Optional.empty();
    }
    words.remove(at);
    return Optional.of(words.remove(at));
  }
}
