package topiary.app.desktop.trial;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javafx.animation.AnimationTimer;

/** Does something once a frame, and measures what each frame takes. */
final class Frames extends AnimationTimer {

  private static final int WARM = 90;
  private static final double NANOS = 1e6;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final boolean withPainting;
  private final IntConsumer step;
  private final Consumer<List<Double>> then;
  private final double[] work;
  private final long window = thread("JavaFX Application Thread");
  private final long painting = thread("QuantumRenderer");
  private long last;
  private int frame = -WARM;

  /**
   * Frames.
   *
   * @param frames how many, behind some to warm up
   * @param withPainting whether the painting thread's work counts as well as the window's own
   * @param step what is done for each, below 0 to warm up
   * @param then is told the milliseconds of work for each
   */
  Frames(int frames, boolean withPainting, IntConsumer step, Consumer<List<Double>> then) {
    this.work = new double[frames];
    this.withPainting = withPainting;
    this.step = step;
    this.then = then;
  }

  @Override
  public void handle(long now) {
    long spent =
        threads.getThreadCpuTime(window) + (withPainting ? threads.getThreadCpuTime(painting) : 0);
    if (frame > 0) {
      work[frame - 1] = (spent - last) / NANOS;
    }
    last = spent;
    if (frame == work.length) {
      stop();
      then.accept(Arrays.stream(work).boxed().toList());
      return;
    }
    // The first third of a second belongs to the flight to where a movement begins.
    if (frame > -WARM / 2) {
      step.accept(frame);
    }
    frame++;
  }

  private long thread(String name) {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().startsWith(name))
        .findFirst()
        .orElseThrow()
        .getThreadId();
  }
}
