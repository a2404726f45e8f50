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

  /** The next card in a direction: left and right along the tree, up and down within a column. */
  public Optional<InstanceKey> next(InstanceKey from, Direction to) {
    Box here = boxes.get(from);
    if (here == null) {
      return boxes.keySet().stream().findFirst();
    }
    return switch (to) {
      case LEFT -> Optional.ofNullable(sources.get(from));
      case RIGHT ->
          sources.entrySet().stream()
              .filter(e -> e.getValue().equals(from))
              .map(Map.Entry::getKey)
              .min(Comparator.comparingDouble(k -> boxes.get(k).y()));
      case UP, DOWN -> beside(here, to == Direction.DOWN);
    };
  }

  private Optional<InstanceKey> beside(Box here, boolean below) {
    return boxes.entrySet().stream()
        .filter(e -> e.getValue().x() == here.x())
        .filter(e -> below ? e.getValue().y() > here.y() : e.getValue().y() < here.y())
        .min(Comparator.comparingDouble(e -> Math.abs(e.getValue().y() - here.y())))
        .map(Map.Entry::getKey);
  }
}
