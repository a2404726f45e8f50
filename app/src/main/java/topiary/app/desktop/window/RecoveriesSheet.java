package topiary.app.desktop.window;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.geometry.VPos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.RecoveriesModel;
import topiary.app.desktop.model.RecoveryReport;
import topiary.app.gateway.RecoveryView;

/** The recoveries, over the window: which there were, and all of one. */
final class RecoveriesSheet extends Sheet {

  private static final double WIDTH = 1040;
  private static final double LIST = 300;
  private static final double ROW = 74;

  /** So much of the window is what is said at most. */
  private static final double SHARE = 0.66;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("d MMM, HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final RecoveriesModel model;
  private final Consumer<String> copy;
  private final Runnable closed;
  private final ListView<RecoveryView> list = new ListView<>();
  private final Label title = new Label();
  private final Label when = new Label();
  private final VBox said = new VBox(4);
  private final ScrollPane scroll = new ScrollPane(said);
  private final Label none = new Label();
  private final TextField comment = new TextField();
  private final Button acknowledge = new Button("Acknowledge");
  private final Label message = new Label();
  private final Button take = new Button("Copy");
  private final Button close = new Button("Close");

  /** Whether the list is being filled, so that what it chooses meanwhile means nothing. */
  private boolean filling;

  /** What is told whole, so that where somebody reads does not move. */
  private Optional<RecoveryView> shown = Optional.empty();

  /**
   * A sheet, put away.
   *
   * @param copy puts a text where others take it from
   * @param closed gives the keys back to what is below
   */
  RecoveriesSheet(RecoveriesModel model, Consumer<String> copy, Runnable closed) {
    super("recoveries-sheet");
    this.model = model;
    this.copy = copy;
    this.closed = closed;
    var name = new Label("Recoveries");
    name.getStyleClass().add("sheet-title");
    var words =
        new Label("Who died, or handed over; who has the place, what was done, what is lost.");
    words.getStyleClass().add("hint");
    none.getStyleClass().addAll("hint", "recoveries-none");
    put(WIDTH, head(name, words), none, middle(), foot());
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    putAwayBeside(() -> model.open().set(false));
    setVisible(false);
    model.state().subscribe(this::show);
    model.open().subscribe(this::open);
  }

  // ---- parts

  private HBox middle() {
    list.setId("recoveries-list");
    list.getStyleClass().addAll("clusters", "nodes-list");
    list.setAccessibleText("Recoveries, newest first");
    list.setFixedCellSize(ROW);
    list.setMinWidth(LIST);
    list.setPrefWidth(LIST);
    list.setCellFactory(view -> new Cell());
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            r -> {
              if (r != null && !filling) {
                model.choose(r.id());
              }
            });
    title.setId("recovery-title");
    title.getStyleClass().add("stage-title");
    title.setWrapText(true);
    when.getStyleClass().add("hint");
    scroll.setId("recovery-said");
    scroll.getStyleClass().add("what-if");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinHeight(0);
    said.getStyleClass().add("recovery-said");
    var report = new VBox(2, title, when, scroll);
    report.getStyleClass().add("recovery");
    report.setMinWidth(0);
    HBox.setHgrow(report, Priority.ALWAYS);
    var middle = new HBox(list, report);
    middle.getStyleClass().add("recoveries");
    middle.setMinHeight(0);
    middle.prefHeightProperty().bind(heightProperty().multiply(SHARE));
    middle.managedProperty().bind(middle.visibleProperty());
    middle.visibleProperty().bind(none.visibleProperty().not());
    none.managedProperty().bind(none.visibleProperty());
    return middle;
  }

