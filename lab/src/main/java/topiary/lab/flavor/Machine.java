package topiary.lab.flavor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import topiary.lab.base.LabException;

/** What the lab asks of this machine. */
final class Machine {
  private Machine() {}

  /** Whether this is root: only root must be told that it may run a server as itself. */
  static boolean root() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw LabException.of("cannot tell which user this is", e);
    }
  }

  /** Refuses other systems than the one that the servers are built for. */
  static void check() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.equals("Linux amd64")) {
      throw new LabException("the lab's servers run on Linux x86-64 only, and this is " + machine);
    }
  }
}
