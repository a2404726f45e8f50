package topiary.app.desktop.tree;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.transform.Scale;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.model.PickUp;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.ServerCard;
import topiary.app.desktop.model.WindowModel;
import topiary.engine.model.InstanceKey;

/** The tree, to be looked at and to be touched. Painted only when something has changed. */
public final class TreeCanvas extends Region {

  /** How far the pointer goes before a press becomes a drag. */
  private static final double DRAG_PIXELS = 6;

  private static final double ZOOM_STEP = 1.12;
  private static final double ZOOM_BY_KEY = 1.25;

  private final WindowModel model;
  private final InstantSource clock;
  private final Canvas canvas = new Canvas();
  private final Painter painter = new Painter(canvas.getGraphicsContext2D());
  private final BiConsumer<TreeCanvas, Point2D> menu;
  private Sight sight = new Sight(1, 0, 0, 1);
  private final ReadOnlyDoubleWrapper zoom = new ReadOnlyDoubleWrapper(1);
  private boolean fitted = true;
  private Optional<InstanceKey> hover = Optional.empty();
  private Optional<InstanceKey> pressed = Optional.empty();
  private Point2D pressedAt = Point2D.ZERO;
  private Point2D pointer = Point2D.ZERO;
  private boolean panning;
  private boolean dragging;
  private boolean byKey;

