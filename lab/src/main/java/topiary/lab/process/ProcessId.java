package topiary.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;

/**
 * One process, for good: a pid alone may come to name a stranger.
 *
 * @param pid the number
 * @param startTicks when it began, in the kernel's clock ticks since boot. The start
 *     <em>instant</em> that the JDK offers is derived from the boot time and may differ by a second
 *     between two JVMs; the ticks never do.
 */
public record ProcessId(long pid, long startTicks) {

  /** What the kernel says of a process. */
  private record Stat(char state, long startTicks) {}

  /** The process that has this pid now; empty when there is none, or only its unreaped remains. */
  public static Optional<ProcessId> of(long pid) {
    return stat(pid)
        .filter(s -> s.state != 'Z' && s.state != 'X')
        .map(s -> new ProcessId(pid, s.startTicks));
  }

  /** This JVM. */
  public static ProcessId own() {
    return of(ProcessHandle.current().pid())
        .orElseThrow(
            () ->
                new LabException("/proc is not mounted; the lab needs it, mount it and try again"));
  }

  /** Every process whose command line has this argument, word for word. */
  public static List<ProcessId> withArgument(String argument) {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .map(p -> p.getFileName().toString())
          .filter(n -> n.chars().allMatch(Character::isDigit))
          .map(n -> of(Long.parseLong(n)))
          .flatMap(Optional::stream)
          .filter(p -> p.arguments().contains(argument))
          .toList();
    } catch (IOException e) {
      throw LabException.of("cannot list the processes in /proc", e);
    }
  }

  /** Whether it still runs (or is stopped by a signal); dead but unreaped counts as ended. */
  public boolean alive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** Whether it is stopped by a signal ({@code SIGSTOP}). */
  public boolean stopped() {
    return stat(pid).filter(s -> s.startTicks == startTicks && s.state == 'T').isPresent();
  }

  /** Its command line; empty when it has ended or belongs to somebody else. */
  public List<String> arguments() {
    try {
      return List.of(
              Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                  .split("\0"))
          .stream()
          .map(a -> new String(a.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
          .toList();
    } catch (IOException e) {
      // Ended between two looks, or hidden from this user: either way no process of ours.
      return List.of();
    }
  }

  /**
   * Sends a signal, if the process is alive and its command line holds the argument that proves it
   * ours.
   *
   * @return false when there was no such process
   */
  public boolean signal(Signal signal, String proof) {
    if (!alive() || !arguments().contains(proof)) {
      return false;
    }
    Commands.Result result =
        Commands.run(
            List.of("sh", "-c", "kill -s \"$0\" \"$1\"", signal.name(), Long.toString(pid)));
    if (result.status() != 0 && alive()) {
      throw new LabException(
          "cannot send " + signal + " to process " + pid + ": " + result.output().strip());
    }
    return true;
  }

  /** Whether it has this socket open; false when it has ended or belongs to somebody else. */
  public boolean holdsSocket(long inode) {
    var wanted = Path.of("socket:[" + inode + "]");
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.anyMatch(
          fd -> {
            try {
              return Files.readSymbolicLink(fd).equals(wanted);
            } catch (IOException e) {
              // Closed between two looks.
              return false;
            }
          });
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** Waits for its end; false when it is still there after the limit. */
  public boolean awaitEnd(Duration limit) {
    return Await.holds(limit, () -> !alive());
  }

  private static Optional<Stat> stat(long pid) {
    try {
      String text =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // The second field is the program's name in parentheses and may hold anything, so count from
      // its end.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      return Optional.of(new Stat(fields[0].charAt(0), Long.parseLong(fields[19])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
