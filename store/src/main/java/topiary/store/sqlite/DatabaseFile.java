package topiary.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import topiary.store.Position;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.folder.DataFolder;
import topiary.store.folder.PrivateFiles;
import topiary.store.json.JsonCodec;

/**
 * The file as a whole: made, checked, copied, replaced. It comes into its place only when it is
 * complete, and is checked by a connection that cannot write before one that can touches it.
 */
final class DatabaseFile {

  private final Path path;
  private final Path fresh;

  DatabaseFile(DataFolder folder) {
    path = folder.file("topiary.db");
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
    removeFresh();
    if (Files.exists(path)) {
      check(path);
      PrivateFiles.restrict(path);
      return;
    }
    if (Files.exists(sibling(path, "-wal"))) {
      // SQLite would play it into the new file.
      throw Trouble.damaged(path, "it is missing, but its -wal file is there", null);
    }
    PrivateFiles.createEmpty(fresh);
    try (Connection connection = Connections.toWrite(fresh)) {
      Migrations.run(connection);
    }
    PrivateFiles.putInPlace(fresh, path);
  }

  /** Opens it for writing, its tables being those of this program. */
  Connection openToWrite() throws SQLException {
    Connection connection = Connections.toWrite(path);
    try {
      Connections.shareWithReaders(connection);
      Migrations.run(connection);
      return connection;
    } catch (Throwable t) {
      connection.close();
      throw t;
    }
  }

  /** Writes a copy of what is committed now, and tells the position it stands at. */
  Position copyTo(Path target) throws SQLException {
    Path whole = target.toAbsolutePath();
    Path part = sibling(whole, ".tmp");
    PrivateFiles.createFolder(whole.getParent());
    PrivateFiles.createEmpty(part);
    try {
      // A connection of its own: the writer's has statements under way.
      try (Connection connection = Connections.toRead(path);
          PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
        copy.setString(1, part.toString());
        copy.execute();
      }
      Position position;
      try (Connection connection = Connections.toRead(part)) {
        position = MetaRow.position(connection);
      }
      PrivateFiles.putInPlace(part, whole);
      return position;
    } catch (Throwable t) {
      removeAfter(t, part);
      throw t;
    }
  }

  /** Makes a snapshot ready to be put in place, and leaves the present file alone. */
  void stage(Path snapshot, long epoch) throws SQLException {
    removeFresh();
    if (!Files.isReadable(snapshot)) {
      throw new StoreException(
          Kind.UNWRITABLE, "the snapshot " + snapshot + " cannot be read: name one that can");
    }
    check(snapshot);
    PrivateFiles.copy(snapshot, fresh);
    try (Connection connection = Connections.toWrite(fresh)) {
      Migrations.run(connection);
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

  private static void check(Path file) throws SQLException {
    if (Files.isDirectory(file)) {
      throw new StoreException(
          Kind.UNWRITABLE, file + " is a folder: move it aside, or choose another data folder");
    }
    long size = PrivateFiles.size(file);
    if (size == 0) {
      // To SQLite it would be a new database.
      throw Trouble.damaged(file, "it is empty", null);
    }
    try (Connection connection = Connections.toRead(file)) {
      String verdict = Connections.one(connection, "PRAGMA quick_check(1)");
      if (!"ok".equals(verdict)) {
        throw Trouble.damaged(file, verdict.replaceAll("\\s+", " "), null);
      }
      Migrations.check(file, connection);
      int format = MetaRow.format(connection);
      if (format > JsonCodec.FORMAT) {
        throw new StoreException(
            Kind.NEWER,
            file
                + " was written by a newer Topiary (format "
                + format
                + "): update this one, or choose another data folder");
      }
    } catch (SQLException e) {
      throw Trouble.with(file, e);
    }
  }

  private void removeFresh() {
    for (String end : new String[] {"", "-journal", "-wal", "-shm"}) {
      PrivateFiles.delete(sibling(fresh, end));
    }
  }

  private static void removeAfter(Throwable trouble, Path file) {
    try {
      PrivateFiles.delete(file);
    } catch (StoreException e) {
      trouble.addSuppressed(e);
    }
  }

  private static Path sibling(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }
}
