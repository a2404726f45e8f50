package topiary.store.opening;

import java.nio.file.Path;
import topiary.store.Store;
import topiary.store.StoreChoice;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.mysql.MySqlStore;
import topiary.store.sqlite.SnapshotFile;
import topiary.store.sqlite.SqliteStore;

/** Stores of every kind. */
public final class Stores {

  private Stores() {}

  /**
   * Opens a node's store, and makes what is not there.
   *
   * @param folder the node's data folder, held from now on, whatever the state is kept in
   * @throws StoreException of any kind; what is damaged or newer is left as it is
   */
  public static Store open(StoreChoice choice, Path folder) {
    return switch (choice) {
      case StoreChoice.Sqlite sqlite -> SqliteStore.open(folder, sqlite);
      case StoreChoice.MySql mySql -> MySqlStore.open(folder, mySql, true);
    };
  }

  /**
   * Opens a node's store that is there already.
   *
   * @throws StoreException as above, and of kind BROKEN when there is none
   */
  public static Store openExisting(StoreChoice choice, Path folder) {
    return switch (choice) {
      case StoreChoice.Sqlite sqlite -> {
        if (!SqliteStore.isIn(folder)) {
          throw new StoreException(
              Kind.BROKEN, "there is no state of a node in " + folder + ": name its own file");
        }
        yield SqliteStore.open(folder, sqlite);
      }
      case StoreChoice.MySql mySql -> MySqlStore.open(folder, mySql, false);
    };
  }

  /**
   * Says whether a file can be restored into a store of any kind, and changes nothing.
   *
   * @throws StoreException when it cannot
   */
  public static void check(Path snapshot) {
    SnapshotFile.check(snapshot);
  }
}
