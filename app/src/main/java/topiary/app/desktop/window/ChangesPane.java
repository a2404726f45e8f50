package topiary.app.desktop.window;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.ChangesModel;
import topiary.app.desktop.model.ChangesModel.Line;
import topiary.app.desktop.model.Human;
import topiary.app.desktop.model.WindowModel;

/** Below the picture, while moments are asked for: what changed, newest first. */
final class ChangesPane extends VBox {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM HH:mm:ss", Locale.ENGLISH);
  private static final double HEIGHT = 218;
  private static final double LINE = 27;

  /** So many lines before its end more is asked for. */
  private static final int AHEAD = 30;

  private final WindowModel model;
  private final InstantSource clock;
  private final ListView<Line> list = new ListView<>();
  private final Label count = new Label();
  private final Label none = new Label();

  ChangesPane(WindowModel model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
    setId("changes");
    getStyleClass().add("changes");
    setPrefHeight(HEIGHT);
    setMinHeight(HEIGHT);
    setMinWidth(0);
    var title = new Label("What changed");
    title.getStyleClass().add("past-title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    count.setId("changes-count");
    count.getStyleClass().add("past-words");
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    Button before = button("changes-before", "Before it", "As it was before this change");
    before.setOnAction(e -> show(true));
    Button after = button("changes-after", "After it", "As it was after this change");
    after.setOnAction(e -> show(false));
    Button again = button("changes-again", "Ask again", "What changed until now");
    again.setOnAction(e -> model.changes().refresh(clock.instant()));
    for (Button button : List.of(before, after)) {
      button.disableProperty().bind(list.getSelectionModel().selectedItemProperty().isNull());
    }
    var head = new HBox(8, title, count, space, before, after, again);
    head.getStyleClass().add("changes-head");
    list.setId("changes-list");
    list.getStyleClass().add("changes-lines");
    list.setFixedCellSize(LINE);
    list.setCellFactory(view -> new Cell());
    list.setAccessibleText("What changed, newest first");
    none.getStyleClass().add("hint");
    list.setPlaceholder(none);
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(head, list);
    managedProperty().bind(visibleProperty());
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.changes().state().subscribe(this::show);
  }

  private static Button button(String id, String text, String help) {
    var button = new Button(text);
    button.setId(id);
    button.getStyleClass().add("small");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setTooltip(new Tooltip(help));
    return button;
  }

  /** Takes the keys, with a change chosen when there is one. */
  void take() {
    list.requestFocus();
    if (list.getSelectionModel().isEmpty() && !list.getItems().isEmpty()) {
      list.getSelectionModel().selectFirst();
    }
  }

  private void show(ChangesModel.State state) {
    setVisible(state.open());
    List<Line> lines = state.lines();
    int had = list.getItems().size();
    boolean grown =
        had > 0
            && lines.size() >= had
            && lines.getFirst().equals(list.getItems().getFirst())
            && lines.get(had - 1).equals(list.getItems().getLast());
    if (!grown) {
      // What is chosen stays chosen when it is still there.
      Line chosen = list.getSelectionModel().getSelectedItem();
      list.getItems().setAll(lines);
      list.getSelectionModel().clearSelection();
      if (chosen != null && lines.contains(chosen)) {
        list.getSelectionModel().select(chosen);
      }
    } else if (lines.size() > had) {
      list.getItems().addAll(lines.subList(had, lines.size()));
    }
    count.setText(
        !state.sentence().isEmpty() && !lines.isEmpty()
            ? state.sentence()
            : lines.isEmpty()
                ? ""
                : Human.count(lines.size())
                    + (state.more() || state.busy() ? ", and more below" : " in all"));
    none.setText(
        state.busy()
            ? "The node is asked …"
            : state.sentence().isEmpty() ? "Nothing changed in this time." : state.sentence());
  }

  /** Shows the moment before or after the chosen change. */
  private void show(boolean before) {
    Line line = list.getSelectionModel().getSelectedItem();
    if (line == null) {
      return;
    }
    Instant at = before ? line.at().minusMillis(1) : line.at();
    model.past().scrub(at, clock.instant());
    if (model.seen().get().topology().instance(line.server()).isPresent()) {
      model.select(Optional.of(line.server()));
    }
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case ESCAPE -> model.past().close();
      case F5 -> model.changes().refresh(clock.instant());
      case ENTER -> {
        if (!list.isFocused()) {
          return;
        }
        show(e.isShiftDown());
      }
      default -> {
        return;
      }
    }
    e.consume();
  }

  private final class Cell extends ListCell<Line> {

    private final Label time = new Label();
    private final Label server = new Label();
    private final Label words = new Label();
    private final Tooltip whole = new Tooltip();
    private final HBox line = new HBox(10);

    Cell() {
      time.getStyleClass().add("changes-time");
      server.getStyleClass().add("changes-server");
      words.getStyleClass().add("changes-words");
      words.setMinWidth(0);
      time.setMinWidth(Region.USE_PREF_SIZE);
      server.setMinWidth(Region.USE_PREF_SIZE);
      whole.setWrapText(true);
      whole.setMaxWidth(520);
      line.getStyleClass().add("changes-line");
      setPrefWidth(1);
      setAccessibleRole(AccessibleRole.LIST_ITEM);
      setOnMouseClicked(
          e -> {
            if (e.getClickCount() == 2 && getItem() != null) {
              ChangesPane.this.show(e.isShiftDown());
            }
          });
    }

    @Override
    protected void updateItem(Line item, boolean empty) {
      super.updateItem(item, empty);
      setText(null);
      if (empty || item == null) {
        setGraphic(null);
        setTooltip(null);
        setAccessibleText(null);
        return;
      }
      time.setText(time(item.at()));
      server.setText(item.server().toString());
      words.setText(item.words());
      whole.setText(item.server() + " " + item.words());
      line.getChildren().setAll(time, Toasts.mark(item.severity()), server, words);
      setTooltip(whole);
      setAccessibleText(time.getText() + ", " + item.server() + " " + item.words());
      setGraphic(line);
      if (getIndex() >= list.getItems().size() - AHEAD) {
        // Not while the lines are being laid out.
        Platform.runLater(model.changes()::more);
      }
    }
  }

  private String time(Instant at) {
    var zone = ZoneId.systemDefault();
    boolean today =
        LocalDate.ofInstant(at, zone).equals(LocalDate.ofInstant(clock.instant(), zone));
    return (today ? CLOCK : DAY).format(at.atZone(zone));
  }
}
