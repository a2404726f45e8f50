package topiary.app.wire;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.port.History;
import topiary.engine.port.Publisher;
import topiary.store.StoreException;
import topiary.store.history.Chronicle;
import topiary.store.history.Entry;
import topiary.store.history.Form;
import topiary.store.history.HistoryLimits;
import topiary.store.history.HistoryStore;
import topiary.store.opening.Histories;

/**
 * Writes down what a node sees, on a thread of its own, which is the only one that waits for the
 * disk. Whoever publishes leaves the newest topology and goes on. What goes wrong is told as a
 * warning and tried again; nothing else of the node hears of it.
 */
final class HistoryKeeper implements Publisher, History, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(HistoryKeeper.class.getName());

  /** From one writing to the next, so that many changes at once are one part. */
  private static final Duration PACE = Duration.ofMillis(250);

  /**
   * As long as so many servers come within that time a fleet is being found, and the machine has
   * enough to do.
   */
  private static final int MANY = 10;

  /** But for no longer than this, which is what a crash may cost of what is seen of newcomers. */
  private static final Duration FINDING = Duration.ofSeconds(10);

  /** From one look at how far everybody has come to the next, and between signs of life. */
  static final Duration SAMPLING = Duration.ofMinutes(1);

  /** After trouble. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final Duration END = Duration.ofSeconds(5);

  private final Path folder;
  private final HistoryLimits limits;
  private final Supplier<Map<InstanceKey, ClusterId>> clusters;
  private final InstantSource clock;
  private final Chronicle chronicle;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();

  // Under the lock.
  private Topology newest = Topology.EMPTY;
  private Set<InstanceKey> changed = new HashSet<>();
  private boolean fresh;
  private boolean closed;

  // Of the thread alone, but for being read.
  private volatile HistoryStore store;
  private volatile Optional<String> trouble = Optional.empty();
  private long resting;
  private Instant written = Instant.EPOCH;

  /**
   * A keeper; it begins at once.
   *
   * @param folder the node's data folder, held by somebody
   * @param clusters the tree each server belongs to
   */
  HistoryKeeper(
      Path folder,
      HistoryLimits limits,
      Form form,
      Supplier<Map<InstanceKey, ClusterId>> clusters,
      InstantSource clock) {
    this.folder = folder;
    this.limits = limits;
    this.clusters = clusters;
    this.clock = clock;
    chronicle = new Chronicle(form, SAMPLING);
    // A thread of the platform: SQLite waits for the disk in its own code, where a virtual one
    // would keep its carrier from those who probe.
    thread = Thread.ofPlatform().name("history").daemon().start(this::run);
  }

  @Override
  public void published(Topology topology, Collection<InstanceKey> touched) {
    lock.lock();
    try {
      newest = topology;
      changed.addAll(touched);
      fresh = true;
      change.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Why nothing is written, in a sentence; empty while all is well. */
  Optional<String> trouble() {
    return trouble.map(why -> "the history is not written: " + why);
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = await();
        try {
          write(more);
        } catch (RuntimeException | Error e) {
          failed(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    letGo();
  }

  /** Waits until there may be something to write; whether there will be more after it. */
  private boolean await() throws InterruptedException {
    lock.lock();
    try {
      long finding = FINDING.toNanos();
      int before;
      do {
        before = newest.instances().size();
        long pace = PACE.toNanos();
        finding -= pace;
        while (!closed && pace > 0) {
          pace = change.awaitNanos(pace);
        }
      } while (!closed && finding > 0 && newest.instances().size() - before >= MANY);
      long silence = Math.min(SAMPLING.toNanos(), TimeUnit.SECONDS.toNanos(1));
      while (!closed && !fresh && silence > 0) {
        silence = change.awaitNanos(silence);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** A topology, and the servers that may be other in it than in the one before. */
  private record News(Topology topology, Set<InstanceKey> changed) {}

  private News news() {
    lock.lock();
    try {
      var news = new News(newest, changed);
      changed = new HashSet<>();
      fresh = false;
      return news;
    } finally {
      lock.unlock();
    }
  }

  private void write(boolean more) {
    Instant now = clock.instant();
    if (trouble.isPresent() && more && System.nanoTime() - resting < 0) {
      // What happens meanwhile is in the picture that the next segment begins with.
      return;
    }
    News news = news();
    List<Entry> entries = chronicle.take(news.topology(), news.changed(), clusters.get(), now);
    if (store == null) {
      store = Histories.open(folder, limits);
    }
    Instant at = chronicle.at();
    boolean silent = Duration.between(written, at).compareTo(SAMPLING) >= 0;
    if (store.begun() && (!entries.isEmpty() || silent || !more)) {
      store.append(at, entries);
      written = at;
    }
    if (store.due(at)) {
      store.begin(at, chronicle.everybody());
      written = at;
    }
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      LOG.log(System.Logger.Level.WARNING, "the history is written again");
    }
  }

  private void failed(Throwable fault) {
    boolean known = fault instanceof StoreException;
    String why = known ? fault.getMessage() : "a fault of Topiary, which is in the node's log";
    if (!trouble.equals(Optional.of(why))) {
      LOG.log(
          System.Logger.Level.WARNING, "the history is not written: " + why, known ? null : fault);
    }
    trouble = Optional.of(why);
    resting = System.nanoTime() + PAUSE.toNanos();
    // What there is can be read on a full disk, too.
    boolean readable = fault instanceof StoreException e && e.kind() == StoreException.Kind.FULL;
    if (!readable) {
      letGo();
    }
  }

  private void letGo() {
    HistoryStore open = store;
    store = null;
    if (open != null) {
      try {
        open.close();
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.WARNING, "the history is not closed: " + e.getMessage());
      }
    }
  }

  private HistoryStore open() {
    HistoryStore open = store;
    if (open == null) {
      throw new StoreException(
          StoreException.Kind.BROKEN, trouble().orElse("the history is not open yet; try again"));
    }
    return open;
  }

  @Override
  public Optional<Moment> at(Instant moment) {
    return open().at(moment);
  }

  @Override
  public List<Event> changes(Asked asked) {
    return open().changes(asked);
  }

  @Override
  public List<Count> counts(Asked asked, int parts) {
    return open().counts(asked, parts);
  }

  @Override
  public Extent extent() {
    return open().extent();
  }

  /** Writes the rest, unless the disk takes too long. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      change.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(END)) {
        LOG.log(System.Logger.Level.WARNING, "the history is not written to its end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
