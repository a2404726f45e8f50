package topiary.app.desktop.window;

import java.util.Locale;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.ConnectModel.Kind;

/** One of several ways to go on: a sign, a name, and what it means. */
final class Choice extends ToggleButton {

  private static final double WORDS = 250;

  static final String LAPTOP =
      "M3.2 3h9.6a1 1 0 0 1 1 1v6.6H2.2V4a1 1 0 0 1 1-1zM3.5 4.3v5h9v-5z"
          + "M0.6 11.6h14.8v0.5a1.3 1.3 0 0 1-1.3 1.3H1.9a1.3 1.3 0 0 1-1.3-1.3z";
  static final String RACK =
      "M2.8 2h10.4a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H2.8a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1z"
          + "M4 3.8v1.4h1.6V3.8zM8.4 3.8v1.4H12V3.8z"
          + "M2.8 9h10.4a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1H2.8a1 1 0 0 1-1-1v-3a1 1 0 0 1 1-1z"
          + "M4 10.8v1.4h1.6v-1.4zM8.4 10.8v1.4H12v-1.4z";

  private final Kind kind;

  Choice(Kind kind, String sign, String name, String words) {
    this.kind = kind;
    setId("choose-" + kind.name().toLowerCase(Locale.ROOT));
    getStyleClass().add("choice");
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    setAccessibleText(name + ". " + words);
    var mark = new Region();
    mark.setStyle("-fx-shape: \"" + sign + "\";");
    mark.getStyleClass().add("choice-sign");
    var title = new Label(name);
    title.getStyleClass().add("choice-title");
    var explained = new Label(words);
    explained.getStyleClass().add("choice-words");
    explained.setMinHeight(Region.USE_PREF_SIZE);
    explained.setPrefWidth(WORDS);
    var text = new VBox(4, title, explained);
    HBox.setHgrow(text, Priority.ALWAYS);
    setMinHeight(Region.USE_PREF_SIZE);
    setGraphic(new HBox(14, mark, text));
  }

  /** A button asks its graphic how high it is at a width below nothing, where words wrap early. */
  @Override
  protected double computePrefHeight(double width) {
    double words = getGraphic().prefHeight(getGraphic().prefWidth(-1));
    return snappedTopInset() + words + snappedBottomInset();
  }

  Kind kind() {
    return kind;
  }
}
