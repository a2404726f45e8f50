package topiary.app.desktop.window;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.Nodes;
import topiary.app.desktop.model.NodesModel;
import topiary.app.desktop.model.WindowModel;

/** The nodes, over the window: how each is, what can be done with it, how one is added. */
final class NodesSheet extends Sheet {

  private static final double WIDTH = 780;
  private static final double ROW = 74;
  private static final int ROWS = 5;

  private final WindowModel window;
  private final NodesModel model;
  private final Actions actions;
  private final Runnable closed;
  private final Label strength = text("sheet-text");
  private final Region sign = Marks.of(Marks.ALERT, "warn");
  private final Label wrong = text("warning-words");
  private final HBox warning = new HBox(10, sign, wrong);
  private final ListView<Nodes.Row> list = new ListView<>();
  private final Label addTitle = new Label("ADD A NODE");
  private final Label addWords = text("hint");
  private final TextField command = new TextField();
  private final Label question = text("stage-title");
  private final Label remains = text("sheet-text");
  private final VBox asking = new VBox(6, question, remains);
  private final ProgressIndicator busy = new ProgressIndicator();
  private final Label message = text("message");
  private final Button another = new Button("Let another node lead");
  private final StackPane anotherPlace = new StackPane(another);
  private final Tooltip whyNot = new Tooltip();
  private final Button keep = new Button("Not now");
  private final Button remove = new Button("Remove");
  private final Button close = new Button("Close");

  /** Whether the list is being filled, so that what it chooses meanwhile means nothing. */
  private boolean filling;

  /** Whether it was asked about a node when this was shown last. */
  private boolean asked;

  /**
   * A sheet, put away.
   *
   * @param closed gives the keys back to what is below
   */
  NodesSheet(WindowModel window, Actions actions, Runnable closed) {
    super("nodes");
    this.window = window;
    this.model = window.nodes();
    this.actions = actions;
    this.closed = closed;
    var title = new Label("Nodes");
    title.getStyleClass().add("sheet-title");
    HBox.setHgrow(wrong, Priority.ALWAYS);
    warning.getStyleClass().add("warning");
    warning.setId("nodes-warning");
    put(WIDTH, head(title, strength, warning), list(), adding(), asking, foot());
    asking.getStyleClass().addAll("nodes-asking");
    asking.setMinHeight(Region.USE_PREF_SIZE);
    for (Region part :
        List.of(warning, asking, strength, list, busy, anotherPlace, keep, remove, close)) {
      part.managedProperty().bind(part.visibleProperty());
    }
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    putAwayBeside(() -> model.open().set(false));
    model.state().subscribe(this::show);
    actions.stepDown.obstacle().subscribe(this::steps);
    window.unable().subscribe(no -> list.refresh());
    model.open().subscribe(this::open);
  }

  private static Label text(String kind) {
    var label = new Label();
    label.getStyleClass().add(kind);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  // ---- parts

  private ListView<Nodes.Row> list() {
    list.setId("nodes-list");
    list.getStyleClass().addAll("clusters", "nodes-list");
    list.setAccessibleText("Nodes");
    list.setFixedCellSize(ROW);
    list.setCellFactory(view -> new Cell());
    list.setMinHeight(ROW);
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            row -> {
              if (row != null && !filling) {
                model.choose(row.id());
              }
            });
    return list;
  }

  private VBox adding() {
    addTitle.getStyleClass().add("group");
    command.setId("nodes-command");
    command.getStyleClass().add("command");
    command.setAlignment(Pos.CENTER_LEFT);
    command.setEditable(false);
    command.setAccessibleText("The command that adds a node");
    HBox.setHgrow(command, Priority.ALWAYS);
    var copy = new Button("Copy");
    copy.setId("nodes-copy");
    copy.setMinWidth(Region.USE_PREF_SIZE);
    copy.setOnAction(e -> actions.join.run());
    var line = new HBox(8, command, copy);
    var adding = new VBox(4, addTitle, addWords, line);
    adding.getStyleClass().add("nodes-adding");
    adding.setMinHeight(Region.USE_PREF_SIZE);
    return adding;
  }

