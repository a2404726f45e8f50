package topiary.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Verdict;
import topiary.lab.base.Await;

/**
 * A log in which the thread of a plan stands still at a point that a test chose, until the test
 * lets it go: as if the machine had paused just there. Test and node, two processes, speak by files
 * beside the node's notes.
 */
final class HeldLog implements ForwardingLog {

  /** Where in a step it stands still. */
  enum Point {
    /** The step stands in the log as begun. */
    BEGUN,
    /** The same; afterwards the thread believes that this node leads as it did then. */
    ASLEEP,
    /** In this step the fence was taken anew, and a majority has confirmed; the deed is next. */
    CONFIRMED
  }

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final CommandLog inner;
  private final Path notes;

  /** The step that the thread is at, in the words of {@link #wanted}. */
  private final ThreadLocal<String> step = ThreadLocal.withInitial(() -> "");

  private final ThreadLocal<Leadership> believed = new ThreadLocal<>();

  HeldLog(CommandLog inner, Path notes) {
    this.inner = inner;
    this.notes = notes;
  }

  @Override
  public CommandLog inner() {
    return inner;
  }

  // ---- the test's side

  /** From now on the thread is held there; it goes on from wherever else it is held. */
  static void hold(Path notes, Point point, String step) {
    write(beside(notes, "hold"), point + " " + step);
  }

  /** Whether it stands there. */
  static boolean held(Path notes, Point point, String step) {
    return read(beside(notes, "held")).equals(point + " " + step);
  }

  /** It goes on, and is held nowhere. */
  static void letGo(Path notes) {
    delete(beside(notes, "told"));
    delete(beside(notes, "hold"));
  }

  /** Whether the thread that was let go waits for a server's answer to a statement it has sent. */
  static boolean told(Path notes) {
    return Files.exists(beside(notes, "told"));
  }

  // ---- the node's side

  @Override
  public CompletableFuture<Verdict> submit(Entry entry) {
    CompletableFuture<Verdict> answer = inner.submit(entry);
    if (entry.command() instanceof Command.BeginStep begin) {
      String name = begin.step().getClass().getSimpleName();
      step.set(name);
      if (!read(beside(notes, "hold")).isEmpty()) {
        answer.join();
        hold(Point.BEGUN);
        Leadership now = inner.leadership();
        if (hold(Point.ASLEEP)) {
          believed.set(now);
        }
      }
    }
    return answer;
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    CompletableFuture<Void> answer = inner.confirm(term);
    if (read(beside(notes, "hold")).startsWith(Point.CONFIRMED.name()) && !step.get().isEmpty()) {
      answer.join();
      if (hold(Point.CONFIRMED)) {
        Thread held = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> watch(held));
      }
    }
    return answer;
  }

  @Override
  public Leadership leadership() {
    Leadership then = believed.get();
    return then == null ? inner.leadership() : then;
  }

  private boolean hold(Point point) {
    String here = point + " " + step.get();
    Path wanted = beside(notes, "hold");
    if (!read(wanted).equals(here)) {
      return false;
    }
    Path held = beside(notes, "held");
    write(held, here);
    if (!Await.holds(PATIENCE, () -> !read(wanted).equals(here))) {
      throw new IllegalStateException("nobody lets it go from " + here);
    }
    delete(held);
    return true;
  }

  /** What it has told has left when it waits for the answer. */
  private void watch(Thread plan) {
    boolean waits =
        Await.holds(
            PATIENCE,
            () -> {
              StackTraceElement[] stack = plan.getStackTrace();
              return has(stack, "topiary.engine.execute.FencedSession", "tell")
                  && Stream.of(stack).anyMatch(HeldLog::waitsForTheNetwork);
            });
    if (waits) {
      write(beside(notes, "told"), "");
    }
  }

  /** Whatever a socket is made of, it waits below this. */
  private static boolean waitsForTheNetwork(StackTraceElement frame) {
    return frame.getClassName().startsWith("sun.nio.ch.") && frame.getMethodName().equals("park");
  }

  private static boolean has(StackTraceElement[] stack, String type, String method) {
    return Stream.of(stack)
        .anyMatch(f -> f.getClassName().equals(type) && f.getMethodName().equals(method));
  }

  private static Path beside(Path notes, String what) {
    return notes.resolveSibling(notes.getFileName() + "." + what);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
