package topiary.app.main;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.wire.AtExit;
import topiary.app.wire.Logging;
import topiary.app.wire.Node;
import topiary.store.StoreException;

/** Runs a node until it is told to end. */
final class NodeCommand {

  private NodeCommand() {}

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    if (args.size() != 2 || !args.getFirst().equals("--config")) {
      err.println("topiary: node --config FILE");
      return Exit.USAGE;
    }
    Logging.toConsole();
    var ended = new CountDownLatch(1);
    try {
      Node node =
          new Node(
              ConfigFile.read(Path.of(args.get(1))),
              fault -> {
                err.println("topiary: " + fault.getMessage());
                ended.countDown();
              },
              UnaryOperator.identity());
      AtExit.run(node::close);
      node.start();
      out.println("ready " + node.address());
      ended.await();
      return Exit.STORE;
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.STORE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }
}
