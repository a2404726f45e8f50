package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a frame of the picture takes while it is moved about: the work of the window's thread and of
 * the painting thread together, so that what else the machine does counts as little as can be.
 */
final class PictureWork implements Measurement {

  private static final List<Integer> SIZES = List.of(20, 1_000, 10_000);

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var all = new ArrayList<Figures>();
    for (int size : SIZES) {
      Process trial =
          program.with(List.of("picture-trial", Integer.toString(size)), Window.glass("")).start();
      try (BufferedReader lines = trial.inputReader(StandardCharsets.UTF_8)) {
        lines.lines().map(line -> figures(size, line)).forEach(all::add);
      }
      if (trial.waitFor() != 0) {
        throw new IOException("topiary picture-trial " + size + " ended with " + trial.exitValue());
      }
    }
    return all;
  }

  /** A line is what was done, its unit and every value, with tabs between them. */
  private static Figures figures(int size, String line) {
    String[] parts = line.split("\t");
    return new Figures(
        size + " servers, " + parts[0],
        parts[1] + " " + Window.where(),
        Arrays.stream(parts).skip(2).map(Double::valueOf).toList());
  }
}
