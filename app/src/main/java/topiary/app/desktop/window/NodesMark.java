package topiary.app.desktop.window;

import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Nodes;
import topiary.app.desktop.model.NodesModel;
import topiary.app.desktop.model.WindowModel;

/** Which node this window is on, and how its fellows are; a click shows them. */
final class NodesMark extends Button {

  private static final PseudoClass HALTED = PseudoClass.getPseudoClass("halted");
  private static final PseudoClass WATCH = PseudoClass.getPseudoClass("watch");

  private final WindowModel model;
  private final Action show;
  private final Region mark = Marks.of(Marks.TICK, "good");
  private final Label mine = new Label();
  private final Label words = new Label();
  private final Tooltip tip = new Tooltip();
  private boolean narrow;

  /**
   * A mark; without nodes it is not there.
   *
   * @param show shows them
   */
  NodesMark(WindowModel model, Action show) {
    this.model = model;
    this.show = show;
    setId("nodes-mark");
    getStyleClass().addAll("tool", "nodes-mark");
    mine.getStyleClass().add("nodes-mine");
    mine.setMinWidth(0);
    mine.managedProperty().bind(mine.visibleProperty());
    words.getStyleClass().add("nodes-words");
    words.setMinWidth(0);
    var line = new HBox(mark, mine, words);
    line.getStyleClass().add("nodes-line");
    setGraphic(line);
    setMinWidth(USE_PREF_SIZE);
    setTooltip(tip);
    managedProperty().bind(visibleProperty());
    setOnAction(e -> show.run());
    model.nodes().state().subscribe(this::show);
    model.seen().subscribe(seen -> Stale.mark(this, seen));
  }

  /** Where there is little room, less is said. */
  void narrow(boolean is) {
    narrow = is;
    show(model.nodes().state().get());
  }

  private void show(NodesModel.State state) {
    // A node that was never to have fellows is no news.
    setVisible(state.nodes().filter(n -> !n.rows().isEmpty()).isPresent());
    state.nodes().ifPresent(this::show);
  }

  private void show(Nodes nodes) {
    switch (nodes.standing()) {
      case HALTED -> Marks.set(mark, Marks.CROSS, "bad");
      case WATCH -> Marks.set(mark, Marks.ALERT, "warn");
      case WELL -> Marks.set(mark, Marks.TICK, "good");
      case ALONE -> Marks.set(mark, Marks.RING, "faint");
    }
    pseudoClassStateChanged(HALTED, nodes.standing() == Nodes.Standing.HALTED);
    pseudoClassStateChanged(WATCH, nodes.standing() == Nodes.Standing.WATCH);
    mine.setVisible(!nodes.mine().isEmpty() && !narrow);
    mine.setText("on " + nodes.mine() + " ·");
    words.setText(narrow ? nodes.brief() : nodes.words());
    String all = (nodes.mine().isEmpty() ? "" : "On " + nodes.mine() + ", ") + nodes.words();
    String key = "  (" + show.key() + ")";
    tip.setText(
        (nodes.sentence().isEmpty() ? all : all + "\n" + nodes.sentence()) + "\nThe nodes" + key);
    setAccessibleText("Nodes: " + all + ". " + nodes.sentence());
  }
}
