package topiary.app.main;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is typed of a file of orchestrator's.
 *
 * @param file behind {@code --sqlite}
 * @param config behind {@code --config}, if it is said
 * @param flagged whether the one word that may stand beside them is said
 */
record StoredArgs(Path file, Optional<Path> config, boolean flagged) {

  /**
   * Reads them, in any order, each once at most.
   *
   * @param flag the word that may stand beside them
   * @return empty when it is not understood, or no file is named
   */
  static Optional<StoredArgs> read(List<String> args, String flag) {
    Optional<Path> file = Optional.empty();
    Optional<Path> config = Optional.empty();
    boolean flagged = false;
    try {
      for (int i = 0; i < args.size(); i++) {
        boolean more = i + 1 < args.size();
        if (args.get(i).equals(flag) && !flagged) {
          flagged = true;
        } else if (args.get(i).equals("--sqlite") && more && file.isEmpty()) {
          file = Optional.of(Path.of(args.get(++i)));
        } else if (args.get(i).equals("--config") && more && config.isEmpty()) {
          config = Optional.of(Path.of(args.get(++i)));
        } else {
          return Optional.empty();
        }
      }
    } catch (InvalidPathException e) {
      // The usage says what is wanted.
      return Optional.empty();
    }
    Optional<Path> at = config;
    boolean told = flagged;
    return file.map(path -> new StoredArgs(path, at, told));
  }
}
