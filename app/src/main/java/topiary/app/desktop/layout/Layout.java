package topiary.app.desktop.layout;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/**
 * Every card of a tree in its place.
 *
 * @param boxes in the tree's order, sources before their replicas
 * @param sources whom each server but the head hangs below
 * @param width of all of it, from 0
 * @param height of all of it, from 0
 */
public record Layout(
    Map<InstanceKey, Box> boxes,
    Map<InstanceKey, InstanceKey> sources,
    double width,
    double height) {

  public static final Layout EMPTY = new Layout(Map.of(), Map.of(), 0, 0);

  /** Where to look for the next card. */
  public enum Direction {
    UP,
    DOWN,
    LEFT,
    RIGHT
  }

  public Layout {
    boxes = Collections.unmodifiableMap(new LinkedHashMap<>(boxes));
    sources = Map.copyOf(sources);
  }

  /** The card at a point. */
  public Optional<InstanceKey> at(double x, double y) {
    return boxes.entrySet().stream()
        .filter(e -> e.getValue().contains(x, y))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The next card in a direction: up and down along the tree, left and right within a row. */
  public Optional<InstanceKey> next(InstanceKey from, Direction to) {
    Box here = boxes.get(from);
    if (here == null) {
      return boxes.keySet().stream().findFirst();
    }
    return switch (to) {
      case UP -> Optional.ofNullable(sources.get(from));
      case DOWN ->
          sources.entrySet().stream()
              .filter(e -> e.getValue().equals(from))
              .map(Map.Entry::getKey)
              .min(Comparator.comparingDouble(k -> boxes.get(k).x()));
      case LEFT, RIGHT -> beside(here, to == Direction.RIGHT);
    };
  }

  private Optional<InstanceKey> beside(Box here, boolean right) {
    return boxes.entrySet().stream()
        .filter(e -> e.getValue().y() == here.y())
        .filter(e -> right ? e.getValue().x() > here.x() : e.getValue().x() < here.x())
        .min(Comparator.comparingDouble(e -> Math.abs(e.getValue().x() - here.x())))
        .map(Map.Entry::getKey);
  }
}
