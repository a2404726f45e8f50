package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleRole;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.MouseButton;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import topiary.app.desktop.model.FleetModel;
import topiary.app.desktop.model.FleetModel.Tile;
import topiary.app.desktop.model.WindowModel;

/**
 * Tiles, as many beside each other as there is room for. There are as many views as are in sight,
 * which show other tiles when somebody scrolls or types: none is made anew or hidden, as either has
 * the style sheets looked through for all that is in it.
 */
final class TileGrid extends Region {

  private static final double LEAST = 262;
  private static final double ROW = 158;
  private static final double GAP = 10;
  private static final double EDGE = 16;
  private static final double BAR = 14;

  /** Where views wait that have nothing to show. */
  private static final double AWAY = -10_000;

  private final WindowModel model;
  private final FleetModel fleet;
  private final Runnable go;
  private final ScrollBar bar = new ScrollBar();
  private final List<TileView> views = new ArrayList<>();
  private List<Tile> tiles = List.of();
  private int columns = 1;

  /**
   * A grid.
   *
   * @param go opens the chosen one
   */
  TileGrid(WindowModel model, Runnable go) {
    this.model = model;
    this.fleet = model.fleet();
    this.go = go;
    setId("tiles");
    getStyleClass().add("tiles");
    setFocusTraversable(true);
    setMinSize(0, 0);
    setAccessibleRole(AccessibleRole.LIST_VIEW);
    bar.setOrientation(Orientation.VERTICAL);
    bar.setUnitIncrement(ROW / 2);
    getChildren().add(bar);
    var clip = new Rectangle();
    clip.widthProperty().bind(widthProperty());
    clip.heightProperty().bind(heightProperty());
    setClip(clip);
    bar.valueProperty().subscribe(value -> requestLayout());
    addEventHandler(ScrollEvent.SCROLL, e -> scroll(bar.getValue() - e.getDeltaY()));
    fleet.state().subscribe(state -> show(state.tiles()));
    fleet.chosen().subscribe(tile -> mark());
    model.dark().subscribe(dark -> requestLayout());
    model.readiness().all().subscribe(all -> requestLayout());
  }

  /** How many stand beside each other. */
  int columns() {
    return columns;
  }

  /** How many whole rows are seen at once, at least one. */
  int page() {
    return Math.max(1, (int) (getHeight() / ROW));
  }

  private int rows() {
    return (tiles.size() + columns - 1) / columns;
  }

  private void scroll(double to) {
    bar.setValue(Math.clamp(to, 0, bar.getMax()));
  }

  private void show(List<Tile> next) {
    tiles = next;
    requestLayout();
  }

  private void mark() {
    String words = fleet.chosen().get().map(TileView::spoken).orElse("");
    setAccessibleText(
        "Clusters; arrow keys choose one, Enter opens it" + (words.isEmpty() ? "" : ". " + words));
    reveal();
    requestLayout();
  }

  /** Brings the chosen one into sight. */
  void reveal() {
    int index = fleet.index();
    if (index >= 0 && getHeight() > 0) {
      measure();
      double top = index / columns * ROW;
      if (top < bar.getValue()) {
        scroll(top);
      } else if (top + ROW + GAP > bar.getValue() + getHeight()) {
        scroll(top + ROW + GAP - getHeight());
      }
    }
  }

  private void measure() {
    double room = getWidth() - BAR - 2 * EDGE + GAP;
    columns = Math.max(1, (int) (room / (LEAST + GAP)));
    double height = rows() * ROW + GAP;
    double beyond = Math.max(0, height - getHeight());
    bar.setMax(beyond);
    bar.setVisible(beyond > 0);
    bar.setVisibleAmount(height <= 0 ? 0 : beyond * Math.min(1, getHeight() / height));
    bar.setBlockIncrement(page() * ROW);
    if (bar.getValue() > beyond) {
      bar.setValue(beyond);
    }
  }

  @Override
  protected void layoutChildren() {
    measure();
    bar.resizeRelocate(getWidth() - BAR, 0, BAR, getHeight());
    int first = (int) (bar.getValue() / ROW);
    int inSight = ((int) Math.ceil(getHeight() / ROW) + 1) * columns;
    while (views.size() < inSight) {
      add();
    }
    // A tile stays in its view as long as both are in sight.
    double width = Math.floor((getWidth() - BAR - 2 * EDGE + GAP) / columns - GAP);
    String chosen = fleet.chosen().get().map(t -> t.row().id()).orElse("");
    int begin = first * columns;
    for (int i = 0; i < views.size(); i++) {
      int index = begin + Math.floorMod(i - begin, views.size());
      TileView view = views.get(i);
      if (index >= tiles.size() || index >= begin + inSight) {
        view.relocate(AWAY, 0);
        continue;
      }
      Tile tile = tiles.get(index);
      view.show(tile, model.readiness().of(tile.row()), model.dark().get());
      view.chosen(tile.row().id().equals(chosen));
      view.resizeRelocate(
          EDGE + index % columns * (width + GAP),
          Math.rint(GAP + index / columns * ROW - bar.getValue()),
          width,
          ROW - GAP);
    }
  }

  private void add() {
    var view = new TileView();
    view.setManaged(false);
    view.setOnMouseClicked(
        e -> {
          if (e.getButton() == MouseButton.PRIMARY) {
            fleet.choose(view.tile().row().id());
            go.run();
          }
        });
    views.add(view);
    getChildren().add(views.size() - 1, view);
  }
}
