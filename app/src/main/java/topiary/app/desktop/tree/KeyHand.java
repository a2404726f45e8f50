package topiary.app.desktop.tree;

import java.util.Optional;
import javafx.scene.input.KeyEvent;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.model.WindowModel;
import topiary.engine.model.InstanceKey;

/** What keys without a modifier do to the tree: choose, hold, put down. */
final class KeyHand {

  private final TreeCanvas tree;
  private final WindowModel model;
  private boolean holding;

  KeyHand(TreeCanvas tree, WindowModel model) {
    this.tree = tree;
    this.model = model;
    tree.setOnKeyPressed(this::key);
  }

  /** The card over which keys hold what is in the hand; empty when the pointer does. */
  Optional<InstanceKey> holds() {
    return holding ? model.hand().get().map(h -> h.over().orElse(h.carried())) : Optional.empty();
  }

  void takes() {
    holding = true;
  }

  void lets() {
    holding = false;
  }

  private void key(KeyEvent e) {
    if (e.isShortcutDown() || e.isAltDown()) {
      return;
    }
    switch (e.getCode()) {
      case UP -> step(Layout.Direction.UP, e.isShiftDown());
      case DOWN -> step(Layout.Direction.DOWN, e.isShiftDown());
      case LEFT -> step(Layout.Direction.LEFT, e.isShiftDown());
      case RIGHT -> step(Layout.Direction.RIGHT, e.isShiftDown());
      case ENTER -> model.drop();
      case ESCAPE -> {
        if (model.hand().get().isPresent()) {
          model.putBack();
        } else {
          model.fleet().open();
        }
      }
      default -> {
        return;
      }
    }
    e.consume();
  }

  private void step(Layout.Direction to, boolean adding) {
    holding = true;
    tree.step(to, adding);
  }
}
