package topiary.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import topiary.store.Position;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.folder.DataFolder;
import topiary.store.folder.PrivateFiles;
import topiary.store.rows.MetaRow;

/**
 * A store's file as a whole: made, checked, copied, replaced. It comes into its place only when it
 * is complete, and is checked by a connection that cannot write before one that can touches it.
 */
final class DatabaseFile {

  static final String NAME = "topiary.db";

  private final Path path;
  private final Path fresh;
  private final Duration busy;

  /**
   * The file of a folder.
   *
   * @param busy how long to wait for another program that holds it
   */
  DatabaseFile(DataFolder folder, Duration busy) {
    this.busy = busy;
    path = folder.file(NAME);
    fresh = folder.file("topiary.db.new");
  }

  Path path() {
    return path;
  }

  /**
   * Makes it when there is none, checks it when there is one.
   *
   * @throws StoreException when it cannot be used
   */
  void prepare() throws SQLException {
    SnapshotFile.remove(fresh);
    if (Files.exists(path)) {
      SnapshotFile.check(path, busy);
      PrivateFiles.restrict(path);
      return;
    }
    if (Files.exists(sibling(path, "-wal"))) {
      // SQLite would play it into the new file.
      throw Trouble.damaged(path, "it is missing, but its -wal file is there", null);
    }
    PrivateFiles.createEmpty(fresh);
    try (Connection connection = Connections.toWrite(fresh, busy)) {
      SqliteKit.MIGRATIONS.run(connection);
    }
    PrivateFiles.putInPlace(fresh, path);
  }

  /** Opens it for writing, its tables being those of this program. */
  Connection openToWrite() throws SQLException {
    Connection connection = Connections.toWrite(path, busy);
    try {
      Connections.shareWithReaders(connection);
      SqliteKit.MIGRATIONS.run(connection);
      return connection;
    } catch (Throwable t) {
      connection.close();
      throw t;
    }
  }

  /** Writes a copy of what is committed now, and tells the position it stands at. */
  Position copyTo(Path target) throws SQLException {
    return SnapshotFile.write(
        target,
        part -> {
          // A connection of its own: the writer's has statements under way.
          try (Connection connection = Connections.toRead(path, busy);
              PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
            copy.setString(1, part.toString());
            copy.execute();
          }
        });
  }

  /** Makes a snapshot ready to be put in place, and leaves the present file alone. */
  void stage(Path snapshot, long epoch) throws SQLException {
    SnapshotFile.stage(snapshot, fresh);
    try (Connection connection = Connections.toWrite(fresh, busy)) {
      MetaRow.setEpoch(connection, epoch);
    }
  }

  /** Puts what was staged in place; nobody may have the present file open. */
  void replace() {
    Path wal = sibling(path, "-wal");
    if (Files.exists(wal)) {
      // The last connection takes it away when it could write everything into the file.
      throw new StoreException(
          Kind.BROKEN,
          wal + " is still in use: end the programs that read " + path + ", then restore again");
    }
    PrivateFiles.putInPlace(fresh, path);
  }

  private static Path sibling(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }
}
