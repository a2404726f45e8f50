package topiary.app.desktop.window;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.PastModel;
import topiary.app.desktop.model.PastModel.State;

/** Above the picture: which moment is shown, and others. */
final class PastStrip extends VBox {

  private static final PseudoClass PAST = PseudoClass.getPseudoClass("past");

  private final PastModel model;
  private final InstantSource clock;
  private final Runnable closed;
  private final TextField time = new TextField();
  private final Label words = new Label();

  /**
   * A strip.
   *
   * @param closed gives the keys back to what is below
   */
  PastStrip(PastModel model, InstantSource clock, Runnable closed) {
    super(5);
    this.model = model;
    this.clock = clock;
    this.closed = closed;
    setId("past");
    getStyleClass().add("past");
    setMinWidth(0);
    var title = new Label("As it was at");
    title.getStyleClass().add("past-title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    time.setId("past-time");
    time.setPromptText("12:34, or 2026-11-27 12:34");
    time.setAccessibleText("Which moment is shown: a time of today, or date and time");
    time.setPrefColumnCount(15);
    time.setMinWidth(60);
    time.setOnAction(e -> model.show(time.getText(), clock.instant(), ZoneId.systemDefault()));
    words.setId("past-words");
    words.getStyleClass().add("past-words");
    words.setWrapText(true);
    words.setMinWidth(0);
    words.setMinHeight(Region.USE_PREF_SIZE);
    words.managedProperty().bind(words.textProperty().isNotEmpty());
    var back = new Button("Back to now");
    back.setId("past-close");
    back.getStyleClass().addAll("small", "accent");
    back.setMinWidth(Region.USE_PREF_SIZE);
    back.setOnAction(e -> model.close());
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var line =
        new HBox(
            8,
            title,
            time,
            step("−10 min", Duration.ofMinutes(-10)),
            step("−1 min", Duration.ofMinutes(-1)),
            step("+1 min", Duration.ofMinutes(1)),
            step("+10 min", Duration.ofMinutes(10)),
            space,
            back);
    line.setAlignment(Pos.CENTER_LEFT);
    line.setMinWidth(0);
    getChildren().addAll(line, words);
    managedProperty().bind(visibleProperty());
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.state().subscribe(this::show);
  }

  private Button step(String text, Duration by) {
    var button = new Button(text);
    button.getStyleClass().add("small");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(e -> model.step(by, clock.instant()));
    return button;
  }

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE) {
      model.close();
      e.consume();
    }
  }

  private void show(State state) {
    boolean opened = state.open() && !isVisible();
    boolean shut = !state.open() && isVisible();
    setVisible(state.open());
    pseudoClassStateChanged(PAST, state.then().isPresent());
    state
        .then()
        .filter(then -> !state.busy())
        .ifPresent(then -> time.setText(PastModel.text(then.at(), ZoneId.systemDefault())));
    words.setText(
        state.busy()
            ? "The node is asked …"
            : state.sentence().isEmpty()
                ? PastModel.words(state, ZoneId.systemDefault())
                : state.sentence());
    if (opened) {
      time.clear();
      time.requestFocus();
    } else if (shut) {
      closed.run();
    }
  }
}
