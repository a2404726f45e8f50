package topiary.store.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Samples;
import topiary.store.StoreException;

/** A process of its own that writes until it is killed, and says what it has written. */
final class Child {

  private final Process process;
  private final BufferedReader lines;

  Child(Path folder) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** The next thing it says: a number of seven digits, or the kind of trouble it has. */
  String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the child has ended");
    }
    return line;
  }

  /** Kills it, and tells the last it said meanwhile. */
  Optional<String> kill() throws InterruptedException {
    // Not the process's own method, which would close what it said before it can be read.
    process.toHandle().destroyForcibly();
    List<String> said = lines.lines().toList();
    process.waitFor();
    // A line that death cut short acknowledges nothing.
    return said.reversed().stream().filter(l -> l.length() == 7).findFirst();
  }

  /** Waits until it ends by itself. */
  void end() throws InterruptedException {
    process.waitFor();
  }

  public static void main(String[] args) {
    try (SqliteStore store = SqliteStore.open(Path.of(args[0]))) {
      for (long index = store.lastApplied().index() + 1; ; index++) {
        var key = new InstanceKey("h" + index, 3306);
        var entry =
            Samples.entry(UUID.randomUUID(), new Command.RegisterInstance(key, Samples.CLUSTER));
        store.apply(List.of(new Numbered(new Position(1, index), entry)));
        System.out.println(String.format("%07d", index));
        if (System.out.checkError()) {
          throw new UncheckedIOException(new IOException("nobody listens any more"));
        }
      }
    } catch (StoreException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
