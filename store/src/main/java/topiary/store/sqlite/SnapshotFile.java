package topiary.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import topiary.store.Position;
import topiary.store.StoreChoice.Sqlite;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.folder.PrivateFiles;
import topiary.store.rows.Jdbc;
import topiary.store.rows.MetaRow;

/**
 * The one form in which a state travels, whatever it is kept in: a SQLite file with the tables of a
 * SQLite store. Everything here that goes wrong is a {@link StoreException} that names the file.
 */
public final class SnapshotFile {

  private static final String ELSEWHERE = "another data folder";

  private SnapshotFile() {}

  /** What puts everything into an empty file. */
  interface Copying {
    void into(Path part) throws SQLException;
  }

  /**
   * What puts rows in the place of those that tables are made with; the transaction is looked
   * after.
   */
  public interface Filling {
    /** Does it. */
    void into(Connection connection) throws SQLException;
  }

  /** What reads from a snapshot. */
  public interface Reading<T> {
    /** Does it. */
    T from(Connection connection) throws SQLException;
  }

  /**
   * Writes a snapshot from rows that come from elsewhere.
   *
   * @param target the file; one that is there is replaced when the new one is whole
   * @return the position it stands at
   */
  public static Position fill(Path target, Filling filling) {
    return write(
        target,
        part -> {
          try (Connection connection = Connections.toWrite(part, Sqlite.BUSY)) {
            // Nobody looks at it before it is whole, and on the disk.
            Jdbc.execute(connection, "PRAGMA synchronous = OFF");
            Jdbc.execute(connection, "PRAGMA journal_mode = MEMORY");
            SqliteKit.MIGRATIONS.run(connection);
            Connections.writing(
                connection,
                () -> {
                  filling.into(connection);
                  return part;
                });
          }
        });
  }

  static Position write(Path target, Copying copying) {
    Path whole = target.toAbsolutePath();
    Path part = sibling(whole, ".tmp");
    PrivateFiles.createFolder(whole.getParent());
    PrivateFiles.createEmpty(part);
    try {
      copying.into(part);
      Position position;
      try (Connection connection = Connections.toRead(part, Sqlite.BUSY)) {
        position = MetaRow.position(connection);
      }
      PrivateFiles.putInPlace(part, whole);
      return position;
    } catch (SQLException e) {
      StoreException trouble = Trouble.with(target, e);
      removeAfter(trouble, part);
      throw trouble;
    } catch (Throwable t) {
      removeAfter(t, part);
      throw t;
    }
  }

  /**
   * Says whether a file can be restored, and changes nothing.
   *
   * @throws StoreException when it cannot
   */
  public static void check(Path snapshot) {
    if (!Files.isReadable(snapshot)) {
      throw new StoreException(
          Kind.UNWRITABLE, "the snapshot " + snapshot + " cannot be read: name one that can");
    }
    check(snapshot, Sqlite.BUSY);
  }

  static void check(Path file, Duration busy) {
    if (Files.isDirectory(file)) {
      throw new StoreException(
          Kind.UNWRITABLE, file + " is a folder: move it aside, or choose another data folder");
    }
    long size = PrivateFiles.size(file);
    if (size == 0) {
      // To SQLite it would be a new database.
      throw Trouble.damaged(file, "it is empty", null);
    }
    try (Connection connection = Connections.toRead(file, busy)) {
      String verdict = Jdbc.one(connection, "PRAGMA quick_check(1)");
      if (!"ok".equals(verdict)) {
        throw Trouble.damaged(file, verdict.replaceAll("\\s+", " "), null);
      }
      SqliteKit.MIGRATIONS.check(file.toString(), ELSEWHERE, connection);
    } catch (SQLException e) {
      throw Trouble.with(file, e);
    }
  }

  /** Makes a copy of a snapshot that was checked, with the tables of this program. */
  public static void stage(Path snapshot, Path copy) {
    remove(copy);
    check(snapshot);
    PrivateFiles.copy(snapshot, copy);
    try (Connection connection = Connections.toWrite(copy, Sqlite.BUSY)) {
      SqliteKit.MIGRATIONS.run(connection);
    } catch (SQLException e) {
      throw Trouble.with(copy, e);
    }
  }

  /** Reads from a snapshot that was staged; what goes wrong with the file names it. */
  public static <T> T read(Path copy, Reading<T> reading) throws SQLException {
    try (Connection connection = Connections.toRead(copy, Sqlite.BUSY)) {
      return reading.from(connection);
    }
  }

  /** Deletes a file and what SQLite may have left beside it. */
  public static void remove(Path copy) {
    for (String end : new String[] {"", "-journal", "-wal", "-shm"}) {
      PrivateFiles.delete(sibling(copy, end));
    }
  }

  private static void removeAfter(Throwable trouble, Path file) {
    try {
      remove(file);
    } catch (StoreException e) {
      trouble.addSuppressed(e);
    }
  }

  private static Path sibling(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }
}
