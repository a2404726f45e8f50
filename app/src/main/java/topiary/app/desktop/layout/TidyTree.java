package topiary.app.desktop.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * Lays a tree out from left to right, because cards are wider than high: sources centred beside
 * their replicas, subtrees as close as their outlines allow, siblings in the tree's order.
 */
public final class TidyTree {

  public static final double CARD_WIDTH = 284;
  public static final double CARD_HEIGHT = 92;
  public static final double GAP = 22;
  public static final double COLUMN = CARD_WIDTH + 96;

  private TidyTree() {}

  /** One server with all below it; y values are relative to the middle of its own card. */
  private static final class Part {
    private final List<Part> below = new ArrayList<>();
    private final List<Double> top = new ArrayList<>(List.of(-CARD_HEIGHT / 2));
    private final List<Double> bottom = new ArrayList<>(List.of(CARD_HEIGHT / 2));
    private Part above;
    private InstanceKey key;
    private double offset;
    private double place;
    private int depth;

    void arrange() {
      var outlineTop = new ArrayList<Double>();
      var outlineBottom = new ArrayList<Double>();
      for (Part child : below) {
        double shift = outlineBottom.isEmpty() ? 0 : Double.NEGATIVE_INFINITY;
        for (int d = 0; d < Math.min(outlineBottom.size(), child.top.size()); d++) {
          shift = Math.max(shift, outlineBottom.get(d) + GAP - child.top.get(d));
        }
        child.offset = shift;
        for (int d = 0; d < child.top.size(); d++) {
          if (d < outlineTop.size()) {
            outlineBottom.set(d, child.bottom.get(d) + shift);
          } else {
            outlineTop.add(child.top.get(d) + shift);
            outlineBottom.add(child.bottom.get(d) + shift);
          }
        }
      }
      if (below.isEmpty()) {
        return;
      }
      double middle = (below.getFirst().offset + below.getLast().offset) / 2;
      below.forEach(child -> child.offset -= middle);
      outlineTop.forEach(y -> top.add(y - middle));
      outlineBottom.forEach(y -> bottom.add(y - middle));
    }
  }

  /** The places of a tree's cards. */
  public static Layout of(Tree tree) {
    List<Part> parts = parts(tree);
    parts.reversed().forEach(Part::arrange);
    double least = parts.getFirst().top.stream().mapToDouble(y -> y).min().orElse(0);
    double most = parts.getFirst().bottom.stream().mapToDouble(y -> y).max().orElse(0);
    Map<InstanceKey, Box> boxes = new LinkedHashMap<>();
    Map<InstanceKey, InstanceKey> sources = new HashMap<>();
    double width = 0;
    for (Part part : parts) {
      part.place = part.above == null ? -least : part.above.place + part.offset;
      var box = new Box(part.depth * COLUMN, part.place - CARD_HEIGHT / 2, CARD_WIDTH, CARD_HEIGHT);
      boxes.put(part.key, box);
      width = Math.max(width, box.right());
      if (part.above != null) {
        sources.put(part.key, part.above.key);
      }
    }
    return new Layout(boxes, sources, width, most - least);
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
