package topiary.app.desktop.window;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.animation.Animation;
import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.BeforeAfter;
import topiary.app.desktop.model.NodesModel;
import topiary.app.desktop.model.PlanModel;
import topiary.app.desktop.model.RunProgress;
import topiary.app.desktop.model.SqlScript;
import topiary.app.desktop.model.Words;
import topiary.app.gateway.PlanView;
import topiary.engine.model.Topology;

/** A plan over the window: read, approved, watched, folded away while it runs, undone. */
final class PlanSheet extends StackPane {

  private static final double WIDTH = 820;

  /** So much of the window is what is said of a plan at most, and so many pixels at least. */
  private static final double SHARE = 0.42;

  private static final double LEAST = 160;

  /** So many characters of what is wanted are its title. */
  private static final int LONGEST = 160;

  /** So much of what will be so is told one by one. */
  private static final int TOLD = 6;

  private final PlanModel model;
  private final NodesModel nodes;
  private final Supplier<Topology> topology;
  private final InstantSource clock;
  private final Runnable closed;
  private final Label title = new Label();
  private final VBox intro = new VBox(8);

  /** How long it takes; below what is scrolled, so that it is never out of sight. */
  private final Label takes = PlanStages.text("", "sheet-text");

  private final WayBox ways;
  private final PlanStages stages = new PlanStages();
  private final Label message = new Label();
  private final ProgressBar bar = new ProgressBar(0);
  private final Label step = new Label();
  private final HBox progress = new HBox(12, bar, step);
  private final Button copy = new Button("Copy SQL");
  private final Button fold = new Button("Fold");
  private final Button undo = new Button("Undo…");
  private final Button close = new Button("Close");
  private final Button cancel = new Button("Cancel at the next safe border");
  private final Button apply = new Button("Apply");
  private final VBox sheet;
  private final PlanStrip strip;
  private Optional<PlanView> built = Optional.empty();
  private Instant began = Instant.EPOCH;
  private Duration took = Duration.ZERO;

  /** A second click on Apply comes where Cancel is by then; so soon it is not meant. */
  private final PauseTransition hasty = new PauseTransition(javafx.util.Duration.millis(900));

  /**
   * A sheet.
   *
   * @param nodes who carries it out
   * @param topology what is seen now
   * @param closed gives the keys back to what is below
   */
  PlanSheet(
      PlanModel model,
      NodesModel nodes,
      Supplier<Topology> topology,
      InstantSource clock,
      Runnable closed) {
    this.model = model;
    this.nodes = nodes;
    this.topology = topology;
    this.clock = clock;
    this.closed = closed;
    setId("plan");
    title.getStyleClass().add("sheet-title");
    title.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(title, Priority.ALWAYS);
    var top = new HBox(10, title, copy, fold);
    top.setAlignment(Pos.TOP_LEFT);
    ways = new WayBox(model::choose);
    takes.setId("plan-takes");
    takes.setMinHeight(Region.USE_PREF_SIZE);
    takes.managedProperty().bind(takes.visibleProperty());
    var head = new VBox(top, ways, scrolled(), takes);
    head.getStyleClass().add("sheet-head");
    head.setMinHeight(Region.USE_PREF_SIZE);
    VBox.setVgrow(stages, Priority.ALWAYS);
    sheet = new VBox(head, stages, progress(), foot());
    sheet.getStyleClass().add("plan-sheet");
    sheet.setMaxWidth(WIDTH);
    sheet.setMaxHeight(Region.USE_PREF_SIZE);
    strip = new PlanStrip(model);
    StackPane.setAlignment(strip, Pos.BOTTOM_CENTER);
    getChildren().addAll(sheet, strip);
    buttons();
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    hasty.setOnFinished(e -> offers());
    sceneProperty().subscribe(this::watch);
    model.state().subscribe(this::show);
    show(PlanModel.State.NONE, model.state().get());
    model.folded().subscribe(folded -> place());
    model.undoable().subscribe(plan -> offers());
    nodes.state().subscribe(state -> allow());
  }

  /**
   * What is said of the plan; where that is much, it is scrolled, and the steps keep their room.
   */
  private ScrollPane scrolled() {
    var scroll = new ScrollPane(intro);
    scroll.setId("intro");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinHeight(Region.USE_PREF_SIZE);
    Runnable fit =
        () -> {
          double most = Math.max(LEAST, getHeight() * SHARE);
          scroll.setPrefViewportHeight(Math.min(most, intro.getHeight()));
          // Nothing to be reached by the keys while there is nothing to scroll.
          scroll.setFocusTraversable(intro.getHeight() > most);
        };
    intro.heightProperty().subscribe(fit);
    heightProperty().subscribe(fit);
    return scroll;
  }

