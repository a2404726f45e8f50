package topiary.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the window costs while nobody touches it: on a fleet at rest, and on one written to. */
final class DesktopIdle implements Measurement {

  private static final int RUNS = 3;
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final List<Double> resident = new ArrayList<>();

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    try (var demo = program.demo()) {
      List<Double> atRest = share(program, demo);
      demo.load(true);
      List<Double> written = share(program, demo);
      demo.load(false);
      String unit = "% of a core " + Window.where();
      return List.of(
          new Figures("at rest", unit, atRest),
          new Figures("written to", unit, written),
          new Figures("resident", "MB " + Window.where(), resident));
    }
  }

  private List<Double> share(Program program, Program.Demo demo)
      throws IOException, InterruptedException {
    var shares = new ArrayList<Double>();
    for (int i = 0; i < RUNS; i++) {
      try (var window = new Window(program, demo.address())) {
        window.painted("tree");
        Thread.sleep(SETTLE);
        Duration before = window.processorTime();
        long began = System.nanoTime();
        Thread.sleep(LOOK);
        double passed = System.nanoTime() - began;
        shares.add(100 * window.processorTime().minus(before).toNanos() / passed);
        resident.add(window.residentMegabytes());
      }
    }
    return shares;
  }
}
