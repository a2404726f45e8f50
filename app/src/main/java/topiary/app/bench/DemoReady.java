package topiary.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** From the command to the line that says ready, servers and node included. */
final class DemoReady implements Measurement {

  private static final int RUNS = 5;

  @Override
  public List<Figures> run(Program program) throws IOException {
    var seconds = new ArrayList<Double>();
    for (int i = 0; i < RUNS; i++) {
      long began = System.nanoTime();
      try (var _ = program.demo()) {
        seconds.add((System.nanoTime() - began) / 1e9);
      }
    }
    return List.of(new Figures("", "s", seconds));
  }
}
