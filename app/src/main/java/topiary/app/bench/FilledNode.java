package topiary.app.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import topiary.app.config.BadConfig;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.wire.AtExit;
import topiary.app.wire.Logging;
import topiary.app.wire.Node;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;

/**
 * A node that is alone, and only writes: it fills a data folder with what a node knows after a long
 * time. It looks at no server.
 */
public final class FilledNode {

  private static final int TREE = 10;
  private static final int AT_ONCE = 2_000;

  private FilledNode() {}

  /**
   * Fills it, says {@code ready}, and stays until it is told to end.
   *
   * @param args {@code --config}, the node's file, how many servers it is to know, and how many
   *     commands it is to have seen at the least
   */
  public static void main(String[] args) throws BadConfig, InterruptedException {
    Logging.toConsole();
    NodeConfig file = ConfigFile.read(Path.of(args[1]));
    int servers = Integer.parseInt(args[2]);
    int rows = Integer.parseInt(args[3]);
    var log = new AtomicReference<CommandLog>();
    var alone =
        new NodeConfig(file.host(), 0, file.dataFolder(), List.of(), List.of(), file.probe());
    var node =
        new Node(
            alone,
            fault -> {
              System.err.println(fault.getMessage());
              System.exit(1);
            },
            own -> {
              log.set(own);
              return own;
            });
    AtExit.run(node::close);
    fill(log.get(), servers, rows);
    System.out.println("ready " + node.address());
    new CountDownLatch(1).await();
  }

  private static void fill(CommandLog log, int servers, int rows) {
    var waiting = new ArrayList<CompletableFuture<Verdict>>();
    for (int i = 0; i < Math.max(servers, rows); i++) {
      // Behind the servers, heads are named again and again, each time another.
      Command command =
          i < servers
              ? new Command.RegisterInstance(key(i), tree(i / TREE))
              : new Command.NameHead(tree(i % (servers / TREE)), key(i % servers));
      waiting.add(log.submit(new Entry(header(), command)));
      if (waiting.size() == AT_ONCE) {
        settle(waiting);
      }
    }
    settle(waiting);
  }

  private static void settle(List<CompletableFuture<Verdict>> waiting) {
    for (CompletableFuture<Verdict> one : waiting) {
      if (one.join() instanceof Verdict.Rejected rejected) {
        throw new IllegalStateException("not taken: " + rejected.reason());
      }
    }
    waiting.clear();
  }

  private static Header header() {
    return new Header(UUID.randomUUID(), "topiary", "bench", Instant.now(), 1);
  }

  private static InstanceKey key(int i) {
    return new InstanceKey("db" + i + ".example", 3306);
  }

  private static ClusterId tree(int i) {
    return new ClusterId(String.format("c%012x", i));
  }
}
