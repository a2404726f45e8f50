package topiary.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** From the command to the window's first picture, and to the tree's. */
final class DesktopStart implements Measurement {

  private static final int RUNS = 7;

  @Override
  public List<Figures> run(Program program) throws IOException {
    var window = new ArrayList<Double>();
    var tree = new ArrayList<Double>();
    try (var demo = program.demo()) {
      for (int i = 0; i <= RUNS; i++) {
        try (var opened = new Window(program, demo.address())) {
          double first = opened.painted("window");
          double second = opened.painted("tree");
          if (i > 0) {
            window.add(first);
            tree.add(second);
          }
        }
      }
    }
    return List.of(
        new Figures("window", "s " + Window.where(), window),
        new Figures("tree", "s " + Window.where(), tree));
  }
}
