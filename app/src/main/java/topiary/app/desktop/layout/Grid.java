package topiary.app.desktop.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/** Finds the card at a point without looking at all of them. */
final class Grid {

  private static final double CELL = 256;

  private final Map<InstanceKey, Box> boxes;
  private final Map<Long, List<InstanceKey>> cells = new HashMap<>();

  Grid(Map<InstanceKey, Box> boxes) {
    this.boxes = boxes;
    boxes.forEach(
        (key, b) -> {
          for (long row = cell(b.y()); row <= cell(b.bottom()); row++) {
            for (long column = cell(b.x()); column <= cell(b.right()); column++) {
              cells.computeIfAbsent(name(column, row), n -> new ArrayList<>()).add(key);
            }
          }
        });
  }

  private static long cell(double at) {
    return (long) Math.floor(at / CELL);
  }

  private static long name(long column, long row) {
    return column << 32 ^ row & 0xffff_ffffL;
  }

  Optional<InstanceKey> at(double x, double y) {
    return cells.getOrDefault(name(cell(x), cell(y)), List.of()).stream()
        .filter(key -> boxes.get(key).contains(x, y))
        .findFirst();
  }
}
