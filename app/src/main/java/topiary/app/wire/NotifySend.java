package topiary.app.wire;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import topiary.app.desktop.model.Message;

/** Shows messages by the desktop's own notifications, with the program that is made for it. */
final class NotifySend implements Message.Way {

  static final String NAME = "notify-send";

  /** A desktop whose notifications hang is not waited for longer. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Longer texts are cut; they are to be seen at a glance. */
  private static final int LONGEST = 1_000;

  private final Path program;
  private final Duration limit;

  NotifySend(Path program, Duration limit) {
    this.program = program;
    this.limit = limit;
  }

  /** That of the user of this process, if there is one. */
  static Message.Way of(Map<String, String> environment) {
    Optional<Path> program =
        Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, NAME))
            .filter(Files::isExecutable)
            .findFirst();
    return program.isPresent() ? new NotifySend(program.get(), LIMIT) : Message.Way.NONE;
  }

  @Override
  public String show(Message message) {
    // No shell: whatever a server is called is text.
    List<String> words =
        List.of(
            program.toString(),
            "--app-name=Topiary",
            "--urgency=" + (message.urgent() ? "critical" : "normal"),
            "--",
            plain(message.title()),
            body(message.body()));
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return ended(process);
    } catch (IOException e) {
      return "The system's notifications cannot be used: " + e.getMessage() + ".";
    }
  }

  private String ended(Process process) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return "The system's notifications do not answer.";
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return "The window is being closed.";
    }
    return process.exitValue() == 0
        ? ""
        : "The system's notifications refused a message ("
            + NAME
            + " ended with "
            + process.exitValue()
            + ").";
  }

  /** Nothing that is no sign to be read. */
  private static String plain(String text) {
    String signs = text.replaceAll("[\\p{Cntrl}&&[^\n]]", " ");
    return signs.length() > LONGEST ? signs.substring(0, LONGEST) + "…" : signs;
  }

  /** The body may have markup and, for the program, backslashes with a meaning; ours has none. */
  private static String body(String text) {
    return plain(text)
        .replace("\\", "\\\\")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
