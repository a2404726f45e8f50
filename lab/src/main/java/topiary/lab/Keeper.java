package topiary.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Launcher;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Tether;

/**
 * A process that does nothing but keep namespaces: they live as long as it, and so as long as the
 * lab. It is one of the lab's helpers.
 */
final class Keeper {
  private static final Duration STARTING = Duration.ofSeconds(10);

  private final Site site;
  private final String role;

  Keeper(Site site, String role) {
    this.site = site;
    this.role = role;
  }

  /**
   * Starts it.
   *
   * @param unshare the command that makes the namespaces, a mount namespace among them, and runs
   *     the one that is put behind it
   */
  ProcessId begin(List<String> unshare, boolean tethered) {
    Path file = site.directory.resolve(role);
    Disk.writePrivate(file, "");
    Path log = site.directory.resolve(role + ".log");
    List<String> command = new ArrayList<>(unshare);
    command.addAll(List.of("tail", "-f", file.toString()));
    ProcessId process;
    if (tethered) {
      try (Tether held = Tether.hold(site.tetherFile())) {
        process = Launcher.tethered(command, site.directory, log, held);
      }
    } else {
      process = Launcher.detached(command, site.directory, log);
    }
    site.change(state -> state.withHelper(new LabState.Helper(role, process, file.toString())));
    if (!Await.holds(STARTING, () -> hasNamespace(process) || !process.alive())
        || !process.alive()) {
      throw new LabException(
          "the " + role + " of lab " + site.name + " cannot be made: " + Disk.tail(log, 5));
    }
    return process;
  }

  private static boolean hasNamespace(ProcessId process) {
    List<String> arguments = process.arguments();
    try {
      return !arguments.isEmpty()
          && arguments.getFirst().equals("tail")
          && !namespace(Long.toString(process.pid())).equals(namespace("self"));
    } catch (IOException e) {
      return false;
    }
  }

  private static Path namespace(String pid) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", pid, "ns", "mnt"));
  }

  /** It, if the lab has one. */
  Optional<ProcessId> process() {
    return LabState.read(site.stateFile()).flatMap(state -> state.helper(role));
  }
}
