package topiary.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.folder.PrivateFiles;

/** What SQLite complains of, as a sentence with advice. */
final class Trouble {

  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int PERM = 3;
  private static final int READONLY = 8;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOTADB = 26;

  private Trouble() {}

  static StoreException with(Path file, SQLException e) {
    // The low byte is the kind; what is above it says where in SQLite.
    return switch (e.getErrorCode() & 0xff) {
      case BUSY, LOCKED ->
          new StoreException(
              Kind.LOCKED, file + " is in use by another program: end that one, then try again", e);
      case CORRUPT, NOTADB -> damaged(file, e.getMessage(), e);
      case FULL -> full(file, e);
      case PERM, READONLY, CANTOPEN ->
          new StoreException(
              Kind.UNWRITABLE,
              file
                  + " cannot be opened or written ("
                  + e.getMessage()
                  + "): let the user that runs Topiary write it, or choose another data folder",
              e);
      default -> other(file, e);
    };
  }

  /**
   * There is no room.
   *
   * @param e null when there is no more to say
   */
  static StoreException full(Path file, SQLException e) {
    return new StoreException(
        Kind.FULL,
        "the disk that holds "
            + file
            + " is full, and nothing was changed: make room, then try again",
        e);
  }

  private static StoreException other(Path file, SQLException e) {
    if (PrivateFiles.isFull(file, e)) {
      // Neither the driver, which unpacks its library there, nor SQLite always says so.
      return full(file, e);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new StoreException(
        Kind.BROKEN,
        file
            + " cannot be used ("
            + root.getMessage()
            + "): see whether its disk is sound, then start this node again",
        e);
  }

  /**
   * The file is not what was written.
   *
   * @param cause null when there is none
   */
  static StoreException damaged(Path file, String how, Exception cause) {
    return new StoreException(
        Kind.CORRUPT,
        file
            + " is damaged ("
            + how
            + ") and was left as it is: move it aside, with its -wal and -shm files, then put a"
            + " snapshot in its place or start without it",
        cause);
  }
}
