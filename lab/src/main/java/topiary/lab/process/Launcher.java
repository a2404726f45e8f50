package topiary.lab.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

/** Starts programs that go on running. Their output is appended to a file, their input is empty. */
public final class Launcher {
  /**
   * $0 is the file for the output, the rest the command. Prints the server's pid. The reader is the
   * tether: it blocks until the pipe ends and then kills the server; SIGKILL needs no cooperation,
   * so a stopped server dies too. When the server ends first, the reader is ended, so neither shell
   * outlives it. Input must be taken from descriptor 3, since a shell gives /dev/null to what it
   * runs in the background. Ctrl-C in a terminal is for the owner alone.
   */
  private static final String TETHERED =
      """
      trap '' INT HUP
      exec 3<&0 2>>"$0"
      "$@" </dev/null >>"$0" 2>&1 3<&- &
      server=$!
      { while read -r line; do :; done; kill -9 "$server"; } <&3 >/dev/null 2>&1 3<&- &
      reader=$!
      exec 3<&- </dev/null
      echo "$server"
      exec >&2
      wait "$server"
      kill -9 "$reader"
      """;

  private static final String DETACHED =
      """
      "$@" </dev/null >>"$0" 2>&1 &
      echo $!
      """;

  private Launcher() {}

  /** Starts a program that is killed when the last holder of the tether lets go of it or dies. */
  public static ProcessId tethered(
      List<String> command, Path directory, Path output, Tether tether) {
    return launch(
        List.of("sh", "-c", TETHERED),
        command,
        new ProcessBuilder().redirectInput(tether.pipe().toFile()),
        directory,
        output);
  }

  /**
   * Starts a program in a session of its own, which nothing that happens to this JVM or its
   * terminal ends.
   */
  public static ProcessId detached(List<String> command, Path directory, Path output) {
    return launch(
        List.of("setsid", "sh", "-c", DETACHED),
        command,
        new ProcessBuilder().redirectInput(Path.of("/dev/null").toFile()),
        directory,
        output);
  }

  private static ProcessId launch(
      List<String> shell,
      List<String> command,
      ProcessBuilder builder,
      Path directory,
      Path output) {
    List<String> words = new ArrayList<>(shell);
    words.add(output.toString());
    words.addAll(command);
    builder.command(words).directory(directory.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(output.toFile()));
    Process process = Commands.start(builder);
    try (BufferedReader out = process.inputReader()) {
      String pid = out.readLine();
      if (pid == null || !pid.matches("[0-9]+")) {
        throw new LabException(
            "cannot start " + command.getFirst() + ": " + Disk.tail(output, 5).replace('\n', ' '));
      }
      // Already gone is no failure of the launch: whoever waits for the program to be ready sees it
      // and reads its log.
      return ProcessId.of(Long.parseLong(pid)).orElse(new ProcessId(Long.parseLong(pid), -1));
    } catch (IOException e) {
      throw LabException.of("cannot read the pid of " + command.getFirst(), e);
    }
  }
}
