package topiary.app.desktop.tree;

import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.geometry.Point2D;
import javafx.scene.Cursor;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import topiary.app.desktop.model.WindowModel;
import topiary.engine.model.InstanceKey;

/** What the pointer does to the tree: choose, move, fold, pan, zoom. */
final class MouseHand {

  /** How far the pointer goes before a press becomes a drag. */
  private static final double DRAG_PIXELS = 6;

  /** What one notch of a wheel scrolls; a finger scrolls less at a time. */
  private static final double NOTCH = 40;

  private final TreeCanvas tree;
  private final WindowModel model;
  private final BiConsumer<TreeCanvas, Point2D> menu;
  private Optional<InstanceKey> hover = Optional.empty();
  private Optional<InstanceKey> pressed = Optional.empty();
  private Point2D pressedAt = Point2D.ZERO;
  private Point2D pointer = Point2D.ZERO;
  private boolean onHandle;
  private boolean panning;
  private boolean dragging;
  private boolean adding;

  MouseHand(TreeCanvas tree, WindowModel model, BiConsumer<TreeCanvas, Point2D> menu) {
    this.tree = tree;
    this.model = model;
    this.menu = menu;
    tree.setOnMousePressed(this::press);
    tree.setOnMouseDragged(this::drag);
    tree.setOnMouseReleased(this::release);
    tree.setOnMouseMoved(this::move);
    tree.setOnMouseExited(e -> hover(Optional.empty(), false));
    tree.setOnScroll(this::scroll);
    tree.setOnZoom(e -> tree.zoom(e.getX(), e.getY(), e.getZoomFactor(), false));
    tree.setOnContextMenuRequested(this::menu);
  }

  Optional<InstanceKey> hover() {
    return hover;
  }

  /** Whether the pointer is where the hovered card's branch is folded. */
  boolean onHandle() {
    return onHandle;
  }

  Point2D pointer() {
    return pointer;
  }

  /** Whether a card is under a pressed button, and must not be moved away from it. */
  boolean pressed() {
    return pressed.isPresent();
  }

  private void press(MouseEvent e) {
    tree.requestFocus();
    pressedAt = new Point2D(e.getX(), e.getY());
    pointer = pressedAt;
    if (model.hand().get().isPresent() && e.getButton() == MouseButton.PRIMARY) {
      // Picked up by key or menu: a click puts it down.
      pressed = Optional.empty();
      over(e);
      model.drop();
      return;
    }
    Optional<InstanceKey> handle = tree.handleAt(e.getX(), e.getY());
    if (handle.isPresent() && e.getButton() == MouseButton.PRIMARY) {
      pressed = Optional.empty();
      model.fold(handle.get());
      return;
    }
    pressed = tree.at(e.getX(), e.getY());
    adding = e.isShortcutDown() && e.getButton() == MouseButton.PRIMARY;
    pressed.ifPresent(this::choose);
    if (pressed.isPresent() && e.getClickCount() == 2 && e.getButton() == MouseButton.PRIMARY) {
      tree.fly(pressed.get());
    }
    panning = pressed.isEmpty() && e.getButton() != MouseButton.SECONDARY;
  }

  /** One of several that are chosen may be about to be dragged with the others. */
  private void choose(InstanceKey key) {
    if (adding) {
      model.toggle(key);
    } else if (model.also().get().isEmpty() || !model.chosen(key)) {
      model.select(Optional.of(key));
    }
  }

  private void drag(MouseEvent e) {
    var now = new Point2D(e.getX(), e.getY());
    if (panning) {
      tree.setCursor(Cursor.CLOSED_HAND);
      tree.pan(now.getX() - pointer.getX(), now.getY() - pointer.getY());
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
  }

  private void over(MouseEvent e) {
    tree.pointed();
    model.over(tree.at(e.getX(), e.getY()));
    tree.requestLayout();
  }

  private void release(MouseEvent e) {
    if (dragging) {
      over(e);
      model.drop();
    } else if (!adding && e.getButton() == MouseButton.PRIMARY) {
      // It was not dragged: it alone was meant.
      pressed.ifPresent(key -> model.select(Optional.of(key)));
    }
    tree.setCursor(Cursor.DEFAULT);
    dragging = false;
    panning = false;
    pressed = Optional.empty();
  }

  private void move(MouseEvent e) {
    pointer = new Point2D(e.getX(), e.getY());
    if (model.hand().get().isPresent()) {
      over(e);
      hover(tree.at(e.getX(), e.getY()), false);
      return;
    }
    Optional<InstanceKey> handle = tree.handleAt(e.getX(), e.getY());
    hover(handle.or(() -> tree.at(e.getX(), e.getY())), handle.isPresent());
  }

  private void hover(Optional<InstanceKey> next, boolean handle) {
    if (!next.equals(hover) || handle != onHandle) {
      hover = next;
      onHandle = handle;
      tree.explain(handle ? Optional.empty() : next);
      tree.setCursor(handle ? Cursor.HAND : Cursor.DEFAULT);
      tree.requestLayout();
    }
  }

  private void scroll(ScrollEvent e) {
    if (e.getDeltaY() != 0) {
      double factor = Math.pow(TreeCanvas.ZOOM_STEP, e.getDeltaY() / NOTCH);
      tree.zoom(e.getX(), e.getY(), factor, Math.abs(e.getDeltaY()) >= NOTCH);
    } else if (e.getDeltaX() != 0) {
      tree.pan(e.getDeltaX(), 0);
    }
  }

  private void menu(ContextMenuEvent e) {
    Optional<InstanceKey> on =
        e.isKeyboardTrigger() ? model.selected().get() : tree.at(e.getX(), e.getY());
    if (on.isPresent() && model.hand().get().isEmpty()) {
      if (!e.isKeyboardTrigger()) {
        model.lead(on.get());
      }
      Point2D at =
          e.isKeyboardTrigger()
              ? tree.localToScreen(tree.middle(on.get()).orElse(Point2D.ZERO))
              : new Point2D(e.getScreenX(), e.getScreenY());
      menu.accept(tree, at);
    }
  }
}
