package topiary.app.v1;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What a node says of itself.
 *
 * @param version of the program
 * @param epoch this run of the process; revisions of two epochs are not compared
 * @param dataFolder where its state is kept
 * @param trouble why it cannot do its work, empty while it can
 * @param warnings what somebody should look at though it can, in sentences
 * @param waiting servers of its configuration that were not seen yet, and why
 */
public record NodeInfo(
    String version,
    String epoch,
    Path dataFolder,
    Supplier<Optional<String>> trouble,
    Supplier<List<String>> warnings,
    SortedMap<String, String> waiting) {

  /** A node that has nothing to warn of. */
  public NodeInfo(
      String version,
      String epoch,
      Path dataFolder,
      Supplier<Optional<String>> trouble,
      SortedMap<String, String> waiting) {
    this(version, epoch, dataFolder, trouble, List::of, waiting);
  }
}
