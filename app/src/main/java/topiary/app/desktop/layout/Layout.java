package topiary.app.desktop.layout;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import topiary.engine.model.InstanceKey;

/** Every card of a tree in its place. */
public final class Layout {

  public static final Layout EMPTY = new Layout(Map.of(), Map.of(), Map.of(), 0, 0);

  /** Where to look for the next card. */
  public enum Direction {
    UP,
    DOWN,
    LEFT,
    RIGHT
  }

  private final Map<InstanceKey, Box> boxes;
  private final Map<InstanceKey, InstanceKey> sources;
  private final Map<InstanceKey, Route> routes;
  private final double width;
  private final double height;
  private final Grid grid;

  /**
   * A layout.
   *
   * @param boxes in the tree's order, sources before their replicas
   * @param sources whom each server but the head hangs below
   * @param routes how the edge runs to each server but the head
   * @param width of all of it, from 0
   * @param height of all of it, from 0
   */
  Layout(
      Map<InstanceKey, Box> boxes,
      Map<InstanceKey, InstanceKey> sources,
      Map<InstanceKey, Route> routes,
      double width,
      double height) {
    this.boxes = Collections.unmodifiableMap(new LinkedHashMap<>(boxes));
    this.sources = Map.copyOf(sources);
    this.routes = Map.copyOf(routes);
    this.width = width;
    this.height = height;
    this.grid = new Grid(this.boxes);
  }

  /** The cards' places in the tree's order, sources before their replicas. */
  public Map<InstanceKey, Box> boxes() {
    return boxes;
  }

  /** Whom each server but the head hangs below. */
  public Map<InstanceKey, InstanceKey> sources() {
    return sources;
  }

  /** How the edge runs to each server but the head. */
  public Map<InstanceKey, Route> routes() {
    return routes;
  }

  public double width() {
    return width;
  }

  public double height() {
    return height;
  }

  /** The card at a point. */
  public Optional<InstanceKey> at(double x, double y) {
    return grid.at(x, y);
  }

  /**
   * The next card in a direction: left and right along the tree, or along a row of chips; up and
   * down within a column, and from its end to whatever lies nearest.
   */
  public Optional<InstanceKey> next(InstanceKey from, Direction to) {
    Box here = boxes.get(from);
    if (here == null) {
      return boxes.keySet().stream().findFirst();
    }
    return switch (to) {
      case LEFT ->
          nearest(
                  other -> inRow(from, here, other) && boxes.get(other).x() < here.x(),
                  b -> here.x() - b.x())
              .or(() -> Optional.ofNullable(sources.get(from)));
      case RIGHT ->
          nearest(
                  other -> inRow(from, here, other) && boxes.get(other).x() > here.x(),
                  b -> b.x() - here.x())
              .or(
                  () ->
                      nearest(
                          other -> from.equals(sources.get(other)),
                          b -> b.y() + b.x() * Form.CHIP.height()));
      case UP -> vertical(here, -1);
      case DOWN -> vertical(here, 1);
    };
  }

  /** Whether two are chips of one source, in one row. */
  private boolean inRow(InstanceKey from, Box here, InstanceKey other) {
    Box there = boxes.get(other);
    return here.chip()
        && there.chip()
        && there.y() == here.y()
        && sources.get(from).equals(sources.get(other));
  }

  private Optional<InstanceKey> vertical(Box here, int sign) {
    return nearest(
            other -> {
              Box there = boxes.get(other);
              return there.x() == here.x() && sign * (there.y() - here.y()) > 0;
            },
            b -> Math.abs(b.y() - here.y()))
        .or(
            () ->
                nearest(
                    other -> sign * (boxes.get(other).middle() - here.middle()) > here.height() / 2,
                    b -> Math.abs(b.y() - here.y()) + 2 * Math.abs(b.x() - here.x())));
  }

  private Optional<InstanceKey> nearest(
      Predicate<InstanceKey> which, ToDoubleFunction<Box> distance) {
    InstanceKey best = null;
    double least = Double.MAX_VALUE;
    for (Map.Entry<InstanceKey, Box> e : boxes.entrySet()) {
      double far = distance.applyAsDouble(e.getValue());
      if (far < least && which.test(e.getKey())) {
        best = e.getKey();
        least = far;
      }
    }
    return Optional.ofNullable(best);
  }
}
