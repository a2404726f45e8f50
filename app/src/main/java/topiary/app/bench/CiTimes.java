package topiary.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import topiary.app.bench.TestReports.Suite;

/** Where the time of the last build goes: by module, by test class, by test. */
final class CiTimes {

  /** What CI may take on two cores. */
  private static final Duration BUDGET = Duration.ofMinutes(25);

  private static final int SLOWEST = 15;

  /** File systems and Maven do not round alike. */
  private static final Duration ROUNDING = Duration.ofSeconds(2);

  private final List<Suite> suites;
  private final Optional<BuildLog> log;

  private CiTimes(List<Suite> suites, Optional<BuildLog> log) {
    this.suites = suites;
    this.log = log;
  }

  /**
   * Reads what a build has left.
   *
   * @param build its folder; {@code target/ci.log} in it is the log of the last {@code .ci/run},
   *     and reports from before that build do not count
   * @throws IOException when there is nothing to read, or it cannot be read
   */
  static CiTimes of(Path build) throws IOException {
    Optional<BuildLog> log = BuildLog.read(build.resolve("target/ci.log"));
    List<Suite> all = TestReports.below(build);
    List<Suite> counted =
        all.stream()
            .filter(s -> log.isEmpty() || s.written().isAfter(log.get().began().minus(ROUNDING)))
            .toList();
    if (counted.isEmpty()) {
      throw new IOException("there are no reports of tests below " + build + ": run .ci/run first");
    }
    return new CiTimes(counted, log);
  }

  /** Prints tables. */
  void print(PrintStream out) {
    double tests = suites.stream().mapToDouble(Suite::seconds).sum();
    out.printf(Locale.ROOT, "%-24s %8s %8s %10s%n", "module", "classes", "tests", "seconds");
    var modules = new LinkedHashMap<String, List<Suite>>();
    suites.forEach(s -> modules.computeIfAbsent(s.module(), m -> new ArrayList<>()).add(s));
    modules.forEach((name, of) -> line(out, name, of));
    line(out, "all", suites);
    log.ifPresent(l -> build(out, l, tests));
    if (log.isEmpty()) {
      out.printf(
          Locale.ROOT,
          "%nTests alone: %s of the budget of %s (%.0f %%); target/ci.log of .ci/run has the"
              + " rest.%n",
          minutes(tests),
          minutes(BUDGET.toSeconds()),
          100 * tests / BUDGET.toSeconds());
    }
    out.printf(Locale.ROOT, "%nslowest classes%n");
    slowest(
        out,
        suites.stream().map(s -> Map.entry(s.module() + " " + s.name(), s.seconds())).toList());
    out.printf(Locale.ROOT, "%nslowest tests%n");
    slowest(
        out,
        suites.stream()
            .flatMap(
                s ->
                    s.cases().stream()
                        .map(c -> Map.entry(simple(s.name()) + " " + c.name(), c.seconds())))
            .toList());
  }

  private static void line(PrintStream out, String name, List<Suite> of) {
    out.printf(
        Locale.ROOT,
        "%-24s %8d %8d %10.1f%n",
        name,
        of.size(),
        of.stream().mapToInt(s -> s.cases().size()).sum(),
        of.stream().mapToDouble(Suite::seconds).sum());
  }

  private static void build(PrintStream out, BuildLog log, double tests) {
    out.printf(Locale.ROOT, "%nMaven, of %s%n", log.finished());
    log.modules()
        .forEach(
            (name, took) ->
                out.printf(Locale.ROOT, "%-42s %10.1f%n", name, took.toMillis() / 1000.0));
    double total = log.total().toMillis() / 1000.0;
    out.printf(
        Locale.ROOT,
        "%nCI: %s of the budget of %s (%.0f %%), %s of it in tests.%n",
        minutes(total),
        minutes(BUDGET.toSeconds()),
        100 * total / BUDGET.toSeconds(),
        minutes(tests));
  }

  private static void slowest(PrintStream out, List<Map.Entry<String, Double>> all) {
    double total = all.stream().mapToDouble(Map.Entry::getValue).sum();
    all.stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SLOWEST)
        .forEach(
            e ->
                out.printf(
                    Locale.ROOT,
                    "%8.1f %5.1f %%  %s%n",
                    e.getValue(),
                    total == 0 ? 0 : 100 * e.getValue() / total,
                    e.getKey()));
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String minutes(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
  }
}
