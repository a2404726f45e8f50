package topiary.app.demo;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.app.text.Ink;
import topiary.app.text.TreeText;
import topiary.app.wire.Node;
import topiary.engine.manager.By;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** A node that is alone, in this process. */
final class OneNode implements DemoNodes {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For each server more, when there are many. */
  private static final Duration EACH = Duration.ofMillis(50);

  private static final long GLANCE_MILLIS = 50;

  private final DemoFleet fleet;
  private final Node node;

  /**
   * A node on a fleet.
   *
   * @param folder of its data
   * @param onFatal told when it cannot go on
   */
  OneNode(DemoFleet fleet, Path folder, Consumer<String> onFatal) throws BadConfig {
    this.fleet = fleet;
    node = node(fleet, folder, onFatal);
  }

  /** On the port clients try first, when it is free. */
  private static Node node(DemoFleet fleet, Path folder, Consumer<String> onFatal)
      throws BadConfig {
    try {
      return node(config(fleet, folder, NodeConfig.DEFAULT_PORT), onFatal);
    } catch (BadConfig e) {
      // In use: any other does. Were it something else, it would be so there too.
      return node(config(fleet, folder, 0), onFatal);
    }
  }

  private static Node node(NodeConfig config, Consumer<String> onFatal) throws BadConfig {
    return new Node(config, fault -> onFatal.accept(fault.getMessage()), UnaryOperator.identity());
  }

  private static NodeConfig config(DemoFleet fleet, Path folder, int port) {
    return new NodeConfig(
        InetAddress.getLoopbackAddress().getHostAddress(),
        port,
        folder,
        fleet.seeds().subList(0, 1),
        List.of(fleet.account()),
        NodeConfig.polling(fleet.poll()));
  }

  @Override
  public void start() throws BadConfig, InterruptedException {
    node.start();
    Duration patience = PATIENCE.plus(EACH.multipliedBy(fleet.members().size()));
    long end = System.nanoTime() + patience.toNanos();
    for (InstanceKey seed : fleet.seeds().subList(1, fleet.seeds().size())) {
      takeIn(seed, end);
    }
    while (missing().isPresent()) {
      if (System.nanoTime() - end > 0) {
        throw new BadConfig(
            "the tree is not healthy after " + patience.toSeconds() + " s: " + missing().get());
      }
      Thread.sleep(GLANCE_MILLIS);
    }
  }

  /** One after the other: all at once, each would have to wait too long for the others. */
  private void takeIn(InstanceKey seed, long end) throws BadConfig, InterruptedException {
    while (true) {
      try {
        node.manager().discover(seed, new By("topiary", "demo"));
        return;
      } catch (RequestRefused e) {
        if (System.nanoTime() - end > 0) {
          throw new BadConfig("a tree is not found: " + e.getMessage());
        }
        Thread.sleep(GLANCE_MILLIS);
      }
    }
  }

  private Optional<String> missing() {
    Topology topology = node.manager().topology();
    for (InstanceKey key : fleet.members()) {
      Optional<Instance> instance = topology.instance(key);
      if (instance.isEmpty()) {
        return Optional.of(key + " is not found");
      }
      if (fleet.eachWell() && !instance.get().seen()) {
        return Optional.of(key + " is " + instance.get().condition().words());
      }
      if (fleet.eachWell()
          && instance.get().primaryChannel().filter(c -> !c.replicating()).isPresent()) {
        return Optional.of(key + " does not replicate");
      }
    }
    int trees = fleet.seeds().size();
    boolean whole = topology.trees().size() == trees;
    boolean named =
        node.manager().state().heads().size() == trees
            && node.manager().state().instances().size() == fleet.members().size();
    return whole && named ? Optional.empty() : Optional.of("the tree has no name yet");
  }

  @Override
  public List<URI> addresses() {
    return List.of(URI.create(node.address()));
  }

  @Override
  public String tree() {
    Topology topology = node.manager().topology();
    var text = new StringBuilder();
    topology
        .trees()
        .forEach(tree -> text.append(new TreeText(topology, Ink.PLAIN, Instant.now()).of(tree)));
    return text.toString();
  }

  @Override
  public List<String> hints(String prefix) {
    return List.of();
  }

  @Override
  public void close() {
    node.close();
  }
}
