package topiary.app.desktop.window;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.RunProgress;
import topiary.app.desktop.model.Words;

/** A plan that is out of the way: one line below the tree, so that one can watch it happen. */
final class PlanStrip extends HBox {

  private final Label words = new Label();
  private final Region mark = Marks.of(Marks.TICK, "good");
  private final ProgressIndicator busy = new ProgressIndicator();
  private final Button close = new Button("Close");

  private static final double WIDTH = 560;

  PlanStrip(PlanModel model) {
    setId("plan-strip");
    getStyleClass().add("plan-strip");
    setAlignment(Pos.CENTER_LEFT);
    setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    busy.setPrefSize(16, 16);
    busy.setMinSize(16, 16);
    words.setMinWidth(0);
    words.setMaxWidth(WIDTH);
    HBox.setHgrow(words, Priority.ALWAYS);
    var show = new Button("Show");
    show.setId("unfold");
    show.getStyleClass().add("small");
    show.setMinWidth(Region.USE_PREF_SIZE);
    show.setOnAction(e -> model.unfold());
    close.setId("strip-close");
    close.getStyleClass().add("small");
    close.setMinWidth(Region.USE_PREF_SIZE);
    close.managedProperty().bind(close.visibleProperty());
    close.setOnAction(e -> model.close());
    getChildren().addAll(new StackPane(mark, busy), words, show, close);
  }

  void show(PlanModel.State state) {
    words.setText(Words.capital(RunProgress.line(state)));
    setAccessibleText(words.getText());
    busy.setVisible(state.running());
    mark.setVisible(!state.running());
    close.setVisible(!state.running());
  }
}
