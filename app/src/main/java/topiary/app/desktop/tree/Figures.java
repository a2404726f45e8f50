package topiary.app.desktop.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graphstream.stream.SinkAdapter;
import topiary.app.desktop.graph.TreeGraph;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Route;
import topiary.app.desktop.model.Fold;
import topiary.app.desktop.model.Link;
import topiary.app.desktop.model.ServerCard;
import topiary.app.desktop.model.ShortNames;
import topiary.engine.model.InstanceKey;

/**
 * All cards of the picture, as they hear of the graph's changes: what is new comes out of its
 * source, what moved glides, what is gone fades.
 */
final class Figures extends SinkAdapter {

  /** What the graph has said since somebody looked. */
  enum Change {
    NONE,
    /** Something looks different. */
    LOOK,
    /** Something is elsewhere, new or gone. */
    PLACE
  }

  private final Map<String, Figure> shown = new LinkedHashMap<>();
  private final List<Figure> leaving = new ArrayList<>();
  private final List<Figure> fresh = new ArrayList<>();
  private final Stems stems = new Stems();
  private Link.All links = Link.All.NONE;
  private ShortNames names = ShortNames.of(List.of());

  /** Those that are shown, one after the other: walked for every picture. */
  private List<Figure> row = List.of();

  private boolean settled = true;
  private Change change = Change.NONE;
  private boolean whole = true;

  List<Figure> shown() {
    return row;
  }

  /** Those that fade away. */
  List<Figure> leaving() {
    return leaving;
  }

  Figure of(InstanceKey key) {
    return shown.get(key.toString());
  }

  /** The streams that are not edges of the tree. */
  Link.All links() {
    return links;
  }

  ShortNames names() {
    return names;
  }

  Stems stems() {
    return stems;
  }

  /** Whether the graph has said anything since somebody looked. */
  boolean changed() {
    return change != Change.NONE;
  }

  /** Whether what is there is another tree than the one before. */
  boolean another() {
    return whole;
  }

  /** Takes note of what the graph has said since the last time; what moves begins to. */
  Change begin() {
    Change now = change;
    change = Change.NONE;
    if (now == Change.PLACE) {
      row = List.copyOf(shown.values());
      settled = false;
      stems.of(row);
      if (!whole) {
        fresh.forEach(Figure::appear);
      }
      row.forEach(Figure::depart);
      leaving.forEach(Figure::depart);
      fresh.clear();
      whole = false;
    }
    return now;
  }

  /** Puts every card where it is when a part of the way is behind it, 0 to 1. */
  void advance(double part) {
    if (settled) {
      return;
    }
    row.forEach(f -> f.advance(part));
    leaving.forEach(f -> f.advance(part));
    if (part >= 1) {
      leaving.clear();
      settled = true;
    }
  }

  // ---- what the graph says

  private void said(Change what) {
    if (what.compareTo(change) > 0) {
      change = what;
    }
  }

  /** Another tree: nothing of it moves until all of it is there. */
  @Override
  public void graphCleared(String graph, long time) {
    shown.clear();
    leaving.clear();
    fresh.clear();
    whole = true;
    said(Change.PLACE);
  }

  @Override
  public void graphAttributeAdded(String graph, long time, String name, Object value) {
    if (value instanceof ShortNames next) {
      names = next;
      said(Change.LOOK);
    }
    if (value instanceof Link.All next) {
      links = next;
      said(Change.LOOK);
    }
  }

  @Override
  public void graphAttributeChanged(
      String graph, long time, String name, Object before, Object value) {
    graphAttributeAdded(graph, time, name, value);
  }

  @Override
  public void nodeAdded(String graph, long time, String id) {
    var figure = new Figure();
    shown.put(id, figure);
    fresh.add(figure);
    said(Change.PLACE);
  }

  @Override
  public void nodeRemoved(String graph, long time, String id) {
    Figure figure = shown.remove(id);
    figure.vanish();
    leaving.add(figure);
    said(Change.PLACE);
  }

  @Override
  public void nodeAttributeAdded(String graph, long time, String id, String name, Object value) {
    Figure figure = shown.get(id);
    switch (value) {
      case ServerCard card -> figure.card = card;
      case Fold fold -> figure.fold = fold;
      case Box box -> {
        figure.go(box);
        said(Change.PLACE);
      }
      default -> throw new IllegalArgumentException(name + " of a node: " + value);
    }
    said(Change.LOOK);
  }

  @Override
  public void nodeAttributeChanged(
      String graph, long time, String id, String name, Object before, Object value) {
    nodeAttributeAdded(graph, time, id, name, value);
  }

  @Override
  public void nodeAttributeRemoved(String graph, long time, String id, String name) {
    Figure figure = shown.get(id);
    if (figure != null && name.equals(TreeGraph.FOLD)) {
      figure.fold = null;
      said(Change.LOOK);
    }
  }

  @Override
  public void edgeAdded(
      String graph, long time, String id, String from, String to, boolean directed) {
    shown.get(to).hang(shown.get(from));
    said(Change.PLACE);
  }

  @Override
  public void edgeRemoved(String graph, long time, String id) {
    Figure replica = shown.get(id);
    if (replica != null && replica.source != null) {
      replica.cut();
    }
    said(Change.PLACE);
  }

  @Override
  public void edgeAttributeAdded(String graph, long time, String id, String name, Object value) {
    if (value instanceof Route route) {
      shown.get(id).go(route);
      said(Change.PLACE);
    }
  }

  @Override
  public void edgeAttributeChanged(
      String graph, long time, String id, String name, Object before, Object value) {
    edgeAttributeAdded(graph, time, id, name, value);
  }
}
