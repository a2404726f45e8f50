package topiary.store.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

/**
 * Files for nobody else's eyes (mode 0600 in folders of mode 0700, where the file system knows
 * modes), put in place whole and for good. Everything here fails with a {@link StoreException} of
 * kind FULL or UNWRITABLE.
 */
public final class PrivateFiles {

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  // Bytes; SQLite's library needs as much before the first file is opened.
  private static final long NEXT_TO_NOTHING = 4L << 20;

  private PrivateFiles() {}

  /** Makes a folder and those above it; one that is there already keeps its mode. */
  public static void createFolder(Path folder) {
    doing(folder, () -> Files.createDirectories(folder, mode(folder, FOLDER)));
  }

  /** Makes an empty file in the place of what may be there. */
  public static void createEmpty(Path file) {
    doing(
        file,
        () -> {
          Files.deleteIfExists(file);
          Files.createFile(file, mode(file, FILE));
        });
  }

  /** Opens a file for writing, and makes it when it is not there. */
  static FileChannel open(Path file) {
    return reading(
        file,
        () ->
            FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                mode(file, FILE)));
  }

  /** Gives a file that came from elsewhere the private mode. */
  public static void restrict(Path file) {
    if (knowsModes(file)) {
      doing(
          file,
          () -> {
            // A file that is private already may belong to whoever wants to forbid us to change it.
            if (!Files.getPosixFilePermissions(file).equals(FILE)) {
              Files.setPosixFilePermissions(file, FILE);
            }
          });
    }
  }

  /** Copies a file's bytes into an empty private one. */
  public static void copy(Path from, Path to) {
    createEmpty(to);
    doing(
        to,
        () -> {
          try (var in = Files.newInputStream(from);
              var out = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
            in.transferTo(out);
          }
        });
  }

  /** The size of a file, in bytes. */
  public static long size(Path file) {
    return reading(file, () -> Files.size(file));
  }

  /** Deletes a file, if it is there. */
  public static void delete(Path file) {
    doing(file, () -> Files.deleteIfExists(file));
  }

  /** Puts a file in its final place, in the same folder, so that a crash leaves old or new. */
  public static void putInPlace(Path file, Path place) {
    doing(
        place,
        () -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
          Files.move(
              file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          if (knowsModes(place)) {
            // Only where there are modes can a folder be opened, and must be, for its names to
            // last.
            try (FileChannel names =
                FileChannel.open(place.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
              names.force(true);
            }
          }
        });
  }

  interface Reading<T> {
    T get() throws IOException;
  }

  private interface Doing {
    void run() throws IOException;
  }

  private static void doing(Path path, Doing doing) {
    reading(
        path,
        () -> {
          doing.run();
          return path;
        });
  }

  static <T> T reading(Path path, Reading<T> reading) {
    try {
      return reading.get();
    } catch (IOException e) {
      // Those that have a type of their own have a reason of their own.
      boolean nameless =
          e.getClass() == FileSystemException.class || e.getClass() == IOException.class;
      if (nameless && isFull(path, e)) {
        throw new StoreException(
            Kind.FULL, "the disk that holds " + path + " is full: make room and try again", e);
      }
      throw new StoreException(
          Kind.UNWRITABLE,
          path
              + " cannot be made or written ("
              + e
              + "): let the user that runs Topiary write there, or choose another data folder",
          e);
    }
  }

  /**
   * Whether there is next to no room left on the disk of a file.
   *
   * @param trouble what went wrong there; gets what goes wrong while asking
   */
  public static boolean isFull(Path path, Exception trouble) {
    Path parent = path.toAbsolutePath().getParent();
    try {
      return parent != null && Files.getFileStore(parent).getUsableSpace() < NEXT_TO_NOTHING;
    } catch (IOException e) {
      trouble.addSuppressed(e);
      return false;
    }
  }

  private static FileAttribute<?>[] mode(Path path, Set<PosixFilePermission> mode) {
    return knowsModes(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : new FileAttribute<?>[0];
  }

  private static boolean knowsModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
