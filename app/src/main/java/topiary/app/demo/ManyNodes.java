package topiary.app.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import topiary.app.config.BadConfig;
import topiary.app.config.Edition;
import topiary.app.config.NodeConfig;
import topiary.app.nodes.LocalCluster;
import topiary.app.nodes.LocalNode;
import topiary.app.nodes.NodeProgram;
import topiary.app.wire.Threads;
import topiary.lab.Lab;
import topiary.lab.base.Await;
import topiary.lab.process.ProcessId;

/** Several nodes, each a process of its own, that decide together. */
final class ManyNodes implements DemoNodes {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration GLANCE = Duration.ofMillis(500);

  private final Lab lab;
  private final LocalCluster cluster;
  private final Consumer<String> say;
  private final Threads threads = new Threads();

  /** Whose end was told already. */
  private final Set<ProcessId> told = new HashSet<>();

  /**
   * Nodes on a fleet.
   *
   * @param folder of their files and data
   * @param say told when one has ended, in a sentence
   */
  ManyNodes(Lab lab, Path folder, int count, Consumer<String> say) {
    this.lab = lab;
    this.say = say;
    cluster =
        LocalCluster.in(
            folder,
            NodeProgram.standard(),
            count,
            Optional.of(NodeConfig.DEFAULT_PORT),
            Map.of(
                "servers", List.of(lab.members().getFirst().address()),
                "credentials", List.of(LabAccount.json(lab)),
                "pollSeconds", 1));
  }

  @Override
  public void start() throws BadConfig {
    cluster.start();
    if (!Await.holds(PATIENCE, () -> cluster.nodes().stream().allMatch(this::healthy))) {
      throw new BadConfig("the tree is not healthy after " + PATIENCE.toSeconds() + " s");
    }
    threads.every(GLANCE, "nodes", this::look);
  }

  /** Whether a node sees one tree of all servers, none of them in trouble. */
  private boolean healthy(LocalNode node) {
    return node.api()
        .list("clusters")
        .filter(
            clusters ->
                clusters.size() == 1
                    && clusters.getFirst() instanceof Map<?, ?> tree
                    && Integer.valueOf(lab.members().size()).equals(tree.get("instances"))
                    && Integer.valueOf(0).equals(tree.get("troubled")))
        .isPresent();
  }

  /** Says once of each node that ended how it is started again; does not do it. */
  private void look() {
    for (LocalNode node : cluster.nodes()) {
      Optional<ProcessId> process = node.process();
      if (process.isPresent() && !node.alive() && told.add(process.get())) {
        say.accept(
            "node "
                + node.name()
                + " (process "
                + process.get().pid()
                + ") has ended; to start it again: "
                + again(node));
      }
    }
  }

  private static String again(LocalNode node) {
    return Edition.here().program() + " node --config " + node.config();
  }

  @Override
  public List<URI> addresses() {
    return cluster.nodes().stream().map(LocalNode::http).toList();
  }

  @Override
  public String tree() {
    return cluster.nodes().getFirst().api().text("topology").orElse("");
  }

  @Override
  public List<String> hints(String prefix) {
    var lines = new ArrayList<String>();
    LocalNode leader = cluster.leader();
    lines.add("Nodes, each a process:");
    for (LocalNode node : cluster.nodes()) {
      lines.add(
          "  %s  %s  process %d%s"
              .formatted(
                  node.name(),
                  node.http(),
                  node.process().orElseThrow().pid(),
                  node.equals(leader) ? "  leads" : ""));
    }
    Optional<LocalNode> other = cluster.nodes().stream().filter(n -> !n.equals(leader)).findFirst();
    lines.add("  " + prefix + Edition.here().program() + " cluster");
    if (other.isPresent()) {
      lines.add(
          "  " + prefix + Edition.here().program() + " cluster-transfer " + other.get().name());
      lines.add(
          "  kill -9 "
              + leader.process().orElseThrow().pid()
              + "    kills the one that leads: watch the others; to start it again:");
      lines.add("  " + again(leader));
    }
    return lines;
  }

  @Override
  public void close() {
    threads.close();
    cluster.close();
  }
}
