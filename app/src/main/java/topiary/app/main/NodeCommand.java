package topiary.app.main;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.ClusterConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.config.NodeUri;
import topiary.app.wire.AtExit;
import topiary.app.wire.Logging;
import topiary.app.wire.Node;
import topiary.engine.port.CommandLog;
import topiary.store.StoreException;

/** Runs a node until it is told to end. */
final class NodeCommand {

  private NodeCommand() {}

  /** From one look at the heap to the next. */
  private static final Duration HEAP = Duration.ofSeconds(10);

  private static final String USAGE =
      "node --config FILE [--bootstrap | --join URL[,URL...] | --go-on-alone]\n"
          + "          node --no-discovery --sqlite ORCHESTRATOR-FILE [--config FILE]";

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    return run(args, out, err, UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param logged what is put around the command log; nothing, outside of rehearsals
   */
  static Exit run(
      List<String> args, PrintStream out, PrintStream err, UnaryOperator<CommandLog> logged) {
    if (args.contains(StoredCommand.OPTION)) {
      return StoredCommand.run(args, out, err).orElseGet(() -> usage(err));
    }
    Optional<Wish> wish = Wish.read(args);
    if (wish.isEmpty()) {
      return usage(err);
    }
    Logging.toConsole();
    var ended = new CompletableFuture<Exit>();
    try {
      Node node =
          new Node(
              wish.get().config(),
              fault -> {
                err.println("topiary: " + fault.getMessage());
                ended.complete(fault instanceof Node.Removed ? Exit.OK : Exit.STORE);
              },
              logged);
      AtExit.run(node::close);
      node.start();
      out.println("ready " + node.address());
      return end(ended);
    } catch (BadConfig e) {
      err.println("topiary: " + e.getMessage());
      return Exit.CONFIG;
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.STORE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails it", e);
    }
  }

  private static Exit usage(PrintStream err) {
    err.println("topiary: " + USAGE);
    return Exit.USAGE;
  }

  private static Exit end(CompletableFuture<Exit> ended)
      throws InterruptedException, ExecutionException {
    var heap = new HeapKeeper();
    while (true) {
      try {
        return ended.get(HEAP.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        heap.look();
      }
    }
  }

  /** What the words after {@code node} ask for. */
  private record Wish(Path file, Optional<ClusterConfig.Start> start, List<URI> join) {

    /** Empty when they are not understood. */
    static Optional<Wish> read(List<String> args) {
      Optional<Path> file = Optional.empty();
      Optional<ClusterConfig.Start> start = Optional.empty();
      List<URI> join = List.of();
      for (int i = 0; i < args.size(); i++) {
        boolean more = i + 1 < args.size();
        switch (args.get(i)) {
          case "--config" -> {
            if (!more || file.isPresent()) {
              return Optional.empty();
            }
            file = Optional.of(Path.of(args.get(++i)));
          }
          case "--bootstrap", "--go-on-alone", "--join" -> {
            if (start.isPresent()) {
              return Optional.empty();
            }
            String word = args.get(i);
            start =
                Optional.of(
                    switch (word) {
                      case "--bootstrap" -> ClusterConfig.Start.BOOTSTRAP;
                      case "--join" -> ClusterConfig.Start.JOIN;
                      default -> ClusterConfig.Start.ALONE;
                    });
            if (word.equals("--join")) {
              Optional<List<URI>> nodes = more ? nodes(args.get(++i)) : Optional.empty();
              if (nodes.isEmpty()) {
                return Optional.empty();
              }
              join = nodes.get();
            }
          }
          default -> {
            return Optional.empty();
          }
        }
      }
      List<URI> asking = join;
      Optional<ClusterConfig.Start> how = start;
      return file.map(path -> new Wish(path, how, asking));
    }

    private static Optional<List<URI>> nodes(String text) {
      try {
        return Optional.of(Stream.of(text.split(",")).map(NodeUri::of).toList());
      } catch (IllegalArgumentException e) {
        // The usage says what is wanted.
        return Optional.empty();
      }
    }

    NodeConfig config() throws BadConfig {
      NodeConfig config = ConfigFile.read(file);
      if (start.isEmpty()) {
        return config;
      }
      ClusterConfig part =
          config
              .cluster()
              .orElseThrow(
                  () ->
                      new BadConfig(
                          file
                              + ": \"cluster\" is missing: it says where this node takes part, for"
                              + " example \"cluster\": {\"listen\": \"127.0.0.1:"
                              + ClusterConfig.DEFAULT_PORT
                              + "\"}"));
      return config.with(part.starting(start.get(), join));
    }
  }
}
