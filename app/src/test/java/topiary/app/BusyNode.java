package topiary.app;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import topiary.app.config.BadConfig;
import topiary.app.config.ClusterConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.wire.Logging;
import topiary.app.wire.Node;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;

/**
 * A node, as a process of its own, that writes into the cluster's log while it leads, and notes
 * what was acknowledged: an id a line, before the next is sent.
 */
final class BusyNode {

  /** A file beside the notes; while it is there, nobody writes. */
  static final String QUIET = "quiet";

  /** A file that is there once a node has seen that nobody is to write. */
  static Path resting(Path notes) {
    return notes.resolveSibling(notes.getFileName() + ".resting");
  }

  private static final long PAUSE_MILLIS = 10;

  private BusyNode() {}

  /** Its file, how it begins, whom it asks (or -), and where it notes. */
  public static void main(String[] args) throws Exception {
    Logging.toConsole();
    Thread.ofPlatform().daemon().start(BusyNode::endWithWhoeverStartedIt);
    List<URI> join =
        args[2].equals("-") ? List.of() : Stream.of(args[2].split(",")).map(URI::create).toList();
    NodeConfig file = ConfigFile.read(Path.of(args[0]));
    NodeConfig config =
        file.with(
            file.cluster().orElseThrow().starting(ClusterConfig.Start.valueOf(args[1]), join));
    var ended = new CountDownLatch(1);
    var log = new AtomicReference<CommandLog>();
    Path notes = Path.of(args[3]);
    Node node;
    try {
      node =
          new Node(
              config,
              fault -> {
                System.out.println("ended " + fault.getMessage());
                ended.countDown();
              },
              inner -> {
                log.set(inner);
                return new HeldLog(inner, notes);
              });
      node.start();
    } catch (BadConfig e) {
      System.out.println("ended " + e.getMessage());
      System.out.flush();
      Runtime.getRuntime().halt(5);
      return;
    }
    System.out.println("ready " + node.address());
    Thread.ofPlatform().daemon().start(() -> write(log.get(), notes));
    ended.await();
    System.out.flush();
    Runtime.getRuntime().halt(6);
  }

  private static void endWithWhoeverStartedIt() {
    try {
      while (System.in.read() >= 0) {
        // Nobody says anything; its end is the news.
      }
    } catch (IOException e) {
      // That is its end as well.
    }
    Runtime.getRuntime().halt(1);
  }

  private static void write(CommandLog log, Path notes) {
    for (int i = 0; ; i++) {
      try {
        if (Files.exists(notes.resolveSibling(QUIET))) {
          // Nothing of ours is under way.
          Files.writeString(resting(notes), "");
        } else if (log.leadership().leading()) {
          UUID id = UUID.randomUUID();
          var header = new Header(id, "busy", "test", Instant.now(), 1);
          Verdict verdict = log.submit(new Entry(header, command(i))).get(20, TimeUnit.SECONDS);
          Files.writeString(
              notes,
              id + " " + (verdict instanceof Verdict.Accepted) + "\n",
              StandardCharsets.UTF_8,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (ExecutionException | TimeoutException e) {
        // Not acknowledged: it may be in the log or not.
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** In turn: a server comes, a tree gets its head, the server goes, a plan is marked. */
  private static Command command(int i) {
    var server = new InstanceKey("127.0.0.1", 1 + i / 4 % 5);
    var tree = new ClusterId("c%012x".formatted(i / 4 % 5));
    return switch (i % 4) {
      case 0 -> new Command.RegisterInstance(server, tree);
      case 1 -> new Command.NameHead(tree, server);
      case 2 -> new Command.ForgetInstance(server);
      default ->
          new Command.MarkUndone(
              new PlanId("p%012x".formatted(i)), new PlanId("p%012x".formatted(i + 1)));
    };
  }
}
