package topiary.app.desktop.window;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.layout.Pane;

/**
 * What is not seen when a window opens comes into it once the rest has been painted, a part with
 * each pulse: styling all of it takes longer than styling what is seen. Whoever asks for a part
 * before it is there sees it a few pulses later.
 */
final class Unhurried {

  /** The painter has taken the first picture when a third pulse begins. */
  private static final int PAINTED = 3;

  private final Pane pane;
  private final Queue<Supplier<? extends Node>> parts;
  private int pulses;

  private Unhurried(Pane pane, List<Supplier<? extends Node>> parts) {
    this.pane = pane;
    this.parts = new ArrayDeque<>(parts);
  }

  /** Adds parts to a pane above what it has, in this order, once it is seen. */
  static void add(Pane pane, List<Supplier<? extends Node>> parts) {
    var later = new Unhurried(pane, parts);
    if (pane.getScene() != null) {
      later.begin(pane.getScene());
    } else {
      pane.sceneProperty()
          .subscribe(
              scene -> {
                if (scene != null) {
                  later.begin(scene);
                }
              });
    }
  }

  private void begin(Scene scene) {
    if (parts.isEmpty()) {
      return;
    }
    scene.addPostLayoutPulseListener(
        new Runnable() {
          @Override
          public void run() {
            if (++pulses > PAINTED) {
              // Not here: what is added in a pulse is laid out in the next one only.
              Platform.runLater(Unhurried.this::one);
            }
            if (parts.size() <= 1 && pulses > PAINTED) {
              scene.removePostLayoutPulseListener(this);
            } else {
              Platform.requestNextPulse();
            }
          }
        });
    Platform.requestNextPulse();
  }

  private void one() {
    Supplier<? extends Node> part = parts.poll();
    if (part != null) {
      pane.getChildren().add(part.get());
    }
  }
}
