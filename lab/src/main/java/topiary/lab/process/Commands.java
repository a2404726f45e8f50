package topiary.lab.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import topiary.lab.base.LabException;

/** Small programs that run to their end. */
public final class Commands {
  private Commands() {}

  /**
   * How a program ended.
   *
   * @param output both its output streams
   */
  public record Result(int status, String output) {}

  /** Whether there is a program of this name on the PATH. */
  public static boolean there(String program) {
    return run(List.of("sh", "-c", "command -v \"$0\"", program)).status() == 0;
  }

  /**
   * Runs a program with nothing on its input.
   *
   * @throws LabException when it cannot be started
   */
  public static Result run(List<String> command) {
    return run(command, Path.of("/dev/null"));
  }

  /**
   * Runs a program with a file on its input.
   *
   * @throws LabException when it cannot be started
   */
  public static Result run(List<String> command, Path input) {
    Process process =
        start(new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile()));
    try (var out = process.getInputStream()) {
      String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw LabException.of("cannot read what " + command.getFirst() + " says", e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while " + command.getFirst() + " ran", e);
    }
  }

  static Process start(ProcessBuilder builder) {
    // Meant for this program when it is a systemd service; a server that finds them would answer in
    // its place.
    builder
        .environment()
        .keySet()
        .removeAll(Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID"));
    try {
      return builder.start();
    } catch (IOException e) {
      String program = builder.command().getFirst();
      String advice =
          program.contains("/")
              ? "if its disk is mounted noexec, set TOPIARY_CACHE to a directory on another"
              : "install the package that has it (sh: dash, mkfifo: coreutils, setsid: util-linux)";
      throw new LabException("cannot run " + program + " (" + e.getMessage() + "); " + advice, e);
    }
  }
}
