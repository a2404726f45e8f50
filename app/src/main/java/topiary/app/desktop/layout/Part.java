package topiary.app.desktop.layout;

import java.util.ArrayList;
import java.util.List;
import topiary.engine.model.InstanceKey;

/** One server with all below it. */
final class Part implements Item {

  /** From a card's left to the line its edges leave it by. */
  static final double SPINE = Form.CARD.width() + 25;

  final InstanceKey key;
  final List<Part> below = new ArrayList<>();
  Part above;
  Form form = Form.CARD;

  /** Whether replicas of it are folded away. */
  boolean folded;

  private Outline outline;

  /** With all below it. */
  private double width;

  /** From the source's left and middle. */
  private double left;

  private double middle;
  private Route lane = new Route(0, 0, 0);

  Part(InstanceKey key) {
    this.key = key;
  }

  boolean leaf() {
    return below.isEmpty();
  }

  @Override
  public int column() {
    return 1;
  }

  @Override
  public double right() {
    return TidyTree.COLUMN + width;
  }

  @Override
  public Outline outline() {
    return outline;
  }

  @Override
  public void place(Part source, double fromLeft, double fromMiddle, Route route) {
    left = fromLeft;
    middle = fromMiddle;
    lane = route;
  }

  /** Finds its outline; all below it have theirs. */
  void arrange(boolean dense) {
    // A replica and nobody's source says little.
    form = dense && leaf() && !folded && above != null ? Form.CHIP : Form.CARD;
    outline = Outline.of(-form.height() / 2, form.height() / 2, 1);
    width = form.width();
    if (!leaf()) {
      width = Shelves.of(items(dense), dense).settle(this, outline);
    }
  }

  private List<Item> items(boolean dense) {
    if (!dense) {
      return List.copyOf(below);
    }
    List<Part> leaves = below.stream().filter(p -> p.form == Form.CHIP).toList();
    var items = new ArrayList<Item>();
    if (!leaves.isEmpty()) {
      items.add(new Block(leaves));
    }
    below.stream().filter(p -> p.form == Form.CARD).forEach(items::add);
    return items;
  }

  /** Where it lies, given where its source does. */
  Box box(Box source) {
    return new Box(
        source.x() + left,
        source.middle() + middle - form.height() / 2,
        form.width(),
        form.height());
  }

  Route route(Box source) {
    return new Route(
        source.x() + lane.spine(), source.middle() + lane.bus(), source.x() + lane.gutter());
  }
}
