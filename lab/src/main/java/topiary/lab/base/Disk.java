package topiary.lab.base;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** File work as the lab needs it. Every method tells a failure as a {@link LabException}. */
public final class Disk {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private Disk() {}

  /**
   * Makes a directory, and its missing parents, that only the owner may enter; an existing one is
   * left as it is.
   */
  public static void makePrivate(Path directory) {
    try {
      Files.createDirectories(directory, OWNER_DIRECTORY);
    } catch (IOException e) {
      throw LabException.of("cannot make the directory " + directory, e);
    }
  }

  /**
   * Writes a file that only the owner may read, whole or not at all: readers see the old text or
   * the new.
   */
  public static void writePrivate(Path file, String text) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (var channel = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), OWNER_FILE)) {
        writeAll(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw LabException.of("cannot write " + file, e);
    }
  }

  /** Writes all of a buffer: one call may take less, on a nearly full disk for one. */
  public static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** The text of a file. */
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw LabException.of("cannot read " + file, e);
    }
  }

  /**
   * Copies a tree into a new directory; stretches of zeros become holes, which makes a data
   * directory a tenth.
   */
  public static void copySparse(Path from, Path to) {
    try {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
              Files.createDirectory(to.resolve(from.relativize(directory)), OWNER_DIRECTORY);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              copyFileSparse(file, to.resolve(from.relativize(file)));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw LabException.of("cannot copy " + from + " to " + to, e);
    }
  }

  private static void copyFileSparse(Path from, Path to) throws IOException {
    var zeros = ByteBuffer.allocate(64 * 1024);
    var bytes = ByteBuffer.allocate(64 * 1024);
    try (var in = FileChannel.open(from, READ);
        var out = FileChannel.open(to, Set.of(CREATE_NEW, WRITE, SPARSE), OWNER_FILE)) {
      long position = 0;
      while (in.read(bytes.clear()) >= 0) {
        bytes.flip();
        long next = position + bytes.limit();
        if (bytes.mismatch(zeros.slice(0, bytes.limit())) >= 0) {
          out.position(position);
          writeAll(out, bytes);
        }
        position = next;
      }
      // A file that ends in a hole gets its length from its last byte.
      if (position > 0 && out.size() < position) {
        out.position(position - 1);
        writeAll(out, zeros.slice(0, 1));
      }
    }
  }

  /** Removes a tree, if it is there. Files that vanish meanwhile are no error. */
  public static void delete(Path root) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException fault)
                throws IOException {
              if (fault instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw fault;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException fault)
                throws IOException {
              if (fault != null) {
                throw fault;
              }
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw LabException.of("cannot delete " + root, e);
    }
  }

  /** The entries of a directory, sorted by name; none when it is not there. */
  public static List<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw LabException.of("cannot read the directory " + directory, e);
    }
  }

  /** Copies one file, what a symbolic link points to rather than the link. */
  public static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw LabException.of("cannot copy " + from + " to " + to, e);
    }
  }

  /** Moves a file or a folder within one file system to a place that is free. */
  public static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw LabException.of("cannot move " + from + " to " + to, e);
    }
  }

  /** Renames within one file system, at once. */
  public static void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw LabException.of("cannot rename " + from + " to " + to, e);
    }
  }

  /**
   * Refuses early when a disk is too full, since a server that meets a full disk later only waits.
   *
   * @param bytes what is needed
   * @param purpose what for, e.g. {@code "5 servers"}
   */
  public static void needSpace(Path directory, long bytes, String purpose) {
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      if (free < bytes) {
        throw new LabException(
            "%s need %d MB in %s and only %d MB are free; free some space or set TOPIARY_CACHE to another disk"
                .formatted(purpose, bytes >> 20, directory, free >> 20));
      }
    } catch (IOException e) {
      throw LabException.of("cannot tell how much space is free in " + directory, e);
    }
  }

  /** The last lines of a text file, joined by line ends; empty when there is no such file. */
  public static String tail(Path file, int lines) {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(in.length(), 16 * 1024)];
      in.seek(in.length() - end.length);
      in.readFully(end);
      List<String> all = new String(end, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return Files.exists(file)
          ? "(" + file + " cannot be read: " + LabException.reason(e) + ")"
          : "";
    }
  }
}
