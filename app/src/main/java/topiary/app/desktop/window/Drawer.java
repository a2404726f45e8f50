package topiary.app.desktop.window;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Side;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.ClusterRow;
import topiary.app.desktop.model.Details;
import topiary.app.desktop.model.Overview;
import topiary.app.desktop.model.WindowModel;
import topiary.app.gateway.FindingView;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

/** Everything known of the selected server; without one, the cluster at a glance. */
final class Drawer extends HBox {

  private static final double WIDTH = 344;
  private static final double LEAST = 260;
  private static final double MOST = 800;

  private final WindowModel model;
  private final InstantSource clock;
  private final Label title = new Label();
  private final TextField filter = new TextField();
  private final Label nothing = new Label();
  private final DetailList list;
  private final VBox server;
  private final OverviewPane overview;

  /** What the overview was made of; it is not made again of the same. */
  private Topology counted = Topology.EMPTY;

  private Map<InstanceKey, List<FindingView>> judged = Map.of();
  private Optional<Tree> countedTree = Optional.empty();
  private Optional<Overview> glance = Optional.empty();

  /**
   * A drawer.
   *
   * @param copy copies all that is known
   * @param fly brings a server into sight
   */
  Drawer(WindowModel model, Action copy, InstantSource clock, Consumer<InstanceKey> fly) {
    this.model = model;
    this.clock = clock;
    list =
        new DetailList(
            new DetailRow.Hand() {
              @Override
              public void change(String name) {
                unless(() -> model.attributes().change(name));
              }

              @Override
              public void remove(String name) {
                unless(() -> model.attributes().remove(name));
              }
            });
    setId("drawer");
    getStyleClass().add("drawer");
    setPrefWidth(WIDTH);
    setMinWidth(Region.USE_PREF_SIZE);
    setMaxWidth(Region.USE_PREF_SIZE);
    title.getStyleClass().add("drawer-title");
    title.setMinWidth(0);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var all = new Button("Copy all");
    all.setId("copy-all");
    all.getStyleClass().add("small");
    all.setMinWidth(Region.USE_PREF_SIZE);
    all.setTooltip(new Tooltip(copy.text()));
    all.setOnAction(e -> copy.run());
    var head = new HBox(title, space, all);
    head.getStyleClass().add("drawer-head");
    filter.setId("drawer-filter");
    filter.setPromptText("Filter");
    filter.setAccessibleText("Filter what is known of the server");
    filter.getStyleClass().add("filter");
    filter.addEventFilter(KeyEvent.KEY_PRESSED, this::clear);
    var narrow = new VBox(filter);
    narrow.getStyleClass().add("filter-box");
    nothing.getStyleClass().addAll("hint", "drawer-hint");
    nothing.managedProperty().bind(nothing.visibleProperty());
    VBox.setVgrow(list, Priority.ALWAYS);
    server = new VBox(head, narrow, nothing, list);
    overview =
        new OverviewPane(
            key -> {
              model.select(Optional.of(key));
              fly.accept(key);
            });
    for (Region part : List.of(server, overview)) {
      part.managedProperty().bind(part.visibleProperty());
      HBox.setHgrow(part, Priority.ALWAYS);
      part.setMinWidth(0);
    }
    managedProperty().bind(visibleProperty());
    getChildren().addAll(new Grip(this, Side.LEFT, LEAST, MOST), server, overview);
    filter.textProperty().subscribe(text -> refresh());
    visibleProperty().subscribe(visible -> refresh());
    model.seen().subscribe(seen -> Stale.mark(this, seen));
    model.selected().subscribe(key -> refresh());
    model.seen().subscribe(seen -> refresh());
    model.cluster().subscribe(id -> refresh());
    model.clusters().subscribe(rows -> refresh());
    model.attributes().state().subscribe(attributes -> refresh());
  }

  /** Does something, unless nothing can be changed now; why not is told then. */
  private void unless(Runnable deed) {
    String unable = model.unable().get();
    if (unable.isEmpty()) {
      deed.run();
    } else {
      model.tell(unable);
    }
  }

  private void clear(KeyEvent e) {
    if (e.getCode() == KeyCode.ESCAPE && !filter.getText().isEmpty()) {
      filter.clear();
      e.consume();
    }
  }

  /** Shows things as they are now; ages grow without any news. */
  void refresh() {
    if (!isVisible()) {
      return;
    }
    List<Details.Group> now = model.details(clock.instant());
    boolean none = now.isEmpty();
    server.setVisible(!none);
    overview.setVisible(none);
    if (none) {
      overview.show(overview());
      return;
    }
    InstanceKey key = model.selected().get().orElseThrow();
    boolean narrow = !filter.getText().isBlank();
    List<Details.Group> left = narrow ? Details.matching(now, filter.getText()) : now;
    title.setText(key.toString());
    nothing.setVisible(left.isEmpty());
    nothing.setText("Nothing known contains “" + filter.getText().strip() + "”.");
    list.setVisible(!left.isEmpty());
    list.show(key, left, narrow);
  }

  private Optional<Overview> overview() {
    Optional<Tree> tree = model.shown().map(ClusterRow::tree);
    Topology topology = model.seen().get().topology();
    Map<InstanceKey, List<FindingView>> found = model.seen().get().found();
    if (topology != counted || found != judged || !tree.equals(countedTree)) {
      counted = topology;
      judged = found;
      countedTree = tree;
      glance = tree.map(t -> Overview.of(t, topology, found));
    }
    return glance;
  }
}
