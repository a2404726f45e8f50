package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Details;

/** Rows that belong together, below a heading that folds them away. */
final class DetailGroup extends VBox {

  private final HBox heading;
  private final Label arrow = new Label();
  private final Label seen = new Label();
  private final VBox body = new VBox();
  private final List<DetailRow> rows = new ArrayList<>();
  private final String title;
  private final Runnable toggled;
  private boolean open = true;

  /**
   * A group.
   *
   * @param toggled is told when a person folds or unfolds it
   * @param hand does what is chosen in a row
   */
  DetailGroup(Details.Group group, Runnable toggled, DetailRow.Hand hand) {
    this.title = group.title();
    this.toggled = toggled;
    arrow.getStyleClass().add("group-arrow");
    var words = new Label(title.toUpperCase(Locale.ROOT));
    words.getStyleClass().add("group");
    seen.getStyleClass().add("cluster-words");
    heading = new HBox(arrow, words, seen);
    heading.getStyleClass().add("group-heading");
    heading.setAccessibleRole(AccessibleRole.TITLED_PANE);
    heading.setOnMouseClicked(
        e -> {
          heading.requestFocus();
          open(!open);
          toggled.run();
        });
    heading.setOnKeyPressed(this::key);
    group.rows().forEach(row -> rows.add(new DetailRow(row, hand)));
    body.getChildren().setAll(rows);
    body.managedProperty().bind(body.visibleProperty());
    getChildren().addAll(heading, body);
    open(true);
  }

  String title() {
    return title;
  }

  boolean open() {
    return open;
  }

  void open(boolean now) {
    open = now;
    arrow.setText(open ? "▾" : "▸");
    body.setVisible(open);
    heading.setAccessibleText(title + (open ? ", unfolded" : ", folded"));
  }

  private void key(KeyEvent e) {
    boolean wanted =
        switch (e.getCode()) {
          case ENTER, SPACE -> !open;
          case RIGHT -> true;
          case LEFT -> false;
          default -> open;
        };
    if (wanted != open) {
      open(wanted);
      toggled.run();
      e.consume();
    }
  }

  boolean fits(Details.Group group) {
    if (!group.title().equals(title) || group.rows().size() != rows.size()) {
      return false;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).fits(group.rows().get(i))) {
        return false;
      }
    }
    return true;
  }

  void show(Details.Group group, boolean news) {
    seen.setText(group.seen());
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).show(group.rows().get(i), news);
    }
  }

  /** What the arrow keys go through. */
  List<Node> stops() {
    var stops = new ArrayList<Node>(List.of(heading));
    if (open) {
      stops.addAll(rows);
    }
    return stops;
  }
}
