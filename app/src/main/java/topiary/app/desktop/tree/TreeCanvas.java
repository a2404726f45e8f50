package topiary.app.desktop.tree;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.animation.Animation;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.transform.Scale;
import javafx.util.Duration;
import topiary.app.desktop.graph.TreeGraph;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.model.Alarm;
import topiary.app.desktop.model.PickUp;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.ServerCard;
import topiary.app.desktop.model.Spoken;
import topiary.app.desktop.model.WindowModel;
import topiary.app.gateway.FindingView;
import topiary.engine.model.InstanceKey;

/** The tree, to be looked at and to be touched. Painted only when something has changed. */
public final class TreeCanvas extends Region {

  static final double ZOOM_STEP = 1.12;

  private final WindowModel model;
  private final InstantSource clock;
  private final Canvas canvas = new Canvas();
  private final Painter painter = new Painter(canvas.getGraphicsContext2D());
  private final TreeGraph graph = new TreeGraph();
  private final Figures figures = new Figures();
  private final Motion motion = new Motion(this::requestLayout);

  /** Runs while a finger zooms; letters become exact when it has stopped. */
  private final PauseTransition zooming = new PauseTransition(Duration.millis(150));

  /** What is found of the server under the pointer, and who says so. */
  private final Tooltip found = new Tooltip();

  private boolean explains;
  private final MouseHand mouse;
  private final KeyHand keys;

  /** What is seen just now, and what is seen when all motion has ended. */
  private Sight sight = Sight.START;

  private Sight target = Sight.START;
  private final ReadOnlyDoubleWrapper zoom = new ReadOnlyDoubleWrapper(1);
  private boolean fitted = true;
  private String cluster = "";

  /**
   * A tree.
   *
   * @param menu shows what can be done with the selected server, at a point of the screen
   */
  public TreeCanvas(WindowModel model, InstantSource clock, BiConsumer<TreeCanvas, Point2D> menu) {
    this.model = model;
    this.clock = clock;
    setId("tree");
    getChildren().add(canvas);
    setFocusTraversable(true);
    found.setWrapText(true);
    found.setMaxWidth(560);
    setAccessibleRole(AccessibleRole.TREE_VIEW);
    setMinSize(0, 0);
    graph.listen(figures);
    zooming.setOnFinished(e -> requestLayout());
    mouse = new MouseHand(this, model, menu);
    keys = new KeyHand(this, model);
    model.picture().subscribe(this::pictured);
    model.selected().subscribe(this::selected);
    model.also().subscribe(this::requestLayout);
    model.hand().subscribe(this::held);
    model.seen().subscribe((before, now) -> repaintWhen(before.live() != now.live()));
    model.dark().subscribe(d -> requestLayout());
    focusedProperty().subscribe(f -> requestLayout());
    visibleProperty().subscribe(v -> requestLayout());
  }

  private void repaintWhen(boolean changed) {
    if (changed) {
      requestLayout();
    }
  }

  private void pictured(Picture now) {
    graph.show(now);
    if (!now.cluster().equals(cluster)) {
      cluster = now.cluster();
      fitted = true;
    }
    repaintWhen(figures.changed());
  }

  /** What was picked up by key or menu is held over cards by keys, until the pointer moves. */
  private void held(Optional<PickUp> before, Optional<PickUp> now) {
    if (before.isEmpty() && now.isPresent()) {
      keys.takes();
      requestFocus();
    }
    requestLayout();
  }

  private void selected(Optional<InstanceKey> now) {
    Optional<ServerCard> card = now.map(model.picture().get().cards()::get);
    setAccessibleText(card.map(Spoken::of).orElse("Replication tree; arrow keys choose a server"));
    if (!mouse.pressed()) {
      now.ifPresent(this::reveal);
    }
    requestLayout();
  }

  /** Explains what is found of the server under the pointer, where it rests; nothing else. */
  void explain(Optional<InstanceKey> hovered) {
    List<FindingView> of = hovered.map(model.seen().get()::found).orElse(List.of());
    boolean any = !of.isEmpty() && model.hand().get().isEmpty();
    if (any) {
      found.setText(Alarm.explained(of, clock.instant()));
    } else {
      found.hide();
    }
    if (any != explains) {
      explains = any;
      if (any) {
        Tooltip.install(this, found);
      } else {
        Tooltip.uninstall(this, found);
      }
    }
  }

  // ---- the sight

  /** Brings the whole tree into sight. */
  public void fit() {
    fitted = true;
    requestLayout();
  }

  /** Flies to a server's card, large enough to be read. */
  public void fly(InstanceKey key) {
    model.reveal(key);
    box(key).ifPresent(b -> flyTo(target.centred(b, getWidth(), getHeight()), false));
  }

  public void zoomIn() {
    zoom(getWidth() / 2, getHeight() / 2, ZOOM_STEP * ZOOM_STEP, true);
  }

  public void zoomOut() {
    zoom(getWidth() / 2, getHeight() / 2, 1 / (ZOOM_STEP * ZOOM_STEP), true);
  }

  /** How large everything is when all motion has ended, 1 for as large as life. */
  public ReadOnlyDoubleProperty zoom() {
    return zoom.getReadOnlyProperty();
  }

  /** Paints with so many device pixels for each of its own. */
  public void dense(double devicePixels) {
    sight = sight.dense(devicePixels);
    target = target.dense(devicePixels);
    requestLayout();
  }

