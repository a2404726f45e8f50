package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as users start it. */
public final class Program {

  private static final String READY = "ready ";
  private static final Pattern LAB = Pattern.compile("lab load start --name (\\S+)");

  private final String launcher;

  /**
   * The program.
   *
   * @param launcher the script that starts it
   */
  public Program(String launcher) {
    this.launcher = launcher;
  }

  /** One that is not started yet. */
  public ProcessBuilder with(List<String> args, Map<String, String> environment) {
    var command = new ArrayList<String>();
    command.add(launcher);
    command.addAll(args);
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder;
  }

  /** Runs it to its end, which must be a good one. */
  void run(List<String> args, Map<String, String> environment)
      throws IOException, InterruptedException {
    Process process = with(args, environment).start();
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(line -> {});
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("topiary " + String.join(" ", args) + " ended with " + status);
    }
  }

  Demo demo() throws IOException {
    return new Demo();
  }

  /** A demo of its own, ended as a user would. */
  final class Demo implements AutoCloseable {
    private final Process process;
    private String address = "";
    private String lab = "";

    private Demo() throws IOException {
      process = with(List.of("demo", "--headless"), Map.of()).start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher name = LAB.matcher(line);
        lab = name.find() ? name.group(1) : lab;
        if (line.startsWith(READY)) {
          address = line.substring(READY.length());
          return;
        }
      }
      throw new IOException("the demo ended before it was ready; run it by hand to see why");
    }

    String address() {
      return address;
    }

    /** Has rows written on its primary, or not any more. */
    void load(boolean on) throws IOException, InterruptedException {
      run(List.of("lab", "load", on ? "start" : "stop", "--name", lab), Map.of());
    }

    @Override
    public void close() throws IOException {
      end(process, "the demo");
    }
  }

  /**
   * Ends a process as a user would.
   *
   * @throws IOException when it does not end in half a minute
   */
  public static void end(Process process, String what) throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(what + " did not end within 30 s of being told to");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
