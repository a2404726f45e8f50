package topiary.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One command asked of a running node, as a whole process. */
final class CliCall implements Measurement {

  private static final int RUNS = 20;

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    try (var demo = program.demo()) {
      for (int i = 0; i <= RUNS; i++) {
        long began = System.nanoTime();
        program.run(List.of("topology"), Map.of("TOPIARY_API", demo.address()));
        if (i > 0) {
          seconds.add((System.nanoTime() - began) / 1e9);
        }
      }
    }
    return List.of(new Figures("", "s", seconds));
  }
}
