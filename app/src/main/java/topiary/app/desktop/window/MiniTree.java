package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Line;
import topiary.app.desktop.model.BeforeAfter;

/** A few servers as small cards, each replica indented below its source. */
final class MiniTree extends Pane {

  private static final double INDENT = 24;
  private static final double ROW = 34;
  private static final double CARD = 27;

  private final List<HBox> cards = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();

  MiniTree(List<BeforeAfter.Branch> heads) {
    getStyleClass().add("mini-tree");
    setMinWidth(0);
    heads.forEach(head -> add(head, 0));
    setMinHeight(ROW * cards.size());
    setPrefHeight(ROW * cards.size());
  }

  /** Adds a branch, and gives the row it stands in. */
  private int add(BeforeAfter.Branch branch, int depth) {
    int row = cards.size();
    var name = new Label(branch.key().toString());
    name.getStyleClass().add("mini-name");
    var card = new HBox(6, name);
    card.getStyleClass().add("mini-card");
    if (branch.moved()) {
      card.getStyleClass().add("moved");
    }
    if (branch.lost()) {
      card.getStyleClass().add("lost");
      card.getChildren().addFirst(Marks.of(Marks.CROSS, "bad"));
    }
    if (branch.folded() > 0) {
      var more = new Label("+" + branch.folded());
      more.getStyleClass().add("mini-more");
      more.setMinWidth(USE_PREF_SIZE);
      card.getChildren().add(more);
    }
    if (branch.more() > 0) {
      var like = new Label("and " + branch.more() + " more");
      like.getStyleClass().add("mini-like");
      like.setMinWidth(USE_PREF_SIZE);
      card.getChildren().add(like);
    }
    cards.add(card);
    depths.add(depth);
    getChildren().add(card);
    for (BeforeAfter.Branch below : branch.below()) {
      connect(row, add(below, depth + 1), depth, below);
    }
    return row;
  }

  private void connect(int from, int to, int depth, BeforeAfter.Branch below) {
    double x = INDENT * depth + INDENT / 2;
    double y = ROW * to + CARD / 2;
    var down = new Line(x, ROW * from + CARD, x, y);
    var across = new Line(x, y, INDENT * (depth + 1), y);
    for (Line line : List.of(down, across)) {
      line.getStyleClass().add("mini-line");
      if (below.moved()) {
        line.getStyleClass().add("moved");
      }
      if (below.apart()) {
        line.getStyleClass().add("apart");
      }
    }
    if (below.moved()) {
      getChildren().addAll(down, across);
    } else {
      getChildren().addAll(0, List.of(down, across));
    }
  }

  @Override
  protected void layoutChildren() {
    for (int i = 0; i < cards.size(); i++) {
      HBox card = cards.get(i);
      double x = INDENT * depths.get(i);
      double width = Math.min(snapSizeX(card.prefWidth(CARD)), Math.max(40, getWidth() - x));
      card.resizeRelocate(x, ROW * i, width, CARD);
    }
  }
}
