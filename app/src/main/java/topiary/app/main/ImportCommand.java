package topiary.app.main;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.text.FoundText;
import topiary.app.wire.OrchestratorImport;
import topiary.app.wire.StateFile;
import topiary.engine.policy.JudgementPolicy;
import topiary.store.StoreException;
import topiary.store.orchestrator.Backend;
import topiary.store.orchestrator.Stored;

/** Takes over what orchestrator has stored, or tells what would be found in it. */
final class ImportCommand {

  private static final String USAGE =
      "topiary: import orchestrator --sqlite FILE (--judge | --config NODE.JSON)";

  private ImportCommand() {}

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    Optional<StoredArgs> asked = asked(args);
    if (asked.isEmpty()) {
      err.println(USAGE);
      return Exit.USAGE;
    }
    Stored stored;
    try {
      stored = Backend.read(asked.get().file());
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    }
    stored.odd().forEach(sentence -> err.println("IMPORT: " + sentence));
    return asked
        .get()
        .config()
        .map(config -> take(config, stored, out, err))
        .orElseGet(() -> judge(stored, out));
  }

  private static Exit judge(Stored stored, PrintStream out) {
    out.print(
        FoundText.of(
            stored.judged(JudgementPolicy.DEFAULT), stored.names(), stored.said(), stored.now()));
    return Exit.OK;
  }

  private static Exit take(Path config, Stored stored, PrintStream out, PrintStream err) {
    try {
      OrchestratorImport.Taken taken =
          OrchestratorImport.into(ConfigFile.read(config), stored, Instant.now());
      taken.refused().forEach(sentence -> err.println("IMPORT: " + sentence));
      out.println(
          "imported: "
              + taken.servers()
              + " servers of "
              + taken.clusters()
              + " clusters, as orchestrator knew them at "
              + stored.now());
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

  /** Empty when it is not understood. */
  private static Optional<StoredArgs> asked(List<String> args) {
    if (args.isEmpty() || !args.getFirst().equals("orchestrator")) {
      return Optional.empty();
    }
    return StoredArgs.read(args.subList(1, args.size()), "--judge")
        .filter(asked -> asked.flagged() != asked.config().isPresent());
  }
}
