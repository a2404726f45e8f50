package topiary.store.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

/**
 * A node's data folder while the node holds it. A folder that is made here has mode 0700; one that
 * was there keeps its mode, as it may be somebody's home, but the files made in it are private all
 * the same.
 */
public final class DataFolder implements AutoCloseable {

  private static final String DRIVER_TMP = "org.sqlite.tmpdir";

  // A second channel on the lock file would, when closed, release the first one's lock with it
  // (POSIX locks belong to the process), so whoever is in this process already is known here.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  // Cleaned once in a process: afterwards the library there may be this process's own.
  private static final Set<Path> CLEANED = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the folder when it is not there, and holds it.
   *
   * @throws StoreException of kind LOCKED when somebody holds it, UNWRITABLE or FULL when it cannot
   *     be made or written
   */
  public static DataFolder open(Path folder) {
    PrivateFiles.createFolder(folder);
    Path path = PrivateFiles.reading(folder, folder::toRealPath);
    if (!HELD.add(path)) {
      throw locked(path);
    }
    FileChannel channel = null;
    try {
      channel = PrivateFiles.open(path.resolve("lock"));
      lock(path, channel);
      prepareDriver(path.resolve("tmp"));
      return new DataFolder(path, channel);
    } catch (Throwable t) {
      letGo(path, channel, t);
      throw t;
    }
  }

  /** A file of it. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** Lets go of it. May be called twice. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      // By now it may be another's.
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException(
          Kind.BROKEN,
          path.resolve("lock") + " could not be released (" + e + "): end this process",
          e);
    } finally {
      HELD.remove(path);
    }
  }

  private static void lock(Path path, FileChannel channel) {
    FileLock lock = PrivateFiles.reading(path.resolve("lock"), channel::tryLock);
    if (lock == null) {
      throw locked(path);
    }
  }

  private static StoreException locked(Path path) {
    return new StoreException(
        Kind.LOCKED,
        "the data folder "
            + path
            + " is in use by another Topiary: end that one, or give this one a folder of its own");
  }

  private static void letGo(Path path, FileChannel channel, Throwable why) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      why.addSuppressed(e);
    } finally {
      HELD.remove(path);
    }
  }

  /**
   * The driver unpacks its native library at its first use, and leaves it behind when the process
   * is killed: in here, instead of the computer's folder for temporary files.
   */
  private static void prepareDriver(Path tmp) {
    PrivateFiles.createFolder(tmp);
    if (CLEANED.add(tmp)) {
      PrivateFiles.reading(
          tmp,
          () -> {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(tmp, "sqlite-*")) {
              for (Path file : left) {
                Files.delete(file);
              }
            }
            return tmp;
          });
    }
    if (System.getProperty(DRIVER_TMP) == null) {
      System.setProperty(DRIVER_TMP, tmp.toString());
    }
  }
}
