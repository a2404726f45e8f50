package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import topiary.lab.base.Disk;
import topiary.lab.base.Lock;

/** Makes folders of the cache: by one process at a time, whole or not at all, and once. */
final class Workshop {
  /** A slow line takes minutes for a server. */
  private static final Duration OTHERS_WORK = Duration.ofMinutes(10);

  private Workshop() {}

  /**
   * Makes a folder unless it is there.
   *
   * @param shelf the folder it stands in, made when missing
   * @param bytes the space that making it takes
   * @param purpose what for, e.g. {@code "the MariaDB programs"}
   * @param work fills the folder it is given, which is not there yet
   */
  static Path make(Path shelf, String name, long bytes, String purpose, Consumer<Path> work) {
    Path ready = shelf.resolve(name);
    if (Files.isDirectory(ready)) {
      return ready;
    }
    Disk.makePrivate(shelf);
    try (var _ = Lock.take(shelf.resolve(name + ".lock"), OTHERS_WORK)) {
      if (!Files.isDirectory(ready)) {
        Path fresh = shelf.resolve(name + ".new");
        Disk.delete(fresh);
        Disk.needSpace(shelf, bytes, purpose);
        try {
          work.accept(fresh);
          Disk.rename(fresh, ready);
        } finally {
          Disk.delete(fresh);
        }
      }
    }
    return ready;
  }
}
