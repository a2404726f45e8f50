package topiary.lab.base;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** The same work on many items at once. */
public final class Parallel {
  private Parallel() {}

  /**
   * Runs the work on every item, each on its own virtual thread. Ends when all ended; then the
   * first failure is thrown.
   */
  public static <T> void each(Collection<T> items, Consumer<T> work) {
    map(
        items,
        item -> {
          work.accept(item);
          return item;
        });
  }

  /** As {@link #each}, keeping the results in the order of the items. */
  public static <T, R> List<R> map(Collection<T> items, Function<T, R> work) {
    List<Future<R>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        running.add(threads.submit(() -> work.apply(item)));
      }
      List<R> results = new ArrayList<>();
      RuntimeException failure = null;
      for (Future<R> future : running) {
        try {
          results.add(future.get());
        } catch (ExecutionException e) {
          var fault =
              e.getCause() instanceof RuntimeException r
                  ? r
                  : new LabException("lab work failed", e.getCause());
          if (failure == null) {
            failure = fault;
          } else {
            failure.addSuppressed(fault);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the servers were worked on", e);
    }
  }
}