  /**
   * A tree.
   *
   * @param menu shows what can be done with the selected server, at a point of the screen
   */
  public TreeCanvas(WindowModel model, InstantSource clock, BiConsumer<TreeCanvas, Point2D> menu) {
    this.model = model;
    this.clock = clock;
    this.menu = menu;
    setId("tree");
    getChildren().add(canvas);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TREE_VIEW);
    setMinSize(0, 0);
    model.picture().subscribe(this::pictured);
    model.selected().subscribe(this::selected);
    model.hand().subscribe(this::held);
    model.seen().subscribe(s -> requestLayout());
    model.dark().subscribe(d -> requestLayout());
    focusedProperty().subscribe(f -> requestLayout());
    setOnMousePressed(this::press);
    setOnMouseDragged(this::drag);
    setOnMouseReleased(this::release);
    setOnMouseMoved(this::move);
    setOnMouseExited(e -> hover(Optional.empty()));
    setOnScroll(this::scroll);
    setOnKeyPressed(this::key);
    setOnContextMenuRequested(this::menu);
  }

  // ---- sight

  private void pictured(Picture before, Picture now) {
    if (before != null && before.tree() != now.tree() && !sameHead(before, now)) {
      fitted = true;
    }
    requestLayout();
  }

  private static boolean sameHead(Picture a, Picture b) {
    return a.tree().head().equals(b.tree().head());
  }

  /** Brings the whole tree into sight. */
  public void fit() {
    fitted = true;
    requestLayout();
  }

  /** Shows everything larger, with the middle staying where it is. */
  public void zoomIn() {
    zoom(ZOOM_BY_KEY);
  }

  /** Shows everything smaller. */
  public void zoomOut() {
    zoom(1 / ZOOM_BY_KEY);
  }

  private void zoom(double by) {
    fitted = false;
    sight = sight.zoom(getWidth() / 2, getHeight() / 2, by);
    requestLayout();
  }

  /** How large everything is shown, 1 for as large as life. */
  public ReadOnlyDoubleProperty zoom() {
    return zoom.getReadOnlyProperty();
  }

  /** Selects a server and brings it into the middle, at least as large as can be read. */
  public void fly(InstanceKey key) {
    model.select(Optional.of(key));
    Box b = model.picture().get().layout().boxes().get(key);
    if (b != null) {
      fitted = false;
      sight = sight.on(b, getWidth(), getHeight());
      requestLayout();
    }
  }

  /** Paints with so many device pixels for each of its own. */
  public void dense(double devicePixels) {
    sight = sight.dense(devicePixels);
    requestLayout();
  }

  private void selected(Optional<InstanceKey> now) {
    Optional<ServerCard> card = now.map(model.picture().get().cards()::get);
    setAccessibleText(
        card.map(
                c ->
                    c.key()
                        + ", "
                        + c.role()
                        + ", "
                        + c.writes()
                        + ", "
                        + c.state()
                        + " "
                        + c.problem())
            .orElse("Replication tree; arrow keys choose a server"));
    now.ifPresent(this::reveal);
    requestLayout();
  }

  /** Moves a card into sight when it is not. */
  private void reveal(InstanceKey key) {
    Box b = model.picture().get().layout().boxes().get(key);
    if (b == null || fitted || pressed.isPresent()) {
      return;
    }
    double left = sight.pixelX(b.x());
    double right = sight.pixelX(b.right());
    double top = sight.pixelY(b.y());
    double bottom = sight.pixelY(b.bottom());
    if (left < 0 || right > getWidth() || top < 0 || bottom > getHeight()) {
      fitted = false;
      sight = sight.move(getWidth() / 2 - (left + right) / 2, getHeight() / 2 - (top + bottom) / 2);
    }
  }

  /** Where a server's card has its middle, in this node's coordinates. */
  public Optional<Point2D> middle(InstanceKey key) {
    return Optional.ofNullable(model.picture().get().layout().boxes().get(key))
        .map(b -> new Point2D(sight.pixelX(b.centre()), sight.pixelY(b.middle())));
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    double density = sight.density();
    if (canvas.getWidth() != width * density || canvas.getHeight() != height * density) {
      canvas.setWidth(width * density);
      canvas.setHeight(height * density);
      canvas.getTransforms().setAll(new Scale(1 / density, 1 / density));
    }
    Layout layout = model.picture().get().layout();
    if (fitted && width > 0 && height > 0) {
      sight = sight.fit(layout, width, height);
    }
    zoom.set(sight.scale());
    Point2D at = pointer;
    if (byKey) {
      at =
          model
              .hand()
              .get()
              .map(h -> h.over().orElse(h.carried()))
              .flatMap(this::middle)
              .orElse(pointer);
    }
    painter.paint(
        model.picture().get(),
        new Painter.Scene(
            model.selected().get(),
            hover,
            model.hand().get(),
            at.getX(),
            at.getY(),
            isFocused(),
            model.staleness(clock.instant())),
        model.dark().get() ? Palette.DARK : Palette.LIGHT,
        sight,
        width,
        height);
  }

  private Optional<InstanceKey> at(double x, double y) {
    return model.picture().get().layout().at(sight.modelX(x), sight.modelY(y));
  }

  // ---- the mouse

  private void press(MouseEvent e) {
    requestFocus();
    pressedAt = new Point2D(e.getX(), e.getY());
    pointer = pressedAt;
    if (model.hand().get().isPresent() && e.getButton() == MouseButton.PRIMARY) {
      // Picked up by key or menu: a click puts it down.
      pressed = Optional.empty();
      over(e);
      model.drop();
      return;
    }
    pressed = at(e.getX(), e.getY());
    pressed.ifPresent(key -> model.select(Optional.of(key)));
    panning = pressed.isEmpty() && e.getButton() != MouseButton.SECONDARY;
  }

  private void drag(MouseEvent e) {
    var now = new Point2D(e.getX(), e.getY());
    if (panning) {
      fitted = false;
      sight = sight.move(now.getX() - pointer.getX(), now.getY() - pointer.getY());
    } else if (!dragging
        && e.getButton() == MouseButton.PRIMARY
        && pressed.isPresent()
        && now.distance(pressedAt) > DRAG_PIXELS) {
      model.pickUp(pressed.get());
      dragging = model.hand().get().isPresent();
    }
    pointer = now;
    if (dragging) {
      over(e);
    }
    requestLayout();
  }

  private void over(MouseEvent e) {
    byKey = false;
    model.over(at(e.getX(), e.getY()));
    requestLayout();
  }

  private void release(MouseEvent e) {
    if (dragging) {
      over(e);
      model.drop();
    }
    dragging = false;
    panning = false;
    pressed = Optional.empty();
  }

  private void move(MouseEvent e) {
    pointer = new Point2D(e.getX(), e.getY());
    if (model.hand().get().isPresent()) {
      over(e);
    }
    hover(at(e.getX(), e.getY()));
  }

  private void hover(Optional<InstanceKey> next) {
    if (!next.equals(hover)) {
      hover = next;
      requestLayout();
    }
  }

  private void scroll(ScrollEvent e) {
    if (e.getDeltaY() != 0) {
      fitted = false;
      sight = sight.zoom(e.getX(), e.getY(), e.getDeltaY() > 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
      requestLayout();
    }
  }

  private void menu(ContextMenuEvent e) {
    Optional<InstanceKey> on =
        e.isKeyboardTrigger() ? model.selected().get() : at(e.getX(), e.getY());
    if (on.isPresent() && model.hand().get().isEmpty()) {
      model.select(on);
      Point2D at =
          e.isKeyboardTrigger()
              ? localToScreen(middle(on.get()).orElse(Point2D.ZERO))
              : new Point2D(e.getScreenX(), e.getScreenY());
      menu.accept(this, at);
    }
  }

  // ---- the keyboard

  private void key(KeyEvent e) {
    if (e.isShortcutDown() || e.isAltDown()) {
      return;
    }
    switch (e.getCode()) {
      case UP -> step(Layout.Direction.UP);
      case DOWN -> step(Layout.Direction.DOWN);
      case LEFT -> step(Layout.Direction.LEFT);
      case RIGHT -> step(Layout.Direction.RIGHT);
      case ENTER -> model.drop();
      case ESCAPE -> model.putBack();
      default -> {
        return;
      }
    }
    e.consume();
  }

  private void step(Layout.Direction to) {
    byKey = true;
    model.step(to);
    model.hand().get().flatMap(PickUp::over).ifPresent(this::reveal);
    requestLayout();
  }

  /** What was picked up by key or menu is held over cards by keys, until the pointer moves. */
  private void held(Optional<PickUp> before, Optional<PickUp> now) {
    if (before.isEmpty() && now.isPresent()) {
      byKey = true;
      requestFocus();
    }
    requestLayout();
  }
}
