package topiary.app.main;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.wire.AtExit;
import topiary.app.wire.Logging;
import topiary.app.wire.StoredNode;
import topiary.store.StoreException;
import topiary.store.orchestrator.Backend;
import topiary.store.orchestrator.Stored;

/** Runs a node that shows what orchestrator has stored until it is told to end. */
final class StoredCommand {

  static final String OPTION = "--no-discovery";

  private StoredCommand() {}

  /** Empty when it is not understood. */
  static Optional<Exit> run(List<String> args, PrintStream out, PrintStream err) {
    return StoredArgs.read(args, OPTION).map(asked -> run(asked, out, err));
  }

  private static Exit run(StoredArgs asked, PrintStream out, PrintStream err) {
    Logging.toConsole();
    var ended = new CompletableFuture<Exit>();
    try {
      Optional<NodeConfig> door =
          asked.config().isPresent()
              ? Optional.of(ConfigFile.read(asked.config().get()))
              : Optional.empty();
      Stored stored = Backend.read(asked.file());
      stored.odd().forEach(sentence -> err.println("IMPORT: " + sentence));
      var node =
          new StoredNode(
              door,
              stored,
              fault -> {
                err.println("topiary: " + fault.getMessage());
                ended.complete(Exit.STORE);
              });
      AtExit.run(node::close);
      node.refused().forEach(sentence -> err.println("IMPORT: " + sentence));
      node.start();
      out.println("as orchestrator knew it at " + stored.now());
      out.println("ready " + node.address());
      return ended.get();
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails it", e);
    }
  }
}
