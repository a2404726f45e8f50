package topiary.app.desktop.window;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.geometry.Point2D;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.controlsfx.control.StatusBar;
import org.controlsfx.control.textfield.TextFields;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.Details;
import topiary.app.desktop.model.WindowModel;
import topiary.app.desktop.tree.TreeCanvas;
import topiary.app.gateway.Seen;

/** Everything in the window. */
public final class Shell extends StackPane implements Actions.View {

  private final WindowModel model;
  private final InstantSource clock;
  private final Actions actions;
  private final TreeCanvas tree;
  private final TextField search = TextFields.createClearableTextField();
  private final StatusBar status = new StatusBar();
  private final Label notice = new Label();
  private final Label absence = new Label();
  private final HBox banner = new HBox(Marks.of(Marks.ALERT, "warn"), absence);
  private final Label emptyTitle = new Label();
  private final Label emptyWords = new Label();
  private final TextField emptyCommand = new TextField();
  private final VBox empty = new VBox(emptyTitle, emptyWords, emptyCommand);

  public Shell(WindowModel model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
    this.actions = new Actions(model, this);
    this.tree = new TreeCanvas(model, clock, this::menu);
    getStylesheets().add(sheet("window.css"));
    var middle = new BorderPane(new StackPane(tree, empty()));
    middle.setTop(banner());
    var body = new BorderPane(middle);
    body.setLeft(new ClusterList(model));
    body.setRight(new Drawer(model, actions.copy));
    var frame = new BorderPane(body);
    frame.setTop(top());
    frame.setBottom(status());
    getChildren().addAll(frame, new PlanSheet(model.plan(), tree::requestFocus));
    model.seen().subscribe(seen -> refresh());
    model.notice().subscribe(notice::setText);
    keys();
    Seconds.of(this, this::refresh);
  }

  /** The address of one of our style sheets. */
  public static String sheet(String name) {
    return Shell.class.getResource("/topiary/app/desktop/" + name).toExternalForm();
  }

  public TreeCanvas tree() {
    return tree;
  }

  public WindowModel model() {
    return model;
  }

  // ---- parts

  private HBox top() {
    var server = new Menu("_Server");
    actions.onServer().forEach(a -> server.getItems().add(item(a)));
    var view = new Menu("_Window");
    actions.onWindow().forEach(a -> view.getItems().add(item(a)));
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    search.setId("search");
    search.setPromptText("Find a server");
    search.setPrefWidth(240);
    search.setOnAction(
        e -> {
          if (model.find(search.getText())) {
            tree.requestFocus();
          }
        });
    var top = new HBox(new MenuBar(server, view), space, search);
    top.getStyleClass().add("top");
    return top;
  }

  private StatusBar status() {
    status.setId("status");
    notice.setId("notice");
    status.getRightItems().add(notice);
    return status;
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
    return empty;
  }

  private static MenuItem item(Action action) {
    var item = new MenuItem(action.text());
    item.setId(action.id());
    if (action.everywhere()) {
      item.setAccelerator(KeyCombination.valueOf(action.key()));
    }
    item.disableProperty()
        .bind(Bindings.createBooleanBinding(() -> !action.enabled().get(), action.enabled()));
    item.setOnAction(e -> action.run());
    return item;
  }

  /** Keys without a modifier count while the tree has them, not while somebody types. */
  private void keys() {
    List<Action> plain = actions.onWindow().stream().filter(a -> !a.everywhere()).toList();
    tree.addEventHandler(
        KeyEvent.KEY_PRESSED,
        e -> {
          for (Action action : plain) {
            if (!e.isShortcutDown() && e.getCode() == KeyCode.getKeyCode(action.key())) {
              action.run();
              e.consume();
            }
          }
        });
  }

  private void menu(TreeCanvas on, Point2D at) {
    var menu = new ContextMenu();
    actions.onServer().forEach(a -> menu.getItems().add(item(a)));
    menu.show(on, at.getX(), at.getY());
  }

  // ---- what is shown

  private void refresh() {
    Instant now = clock.instant();
    Seen seen = model.seen().get();
    boolean nothing = seen.topology().instances().isEmpty();
    status.setText(model.connection(now));
    boolean lost = seen.link() == Seen.Link.LOST;
    banner.setVisible(lost && !nothing);
    if (lost) {
      absence.setText(model.absence(now));
      tree.requestLayout();
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
              "Name any one server of a replication tree; Topiary finds the others. In a terminal:",
              "./topiary discover HOST:PORT --api " + model.address());
      case LOST ->
          say(
              "No node answers at " + model.address(),
              "It is asked again and again. To start one with a practice fleet, in a terminal:",
              "./topiary demo");
    }
  }

  private void say(String title, String words, String command) {
    emptyTitle.setText(title);
    emptyWords.setText(words);
    emptyCommand.setText(command);
    emptyCommand.setVisible(!command.isEmpty());
  }

  // ---- what only a window can do

  @Override
  public void fit() {
    tree.fit();
  }

  @Override
  public void search() {
    search.requestFocus();
    search.selectAll();
  }

  @Override
  public void copy() {
    model
        .selected()
        .get()
        .ifPresent(
            key -> {
              var content = new ClipboardContent();
              content.putString(Details.text(key, model.details()));
              Clipboard.getSystemClipboard().setContent(content);
            });
  }
}
