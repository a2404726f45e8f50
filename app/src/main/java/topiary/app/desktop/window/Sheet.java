package topiary.app.desktop.window;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * A sheet of paper over the window, which is dimmed below it: a head, what it is about, and a foot
 * with a sentence and buttons.
 */
abstract class Sheet extends StackPane {

  /** What is said has this much of height in any case, where there is that much of it. */
  private static final double LEAST = 120;

  /**
   * A sheet without anything on it.
   *
   * @param id by which it is found
   */
  Sheet(String id) {
    setId(id);
    getStyleClass().add("scrim");
  }

  /**
   * Puts what it is made of on it, from top to bottom.
   *
   * @param width in pixels at most
   */
  final void put(double width, Node... parts) {
    var sheet = new VBox(parts);
    sheet.getStyleClass().add("plan-sheet");
    sheet.setMaxSize(width, Region.USE_PREF_SIZE);
    getChildren().add(sheet);
  }

  /** Who clicks beside the sheet puts it away. */
  final void putAwayBeside(Runnable away) {
    setOnMousePressed(
        e -> {
          if (e.getTarget() == this) {
            away.run();
          }
        });
  }

  static VBox head(Node... parts) {
    var head = new VBox(parts);
    head.getStyleClass().add("sheet-head");
    head.setMinHeight(Region.USE_PREF_SIZE);
    return head;
  }

  /** A sentence, and as much of the width as it leaves for what can be done. */
  static HBox foot(Label message, Node... buttons) {
    message.getStyleClass().add("message");
    message.setMaxWidth(Double.MAX_VALUE);
    message.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(message, Priority.ALWAYS);
    var foot = new HBox(message);
    foot.getChildren().addAll(buttons);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    return foot;
  }

  /**
   * What is said, as high as it is, and to be scrolled beyond a part of the window.
   *
   * @param share that part, up to 1
   */
  final ScrollPane scrolling(VBox said, String id, double share) {
    var scroll = new ScrollPane(said);
    scroll.setId(id);
    scroll.getStyleClass().add("what-if");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinHeight(0);
    Runnable fit =
        () ->
            scroll.setPrefViewportHeight(
                Math.min(Math.max(LEAST, getHeight() * share), said.getHeight()));
    said.heightProperty().subscribe(fit);
    heightProperty().subscribe(fit);
    return scroll;
  }
}
