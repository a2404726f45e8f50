package topiary.app.desktop.window;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.css.PseudoClass;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.controlsfx.control.StatusBar;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.Details;
import topiary.app.desktop.model.Keys;
import topiary.app.desktop.model.PaletteModel;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.model.Words;
import topiary.app.desktop.tree.TreeCanvas;
import topiary.app.gateway.Practice;
import topiary.app.gateway.Seen;
import topiary.engine.model.InstanceKey;

/** Everything in the window. */
public final class Shell extends StackPane implements Actions.View {

  /** As high as the line a folded plan leaves. */
  private static final double STRIP = 52;

  /** Where there is less room, the tree has it. */
  private static final double NARROW = 1100;

  private static final PseudoClass PAST = PseudoClass.getPseudoClass("past");
  private static final PseudoClass HALTED = PseudoClass.getPseudoClass("halted");

  private final WindowModel model;
  private final InstantSource clock;
  private final Actions actions;
  private final TreeCanvas tree;
  private final TopBar top;
  private final PaletteModel palette;
  private final NewsList news;
  private final FindingsList findings;
  private final KeysSheet keysSheet;
  private final StatusBar status = new StatusBar();
  private final Label notice = new Label();
  private final Label size = new Label();
  private final Label zoom = new Label();
  private final Label absence = new Label();
  private final HBox banner = new HBox(Marks.of(Marks.ALERT, "warn"), absence);
  private final Label emptyTitle = new Label();
  private final Label emptyWords = new Label();
  private final TextField emptyCommand = new TextField();
  private final Button emptyDoes = new Button();
  private final VBox empty = new VBox(emptyTitle, emptyWords, emptyCommand, emptyDoes);
  private final FleetPage fleet;
  private final Drawer drawer;
  private final PlanSheet plan;
  private final WhyNotSheet whyNot;
  private boolean narrow;

  public Shell(WindowModel model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
    this.actions = new Actions(model, this);
    this.tree = new TreeCanvas(model, clock, this::menu);
    this.palette = new PaletteModel(model, actions, this::fly);
    this.top = new TopBar(model, actions);
    this.news = new NewsList(model.news(), this::fly, this::focus);
    this.findings = new FindingsList(model.findings(), clock, this::fly, this::focus);
    this.keysSheet = new KeysSheet(actions, this::focus);
    this.whyNot = new WhyNotSheet(model.whyNot(), actions.recovering, clock, this::focus);
    this.plan =
        new PlanSheet(
            model.plan(), model.nodes(), () -> model.seen().get().topology(), clock, this::focus);
    getStylesheets().addAll(sheet("window.css"), sheet("connect.css"));
    Consumer<InstanceKey> fly = tree::fly;
    fleet = new FleetPage(model, fly, this::focus);
    tree.visibleProperty().bind(model.fleet().isOpen().not());
    var middle = new BorderPane(new StackPane(tree, empty(), fleet, toasts()));
    var changes = new ChangesPane(model, clock);
    middle.setTop(new VBox(banner(), new PastStrip(model, clock, changes::take, this::focus)));
    middle.setBottom(changes);
    model
        .past()
        .state()
        .subscribe(state -> middle.pseudoClassStateChanged(PAST, state.then().isPresent()));
    middle.getStyleClass().add("middle");
    var body = new BorderPane(middle);
    var side =
        new SidePane(
            model,
            new ClusterList(model, actions.clusters),
            new ServerOutline(model, fly, this::menu));
    side.visibleProperty().bind(model.fleet().isOpen().not());
    side.managedProperty().bind(side.visibleProperty());
    body.setLeft(side);
    drawer = new Drawer(model, actions.copy, clock, fly);
    drawer.visibleProperty().bind(actions.details.and(model.fleet().isOpen().not()));
    body.setRight(drawer);
    var frame = new BorderPane(body);
    frame.setTop(top);
    frame.setBottom(status());
    getChildren()
        .addAll(
            frame,
            plan,
            whyNot,
            new FormSheet(
                "servers",
                model.servers().form(),
                model.servers()::answer,
                model.servers()::close,
                this::focus),
            new FormSheet(
                "saying",
                model.saying().form(),
                model.saying()::answer,
                model.saying()::close,
                this::focus),
            new WhatIfSheet(model.whatIf(), this::focus),
            new RecoveriesSheet(model.recoveries(), this::copy, this::focus),
            new NodesSheet(model, actions, this::focus),
            new Suggestions(model.search(), top.search(), this::next, this::focus),
            news,
            findings,
            keysSheet,
            new PaletteView(palette, this::focus));
    model.seen().subscribe(seen -> refresh());
    model.clusters().subscribe(rows -> size.setText(model.size()));
    model.cluster().subscribe(id -> size.setText(model.size()));
    model.nodes().state().subscribe(nodes -> refresh());
    model.notice().subscribe(notice::setText);
    keys(actions);
    addEventFilter(
        MouseEvent.MOUSE_PRESSED,
        e -> {
          if (!news.holds(e.getTarget()) && !top.bells(e.getTarget())) {
            model.news().open().set(false);
          }
          if (!findings.holds(e.getTarget()) && !top.alarms(e.getTarget())) {
            model.findings().open().set(false);
          }
        });
    widthProperty().subscribe(width -> wide(width.doubleValue()));
    Seconds.of(this, this::second);
  }

