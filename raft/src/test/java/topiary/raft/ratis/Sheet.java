package topiary.raft.ratis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import topiary.raft.api.Applier;
import topiary.raft.api.LogEntry;
import topiary.raft.api.LogPosition;

/** A state that is a list of lines, each with its position before it, in a file. */
final class Sheet implements Applier {

  private final Path file;
  private List<String> lines = new ArrayList<>();
  private LogPosition last = new LogPosition(0, 0);
  volatile RuntimeException broken;

  Sheet(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      load();
    }
  }

  private void load() {
    try {
      lines = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split(" ", 3);
        last = new LogPosition(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        lines.add(parts[2]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized List<byte[]> apply(List<LogEntry> batch) {
    if (broken != null) {
      throw broken;
    }
    var answers = new ArrayList<byte[]>();
    var written = new StringBuilder();
    for (LogEntry entry : batch) {
      LogPosition position = entry.position();
      if (position.index() <= last.index()) {
        throw new IllegalStateException("twice: " + position);
      }
      String text = new String(entry.command(), StandardCharsets.UTF_8);
      lines.add(text);
      last = position;
      written.append(position.term() + " " + position.index() + " " + text + "\n");
      answers.add(Integer.toString(lines.size()).getBytes(StandardCharsets.UTF_8));
    }
    try {
      Files.writeString(file, written, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answers;
  }

  @Override
  public synchronized LogPosition lastApplied() {
    return last;
  }

  @Override
  public synchronized LogPosition writeSnapshot(Path to) {
    copy(file, to);
    return last;
  }

  @Override
  public synchronized void restore(Path from) {
    copy(from, file);
    load();
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