  private HBox foot() {
    busy.getStyleClass().add("connect-busy");
    message.setId("nodes-message");
    message.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(message, Priority.ALWAYS);
    another.setId("nodes-another");
    another.setOnAction(e -> actions.stepDown.run());
    Tooltip.install(anotherPlace, whyNot);
    keep.setId("nodes-keep");
    keep.setOnAction(e -> model.putAway());
    remove.setId("nodes-remove");
    remove.getStyleClass().add("danger");
    remove.setOnAction(e -> model.remove());
    close.setId("nodes-close");
    close.setOnAction(e -> model.open().set(false));
    for (Button button : List.of(another, keep, remove, close)) {
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    var foot = new HBox(busy, message, anotherPlace, keep, remove, close);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    return foot;
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case ESCAPE -> {
        model.putAway();
        e.consume();
      }
      case ENTER -> {
        if (e.getTarget() instanceof Button button) {
          button.fire();
          e.consume();
        }
      }
      case DELETE -> {
        model.state().get().row().ifPresent(model::askToRemove);
        e.consume();
      }
      default -> {}
    }
  }

  // ---- what is shown

  private void open(boolean open) {
    boolean was = isVisible();
    setVisible(open);
    if (open) {
      focus();
    } else if (was) {
      closed.run();
    }
  }

  private void focus() {
    if (list.isVisible()) {
      if (list.getSelectionModel().isEmpty()) {
        list.getSelectionModel().selectFirst();
      }
      list.requestFocus();
    } else {
      close.requestFocus();
    }
  }

  private void show(NodesModel.State state) {
    state.nodes().ifPresent(this::show);
    boolean asks = state.leaving().isPresent();
    asking.setVisible(asks);
    keep.setVisible(asks);
    remove.setVisible(asks);
    close.setVisible(!asks);
    state
        .leaving()
        .ifPresent(
            row -> {
              question.setText("Remove " + row.name() + " from the cluster?");
              remains.setText(state.nodes().map(n -> n.without(row)).orElse(""));
            });
    busy.setVisible(!state.busy().isEmpty());
    message.setText(state.busy().isEmpty() ? state.sentence() : state.busy());
    message.getStyleClass().removeAll("bad", "good");
    if (!message.getText().isEmpty() && state.busy().isEmpty()) {
      message.getStyleClass().add(state.refused() ? "bad" : "good");
    }
    if (asks != asked && isVisible()) {
      if (asks) {
        keep.requestFocus();
      } else {
        focus();
      }
    }
    asked = asks;
    anotherPlace.setVisible(!asks && state.nodes().filter(n -> n.rows().size() > 1).isPresent());
  }

  private void show(Nodes nodes) {
    strength.setText(
        nodes.rows().size() > 1
            ? nodes.strength()
            : (nodes.mine().isEmpty() ? "This node" : nodes.mine())
                + " is alone: when it ends, nobody looks after the servers until it is back.");
    boolean halted = nodes.standing() == Nodes.Standing.HALTED;
    warning.setVisible(!nodes.sentence().isEmpty());
    wrong.setText(nodes.sentence());
    Marks.set(sign, Marks.ALERT, halted ? "bad" : "warn");
    warning.getStyleClass().remove("halted");
    if (halted) {
      warning.getStyleClass().add("halted");
    }
    fill(nodes.rows());
    boolean single = nodes.rows().size() < 2;
    addTitle.setText(single ? "MAKE IT A CLUSTER" : "ADD A NODE");
    addWords.setText(
        nodes.rows().isEmpty()
            ? "Start it again so that it can take others in; its servers and its past stay:"
            : single
                ? "On two other machines, each with an empty data folder:"
                : "On the new machine, with an empty data folder:");
    String line = nodes.rows().isEmpty() ? Nodes.FIRST_COMMAND : nodes.joinCommand();
    if (!line.equals(command.getText())) {
      command.setText(line);
    }
  }

  /** Rows that stay keep their cells, so that the focus stays where it is. */
  private void fill(List<Nodes.Row> rows) {
    list.setVisible(!rows.isEmpty());
    double height = ROW * Math.min(ROWS, Math.max(1, rows.size())) + 2;
    list.setPrefHeight(height);
    list.setMaxHeight(height);
    filling = true;
    if (list.getItems().size() != rows.size()) {
      list.getItems().setAll(rows);
    } else if (!list.getItems().equals(rows)) {
      for (int i = 0; i < rows.size(); i++) {
        list.getItems().set(i, rows.get(i));
      }
    }
    Optional<Nodes.Row> chosen = model.state().get().row();
    chosen.ifPresentOrElse(
        row -> list.getSelectionModel().select(rows.indexOf(row)),
        () -> list.getSelectionModel().clearSelection());
    filling = false;
  }

