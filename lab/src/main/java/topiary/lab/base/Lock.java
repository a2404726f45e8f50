package topiary.lab.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a file, held against other processes and other threads; it ends with {@link #close} or
 * the process.
 */
public final class Lock implements AutoCloseable {
  /**
   * The files locked by this JVM. The system's file locks belong to the process, and closing any
   * handle on a file drops them, so a second handle on a locked file must never be opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private Lock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock if nobody has it.
   *
   * @param file made when missing; its directory must exist
   * @return empty when another thread or process holds it, or the directory vanished meanwhile
   */
  public static Optional<Lock> tryTake(Path file) {
    Path key = file.toAbsolutePath().normalize();
    if (!HELD.add(key)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Object before = identity(key);
      // A holder may have deleted the file before it let go; a lock on a deleted file guards
      // nothing.
      taken = channel.tryLock() != null && before.equals(identity(key));
      return taken ? Optional.of(new Lock(key, channel)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LabException.of("cannot lock " + key, e);
    } finally {
      if (!taken) {
        release(key, channel);
      }
    }
  }

  /**
   * Takes the lock, waiting for it.
   *
   * @throws LabException when it is still held after {@code limit}
   */
  public static Lock take(Path file, Duration limit) {
    return Await.value(
        limit,
        () -> tryTake(file),
        () ->
            file
                + " is still locked by another process after "
                + limit.toSeconds()
                + " s; try again when it ends");
  }

  private static Object identity(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  private static void release(Path key, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw LabException.of("cannot unlock " + key, e);
    } finally {
      HELD.remove(key);
    }
  }

  @Override
  public void close() {
    if (channel.isOpen()) {
      release(file, channel);
    }
  }
}
