package topiary.app.desktop.window;

import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.ClusterRow;
import topiary.app.desktop.model.FleetModel.Tile;
import topiary.app.desktop.model.Mood;
import topiary.app.desktop.tree.TreeSketch;
import topiary.app.gateway.ReadinessView;

/** A cluster as a tile. */
final class TileView extends VBox {

  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");
  private static final PseudoClass BAD = PseudoClass.getPseudoClass("bad");
  private static final PseudoClass WATCH = PseudoClass.getPseudoClass("watch");

  private final Region mark = new Region();
  private final Label name = new Label();
  private final Label size = new Label();
  private final Label head = new Label();
  private final TreeSketch sketch = new TreeSketch();
  private final Label sentence = new Label();
  private final Label words = new Label();
  private final Score score = new Score();
  private Tile shown;
  private Mood mood;

  TileView() {
    getStyleClass().add("tile");
    setAccessibleRole(AccessibleRole.LIST_ITEM);
    name.getStyleClass().add("cluster-head");
    name.setMinWidth(0);
    name.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(name, Priority.ALWAYS);
    size.getStyleClass().add("cluster-words");
    size.setMinWidth(USE_PREF_SIZE);
    head.getStyleClass().addAll("cluster-words", "tile-head");
    VBox.setVgrow(sketch, Priority.ALWAYS);
    sentence.getStyleClass().add("tile-sentence");
    words.getStyleClass().add("cluster-words");
    var top = new HBox(8, mark, name, score, size);
    top.setAlignment(Pos.CENTER_LEFT);
    getChildren().addAll(top, head, sketch, sentence, words);
  }

  void show(Tile tile, Optional<ReadinessView> readiness, boolean dark) {
    score.show(readiness);
    ClusterRow row = tile.row();
    sketch.show(row.tree(), row.health().moods(), dark);
    if (tile.equals(shown)) {
      return;
    }
    shown = tile;
    if (row.health().mood() != mood) {
      mood = row.health().mood();
      MoodMark.set(mark, mood);
      pseudoClassStateChanged(BAD, mood.troubled());
      pseudoClassStateChanged(WATCH, mood == Mood.LATE);
    }
    name.setText(tile.name());
    size.setText(row.size());
    head.setText(row.head().toString());
    sentence.setText(tile.sentence());
    words.setText(words(tile));
    setAccessibleText(spoken(tile));
  }

  /** What it shows; null before it showed any. */
  Tile tile() {
    return shown;
  }

  void chosen(boolean is) {
    pseudoClassStateChanged(CHOSEN, is);
  }

  /** How many are how, and how far the last one is behind. */
  static String words(Tile tile) {
    var health = tile.row().health();
    String all = String.join("  ·  ", health.words());
    return health
        .lag()
        .filter(l -> health.moods().contains(Mood.LATE))
        .map(l -> all.replace(Mood.LATE.word(), Mood.LATE.word() + " " + l.span()))
        .orElse(all);
  }

  /** For those who hear it. */
  static String spoken(Tile tile) {
    return tile.name() + ", " + tile.row().words() + ". " + tile.sentence() + ". " + words(tile);
  }
}