  private void steps(String obstacle) {
    another.setDisable(!obstacle.isEmpty());
    whyNot.setText(
        obstacle.isEmpty() ? "The leader steps down, and the others elect one of them" : obstacle);
  }

  /** A button that says why it cannot be pressed. */
  private static final class Deed extends StackPane {
    private final Button button;
    private final Tooltip tip = new Tooltip();

    Deed(String text) {
      button = new Button(text);
      button.getStyleClass().add("small");
      button.setMinWidth(Region.USE_PREF_SIZE);
      button.setFocusTraversable(true);
      Tooltip.install(this, tip);
      getChildren().add(button);
      setMinWidth(Region.USE_PREF_SIZE);
    }

    void show(String id, String what, String obstacle, Runnable deed) {
      button.setId(id);
      button.setAccessibleText(what);
      button.setDisable(!obstacle.isEmpty());
      tip.setText(obstacle.isEmpty() ? what : obstacle);
      button.setOnAction(e -> deed.run());
    }
  }

  private final class Cell extends ListCell<Nodes.Row> {
    private final Region mark = Marks.of(Marks.TICK, "good");
    private final Label name = new Label();
    private final Label part = new Label();
    private final Label mine = new Label("this window");
    private final Label places = new Label();
    private final Label facts = new Label();
    private final Deed lead = new Deed("Hand leadership");
    private final Deed leave = new Deed("Remove…");
    private final HBox line;

    Cell() {
      setPrefWidth(0);
      name.getStyleClass().add("cluster-head");
      name.setMinWidth(0);
      part.getStyleClass().add("node-part");
      part.setMinWidth(Region.USE_PREF_SIZE);
      mine.getStyleClass().add("key");
      mine.setMinWidth(Region.USE_PREF_SIZE);
      mine.managedProperty().bind(mine.visibleProperty());
      places.getStyleClass().add("cluster-words");
      facts.getStyleClass().add("cluster-words");
      var first = new HBox(8, name, part, mine);
      first.setAlignment(Pos.CENTER_LEFT);
      var text = new VBox(3, first, places, facts);
      text.setAlignment(Pos.CENTER_LEFT);
      text.setMinWidth(0);
      HBox.setHgrow(text, Priority.ALWAYS);
      line = new HBox(12, mark, text, lead, leave);
      line.setAlignment(Pos.CENTER_LEFT);
    }

    @Override
    protected void updateItem(Nodes.Row row, boolean empty) {
      super.updateItem(row, empty);
      setText(null);
      boolean none = empty || row == null;
      setGraphic(none ? null : line);
      setAccessibleText(none ? null : row.spoken());
      if (!none) {
        show(row);
      }
    }

    private void show(Nodes.Row row) {
      MoodMark.set(mark, row.mood());
      name.setText(row.name());
      part.setText(row.part());
      part.getStyleClass().removeAll("leads", "bad");
      if (row.leads()) {
        part.getStyleClass().add("leads");
      } else if (row.silent()) {
        part.getStyleClass().add("bad");
      }
      mine.setVisible(row.mine());
      places.setText(row.places());
      facts.setText(row.trouble().isEmpty() ? String.join(" · ", row.facts()) : row.trouble());
      facts.setTooltip(new Tooltip(facts.getText()));
      facts.getStyleClass().remove("bad");
      if (!row.trouble().isEmpty()) {
        facts.getStyleClass().add("bad");
      }
      String unable = window.unable().get();
      lead.setVisible(!row.leads());
      lead.show(
          "lead-" + row.name(),
          "Hand leadership to " + row.name(),
          either(unable, model.state().get().nodes().map(n -> n.notLead(row)).orElse("")),
          () -> model.lead(row));
      leave.show(
          "remove-" + row.name(),
          "Remove " + row.name() + " from the cluster",
          either(unable, model.state().get().nodes().map(n -> n.notRemove(row)).orElse("")),
          () -> model.askToRemove(row));
    }

    private static String either(String first, String second) {
      return first.isEmpty() ? second : first;
    }
  }
}
