package topiary.app.wire;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.engine.port.Audit;
import topiary.engine.state.ManagerState;
import topiary.store.Position;
import topiary.store.Store;
import topiary.store.StoreException;
import topiary.store.history.HistoryLimits;
import topiary.store.history.HistoryStore;
import topiary.store.opening.Histories;
import topiary.store.opening.Stores;

/**
 * A node's state as a file that can be carried elsewhere, whatever the node keeps it in; the node
 * must not be running meanwhile, which the lock on its data folder sees to.
 */
public final class StateFile {

  private StateFile() {}

  /** Why the file, rather than the node's own place, is not what is needed. */
  public static final class Unfit extends Exception {

    private static final long serialVersionUID = 1L;

    Unfit(String sentence) {
      super(sentence);
    }

    Unfit(StoreException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * What went into a file, or came out of it.
   *
   * @param servers how many are looked after
   * @param position the place of the last entry of the log in it
   * @param hash of the state
   */
  public record Content(int servers, Position position, String hash) {

    private static Content of(Store store) {
      return new Content(store.state().instances().size(), store.lastApplied(), store.stateHash());
    }
  }

  /**
   * Writes a node's state.
   *
   * @param replace whether a file that is there may go
   * @throws Unfit when it must not, or the file cannot be written
   * @throws StoreException when the node's own place cannot be used
   */
  public static Content export(NodeConfig config, Path file, boolean replace) throws Unfit {
    if (!replace && Files.exists(file)) {
      throw new Unfit(file + " is there already: name another file, or say --replace");
    }
    try (Store store = Stores.openExisting(config.store(), config.dataFolder())) {
      try {
        store.writeSnapshot(file);
      } catch (StoreException e) {
        throw new Unfit(e);
      }
      return Content.of(store);
    }
  }

  /**
   * Goes along a node's audit.
   *
   * @param noted a hash that was noted elsewhere once, and must be in it
   * @throws StoreException when the node's own place cannot be used
   */
  public static Audit.Verification verify(NodeConfig config, Optional<String> noted) {
    try (Store store = Stores.openExisting(config.store(), config.dataFolder())) {
      return store.verify(noted);
    }
  }

  /** A history that no node writes, for measuring it. */
  public static HistoryStore history(Path folder, HistoryLimits limits) {
    return Histories.open(folder, limits);
  }

  /**
   * Puts a file's state in the place of a node's; the file is checked before anything is changed.
   *
   * @param replace whether a state that is there may go
   * @throws Unfit when it must not, or the file cannot be used
   * @throws StoreException when the node's own place cannot be used
   * @throws BadConfig when it cannot be told whether the node is a member of a cluster
   */
  public static Content take(NodeConfig config, Path file, boolean replace)
      throws Unfit, BadConfig {
    if (Files.isDirectory(config.dataFolder())
        && new MemberFile(config.dataFolder()).read().isPresent()) {
      throw new Unfit(
          "this node is a member of a cluster, whose log says what its state is: import into the"
              + " empty data folder of a node that is alone, and make a cluster of that with"
              + " --bootstrap");
    }
    try {
      Stores.check(file);
    } catch (StoreException e) {
      throw new Unfit(e);
    }
    try (Store store = Stores.open(config.store(), config.dataFolder())) {
      boolean empty = store.lastApplied().index() == 0 && store.state().equals(ManagerState.EMPTY);
      if (!replace && !empty) {
        throw new Unfit(
            "the node has a state already ("
                + store.state().instances().size()
                + " servers, up to entry "
                + store.lastApplied().index()
                + "): export it first, then say --replace");
      }
      store.restore(file);
      return Content.of(store);
    }
  }
}
