package topiary.lab.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import topiary.lab.Lab;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;

/** {@code lab netns}: a command of one's own on the network of a lab. */
final class NetworkCommand {
  private static final String NAME = "--name";

  private final Cache cache;

  NetworkCommand(Cache cache) {
    this.cache = cache;
  }

  /** Runs it on this program's own input and outputs; returns its exit code. */
  int run(List<String> words) {
    String name = LabCommand.DEFAULT_NAME;
    List<String> command = new ArrayList<>(words);
    // What follows the first word of the command is the command's, whatever it looks like.
    while (!command.isEmpty() && command.getFirst().startsWith("--")) {
      String option = command.removeFirst();
      if (option.equals("--")) {
        break;
      } else if (option.startsWith(NAME + "=")) {
        name = option.substring(NAME.length() + 1);
      } else if (!option.equals(NAME)) {
        throw new Arguments.Misuse("there is no option " + option + " here");
      } else if (command.isEmpty()) {
        throw new Arguments.Misuse("the option --name needs a value");
      } else {
        name = command.removeFirst();
      }
    }
    if (command.isEmpty()) {
      throw new Arguments.Misuse("netns needs a command to run");
    }
    try (Lab lab = Lab.open(cache, name)) {
      if (!lab.faults().packets()) {
        throw new LabException(
            "the servers of lab "
                + name
                + " share this machine's network; start it with: lab up --netns");
      }
      return wait(lab.within(command));
    }
  }

  private int wait(List<String> command) {
    var builder = new ProcessBuilder(command).inheritIO();
    // The home directory may look like root's in there.
    builder.environment().put("TOPIARY_CACHE", cache.root().toString());
    try {
      Process process = builder.start();
      // Whoever ends this program means the command.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "netns-command"));
      return process.waitFor();
    } catch (IOException e) {
      throw LabException.of("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the command ran", e);
    }
  }
}