  private HBox progress() {
    progress.getStyleClass().add("progress-line");
    progress.setAlignment(Pos.CENTER_LEFT);
    progress.managedProperty().bind(progress.visibleProperty());
    progress.setMinHeight(Region.USE_PREF_SIZE);
    bar.setId("progress");
    bar.getStyleClass().add("small");
    bar.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(bar, Priority.ALWAYS);
    step.setId("progress-words");
    step.getStyleClass().add("step-state");
    step.setMinWidth(Region.USE_PREF_SIZE);
    return progress;
  }

  private HBox foot() {
    message.getStyleClass().add("message");
    message.setId("plan-message");
    message.setMaxWidth(Double.MAX_VALUE);
    message.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(message, Priority.ALWAYS);
    var foot = new HBox(message, undo, cancel, close, apply);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    return foot;
  }

  private void buttons() {
    for (Button button : List.of(copy, fold, undo, cancel, close, apply)) {
      button.managedProperty().bind(button.visibleProperty());
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    copy.getStyleClass().add("small");
    fold.getStyleClass().add("small");
    fold.setTooltip(new Tooltip("Shows the tree while the plan goes on (Esc)"));
    copy.setTooltip(new Tooltip("Copies all SQL as a script, each statement with its host"));
    apply.getStyleClass().add("accent");
    copy.setId("copy-sql");
    fold.setId("fold");
    apply.setId("apply");
    cancel.setId("cancel");
    close.setId("close");
    undo.setId("undo");
    copy.setOnAction(e -> built.map(SqlScript::of).ifPresent(Clip::put));
    fold.setOnAction(e -> model.fold());
    apply.setOnAction(e -> model.apply());
    cancel.setOnAction(e -> model.cancel());
    close.setOnAction(e -> model.close());
    undo.setOnAction(e -> model.undo());
  }

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE) {
      if (model.state().get().running()) {
        model.fold();
      } else {
        model.close();
      }
      e.consume();
    } else if (e.getCode() == KeyCode.TAB && turn(e.isShiftDown())) {
      e.consume();
    } else if (e.getCode() == KeyCode.ENTER && e.getTarget() instanceof Button button) {
      button.fire();
      e.consume();
    }
  }

  /** The tabulator goes round within the sheet. */
  private boolean turn(boolean back) {
    List<Node> stops = new ArrayList<>();
    stops(folded() ? strip : sheet, stops);
    int at = stops.indexOf(getScene().getFocusOwner());
    if (stops.isEmpty()) {
      return false;
    }
    stops.get(Math.floorMod(at + (back ? -1 : 1), stops.size())).requestFocus();
    return true;
  }

  private boolean folded() {
    return model.folded().get();
  }

  private static void stops(Parent in, List<Node> stops) {
    for (Node node : in.getChildrenUnmodifiable()) {
      if (node.isVisible() && !node.isDisabled()) {
        if (node.isFocusTraversable()) {
          stops.add(node);
        } else if (node instanceof Parent parent) {
          stops(parent, stops);
        }
      }
    }
  }

  /** While the sheet is there, the keys are its own: whatever else takes them gives them back. */
  private void watch(Scene scene) {
    if (scene != null) {
      scene
          .focusOwnerProperty()
          .subscribe(
              owner -> {
                if (isVisible() && sheet.isVisible() && owner != null && !within(owner)) {
                  focus();
                }
              });
    }
  }

  private boolean within(Node node) {
    for (Node up = node; up != null; up = up.getParent()) {
      if (up == this) {
        return true;
      }
    }
    return false;
  }

  // ---- what is shown

  private void show(PlanModel.State before, PlanModel.State state) {
    if (state.running() && !before.running()) {
      began = clock.instant();
      hasty.playFromStart();
    }
    name(Words.capital(state.intent()));
    if (!built.equals(state.plan()) || state.plan().isEmpty()) {
      built = state.plan();
      build(state);
    }
    state.plan().ifPresent(plan -> state.run().ifPresent(run -> stages.show(plan, run)));
    say(state);
    tick();
    offers();
    place();
  }

  /** The title; what is longer than it has room for is said when somebody points at it. */
  private void name(String words) {
    boolean all = words.length() <= LONGEST;
    title.setText(all ? words : words.substring(0, words.lastIndexOf(' ', LONGEST)) + " …");
    title.setTooltip(all ? null : new Tooltip(words));
    title.setAccessibleText(words);
  }

  /** What can be done now. */
  private void offers() {
    PlanModel.State state = model.state().get();
    ways.show(state.way(), model.choosing());
    copy.setVisible(state.plan().isPresent());
    fold.setVisible(state.running());
    apply.setVisible(state.phase() == PlanModel.Phase.SHOWN);
    cancel.setVisible(state.running());
    cancel.setDisable(
        state.phase() == PlanModel.Phase.STOPPING
            || state.run().isEmpty()
            || hasty.getStatus() == Animation.Status.RUNNING);
    close.setVisible(!state.running());
    close.setText(state.phase() == PlanModel.Phase.SHOWN ? "Not now" : "Close");
    undo.setVisible(state.done() && model.undoable().get().isPresent());
  }

  /** Where nothing can be changed, a plan can only be read. */
  private void allow() {
    boolean halted = !nodes.halted().isEmpty();
    if (apply.isDisabled() != halted) {
      apply.setDisable(halted);
      say(model.state().get());
    }
  }

  /** Over the window, at its lower edge, or nowhere; and the keys where they belong. */
  private void place() {
    PlanModel.State state = model.state().get();
    boolean was = isVisible() && sheet.isVisible();
    boolean folded = model.folded().get();
    setVisible(state.phase() != PlanModel.Phase.NONE);
    sheet.setVisible(!folded);
    strip.setVisible(folded);
    // Folded, all but the strip belongs to what is below.
    setPickOnBounds(!folded);
    getStyleClass().setAll(folded ? "strip-place" : "scrim");
    if (folded) {
      strip.show(state);
    }
    if (isVisible() && sheet.isVisible()) {
      focus();
    } else if (was) {
      closed.run();
    }
  }

  private void focus() {
    if (model.choosing() && ways.isFocusWithin()) {
      // Whoever goes through the ways by the keys goes on there.
      return;
    }
    switch (model.state().get().phase()) {
      case SHOWN -> apply.requestFocus();
      // What applied it, pressed twice, is not to cancel it.
      case RUNNING, STOPPING -> fold.requestFocus();
      default -> close.requestFocus();
    }
  }

  /** How far it is, and since when. */
  void tick() {
    PlanModel.State state = model.state().get();
    if (state.running()) {
      took = Duration.between(began, clock.instant());
    }
    progress.setVisible(state.running() || state.run().isPresent());
    RunProgress now = RunProgress.of(state.course(), took);
    bar.setProgress(now.done());
    step.setText(now.words());
  }

  private void say(PlanModel.State state) {
    String words =
        switch (state.phase()) {
          case ASKED -> "The node is asked for a plan …";
          case SHOWN -> {
            String halted = nodes.halted();
            yield !halted.isEmpty()
                ? halted
                : state.message().isEmpty()
                    ? "Nothing is done until you apply it."
                    : state.message();
          }
          case RUNNING ->
              state.message().isEmpty() ? "The plan is being carried out." : state.message();
          default -> state.message();
        };
    message.setText(Words.capital(words));
    message.getStyleClass().removeAll("bad", "good");
    bar.getStyleClass().removeAll("danger", "success");
    if (state.phase() == PlanModel.Phase.REFUSED) {
      message.getStyleClass().add("bad");
    } else if (state.phase() == PlanModel.Phase.ENDED) {
      message.getStyleClass().add(state.done() ? "good" : "bad");
      bar.getStyleClass().add(state.done() ? "success" : "danger");
    }
  }

  private void build(PlanModel.State state) {
    intro.getChildren().clear();
    String time = state.plan().map(PlanView::takes).orElse("");
    takes.setText("It takes " + time + ".");
    takes.setVisible(!time.isEmpty());
    stages.setVisible(state.plan().isPresent());
    state.plan().ifPresent(plan -> introduce(state, plan));
    state.plan().ifPresent(stages::show);
  }

  private static String outcome(List<String> all) {
    return all.size() <= TOLD
        ? String.join("; ", all)
        : String.join("; ", all.subList(0, TOLD - 2))
            + "; and "
            + (all.size() - TOLD + 2)
            + " more like these";
  }

  private void introduce(PlanModel.State state, PlanView plan) {
    // First, so that none is out of sight where there is much to say.
    for (String warning : plan.warnings()) {
      var words = PlanStages.text("Note: " + warning + ".", "warning-words");
      HBox.setHgrow(words, Priority.ALWAYS);
      var note = new HBox(10, Marks.of(Marks.ALERT, "warn"), words);
      note.getStyleClass().add("warning");
      intro.getChildren().add(note);
    }
    state
        .effect()
        .flatMap(effect -> BeforeAfter.of(topology.get(), effect))
        .ifPresent(what -> intro.getChildren().add(new BeforeAfterPane(what)));
    String outcome = "Afterwards: " + outcome(plan.outcome()) + ".";
    intro.getChildren().add(PlanStages.text(outcome, "sheet-text"));
  }
}
