package topiary.app.wire;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.app.wire.MemberFile.Standing;
import topiary.store.Store;
import topiary.store.StoreChoice;
import topiary.store.StoreException;
import topiary.store.folder.PrivateFiles;
import topiary.store.opening.Stores;

/**
 * Opens a node's state. A member of a cluster whose state is damaged sets it aside and begins with
 * none: its own log, and the others, fill it again.
 */
final class MemberStore {

  private static final System.Logger LOG = System.getLogger(MemberStore.class.getName());

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private MemberStore() {}

  static Store open(NodeConfig config) throws BadConfig {
    Path folder = config.dataFolder();
    boolean member =
        Files.isDirectory(folder)
            && new MemberFile(folder)
                .read()
                .filter(known -> known.standing() == Standing.MEMBER)
                .isPresent();
    try {
      return Stores.open(config.store(), folder);
    } catch (StoreException e) {
      boolean file = config.store() instanceof StoreChoice.Sqlite;
      if (!member || !file || e.kind() != StoreException.Kind.CORRUPT) {
        throw e;
      }
      Path aside = folder.resolve("topiary.db.damaged-" + STAMP.format(Instant.now()));
      LOG.log(
          System.Logger.Level.WARNING,
          e.getMessage() + "; it is kept as " + aside + ", and this node is filled again");
      PrivateFiles.putInPlace(folder.resolve("topiary.db"), aside);
      // What belongs to the damaged file must not be taken for the new one's.
      PrivateFiles.delete(folder.resolve("topiary.db-wal"));
      PrivateFiles.delete(folder.resolve("topiary.db-shm"));
      return Stores.open(config.store(), folder);
    }
  }
}