  private HBox foot() {
    comment.setId("recovery-comment");
    comment.setPromptText("What you have seen to");
    comment.setAccessibleText("What you have seen to; goes with the acknowledgement");
    comment.setPrefWidth(260);
    comment.setOnAction(e -> acknowledge());
    acknowledge.setId("recovery-acknowledge");
    acknowledge.setMinWidth(Region.USE_PREF_SIZE);
    acknowledge.setOnAction(e -> acknowledge());
    // Without a word nobody knows later why it was.
    acknowledge.disableProperty().bind(comment.textProperty().map(String::isBlank));
    take.setId("recovery-copy");
    take.setMinWidth(Region.USE_PREF_SIZE);
    take.setOnAction(e -> shown.ifPresent(r -> copy.accept(text(r))));
    close.setId("recoveries-close");
    close.setMinWidth(Region.USE_PREF_SIZE);
    close.setOnAction(e -> model.open().set(false));
    for (Region part : List.of(comment, acknowledge, take)) {
      part.managedProperty().bind(part.visibleProperty());
    }
    return foot(message, comment, acknowledge, take, close);
  }

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE) {
      model.open().set(false);
      e.consume();
    }
  }

  private void acknowledge() {
    if (!comment.getText().isBlank()) {
      model.acknowledge(comment.getText());
      comment.clear();
    }
  }

  // ---- what is shown

  private void open(boolean is) {
    boolean was = isVisible();
    setVisible(is);
    if (is) {
      show(model.state().get());
      (list.getItems().isEmpty() ? close : list).requestFocus();
    } else if (was) {
      closed.run();
    }
  }

  private void show(RecoveriesModel.State state) {
    if (!isVisible()) {
      return;
    }
    none.setVisible(state.all().isEmpty());
    none.setText(
        "There was no recovery. They begin by themselves where that is switched on: topiary"
            + " enable-recovery.");
    filling = true;
    if (!list.getItems().equals(state.all())) {
      list.getItems().setAll(state.all());
    }
    state
        .chosen()
        .flatMap(id -> state.all().stream().filter(r -> r.id().equals(id)).findFirst())
        .ifPresent(list.getSelectionModel()::select);
    filling = false;
    if (close.isFocused() && !list.getItems().isEmpty() && shown.isEmpty()) {
      list.requestFocus();
    }
    Optional<RecoveryView> one = state.one();
    if (!one.equals(shown)) {
      boolean another = !one.map(RecoveryView::id).equals(shown.map(RecoveryView::id));
      shown = one;
      one.ifPresent(this::fill);
      if (another) {
        scroll.setVvalue(0);
        comment.clear();
      }
    }
    boolean due = one.filter(r -> r.open() && !r.underWay()).isPresent();
    comment.setVisible(due);
    acknowledge.setVisible(due);
    take.setVisible(one.isPresent());
    message.getStyleClass().remove("bad");
    message.setText(state.sentence());
    if (!state.sentence().isEmpty()) {
      message.getStyleClass().add("bad");
    }
  }

  private void fill(RecoveryView r) {
    title.setText(RecoveryReport.title(r));
    when.setText(TIME.format(r.opened()) + "  ·  " + RecoveryReport.state(r) + "  ·  " + r.id());
    said.getChildren().clear();
    GridPane grid = null;
    for (RecoveryReport.Line line : RecoveryReport.of(r)) {
      if (line.tone() == RecoveryReport.Tone.TITLE) {
        var heading = label(line.words(), "group");
        grid = grid();
        said.getChildren().addAll(heading, grid);
      } else if (grid != null) {
        add(grid, line);
      }
    }
  }

  private static GridPane grid() {
    var grid = new GridPane();
    grid.setHgap(10);
    grid.setVgap(3);
    grid.getColumnConstraints()
        .addAll(
            new ColumnConstraints(66),
            new ColumnConstraints(54),
            new ColumnConstraints(0, 300, Double.MAX_VALUE, Priority.ALWAYS, null, true));
    return grid;
  }

  private static void add(GridPane to, RecoveryReport.Line line) {
    Label at = label(line.at(), "row-name");
    Label took = label(line.took(), "row-name");
    Label words = label(line.words(), "sheet-text");
    words.setMinHeight(Region.USE_PREF_SIZE);
    switch (line.tone()) {
      case GOOD -> words.getStyleClass().add("good");
      case BAD -> words.getStyleClass().add("bad");
      case STRONG -> words.getStyleClass().add("strong");
      case QUOTE -> words.getStyleClass().add("quote");
      case PLAIN, TITLE -> {}
    }
    for (Label one : List.of(at, took, words)) {
      GridPane.setValignment(one, VPos.TOP);
    }
    int row = to.getRowCount();
    if (line.at().isEmpty() && line.took().isEmpty()) {
      to.add(words, 0, row, 3, 1);
    } else {
      to.addRow(row, at, took, words);
    }
  }

  private static Label label(String words, String kind) {
    var label = new Label(words);
    label.getStyleClass().add(kind);
    label.setWrapText(true);
    return label;
  }

  private static String text(RecoveryView r) {
    return "Recovery "
        + r.id()
        + ": "
        + RecoveryReport.title(r)
        + ", "
        + r.opened()
        + ", "
        + RecoveryReport.state(r)
        + RecoveryReport.of(r).stream()
            .map(l -> "\n" + (l.at() + "  " + l.took() + "  " + l.words()).strip())
            .collect(Collectors.joining())
        + "\n";
  }

  private static final class Cell extends ListCell<RecoveryView> {

    Cell() {
      setPrefWidth(1);
    }

    @Override
    protected void updateItem(RecoveryView r, boolean empty) {
      super.updateItem(r, empty);
      boolean none = empty || r == null;
      setText(null);
      setGraphic(none ? null : line(r));
      setAccessibleText(
          none ? null : RecoveryReport.title(r) + ", " + r.code() + ", " + RecoveryReport.state(r));
    }

    private static HBox line(RecoveryView r) {
      Label servers = label(r.failed().toString(), "cluster-head");
      servers.setWrapText(false);
      Label state =
          label(
              r.choice().map(c -> "→ " + c.successor() + "  ·  ").orElse("")
                  + RecoveryReport.state(r),
              "cluster-words");
      state.setWrapText(false);
      Label time =
          label(
              SHORT.format(r.opened())
                  + "  ·  "
                  + (r.acknowledged().isPresent() ? "acknowledged" : r.code()),
              "palette-detail");
      time.setWrapText(false);
      var text = new VBox(1, servers, state, time);
      text.setMinWidth(0);
      HBox.setHgrow(text, Priority.ALWAYS);
      var row = new HBox(mark(r), text);
      row.getStyleClass().add("news-line");
      row.setOpacity(r.open() || r.underWay() ? 1 : 0.75);
      return row;
    }

    private static Region mark(RecoveryView r) {
      return switch (RecoveryReport.tone(r)) {
        case GOOD -> Marks.of(Marks.TICK, "good");
        case BAD -> r.underWay() ? Marks.of(Marks.ALERT, "warn") : Marks.of(Marks.CROSS, "bad");
        default -> Marks.of(Marks.RING, "warn");
      };
    }
  }
}
