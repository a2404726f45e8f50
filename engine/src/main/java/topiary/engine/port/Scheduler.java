package topiary.engine.port;

import java.time.Duration;

/** Timers and tasks; the only source of threads. */
public interface Scheduler {

  /**
   * Runs a task on its own, now.
   *
   * @return false when the scheduler has closed, and nothing was begun
   */
  boolean start(String name, Runnable task);

  /**
   * Runs a short task once, later.
   *
   * @return takes it back, if it has not begun
   */
  Runnable after(Duration delay, Runnable task);

  /** Runs a short task again and again, the first time at once, until the scheduler closes. */
  void every(Duration interval, String name, Runnable task);

  /**
   * Runs what goes on until the scheduler closes, on a thread of its own that waits behind no task;
   * it is interrupted then.
   *
   * @return false when the scheduler has closed, and nothing was begun
   */
  boolean keep(String name, Runnable loop);
}
