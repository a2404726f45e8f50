package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Details;
import topiary.engine.model.InstanceKey;

/** All groups of a server, one stop for the Tab key: the arrow keys go through its rows. */
final class DetailList extends ScrollPane {

  private final VBox box = new VBox();

  /** The titles of what a person has folded away, whichever server is shown. */
  private final Set<String> folded = new HashSet<>();

  private List<DetailGroup> groups = List.of();
  private InstanceKey whose = new InstanceKey("none", 1);
  private boolean narrowed;

  private final DetailRow.Hand hand;

  /**
   * An empty list.
   *
   * @param hand does what is chosen in a row
   */
  DetailList(DetailRow.Hand hand) {
    this.hand = hand;
    setContent(box);
    setFitToWidth(true);
    setFocusTraversable(false);
    setHbarPolicy(ScrollBarPolicy.NEVER);
    box.getStyleClass().add("details");
    box.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
  }

  /**
   * Shows groups. What is shown already and has other values stays, so that a selection does too.
   *
   * @param narrow whether only some are shown, which are never folded
   */
  void show(InstanceKey key, List<Details.Group> next, boolean narrow) {
    boolean news = key.equals(whose) && narrow == narrowed;
    if (!key.equals(whose)) {
      setVvalue(0);
    }
    whose = key;
    narrowed = narrow;
    var now = new ArrayList<DetailGroup>();
    for (int i = 0; i < next.size(); i++) {
      Details.Group group = next.get(i);
      DetailGroup same =
          groups.stream().filter(g -> g.fits(group)).findFirst().orElseGet(() -> made(group));
      same.show(group, news);
      same.open(narrow || !folded.contains(group.title()));
      now.add(same);
    }
    if (!now.equals(groups)) {
      groups = now;
      box.getChildren().setAll(now);
      stop(stops().stream().findFirst().orElse(null));
    }
  }

  private DetailGroup made(Details.Group group) {
    var made = new DetailGroup[1];
    made[0] = new DetailGroup(group, () -> toggled(made[0]), hand);
    made[0]
        .stops()
        .forEach(
            node ->
                node.focusedProperty()
                    .subscribe(
                        focused -> {
                          if (focused) {
                            stop(node);
                          }
                        }));
    return made[0];
  }

  private void toggled(DetailGroup group) {
    if (group.open()) {
      folded.remove(group.title());
    } else {
      folded.add(group.title());
    }
  }

  private List<Node> stops() {
    return groups.stream().flatMap(g -> g.stops().stream()).toList();
  }

  /** Makes a row the one that Tab comes to. */
  private void stop(Node at) {
    groups.forEach(
        g -> {
          for (Node node : g.stops()) {
            node.setFocusTraversable(node == at);
          }
        });
    if (at != null && at.isFocused()) {
      reveal(at);
    }
  }

  private void key(KeyEvent e) {
    List<Node> stops = stops();
    int at = e.getTarget() instanceof Node node ? stops.indexOf(node) : -1;
    if (at < 0 || e.isShortcutDown()) {
      return;
    }
    int next =
        switch (e.getCode()) {
          case UP -> at - 1;
          case DOWN -> at + 1;
          case HOME -> 0;
          case END -> stops.size() - 1;
          default -> -1;
        };
    if (next >= 0 && next < stops.size()) {
      stops.get(next).requestFocus();
      e.consume();
    }
  }

  private void reveal(Node node) {
    double room = box.getHeight() - getViewportBounds().getHeight();
    if (room <= 0) {
      return;
    }
    Bounds at = box.sceneToLocal(node.localToScene(node.getLayoutBounds()));
    double top = getVvalue() * room;
    if (at.getMinY() < top) {
      setVvalue(at.getMinY() / room);
    } else if (at.getMaxY() > top + getViewportBounds().getHeight()) {
      setVvalue((at.getMaxY() - getViewportBounds().getHeight()) / room);
    }
  }
}
