package topiary.app.desktop;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.WindowModel;

/**
 * For measuring: with {@code -Dtopiary.trace=start} the window says on the standard error when it
 * and its first tree have been painted; with {@code rehearsal} it then closes.
 */
final class StartTrace {

  /** Enough for a few changes to arrive. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS, Platform::runLater);

  private static final String ASKED = System.getProperty("topiary.trace", "");

  private final Stage stage;
  private final PrintStream out;
  private boolean told;

  private StartTrace(Stage stage, PrintStream out) {
    this.stage = stage;
    this.out = out;
  }

  static void of(Stage stage, WindowModel model) {
    if (ASKED.isEmpty()) {
      return;
    }
    var trace = new StartTrace(stage, System.err);
    trace.painted(() -> trace.say("window"));
    model.picture().subscribe(trace::pictured);
  }

  private void pictured(Picture picture) {
    if (!told && !picture.cards().isEmpty()) {
      told = true;
      painted(
          () -> {
            say("tree");
            if (ASKED.equals("rehearsal")) {
              LATER.execute(stage::close);
            }
          });
    }
  }

  private void say(String what) {
    Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
    out.println(
        what + " painted after " + Duration.between(began, Instant.now()).toMillis() + " ms");
  }

  /** A pulse begins only when the painter has taken the one before. */
  private void painted(Runnable then) {
    Scene scene = stage.getScene();
    scene.addPostLayoutPulseListener(
        new Runnable() {
          private int pulses;

          @Override
          public void run() {
            if (++pulses > 2) {
              scene.removePostLayoutPulseListener(this);
              then.run();
            } else {
              Platform.requestNextPulse();
            }
          }
        });
    Platform.requestNextPulse();
  }
}
