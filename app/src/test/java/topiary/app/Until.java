package topiary.app;

import java.time.Duration;
import java.util.concurrent.Callable;
import topiary.lab.base.Await;

/** The one way tests wait: for something, and not for ever. */
public final class Until {

  /** Much longer than anything takes on a busy machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private Until() {}

  /** Waits until a condition holds; fails with what was awaited when it does not. */
  public static void holds(String what, Callable<Boolean> condition) {
    var last = new Exception[1];
    boolean held =
        Await.holds(
            PATIENCE,
            () -> {
              try {
                last[0] = null;
                return condition.call();
              } catch (Exception e) {
                last[0] = e;
                return false;
              }
            });
    if (!held) {
      throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what, last[0]);
    }
  }
}
