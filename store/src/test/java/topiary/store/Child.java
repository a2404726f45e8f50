package topiary.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.engine.state.Command;
import topiary.store.opening.Stores;

/** A process of its own that writes until it is killed, and says what it has written. */
public final class Child {

  private static final String PASSWORD = "STORE_PASSWORD";

  private final Process process;
  private final BufferedReader lines;

  /** In a data folder, with SQLite. */
  public Child(Path folder) throws IOException {
    this(folder, StoreChoice.STANDARD);
  }

  /** In a data folder, with whatever. */
  public Child(Path folder, StoreChoice choice) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString()));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    if (choice instanceof StoreChoice.MySql at) {
      command.addAll(
          List.of(
              at.server().toString(),
              at.schema(),
              at.user(),
              at.tls().mode().word(),
              at.tls().authority().map(Path::toString).orElse("")));
      builder.environment().put(PASSWORD, at.password().read());
    }
    process = builder.start();
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** The next thing it says: a number of seven digits, or the kind of trouble it has. */
  public String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the child has ended");
    }
    return line;
  }

  /** Kills it, and tells the last it said meanwhile. */
  public Optional<String> kill() throws InterruptedException {
    // Not the process's own method, which would close what it said before it can be read.
    process.toHandle().destroyForcibly();
    List<String> said = lines.lines().toList();
    process.waitFor();
    // A line that death cut short acknowledges nothing.
    return said.reversed().stream().filter(l -> l.length() == 7).findFirst();
  }

  /** Waits until it ends by itself. */
  public void end() throws InterruptedException {
    process.waitFor();
  }

  private static StoreChoice choice(String[] args) {
    if (args.length == 1) {
      return StoreChoice.STANDARD;
    }
    var tls =
        new Tls(TlsMode.of(args[4]), Optional.of(args[5]).filter(f -> !f.isEmpty()).map(Path::of));
    return new StoreChoice.MySql(
        InstanceKey.parse(args[1]),
        args[2],
        args[3],
        () -> System.getenv(PASSWORD),
        tls,
        StoreChoice.Limits.STANDARD);
  }

  public static void main(String[] args) {
    try (Store store = Stores.open(choice(args), Path.of(args[0]))) {
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
