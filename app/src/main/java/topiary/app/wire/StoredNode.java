package topiary.app.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import topiary.app.config.Access;
import topiary.app.config.BadConfig;
import topiary.app.config.Keeping;
import topiary.app.config.NodeConfig;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.SaidPolicy;
import topiary.store.StoreChoice;
import topiary.store.orchestrator.Stored;

/**
 * A node that shows a situation as orchestrator has stored it: to whoever asks its API, or looks at
 * it in a window. It asks no server, runs nothing, tells nobody, and keeps nothing: its state is in
 * a folder of its own, which goes with it.
 */
public final class StoredNode implements AutoCloseable {

  private final Path folder;
  private final List<String> refused;
  private final Node node;

  /**
   * Makes one, which serves at once.
   *
   * @param door a node's file, of which it counts where it listens and who may come in; empty for
   *     this machine, at the usual port
   * @param onFatal told when it cannot go on
   * @throws BadConfig when the address, or what the file names, cannot be used
   * @throws topiary.store.StoreException when there is no room for its folder
   */
  public StoredNode(Optional<NodeConfig> door, Stored stored, Consumer<Throwable> onFatal)
      throws BadConfig {
    try {
      folder = Files.createTempDirectory("topiary-stored");
    } catch (IOException e) {
      throw new BadConfig("no folder can be made for what is shown: " + e.getMessage(), e);
    }
    try {
      NodeConfig config = config(door, folder);
      refused = OrchestratorImport.into(config, stored, stored.now()).refused();
      node = new Node(config, stored.world(JudgementPolicy.DEFAULT), onFatal);
    } catch (StateFile.Unfit e) {
      delete();
      throw new IllegalStateException("a new folder has a state", e);
    } catch (BadConfig | RuntimeException e) {
      delete();
      throw e;
    }
  }

  private static NodeConfig config(Optional<NodeConfig> door, Path folder) {
    return new NodeConfig(
        door.map(NodeConfig::host).orElse("127.0.0.1"),
        door.map(NodeConfig::port).orElse(NodeConfig.DEFAULT_PORT),
        folder,
        List.of(),
        List.of(),
        NodeConfig.polling(Duration.ofSeconds(5)),
        door.map(NodeConfig::access).orElse(Access.LOCAL),
        Optional.empty(),
        StoreChoice.STANDARD,
        new Keeping(Keeping.STANDARD.audit(), Optional.empty(), SaidPolicy.DEFAULT));
  }

  /** What of what is stored could not be taken, a sentence each. */
  public List<String> refused() {
    return refused;
  }

  /** Where its state is, as long as it runs. */
  public Path folder() {
    return folder;
  }

  /** Shows it. */
  public void start() throws BadConfig {
    node.start();
  }

  /** Where it serves. */
  public String address() {
    return node.address();
  }

  @Override
  public void close() {
    node.close();
    delete();
  }

  private void delete() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
