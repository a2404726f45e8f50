package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import topiary.app.main.Main;

/** The program as users run it: a process of its own. */
final class Program implements AutoCloseable {

  /** What a process did that ended by itself. */
  record Ended(int status, String out, String err) {}

  private final Process process;
  private final Path err;
  private final BufferedReader lines;

  private Program(Process process, Path err) {
    this.process = process;
    this.err = err;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  static Program start(String... args) throws IOException {
    return start(List.of(), Map.of(), args);
  }

  /**
   * In surroundings that a command makes.
   *
   * @param before the command, to which the program's own is added
   * @param environment added to this process's own
   */
  static Program start(List<String> before, Map<String, String> environment, String... args)
      throws IOException {
    Path err = Rig.folder("err");
    ProcessBuilder builder = Rig.java(Main.class, args).redirectError(err.toFile());
    builder.environment().putAll(environment);
    // Whoever runs this build in the background may have told all its children to ignore Ctrl-C.
    var command = new ArrayList<>(before);
    command.addAll(List.of("env", "--default-signal=INT"));
    command.addAll(builder.command());
    return new Program(builder.command(command).start(), err);
  }

  /** Runs to its end. */
  static Ended run(String... args) throws IOException, InterruptedException {
    try (Program program = start(args)) {
      String out = String.join("\n", program.lines.lines().toList());
      return new Ended(program.end(), out, program.err());
    }
  }

  /** Waits for the line that says ready, which must be the last so far; the node's address. */
  String ready() throws IOException {
    try {
      String address = Rig.await(lines, "ready ");
      assertTrue(address.matches("http://127\\.0\\.0\\.1:\\d+"), address);
      return address;
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + err(), e);
    }
  }

  /** As Ctrl-C does; it must end, and say nothing more. */
  void interrupt() throws IOException, InterruptedException {
    int sent =
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    assertEquals(0, sent);
    assertEquals(130, end());
    assertEquals(List.of(), lines.lines().toList());
  }

  /** As the kernel does when memory is short. */
  void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** Waits for its end, which it comes to by itself; its exit status. */
  int end() throws InterruptedException {
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
