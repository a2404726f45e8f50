package topiary.app.desktop.window;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.scene.Node;

/**
 * Does something once a second while a node is in a window that is shown. Not an animation: as long
 * as there is one, JavaFX goes through the whole window sixty times a second.
 */
final class Seconds {

  private static final Executor IN_A_SECOND =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Platform::runLater);

  private final Node node;
  private final Runnable what;
  private boolean waiting;

  private Seconds(Node node, Runnable what) {
    this.node = node;
    this.what = what;
  }

  static void of(Node node, Runnable what) {
    var seconds = new Seconds(node, what);
    node.sceneProperty()
        .flatMap(scene -> scene.windowProperty().flatMap(window -> window.showingProperty()))
        .orElse(false)
        .subscribe(shown -> seconds.await());
  }

  private void await() {
    if (!waiting && shown()) {
      waiting = true;
      IN_A_SECOND.execute(this::over);
    }
  }

  private void over() {
    waiting = false;
    if (shown()) {
      what.run();
    }
    await();
  }

  private boolean shown() {
    return node.getScene() != null
        && node.getScene().getWindow() != null
        && node.getScene().getWindow().isShowing();
  }
}