  /** Whether something is on its way. */
  public boolean moving() {
    return motion.moving();
  }

  /** Zooms around a point; in a step that is seen, or at once, as a finger does. */
  void zoom(double x, double y, double factor, boolean step) {
    Sight next = target.zoom(x, y, factor);
    if (step) {
      flyTo(next, true);
    } else {
      zooming.playFromStart();
      jump(next);
    }
  }

  /** Moves the picture under the pointer. */
  void pan(double dx, double dy) {
    jump(sight.move(Math.rint(dx), Math.rint(dy)));
  }

  private void jump(Sight next) {
    fitted = false;
    motion.land();
    sight = next;
    target = next;
    requestLayout();
  }

  private void flyTo(Sight next, boolean step) {
    fitted = false;
    depart(next, step);
  }

  private void depart(Sight next, boolean step) {
    target = next;
    if (still()) {
      motion.land();
      sight = next;
    } else {
      motion.fly(sight, next, step);
    }
    requestLayout();
  }

  /** Whether nothing is to move: nobody looks, or nobody wants it. */
  private boolean still() {
    return getScene() == null
        || getScene().getWindow() == null
        || !getScene().getWindow().isShowing()
        || Platform.getPreferences().isReducedMotion();
  }

  /** Moves a card into sight when it is not. */
  void reveal(InstanceKey key) {
    Optional<Box> box = box(key);
    if (box.isEmpty() || fitted) {
      return;
    }
    Box b = box.get();
    double left = target.pixelX(b.x());
    double right = target.pixelX(b.right());
    double top = target.pixelY(b.y());
    double bottom = target.pixelY(b.bottom());
    if (left < 0 || right > getWidth() || top < 0 || bottom > getHeight()) {
      flyTo(
          target.move(getWidth() / 2 - (left + right) / 2, getHeight() / 2 - (top + bottom) / 2),
          false);
    }
  }

  // ---- what lies where

  private Optional<Box> box(InstanceKey key) {
    return Optional.ofNullable(model.picture().get().layout().boxes().get(key));
  }

  /** Where a server's card has its middle, in this node's coordinates. */
  public Optional<Point2D> middle(InstanceKey key) {
    return box(key).map(b -> new Point2D(sight.pixelX(b.centre()), sight.pixelY(b.middle())));
  }

  /** Where a server's branch is folded, in this node's coordinates. */
  public Optional<Point2D> handle(InstanceKey key) {
    return box(key).map(b -> new Point2D(sight.pixelX(b.right()), sight.pixelY(b.middle())));
  }

  Optional<InstanceKey> at(double x, double y) {
    return model.picture().get().layout().at(sight.modelX(x), sight.modelY(y));
  }

  /** The server whose branch is folded or unfolded by a click here. */
  Optional<InstanceKey> handleAt(double x, double y) {
    if (sight.scale() < Detail.NAMED) {
      return Optional.empty();
    }
    double mx = sight.modelX(x);
    double my = sight.modelY(y);
    Picture picture = model.picture().get();
    return picture
        .layout()
        .at(mx, my)
        .or(() -> picture.layout().at(mx - CardPainter.HANDLE, my))
        .or(() -> picture.layout().at(mx - CardPainter.FOLDED_HANDLE, my))
        .filter(key -> CardPainter.onHandle(picture, key, mx, my))
        .filter(picture::source);
  }

  // ---- the picture

  @Override
  protected void layoutChildren() {
    if (!isVisible()) {
      return;
    }
    double width = getWidth();
    double height = getHeight();
    boolean sized = size(width, height);
    boolean another = figures.another();
    if (figures.begin() == Figures.Change.PLACE && !another && !still()) {
      motion.cards();
    }
    figures.advance(motion.cardsPart());
    if (fitted && width > 0 && height > 0) {
      Sight whole = target.fit(model.picture().get().layout(), width, height);
      if (sized || another) {
        motion.land();
        target = whole;
      } else if (!whole.equals(target)) {
        depart(whole, false);
      }
    }
    sight = motion.sight().orElse(target);
    zoom.set(target.scale());
    Point2D held = keys.holds().flatMap(this::middle).orElse(mouse.pointer());
    painter.paint(
        figures,
        new Scene(
            model.selected().get(),
            model.also().get(),
            mouse.hover(),
            mouse.onHandle(),
            model.hand().get(),
            held.getX(),
            held.getY(),
            isFocused(),
            model.staleness(clock.instant()),
            motion.zooming() || zooming.getStatus() == Animation.Status.RUNNING),
        model.dark().get() ? Palette.DARK : Palette.LIGHT,
        sight,
        width,
        height);
  }

  private boolean size(double width, double height) {
    double density = sight.density();
    if (canvas.getWidth() == width * density && canvas.getHeight() == height * density) {
      return false;
    }
    canvas.setWidth(width * density);
    canvas.setHeight(height * density);
    canvas.getTransforms().setAll(new Scale(1 / density, 1 / density));
    return true;
  }

  /** The keys say where to go from a card. */
  void step(Layout.Direction to, boolean adding) {
    model.step(to, adding);
    model.hand().get().flatMap(PickUp::over).ifPresent(this::reveal);
    requestLayout();
  }

  /** The pointer says what it is held over, and no longer the keys. */
  void pointed() {
    keys.lets();
  }
}
