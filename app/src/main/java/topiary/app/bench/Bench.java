package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import topiary.app.cli.Exit;

/** Runs measurements; each prints one line: name, median, maximum, unit, number of runs. */
public final class Bench {

  private static final String READY = "ready ";

  private final Map<String, Measurement> measurements = new LinkedHashMap<>();
  private final List<String> launcher;

  /** Gives its figures, in its unit. */
  private interface Measurement {
    Figures run() throws IOException, InterruptedException;
  }

  /** Figures of one kind. */
  private record Figures(String unit, List<Double> values) {}

  private Bench(List<String> launcher) {
    this.launcher = launcher;
    measurements.put("demo-ready", this::demoReady);
    measurements.put("cli-call", this::cliCall);
  }

  /** Runs one measurement, or all, or lists them. */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    String path = System.getProperty("topiary.launcher");
    if (path == null) {
      err.println("topiary: measurements start the program as users do: run ./topiary bench");
      return Exit.FAILED;
    }
    var bench = new Bench(List.of(path));
    if (args.equals(List.of("list"))) {
      bench.measurements.keySet().forEach(out::println);
      return Exit.OK;
    }
    if (args.size() > 1 || (args.size() == 1 && !bench.measurements.containsKey(args.getFirst()))) {
      err.println("topiary: bench [NAME | list]; there are " + bench.measurements.keySet());
      return Exit.USAGE;
    }
    List<String> names = args.isEmpty() ? List.copyOf(bench.measurements.keySet()) : args;
    try {
      for (String name : names) {
        out.println(line(name, bench.measurements.get(name).run()));
      }
      return Exit.OK;
    } catch (IOException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }

  private static String line(String name, Figures figures) {
    var sorted = new ArrayList<>(figures.values());
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%s median %.3f max %.3f %s (n=%d)",
        name,
        sorted.get(sorted.size() / 2),
        sorted.getLast(),
        figures.unit(),
        sorted.size());
  }

  /** From the command to the line that says ready, servers and node included. */
  private Figures demoReady() throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    for (int i = 0; i < 5; i++) {
      long began = System.nanoTime();
      try (var demo = new RunningDemo()) {
        seconds.add((demo.readyAt - began) / 1e9);
      }
    }
    return new Figures("s", seconds);
  }

  /** One command asked of a running node, as a whole process. */
  private Figures cliCall() throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    try (var demo = new RunningDemo()) {
      for (int i = 0; i < 21; i++) {
        long began = System.nanoTime();
        Process call = start(List.of("topology"), Optional.of(demo.address));
        try (var reader = call.inputReader(StandardCharsets.UTF_8)) {
          reader.lines().forEach(line -> {});
        }
        int status = call.waitFor();
        if (status != 0) {
          throw new IOException("topiary topology ended with " + status);
        }
        if (i > 0) {
          seconds.add((System.nanoTime() - began) / 1e9);
        }
      }
    }
    return new Figures("s", seconds);
  }

  private Process start(List<String> args, Optional<String> api) throws IOException {
    var command = new ArrayList<>(launcher);
    command.addAll(args);
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    api.ifPresent(address -> builder.environment().put("TOPIARY_API", address));
    return builder.start();
  }

  /** A demo of its own, ended as a user would. */
  private final class RunningDemo implements AutoCloseable {
    private final Process process;
    private final String address;
    private final long readyAt;

    private RunningDemo() throws IOException {
      process = start(List.of("demo", "--headless"), Optional.empty());
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String line = lines.readLine();
      while (line != null && !line.startsWith(READY)) {
        line = lines.readLine();
      }
      if (line == null) {
        throw new IOException("the demo ended before it was ready; run it by hand to see why");
      }
      readyAt = System.nanoTime();
      address = line.substring(READY.length());
    }

    @Override
    public void close() throws IOException {
      process.destroy();
      try {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IOException("the demo did not end within 30 s of being told to");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
