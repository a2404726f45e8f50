package topiary.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.app.cli.Exit;

/**
 * Runs measurements; each prints lines of one kind: name, median, maximum, unit, number of runs; of
 * very many, what ninety-five of a hundred keep to as well.
 */
public final class Bench {

  private Bench() {}

  /** What is not measured but was: the last build. So it is none of all. */
  private static final String CI = "ci";

  private static Exit ci(Path build, PrintStream out, PrintStream err) {
    try {
      CiTimes.of(build).print(out);
      return Exit.OK;
    } catch (IOException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private static Map<String, Measurement> measurements() {
    var all = new LinkedHashMap<String, Measurement>();
    all.put("demo-ready", new DemoReady());
    all.put("cli-call", new CliCall());
    all.put("desktop-start", new DesktopStart());
    all.put("desktop-idle", new DesktopIdle());
    all.put("picture", new PictureWork());
    return all;
  }

  /** Runs one measurement, or all, or lists them. */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    String path = System.getProperty("topiary.launcher");
    if (path == null) {
      err.println("topiary: measurements start the program as users do: run ./topiary bench");
      return Exit.FAILED;
    }
    Map<String, Measurement> measurements = measurements();
    if (args.equals(List.of("list"))) {
      measurements.keySet().forEach(out::println);
      out.println(CI);
      return Exit.OK;
    }
    if (args.equals(List.of(CI))) {
      return ci(Path.of(path).toAbsolutePath().getParent(), out, err);
    }
    if (args.size() > 1 || (args.size() == 1 && !measurements.containsKey(args.getFirst()))) {
      err.println(
          "topiary: bench [NAME | list]; there are " + measurements.keySet() + ", and " + CI);
      return Exit.USAGE;
    }
    List<String> names = args.isEmpty() ? List.copyOf(measurements.keySet()) : args;
    var program = new Program(path);
    try {
      for (String name : names) {
        measurements.get(name).run(program).forEach(figures -> out.println(figures.line(name)));
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
}
