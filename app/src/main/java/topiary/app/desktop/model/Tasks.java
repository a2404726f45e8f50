package topiary.app.desktop.model;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import topiary.app.gateway.GatewayException;

/** The one way work leaves the window's thread and its result comes back. */
public final class Tasks {

  private final Executor background;
  private final Executor window;

  /** What is done in the background. */
  public interface Work<T> {
    T call() throws GatewayException;
  }

  /**
   * A helper.
   *
   * @param background for what waits
   * @param window for what touches the window
   */
  public Tasks(Executor background, Executor window) {
    this.background = background;
    this.window = window;
  }

  /** The twin for tests: everything at once, on the caller's thread. */
  public static Tasks sameThread() {
    return new Tasks(Runnable::run, Runnable::run);
  }

  /** Works in the background, then tells the window the result or the sentence of a failure. */
  public <T> void run(Work<T> work, Consumer<T> done, Consumer<GatewayException> failed) {
    background.execute(
        () -> {
          try {
            T result = work.call();
            window.execute(() -> done.accept(result));
          } catch (GatewayException e) {
            window.execute(() -> failed.accept(e));
          }
        });
  }

  /** Thinks in the background, then tells the window the result. */
  public <T> void think(Supplier<T> work, Consumer<T> done) {
    background.execute(
        () -> {
          T result = work.get();
          window.execute(() -> done.accept(result));
        });
  }

  /** Does something on the window's thread. */
  public void onWindow(Runnable what) {
    window.execute(what);
  }
}
