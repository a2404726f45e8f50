package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the window does for a frame while a person moves, types and scrolls: the work of its
 * threads, so that what else the machine does counts as little as can be. Each size is a process of
 * its own.
 */
final class WindowWork implements Measurement {

  private final String trial;
  private final String sized;
  private final List<Integer> sizes;

  /**
   * A measurement.
   *
   * @param trial the command of ours that measures one size
   * @param sized what there are so many of
   */
  WindowWork(String trial, String sized, List<Integer> sizes) {
    this.trial = trial;
    this.sized = sized;
    this.sizes = List.copyOf(sizes);
  }

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var all = new ArrayList<Figures>();
    for (int size : sizes) {
      Process process =
          program.with(List.of(trial, Integer.toString(size)), Window.glass("")).start();
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        lines.lines().map(line -> figures(size, line)).forEach(all::add);
      }
      if (process.waitFor() != 0) {
        throw new IOException(
            "topiary " + trial + " " + size + " ended with " + process.exitValue());
      }
    }
    return all;
  }

  /** A line is what was done, its unit and every value, with tabs between them. */
  private Figures figures(int size, String line) {
    String[] parts = line.split("\t");
    return new Figures(
        size + " " + sized + ", " + parts[0],
        parts[1] + " " + Window.where(),
        Arrays.stream(parts).skip(2).map(Double::valueOf).toList());
  }
}
