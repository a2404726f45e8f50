package topiary.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A disk that takes long to confirm what was written, for one process: each of its calls to {@code
 * fsync} and {@code fdatasync} is held back before the kernel gets it, that of Java and that of
 * SQLite alike, the calling thread alone. Reading and writing are as quick as ever, as they are
 * while the kernel's cache takes them. It is {@code strace} that does it.
 *
 * @param delay of each call
 * @param notes where each call is noted
 */
record SlowDisk(Duration delay, Path notes) {

  /** Why this machine cannot have one, as a sentence; empty when it can. */
  static Optional<String> obstacle() throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder("strace", "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .start();
      String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return probe.waitFor() == 0
          ? Optional.empty()
          : Optional.of("strace may not trace here, so no disk is slow: " + said.strip());
    } catch (IOException e) {
      return Optional.of("there is no strace here, so no disk is slow: " + e.getMessage());
    }
  }

  /** What stands before the command of the process; it stays a child of who starts it. */
  String[] prefix() {
    String calls = "fsync,fdatasync";
    return List.of(
            "strace",
            "-D",
            "-f",
            "-y",
            "--seccomp-bpf",
            "-o",
            notes.toString(),
            "-e",
            "trace=" + calls,
            "-e",
            "inject=" + calls + ":delay_enter=" + delay.toMillis() + "ms")
        .toArray(String[]::new);
  }

  /** Whether a call was held back that is about a file with this in its path. */
  boolean delayed(String path) throws IOException {
    try (Stream<String> lines = Files.lines(notes)) {
      return lines.anyMatch(l -> l.contains(path) && l.contains("(DELAYED)"));
    }
  }
}
