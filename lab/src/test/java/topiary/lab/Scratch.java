package topiary.lab;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;

/** Places for tests below the build folder. */
public final class Scratch {
  private static final AtomicInteger NEXT = new AtomicInteger();

  /**
   * Blanks, a comment sign, and longer than a socket's path may be: a home directory can be like
   * that.
   */
  private static final String AWKWARD = "a cache #1 " + "with a very long name ".repeat(5).strip();

  private Scratch() {}

  /**
   * The cache of all tests with real servers. Kept between builds, since unpacking takes seconds.
   */
  public static Cache cache() {
    return Cache.at(Path.of("target", AWKWARD));
  }

  /** The same with the programs that were fetched into the user's cache. */
  public static Cache cacheOfFetched() {
    return cache().withServersOf(Cache.standard());
  }

  /** A new empty directory. */
  public static Path directory() {
    Path directory =
        Path.of("target", "scratch", ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet())
            .toAbsolutePath();
    Disk.delete(directory);
    Disk.makePrivate(directory);
    return directory;
  }
}
