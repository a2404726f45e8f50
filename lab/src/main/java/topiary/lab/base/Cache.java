package topiary.lab.base;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder in which the lab keeps unpacked servers, template data directories and the labs
 * themselves.
 *
 * @param root an existing directory, symbolic links resolved: a server's command line names it, and
 *     two spellings of one folder would make a lab's own processes look like strangers
 * @param servers where unpacked servers are
 */
public record Cache(Path root, Path servers) {

  /**
   * The user's cache: {@code $TOPIARY_CACHE}, else {@code $XDG_CACHE_HOME/topiary}, else {@code
   * ~/.cache/topiary}.
   *
   * @throws LabException when none can be derived or it cannot be written
   */
  public static Cache standard() {
    return at(locate(System.getenv(), System.getProperty("user.home")));
  }

  /**
   * A cache at a place of one's own; the directory is made when missing.
   *
   * @throws LabException when it cannot be made or written, or the path cannot stand in an option
   *     file
   */
  public static Cache at(Path root) {
    Path absolute = root.toAbsolutePath().normalize();
    Disk.makePrivate(absolute);
    try {
      absolute = absolute.toRealPath();
    } catch (IOException e) {
      throw LabException.of("cannot use the cache directory " + absolute, e);
    }
    if (absolute.toString().chars().anyMatch(c -> c == '"' || c == '\'' || c < ' ')) {
      throw new LabException(
          "the cache directory "
              + absolute
              + " has a quote or control character in its path, which server option"
              + " files cannot hold; set TOPIARY_CACHE to another directory");
    }
    return new Cache(absolute, absolute.resolve("servers"));
  }

  /**
   * This cache with the unpacked servers of another one, so that they need not be got twice: for
   * tests, which keep their labs below the build folder.
   */
  public Cache withServersOf(Cache other) {
    return new Cache(root, other.servers);
  }

  static Path locate(Map<String, String> environment, String userHome) {
    String own = environment.getOrDefault("TOPIARY_CACHE", "");
    String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    try {
      if (!own.isBlank()) {
        return Path.of(own);
      }
      // The XDG rules say that a relative path is to be ignored.
      if (!shared.isBlank() && Path.of(shared).isAbsolute()) {
        return Path.of(shared, "topiary");
      }
      if (home.isBlank() && userHome != null) {
        home = userHome;
      }
      if (!home.isBlank() && Path.of(home).isAbsolute()) {
        return Path.of(home, ".cache", "topiary");
      }
    } catch (InvalidPathException e) {
      throw new LabException(
          "the cache path cannot be used (" + e.getMessage() + "); set TOPIARY_CACHE", e);
    }
    throw new LabException(
        "there is no home directory to keep the lab in; set TOPIARY_CACHE to a writable directory");
  }

  /** Where template data directories are. */
  public Path templates() {
    return root.resolve("templates");
  }

  /** Where the labs are, one folder each. */
  public Path labs() {
    return root.resolve("labs");
  }
}
