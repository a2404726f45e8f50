package topiary.store.opening;

import java.nio.file.Path;
import topiary.store.StoreException;
import topiary.store.history.HistoryLimits;
import topiary.store.history.HistoryStore;
import topiary.store.sqlite.HistoryFile;

/** Histories; there is one kind. */
public final class Histories {

  private Histories() {}

  /**
   * Opens a node's history, and makes it when there is none.
   *
   * @param folder the node's data folder, which somebody holds
   * @throws StoreException of any kind; what is damaged or newer is left as it is
   */
  public static HistoryStore open(Path folder, HistoryLimits limits) {
    return HistoryFile.open(folder, limits);
  }
}
