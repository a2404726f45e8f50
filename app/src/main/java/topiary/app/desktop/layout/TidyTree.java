package topiary.app.desktop.layout;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * Lays a tree out from left to right, because cards are wider than high: sources centred beside
 * their replicas, subtrees as close as their outlines allow, siblings in the tree's order. In a
 * large tree leaves become chips in blocks, and what would be far too high stands in columns.
 */
public final class TidyTree {

  /** Between a card and those right of it. */
  static final double BESIDE = 96;

  static final double COLUMN = Form.CARD.width() + BESIDE;

  /** The largest picture that is shown whole and can be read, in units. */
  private static final double READABLE = 1500;

  /** How much smaller it has to become for leaves to become chips. */
  private static final double WORTH = 0.8;

  /** How much wider than high a picture best is: about as the window's middle. */
  private static final double ASPECT = 1.1;

  private TidyTree() {}

  /** How much room something takes in a picture of the best form. */
  static double cost(double width, double height) {
    return Math.max(width / ASPECT, height);
  }

  /** The places of a tree's cards. */
  public static Layout of(Tree tree) {
    return of(tree, Set.of());
  }

  /**
   * The places of a tree's cards.
   *
   * @param folded servers whose replicas are not shown
   */
  public static Layout of(Tree tree, Set<InstanceKey> folded) {
    List<Part> parts = parts(tree, folded);
    Part head = parts.getFirst();
    double plain = arrange(parts, false);
    // A long chain is as long either way.
    if (plain > READABLE && arrange(parts, true) > plain * WORTH) {
      arrange(parts, false);
    }
    double middle = -head.outline().top();
    var boxes = new LinkedHashMap<InstanceKey, Box>();
    Map<InstanceKey, InstanceKey> sources = new HashMap<>();
    Map<InstanceKey, Route> routes = new HashMap<>();
    double width = 0;
    for (Part part : parts) {
      Box box;
      if (part.above == null) {
        box = part.box(new Box(0, middle, 0, 0));
      } else {
        Box source = boxes.get(part.above.key);
        box = part.box(source);
        sources.put(part.key, part.above.key);
        routes.put(part.key, part.route(source));
      }
      boxes.put(part.key, box);
      width = Math.max(width, box.right());
    }
    return new Layout(boxes, sources, routes, width, head.outline().height());
  }

  /** Arranges all of it, with leaves as chips or not; gives how much room that takes. */
  private static double arrange(List<Part> parts, boolean dense) {
    for (Part part : parts.reversed()) {
      part.arrange(dense);
    }
    Part head = parts.getFirst();
    return cost(head.right() - COLUMN, head.outline().height());
  }

  private static List<Part> parts(Tree tree, Set<InstanceKey> folded) {
    Map<InstanceKey, InstanceKey> sources = tree.sources();
    Map<InstanceKey, Part> parts = new LinkedHashMap<>();
    for (InstanceKey key : tree.members()) {
      InstanceKey source = sources.get(key);
      Part above = parts.get(source);
      if (above != null && folded.contains(source)) {
        above.folded = true;
      } else if (source == null || above != null) {
        var part = new Part(key);
        part.above = above;
        parts.put(key, part);
        if (above != null) {
          above.below.add(part);
        }
      }
    }
    return List.copyOf(parts.values());
  }
}
