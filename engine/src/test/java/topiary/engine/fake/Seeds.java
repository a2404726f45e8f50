package topiary.engine.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The same for many seeds, each of which is a world of its own: on so many threads side by side as
 * {@code -Dtopiary.seeds.threads=2} says, else on one. Says on the standard output how far it is
 * and what went wrong by then, so that a long run that is ended has shown something.
 */
public final class Seeds {

  private static final int THREADS = Integer.getInteger("topiary.seeds.threads", 1);

  /** So many are told of together. */
  private static final int TOLD = 500;

  private Seeds() {}

  /** What is done for a seed. */
  public interface Work {
    /** What went wrong, in sentences. */
    List<String> of(long seed) throws Exception;
  }

  /**
   * Does something for every seed.
   *
   * @param what it is, in a few words
   * @param first the first seed
   * @param count how many there are
   * @return what went wrong, by seeds; what was thrown is part of it
   */
  public static List<String> wrong(String what, long first, int count, Work work) throws Exception {
    var wrong = new ConcurrentSkipListMap<Long, List<String>>();
    var next = new AtomicLong(first);
    var done = new AtomicLong();
    Runnable some =
        () -> {
          for (long seed = next.getAndIncrement();
              seed < first + count;
              seed = next.getAndIncrement()) {
            List<String> its = wrong(seed, work);
            if (!its.isEmpty()) {
              wrong.put(seed, its);
              System.out.println(what + ": " + String.join("\n  ", its));
            }
            long all = done.incrementAndGet();
            if (all % TOLD == 0) {
              System.out.println(
                  what + ": " + all + " of " + count + ", wrong with seeds " + wrong.keySet());
            }
          }
        };
    // What is logged goes through one lock: who waits for it in one world waits for another world,
    // and for ever if that has ended meanwhile.
    Logger ours = Logger.getLogger("topiary");
    Level level = ours.getLevel();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      if (THREADS > 1) {
        ours.setLevel(Level.OFF);
      }
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(some));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      ours.setLevel(level);
    }
    return wrong.values().stream().flatMap(List::stream).toList();
  }

  private static List<String> wrong(long seed, Work work) {
    try {
      return work.of(seed).stream().map(w -> "seed " + seed + ": " + w).toList();
    } catch (Exception | AssertionError e) {
      return List.of("seed " + seed + ": " + e);
    }
  }
}
