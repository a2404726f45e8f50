package topiary.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.app.cli.Exit;
import topiary.lab.base.LabException;

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

  /** How long the cores are kept busy, unless told otherwise with {@code --minutes}. */
  private static final Duration STEADY = Duration.ofMinutes(10);

  private static final String MINUTES = "--minutes";

  /** How often what takes long is done, unless told otherwise with {@code --rounds}. */
  private static final int ROUNDS = 20;

  private static final String TIMES = "--rounds";

  private static Map<String, Measurement> measurements(Duration steady, int rounds, Path launcher) {
    var all = new LinkedHashMap<String, Measurement>();
    all.put("demo-ready", new DemoReady());
    all.put("cli-call", new CliCall());
    all.put("desktop-start", new DesktopStart());
    all.put("desktop-idle", new DesktopIdle());
    all.put("picture", new WindowWork("picture-trial", "servers", List.of(20, 1_000, 10_000)));
    all.put("overview", new WindowWork("overview-trial", "clusters", List.of(10, 1_000)));
    all.put("history", new HistoryWork());
    all.put("raft-failover", new RaftFailover());
    all.put("raft-steady", new RaftSteady(steady));
    all.put("raft-commit", new RaftCommit());
    all.put("raft-idle", new RaftIdle());
    all.put("raft-start", new RaftStart());
    all.put("raft-join", new RaftJoin());
    all.put("probe-cpu", new FleetWatch(List.of(1_000)));
    all.put("probe-scale", new FleetWatch(List.of(5_000, 9_800)));
    all.put("fleet-api", new FleetApi());
    all.put("relocate", new RelocateWork(List.of(1, 50), 11));
    all.put("analysis", new AnalysisWork(5_000, 50));
    all.put("detect", new Detect(false, rounds));
    all.put("detect-hang", new Detect(true, rounds));
    all.put("failover", new Failover(Failover.What.DIES, rounds));
    all.put("failover-three", new Failover(Failover.What.DIES, 3, rounds));
    all.put("failover-hang", new Failover(Failover.What.HANGS, rounds));
    all.put("failover-hang-fast", new Failover(Failover.What.HANGS_FAST, rounds));
    all.put("failover-intermediate", new Failover(Failover.What.INTERMEDIATE_DIES, rounds));
    all.put("takeover", new Failover(Failover.What.IS_TAKEN_OVER, rounds));
    // The last, because it ends with a sentence where no packages were made.
    all.put("package", new PackageWork(launcher));
    return all;
  }

  /** Runs one measurement, or all, or lists them. */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    String path = System.getProperty("topiary.launcher");
    if (path == null) {
      err.println("topiary: measurements start the program as users do: run ./topiary bench");
      return Exit.FAILED;
    }
    boolean number = args.size() == 3 && args.get(2).matches("[1-9]\\d{0,3}");
    List<String> name = number ? args.subList(0, 1) : args;
    if (number && args.get(1).equals(MINUTES)) {
      return run(name, Duration.ofMinutes(Long.parseLong(args.get(2))), ROUNDS, path, out, err);
    }
    if (number && args.get(1).equals(TIMES)) {
      return run(name, STEADY, Integer.parseInt(args.get(2)), path, out, err);
    }
    return run(args, STEADY, ROUNDS, path, out, err);
  }

  private static Exit run(
      List<String> args,
      Duration steady,
      int rounds,
      String path,
      PrintStream out,
      PrintStream err) {
    Map<String, Measurement> measurements = measurements(steady, rounds, Path.of(path));
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
          "topiary: bench [NAME [--minutes N | --rounds N] | list]; there are "
              + measurements.keySet()
              + ", and "
              + CI);
      return Exit.USAGE;
    }
    List<String> names = args.isEmpty() ? List.copyOf(measurements.keySet()) : args;
    var program = new Program(path);
    try {
      for (String name : names) {
        measurements.get(name).run(program, figures -> out.println(figures.line(name)));
      }
      return Exit.OK;
    } catch (IOException | LabException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }
}
