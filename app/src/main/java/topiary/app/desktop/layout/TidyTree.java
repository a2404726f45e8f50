package topiary.app.desktop.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * Lays a tree out from the top down: sources centred over their replicas, subtrees as close as
 * their outlines allow, siblings in the tree's order.
 */
public final class TidyTree {

  public static final double CARD_WIDTH = 264;
  public static final double CARD_HEIGHT = 92;
  public static final double GAP = 28;
  public static final double ROW = CARD_HEIGHT + 76;

  private TidyTree() {}

  /** One server with all below it; x values are relative to the centre of its own card. */
  private static final class Part {
    private final List<Part> below = new ArrayList<>();
    private final List<Double> left = new ArrayList<>(List.of(-CARD_WIDTH / 2));
    private final List<Double> right = new ArrayList<>(List.of(CARD_WIDTH / 2));
    private Part above;
    private InstanceKey key;
    private double offset;
    private double centre;
    private int depth;

    void arrange() {
      var outlineLeft = new ArrayList<Double>();
      var outlineRight = new ArrayList<Double>();
      for (Part child : below) {
        double shift = outlineRight.isEmpty() ? 0 : Double.NEGATIVE_INFINITY;
        for (int d = 0; d < Math.min(outlineRight.size(), child.left.size()); d++) {
          shift = Math.max(shift, outlineRight.get(d) + GAP - child.left.get(d));
        }
        child.offset = shift;
        for (int d = 0; d < child.left.size(); d++) {
          if (d < outlineLeft.size()) {
            outlineRight.set(d, child.right.get(d) + shift);
          } else {
            outlineLeft.add(child.left.get(d) + shift);
            outlineRight.add(child.right.get(d) + shift);
          }
        }
      }
      if (below.isEmpty()) {
        return;
      }
      double middle = (below.getFirst().offset + below.getLast().offset) / 2;
      below.forEach(child -> child.offset -= middle);
      outlineLeft.forEach(x -> left.add(x - middle));
      outlineRight.forEach(x -> right.add(x - middle));
    }
  }

  /** The places of a tree's cards. */
  public static Layout of(Tree tree) {
    List<Part> parts = parts(tree);
    parts.reversed().forEach(Part::arrange);
    double least = parts.getFirst().left.stream().mapToDouble(x -> x).min().orElse(0);
    double most = parts.getFirst().right.stream().mapToDouble(x -> x).max().orElse(0);
    Map<InstanceKey, Box> boxes = new LinkedHashMap<>();
    Map<InstanceKey, InstanceKey> sources = new HashMap<>();
    double height = 0;
    for (Part part : parts) {
      part.centre = part.above == null ? -least : part.above.centre + part.offset;
      var box = new Box(part.centre - CARD_WIDTH / 2, part.depth * ROW, CARD_WIDTH, CARD_HEIGHT);
      boxes.put(part.key, box);
      height = Math.max(height, box.bottom());
      if (part.above != null) {
        sources.put(part.key, part.above.key);
      }
    }
    return new Layout(boxes, sources, most - least, height);
  }

  private static List<Part> parts(Tree tree) {
    var parts = new ArrayList<Part>();
    var path = new ArrayList<Part>();
    for (Tree.Place place : tree.places()) {
      var part = new Part();
      part.key = place.key();
      part.depth = place.depth();
      while (path.size() > place.depth()) {
        path.removeLast();
      }
      if (!path.isEmpty()) {
        part.above = path.getLast();
        part.above.below.add(part);
      }
      path.add(part);
      parts.add(part);
    }
    return parts;
  }
}