  /** The drawer goes when the window becomes narrow, and is back when it is wide again. */
  private void wide(double width) {
    boolean now = width > 0 && width < NARROW;
    if (now != narrow) {
      narrow = now;
      top.narrow(now);
      actions.details.set(!now);
    }
  }

  /** The address of one of our style sheets. */
  public static String sheet(String name) {
    return Shell.class.getResource("/topiary/app/desktop/" + name).toExternalForm();
  }

  /** Gives the keys to what is in the middle. */
  public void focus() {
    if (whyNot.isVisible()) {
      whyNot.take();
    } else if (model.fleet().isOpen().get()) {
      fleet.take();
    } else {
      tree.requestFocus();
    }
  }

  public TreeCanvas tree() {
    return tree;
  }

  public WindowModel model() {
    return model;
  }

  /** What is typed into the palette. */
  public StringProperty typed() {
    return palette.text();
  }

  public Actions actions() {
    return actions;
  }

  // ---- parts

  private StatusBar status() {
    status.setId("status");
    notice.setId("notice");
    size.setId("cluster-size");
    zoom.setId("zoom");
    zoom.getStyleClass().add("zoom");
    size.visibleProperty().bind(model.fleet().isOpen().not());
    size.managedProperty().bind(size.textProperty().isNotEmpty().and(size.visibleProperty()));
    zoom.visibleProperty().bind(size.visibleProperty());
    notice.managedProperty().bind(notice.textProperty().isNotEmpty());
    tree.zoom().subscribe(scale -> zoom.setText(Math.round(scale.doubleValue() * 100) + " %"));
    status.getRightItems().addAll(notice, size, zoom);
    return status;
  }

  /** Above the line a folded plan leaves. */
  private Toasts toasts() {
    var toasts = new Toasts(model.news(), this::fly);
    toasts
        .translateYProperty()
        .bind(Bindings.when(model.plan().folded()).then(-STRIP).otherwise(0));
    return toasts;
  }

  private HBox banner() {
    banner.setId("banner");
    banner.getStyleClass().add("banner");
    banner.managedProperty().bind(banner.visibleProperty());
    absence.setWrapText(true);
    return banner;
  }

  private VBox empty() {
    empty.setId("empty");
    empty.getStyleClass().add("empty");
    emptyTitle.getStyleClass().add("empty-title");
    emptyWords.getStyleClass().add("hint");
    emptyCommand.getStyleClass().add("command");
    emptyCommand.setEditable(false);
    emptyCommand.setMaxWidth(560);
    emptyCommand.managedProperty().bind(emptyCommand.visibleProperty());
    emptyDoes.setId("empty-does");
    emptyDoes.managedProperty().bind(emptyDoes.visibleProperty());
    return empty;
  }

