package topiary.app.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import topiary.app.config.BadConfig;
import topiary.app.config.ClusterConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.wire.AtExit;
import topiary.app.wire.Logging;
import topiary.app.wire.Node;
import topiary.app.wire.Threads;
import topiary.engine.model.NodeId;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.NodeInfo;
import topiary.engine.state.Verdict;
import topiary.lab.base.Await;

/**
 * A node that makes a cluster and, when two others have joined, writes into its log as fast as it
 * can: commands as they are, through the log as it is, onto synced disks.
 */
public final class WritingNode {

  /** Begins a line of figures: writers, commits a second, p50 and p99 in ms; tabs between them. */
  static final String RESULT = "written";

  /** The last line. */
  static final String DONE = "done";

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private WritingNode() {}

  /**
   * Runs it; it stays until it is told to end.
   *
   * @param args {@code --config}, the node's file, how many seconds each, and numbers of writers
   */
  public static void main(String[] args) throws BadConfig, InterruptedException {
    Logging.toConsole();
    NodeConfig file = ConfigFile.read(Path.of(args[1]));
    ClusterConfig cluster = file.cluster().orElseThrow();
    var log = new AtomicReference<CommandLog>();
    var node =
        new Node(
            file.with(cluster.starting(ClusterConfig.Start.BOOTSTRAP, List.of())),
            fault -> {
              System.err.println(fault.getMessage());
              System.exit(1);
            },
            own -> {
              log.set(own);
              return own;
            });
    AtExit.run(node::close);
    node.start();
    System.out.println("ready " + node.address());
    int nodes = cluster.join().size() + 1;
    if (!Await.holds(PATIENCE, () -> log.get().state().nodes().size() == nodes)) {
      throw new IllegalStateException("the others do not join");
    }
    NodeId self =
        log.get().state().nodes().entrySet().stream()
            .filter(e -> e.getValue().name().equals(cluster.name()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    var writers = new Writers(log.get(), announcement(self, log.get()));
    writers.write(1, WARM_UP);
    for (String number : List.of(args).subList(3, args.length)) {
      writers.print(Integer.parseInt(number), Duration.ofSeconds(Integer.parseInt(args[2])));
    }
    System.out.println(DONE);
    new CountDownLatch(1).await();
  }

  /** A command that changes nothing, and may be said for ever. */
  private static Command announcement(NodeId self, CommandLog log) {
    NodeInfo info = log.state().nodes().get(self);
    URI http = info.http();
    return new Command.AnnounceNode(self, info.name(), http, info.level(), info.version());
  }

  private record Writers(CommandLog log, Command command) {

    /** Each writes one command after the other; what each took, in ns, sorted. */
    List<Long> write(int writers, Duration duration) {
      var taken = new ConcurrentLinkedQueue<Long>();
      long end = System.nanoTime() + duration.toNanos();
      try (var threads = new Threads()) {
        var running = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < writers; i++) {
          running.add(
              CompletableFuture.runAsync(
                  () -> {
                    while (System.nanoTime() < end) {
                      long began = System.nanoTime();
                      one();
                      taken.add(System.nanoTime() - began);
                    }
                  },
                  task -> threads.start("writer", task)));
        }
        running.forEach(CompletableFuture::join);
      }
      var sorted = new ArrayList<>(taken);
      Collections.sort(sorted);
      return sorted;
    }

    private void one() {
      var header =
          new Header(UUID.randomUUID(), "topiary", "bench", Instant.now(), command.level());
      if (log.submit(new Entry(header, command)).join() instanceof Verdict.Rejected rejected) {
        throw new IllegalStateException(rejected.reason());
      }
    }

    void print(int writers, Duration duration) {
      List<Long> taken = write(writers, duration);
      System.out.println(
          String.join(
              "\t",
              RESULT,
              Integer.toString(writers),
              Double.toString(taken.size() / (duration.toMillis() / 1e3)),
              Double.toString(taken.get(taken.size() / 2) / 1e6),
              Double.toString(taken.get(taken.size() * 99 / 100) / 1e6)));
    }
  }
}
