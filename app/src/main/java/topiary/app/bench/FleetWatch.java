package topiary.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What it costs a node to look at a fleet every five seconds, for a minute, nobody asking it
 * anything: and how old what it knows is, meanwhile.
 *
 * @param sizes how many servers, one fleet after the other
 */
record FleetWatch(List<Integer> sizes) implements Measurement {

  /** Until the compiler has done most of what it does in a node's life. */
  private static final Duration SETTLE = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofSeconds(60);
  private static final int SAMPLES = 10;

  /** One that finds servers which have just been started, and some that find servers that run. */
  private static final int NODES = 4;

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var figures = new ArrayList<Figures>();
    run(program, figures::add);
    return figures;
  }

  @Override
  public void run(Program program, Consumer<Figures> told)
      throws IOException, InterruptedException {
    for (int size : sizes) {
      try (var fleet = Fleet.foundAgain(program, size, NODES)) {
        watch(fleet).forEach(told);
      }
    }
  }

  private static List<Figures> watch(Fleet fleet) throws IOException, InterruptedException {
    String of = fleet.size() + " servers, ";
    Thread.sleep(SETTLE);
    long looks = fleet.looks();
    Duration used = fleet.processorTime();
    Duration served = fleet.servers();
    long began = System.nanoTime();
    Thread.sleep(LOOK);
    double passed = (System.nanoTime() - began) / 1e9;
    double cpu = seconds(fleet.processorTime().minus(used));
    double servers = seconds(fleet.servers().minus(served));
    double made = fleet.looks() - looks;
    double resident = fleet.residentMegabytes();
    var ages = new ArrayList<Double>();
    for (int i = 0; i < SAMPLES; i++) {
      ages.addAll(fleet.ages());
      Thread.sleep(1000);
    }
    return List.of(
        new Figures(of + "found all, by the first node", "s", fleet.found().subList(0, 1)),
        new Figures(of + "found all, by one after it", "s", fleet.found().subList(1, NODES)),
        new Figures(of + "looks", "1/s", List.of(made / passed)),
        new Figures(of + "processor time for 1,000 looks", "s", List.of(1000 * cpu / made)),
        new Figures(of + "the node's processor time", "% of a core", List.of(100 * cpu / passed)),
        new Figures(of + "that of the servers", "% of a core", List.of(100 * servers / passed)),
        new Figures(of + "resident", "MB", List.of(resident)),
        new Figures(of + "seen ago", "s", ages));
  }

  private static double seconds(Duration d) {
    return d.toNanos() / 1e9;
  }
}
