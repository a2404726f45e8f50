package topiary.app.desktop.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Route;

/**
 * What edges have in common, each line once: from a source to its spine, along the spine, the bus
 * and the gutters. Ten thousand edges are painted as some hundreds of lines.
 */
final class Stems {

  private final List<Box> cards = new ArrayList<>();
  private final List<Box> chips = new ArrayList<>();

  /** A line of one source: upright at an x, or lying at a y. */
  private record Lane(Figure source, boolean upright, double at, boolean chip) {}

  /** How far along its line. */
  private record Reach(double from, double to) {
    static Reach between(double a, double b) {
      return new Reach(Math.min(a, b), Math.max(a, b));
    }

    Reach with(Reach other) {
      return new Reach(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  /** Reads them off the places where the cards belong. */
  void of(Collection<Figure> figures) {
    cards.clear();
    chips.clear();
    Map<Lane, Reach> lanes = new HashMap<>();
    for (Figure figure : figures) {
      if (figure.source != null && figure.target() != null) {
        add(lanes, figure, figure.source, figure.target());
      }
    }
    lanes.forEach(
        (lane, reach) -> {
          double length = reach.to() - reach.from();
          (lane.chip() ? chips : cards)
              .add(
                  lane.upright()
                      ? new Box(lane.at(), reach.from(), 0, length)
                      : new Box(reach.from(), lane.at(), length, 0));
        });
  }

  private static void add(Map<Lane, Reach> lanes, Figure figure, Figure source, Route route) {
    boolean chip = figure.to().chip();
    double from = source.to().middle();
    double to = figure.to().middle();
    lie(lanes, source, from, chip, source.to().right(), route.spine());
    if (route.gutter() == route.spine()) {
      stand(lanes, source, route.spine(), chip, from, to);
    } else {
      stand(lanes, source, route.spine(), chip, from, route.bus());
      lie(lanes, source, route.bus(), chip, route.spine(), route.gutter());
      stand(lanes, source, route.gutter(), chip, route.bus(), to);
    }
  }

  private static void stand(
      Map<Lane, Reach> lanes, Figure source, double x, boolean chip, double a, double b) {
    lanes.merge(new Lane(source, true, x, chip), Reach.between(a, b), Reach::with);
  }

  private static void lie(
      Map<Lane, Reach> lanes, Figure source, double y, boolean chip, double a, double b) {
    lanes.merge(new Lane(source, false, y, chip), Reach.between(a, b), Reach::with);
  }

  /** Those that lead to whole cards. */
  List<Box> ofCards() {
    return cards;
  }

  /** Those that lead to chips. */
  List<Box> ofChips() {
    return chips;
  }
}
