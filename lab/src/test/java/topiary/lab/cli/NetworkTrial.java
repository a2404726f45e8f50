package topiary.lab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opentest4j.TestAbortedException;
import topiary.lab.LabSpec;
import topiary.lab.base.Cache;
import topiary.lab.junit.LabExtension;

/** A program that asks for a lab with a network of its own, as a command and as a test. */
final class NetworkTrial {
  private NetworkTrial() {}

  /** Argument: the cache. Prints what both say to it, and ends with the command's exit code. */
  public static void main(String[] args) {
    Cache cache = Cache.at(Path.of(args[0]));
    int status =
        LabCommand.run(List.of("up", "--netns"), System.out, System.out, Optional.of(cache));
    try {
      LabExtension.of(() -> LabSpec.of(cache, "t", "p").ownNetwork()).beforeAll(null);
    } catch (TestAbortedException e) {
      System.out.println("skipped: " + e.getMessage());
    }
    System.exit(status);
  }
}
