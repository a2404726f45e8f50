package topiary.app.desktop.window;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.ChangesModel;
import topiary.app.desktop.model.PastModel;
import topiary.app.desktop.model.PastModel.State;
import topiary.app.desktop.model.WindowModel;

/** Above the picture: which moment is shown, others, and when something changed. */
final class PastStrip extends VBox {

  private static final PseudoClass PAST = PseudoClass.getPseudoClass("past");

  private static final DateTimeFormatter END =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

  private final WindowModel window;
  private final PastModel model;
  private final InstantSource clock;
  private final Runnable onward;
  private final Runnable closed;
  private final ComboBox<ChangesModel.Span> span = new ComboBox<>();
  private final Label from = end();
  private final Label to = end();
  private final TextField time = new TextField();
  private final Label words = new Label();

  /**
   * A strip.
   *
   * @param onward gives the keys to the list of changes
   * @param closed gives the keys back to what is below
   */
  PastStrip(WindowModel window, InstantSource clock, Runnable onward, Runnable closed) {
    super(5);
    this.window = window;
    this.model = window.past();
    this.onward = onward;
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
    getChildren().addAll(line, times(), words);
    managedProperty().bind(visibleProperty());
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.state().subscribe(this::show);
    window.changes().state().subscribe(this::ends);
  }

  private static Label end() {
    var label = new Label();
    label.getStyleClass().add("past-words");
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  /** Which span of time, and where in it. */
  private HBox times() {
    span.setId("past-span");
    span.getStyleClass().add("small");
    span.setMinWidth(Region.USE_PREF_SIZE);
    span.setAccessibleText("Over which time");
    span.getItems().setAll(ChangesModel.Span.values());
    span.setValue(window.changes().state().get().span());
    span.setOnAction(
        e -> {
          if (span.getValue() != window.changes().state().get().span()) {
            window.changes().span(span.getValue(), clock.instant());
          }
        });
    var line = new Timeline(model, window.changes(), clock);
    HBox.setHgrow(line, Priority.ALWAYS);
    var times = new HBox(8, span, from, line, to);
    times.setAlignment(Pos.CENTER_LEFT);
    times.setMinWidth(0);
    return times;
  }

  private void ends(ChangesModel.State state) {
    from.setText(END.format(state.from().atZone(ZoneId.systemDefault())));
    to.setText(END.format(state.to().atZone(ZoneId.systemDefault())));
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
    } else if (e.getCode() == KeyCode.DOWN && time.isFocused()) {
      onward.run();
      e.consume();
    } else if (e.getCode() == KeyCode.F5) {
      window.changes().refresh(clock.instant());
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
      window.changes().open(window.cluster().get(), clock.instant());
    } else if (shut) {
      window.changes().close();
      closed.run();
    }
  }
}
