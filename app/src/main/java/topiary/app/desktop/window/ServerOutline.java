package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Outline;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.WindowModel;
import topiary.engine.model.InstanceKey;

/**
 * The servers of the cluster that is shown, as a list with indents: the tree for those who read or
 * hear it. What has changed is changed in it; all else, and what is chosen, stays.
 */
final class ServerOutline extends VBox {

  private final WindowModel model;
  private final Consumer<InstanceKey> fly;
  private final BiConsumer<Node, Point2D> menu;
  private final TextField filter = new TextField();
  private final TreeView<InstanceKey> view = new TreeView<>();
  private final Map<InstanceKey, TreeItem<InstanceKey>> items = new HashMap<>();
  private final List<ServerCell> cells = new ArrayList<>();
  private Outline shown = Outline.EMPTY;

  /** Whether the list follows the model, so that nobody chose anything. */
  private boolean following;

  /**
   * An outline.
   *
   * @param fly brings a server into sight
   * @param menu shows what can be done with the selected server, at a point of the screen
   */
  ServerOutline(WindowModel model, Consumer<InstanceKey> fly, BiConsumer<Node, Point2D> menu) {
    this.model = model;
    this.fly = fly;
    this.menu = menu;
    var title = new Label("SERVERS");
    title.getStyleClass().add("side-title");
    filter.setId("outline-filter");
    filter.setPromptText("Filter");
    filter.setAccessibleText("Filter the servers by address");
    filter.getStyleClass().add("filter");
    var narrow = new VBox(filter);
    narrow.getStyleClass().add("filter-box");
    view.setId("outline");
    view.getStyleClass().addAll("clusters", "outline");
    view.setAccessibleText("Servers of the cluster");
    view.setFixedCellSize(26);
    view.setMinHeight(0);
    view.setCellFactory(
        tree -> {
          var cell = new ServerCell(this::card);
          cells.add(cell);
          return cell;
        });
    VBox.setVgrow(view, Priority.ALWAYS);
    getChildren().addAll(title, narrow, view);
    model.picture().subscribe(picture -> update());
    model.selected().subscribe(key -> follow());
    filter.textProperty().subscribe(text -> update());
    filter.addEventFilter(KeyEvent.KEY_PRESSED, this::filterKey);
    view.getSelectionModel().selectedItemProperty().subscribe(this::chosen);
    view.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    view.addEventHandler(ContextMenuEvent.CONTEXT_MENU_REQUESTED, this::menu);
  }

  private Optional<ServerCell.Shown> card(InstanceKey key) {
    Picture picture = model.picture().get();
    return Optional.ofNullable(picture.cards().get(key))
        .map(card -> ServerCell.Shown.of(card, picture.names().name(key)));
  }

  // ---- what is shown

  private void update() {
    Picture picture = model.picture().get();
    show(picture == Picture.EMPTY ? Outline.EMPTY : Outline.of(picture.tree(), filter.getText()));
  }

  /** Makes the list say what an outline says. */
  void show(Outline next) {
    if (!next.equals(shown)) {
      following = true;
      Outline before = shown;
      shown = next;
      reshape(before, next);
      following = false;
      follow();
    }
    cells.forEach(ServerCell::refresh);
  }

  private void reshape(Outline before, Outline next) {
    // Whoever is to stand elsewhere leaves first: nobody can stand in two places.
    before
        .replicas()
        .forEach(
            (key, replicas) -> {
              if (!replicas.equals(next.replicasOf(key))) {
                item(key)
                    .getChildren()
                    .removeIf(child -> !key.equals(next.sources().get(child.getValue())));
              }
            });
    TreeItem<InstanceKey> root = next.head().map(this::item).orElse(null);
    next.replicas()
        .forEach(
            (key, replicas) -> {
              if (!replicas.equals(before.replicasOf(key))) {
                fill(key, replicas);
              }
            });
    if (view.getRoot() != root) {
      view.setRoot(root);
    }
    if (next.narrowed()) {
      next.replicas().keySet().forEach(key -> item(key).setExpanded(true));
    } else {
      items
          .keySet()
          .removeIf(
              key -> !next.sources().containsKey(key) && !next.head().equals(Optional.of(key)));
    }
  }

  private TreeItem<InstanceKey> item(InstanceKey key) {
    return items.computeIfAbsent(
        key,
        k -> {
          var item = new TreeItem<>(k);
          item.setExpanded(true);
          return item;
        });
  }

  private void fill(InstanceKey source, List<InstanceKey> replicas) {
    List<TreeItem<InstanceKey>> children = item(source).getChildren();
    List<TreeItem<InstanceKey>> wanted = replicas.stream().map(this::item).toList();
    if (children.isEmpty()) {
      children.addAll(wanted);
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (i == children.size() || children.get(i) != wanted.get(i)) {
        children.remove(wanted.get(i));
        children.add(i, wanted.get(i));
      }
    }
  }

  // ---- what is chosen

  private void follow() {
    Optional<TreeItem<InstanceKey>> wanted = model.selected().get().map(items::get);
    if (view.getSelectionModel().getSelectedItem() == wanted.orElse(null)) {
      return;
    }
    following = true;
    wanted.ifPresentOrElse(this::show, () -> view.getSelectionModel().clearSelection());
    following = false;
  }

  private void show(TreeItem<InstanceKey> item) {
    for (TreeItem<InstanceKey> up = item.getParent(); up != null; up = up.getParent()) {
      up.setExpanded(true);
    }
    int row = view.getRow(item);
    view.getSelectionModel().select(row);
    boolean inSight =
        view.lookup(".virtual-flow") instanceof VirtualFlow<?> flow
            && flow.getFirstVisibleCell() != null
            && row > flow.getFirstVisibleCell().getIndex()
            && row < flow.getLastVisibleCell().getIndex();
    if (!inSight) {
      view.scrollTo(Math.max(0, row - 3));
    }
  }

  private void chosen(TreeItem<InstanceKey> item) {
    if (!following && item != null) {
      model.select(Optional.of(item.getValue()));
    }
  }

  private Optional<InstanceKey> selected() {
    return Optional.ofNullable(view.getSelectionModel().getSelectedItem()).map(TreeItem::getValue);
  }

  // ---- keys and menu

  private void key(KeyEvent e) {
    if (e.getCode() == KeyCode.ENTER) {
      selected().ifPresent(fly);
      e.consume();
    }
  }

  private void filterKey(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE && !filter.getText().isEmpty()) {
      filter.clear();
      e.consume();
    } else if (e.getCode() == KeyCode.DOWN || e.getCode() == KeyCode.ENTER) {
      view.requestFocus();
      e.consume();
    }
  }

  private void menu(ContextMenuEvent e) {
    if (selected().isEmpty()) {
      return;
    }
    Optional<ServerCell> cell =
        cells.stream().filter(c -> selected().equals(Optional.ofNullable(c.getItem()))).findFirst();
    Point2D at =
        e.isKeyboardTrigger()
            ? cell.map(c -> c.localToScreen(40, c.getHeight()))
                .orElseGet(() -> view.localToScreen(40, 40))
            : new Point2D(e.getScreenX(), e.getScreenY());
    menu.accept(view, at);
    e.consume();
  }
}