  /** Keys without a modifier count while the tree has them, not while somebody types. */
  private void keys(Actions of) {
    tree.addEventHandler(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (!e.isShortcutDown() && !e.isAltDown()) {
            key(of, e, name -> name.length() > 1 || Character.isLetter(name.charAt(0)));
          }
        });
    tree.addEventHandler(KeyEvent.KEY_TYPED, e -> key(of, e, name -> name.length() == 1));
  }

  private static void key(Actions of, KeyEvent e, Predicate<String> kind) {
    for (Action action : of.all()) {
      boolean meant =
          action.keys().stream()
              .filter(name -> !Keys.everywhere(name))
              .filter(kind)
              .anyMatch(
                  name ->
                      e.getEventType() == KeyEvent.KEY_TYPED
                          ? e.getCharacter().equals(name)
                          : e.getCode() == KeyCode.getKeyCode(name));
      if (meant) {
        action.run();
        e.consume();
      }
    }
  }

  private void menu(Node on, Point2D at) {
    Menus.context(actions).show(on, at.getX(), at.getY());
  }

  // ---- what is shown

  private void second() {
    model.nodes().tick(clock.instant(), model.seen().get().live());
    model.attributes().tick(clock.instant(), model.seen().get().live());
    model.readiness().tick(clock.instant(), model.seen().get().live());
    model.whyNot().tick(clock.instant(), model.seen().get().live());
    model.recoveries().tick(clock.instant(), model.seen().get().live());
    refresh();
    plan.tick();
    model.told().tick(clock.instant());
    model.news().tick(clock.instant());
    findings.tick();
  }

  private void refresh() {
    Instant now = clock.instant();
    drawer.refresh();
    Seen seen = model.seen().get();
    boolean nothing = seen.topology().instances().isEmpty();
    status.setText(model.connection(now));
    size.setText(model.size());
    boolean lost = seen.link() == Seen.Link.LOST;
    String halted = lost ? "" : model.nodes().halted();
    banner.setVisible(lost && !nothing || !halted.isEmpty());
    banner.pseudoClassStateChanged(HALTED, !halted.isEmpty());
    if (lost) {
      absence.setText(model.absence(now));
      tree.requestLayout();
    } else {
      absence.setText(halted);
    }
    empty.setVisible(nothing);
    if (nothing) {
      explain(seen);
    }
  }

  private void explain(Seen seen) {
    switch (seen.link()) {
      case CONNECTING -> say("Connecting to " + model.address() + " …", "", "");
      case LIVE ->
          say(
              "No servers are known yet",
              "Name any one server of a replication tree; Topiary finds the others.",
              "");
      case LOST ->
          say(
              Words.capital(seen.trouble()),
              "It is asked again and again. To start one with a practice fleet, in a terminal:",
              Practice.command());
    }
    offer(seen.live() ? actions.add : actions.connect);
  }

  private void say(String title, String words, String command) {
    emptyTitle.setText(title);
    emptyWords.setText(words);
    emptyCommand.setText(command);
    emptyCommand.setVisible(!command.isEmpty());
  }

  /** The next step, when there is one. */
  private void offer(Action action) {
    emptyDoes.setText(action.text());
    emptyDoes.setOnAction(e -> action.run());
    emptyDoes.setVisible(action.enabled().get());
    emptyDoes.getStyleClass().remove("accent");
    if (action == actions.add) {
      emptyDoes.getStyleClass().add("accent");
    }
  }

  // ---- what only a window can do

  @Override
  public void fit() {
    tree.fit();
  }

  @Override
  public void zoomIn() {
    tree.zoomIn();
  }

  @Override
  public void zoomOut() {
    tree.zoomOut();
  }

  @Override
  public void fly(InstanceKey key) {
    model.go(key);
    tree.fly(key);
  }

  @Override
  public void search() {
    top.search().requestFocus();
    top.search().selectAll();
  }

  @Override
  public void next() {
    model.search().next().ifPresent(tree::fly);
  }

  @Override
  public void palette() {
    if (palette.isOpen().get()) {
      palette.close();
    } else {
      palette.open();
    }
  }

  @Override
  public void findings() {
    model.news().open().set(false);
    model.findings().open().set(!model.findings().open().get());
  }

  @Override
  public void news() {
    model.findings().open().set(false);
    model.news().open().set(!model.news().open().get());
  }

  @Override
  public void fleet() {
    if (model.fleet().isOpen().get()) {
      model.fleet().close();
    } else {
      model.fleet().open();
    }
  }

  @Override
  public void keys() {
    keysSheet.toggle();
  }

  @Override
  public void copy(String text) {
    Clip.put(text);
    model.tell("Copied: " + text);
  }

  @Override
  public void copy() {
    model
        .selected()
        .get()
        .ifPresent(key -> Clip.put(Details.text(key, model.details(clock.instant()))));
  }
}
