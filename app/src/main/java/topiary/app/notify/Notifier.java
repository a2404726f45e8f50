package topiary.app.notify;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import topiary.app.json.FindingJson;
import topiary.app.json.Json;
import topiary.engine.analysis.Found;
import topiary.engine.finding.Finding;
import topiary.engine.finding.Severity;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.planner.Readiness;

/**
 * Tells a receiver what is found, and what is over: the node that leads does, the others only know.
 * What comes while something is on its way goes together with the next; what is not taken is tried
 * again. Whoever looks is never held up. Thread-safe.
 */
public final class Notifier {

  private static final System.Logger LOG = System.getLogger(Notifier.class.getName());

  /** From one message to the next, at least. */
  static final Duration PAUSE = Duration.ofSeconds(2);

  /** From one attempt that failed to the next, at most. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  /** A node that begins to lead tells what has begun since then: who led may not have. */
  static final Duration FRESH = Duration.ofSeconds(30);

  /** By how much less ready a tree must be for that to be told. */
  static final int FALL = 20;

  /** So much waits for a receiver at most; the oldest is left out. */
  static final int KEPT = 500;

  /** So much is told in words; the rest is counted. */
  private static final int SPOKEN = 20;

  /**
   * What it asks.
   *
   * @param found what is found now; the same object as long as nothing else is
   * @param cluster the tree of a server
   * @param known whether somebody has said to know of a server's trouble
   * @param leads whether this node tells
   */
  public record World(
      Supplier<? extends Map<InstanceKey, Found>> found,
      Function<InstanceKey, Optional<ClusterId>> cluster,
      Predicate<InstanceKey> known,
      BooleanSupplier leads) {}

  private record Subject(InstanceKey server, String code) implements Comparable<Subject> {
    @Override
    public int compareTo(Subject other) {
      int servers = server.compareTo(other.server);
      return servers == 0 ? code.compareTo(other.code) : servers;
    }
  }

  private record Event(Subject subject, String words, Map<String, Object> json) {}

  private final String way;
  private final Receiver receiver;
  private final Severity least;
  private final World world;
  private final InstantSource clock;
  private final Consumer<Runnable> background;
  private final ReentrantLock lock = new ReentrantLock();

  /** What the receiver knows of, or another node has told it. */
  private final Map<Subject, Finding> told = new TreeMap<>();

  /** What somebody had said to know of when it began. */
  private final Set<Subject> hushed = new HashSet<>();

  /** How ready each tree was, at best since that was told last. */
  private final Map<ClusterId, Integer> levels = new HashMap<>();

  /** Those that had fallen the last time. */
  private final Set<ClusterId> fallen = new HashSet<>();

  private final Deque<Event> pending = new ArrayDeque<>();
  private Map<InstanceKey, Found> compared = Map.of();
  private boolean led;
  private boolean sending;
  private int omitted;
  private int failures;
  private Instant next = Instant.MIN;
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * A notifier.
   *
   * @param way what people call the receiver
   * @param least the least bad that is told
   * @param background runs what waits for the receiver
   */
  public Notifier(
      String way,
      Receiver receiver,
      Severity least,
      World world,
      InstantSource clock,
      Consumer<Runnable> background) {
    this.way = way;
    this.receiver = receiver;
    this.least = least;
    this.world = world;
    this.clock = clock;
    this.background = background;
  }

  /** Why nobody can be told, in a sentence; empty while all is well. */
  public Optional<String> trouble() {
    return trouble.map(why -> "what is found cannot be told by " + way + ": " + why);
  }

  /**
   * Looks at what is found; to be called whenever that may be something else, and about once a
   * second. Returns at once.
   */
  public void look() {
    lock.lock();
    try {
      Map<InstanceKey, Found> now = world.found().get();
      boolean leads = world.leads().getAsBoolean();
      if (now != compared || leads != led) {
        compare(now, leads);
      }
      compared = now;
      led = leads;
      if (!leads) {
        // Whoever leads tells it.
        pending.clear();
      }
      if (!pending.isEmpty() && !sending && !clock.instant().isBefore(next)) {
        sending = true;
        background.accept(this::send);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hears how ready trees are for the death of their heads. A fall by {@link #FALL} or more that is
   * still so the next time is told, once.
   */
  public void ready(Map<ClusterId, Readiness> now) {
    lock.lock();
    try {
      levels.keySet().retainAll(now.keySet());
      fallen.retainAll(now.keySet());
      now.forEach(this::ready);
    } finally {
      lock.unlock();
    }
    look();
  }

  private void ready(ClusterId cluster, Readiness is) {
    int level = levels.merge(cluster, is.score(), Math::max);
    if (is.score() > level - FALL) {
      fallen.remove(cluster);
    } else if (!fallen.add(cluster)) {
      fallen.remove(cluster);
      levels.put(cluster, is.score());
      if (world.leads().getAsBoolean()) {
        add(fall(cluster, level, is));
      }
    }
  }

  private Event fall(ClusterId cluster, int from, Readiness is) {
    var json = new LinkedHashMap<String, Object>();
    json.put("event", "readiness");
    json.put("at", clock.instant().toString());
    json.put("instance", is.head().toString());
    json.put("from", from);
    json.put("to", is.score());
    json.putAll(FindingJson.readiness(is, cluster.text()));
    return new Event(
        new Subject(is.head(), "readiness"),
        is.head()
            + ": the cluster was ready for its death by "
            + from
            + " of 100, and is by "
            + is.score()
            + is.reasons().stream()
                .map(r -> "; " + r.words())
                .limit(3)
                .collect(Collectors.joining()),
        json);
  }

  private void compare(Map<InstanceKey, Found> now, boolean leads) {
    var is = new TreeMap<Subject, Finding>();
    now.forEach(
        (key, found) -> {
          for (Finding f : found.judgement().findings()) {
            var subject = new Subject(key, f.code().word());
            if (f.code().severity().compareTo(least) <= 0) {
              is.put(subject, f);
              if (told.containsKey(subject)) {
                continue;
              }
              if (world.known().test(key)) {
                hushed.add(subject);
              } else {
                begins(subject, f, found, leads);
              }
            }
          }
        });
    var over = new ArrayList<>(told.keySet());
    over.removeAll(is.keySet());
    hushed.retainAll(is.keySet());
    for (Subject subject : over) {
      Finding was = told.remove(subject);
      if (leads) {
        add(
            event(
                "end",
                subject,
                "is over: " + was.code().words(),
                Map.of("severity", was.code().severity().name(), "words", was.code().words())));
      }
    }
  }

  private void begins(Subject subject, Finding f, Found found, boolean leads) {
    Instant since = found.since().get(f.code());
    boolean fresh = hushed.remove(subject) || since.plus(FRESH).isAfter(clock.instant());
    if (leads && fresh) {
      told.put(subject, f);
      add(event("begin", subject, f.code().words(), FindingJson.finding(f, found)));
    } else if (!fresh) {
      told.put(subject, f);
    }
  }

  private Event event(String kind, Subject subject, String words, Map<String, Object> finding) {
    var json = new LinkedHashMap<String, Object>();
    json.put("event", kind);
    json.put("at", clock.instant().toString());
    json.put("instance", subject.server().toString());
    json.put("cluster", world.cluster().apply(subject.server()).map(ClusterId::text).orElse(null));
    json.put("code", subject.code());
    finding.forEach(json::putIfAbsent);
    return new Event(subject, subject.server() + ": " + subject.code() + ", " + words, json);
  }

  private void add(Event event) {
    pending.add(event);
    while (pending.size() > KEPT) {
      pending.removeFirst();
      omitted++;
    }
  }

  private void send() {
    List<Event> batch;
    byte[] json;
    lock.lock();
    try {
      batch = List.copyOf(pending);
      json = Json.bytes(message(batch, omitted));
    } finally {
      lock.unlock();
    }
    Optional<String> why = Optional.empty();
    try {
      if (!batch.isEmpty()) {
        receiver.take(json);
      }
    } catch (IOException e) {
      why = Optional.of(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = Optional.of("the node is being ended");
    } finally {
      sent(batch, why);
    }
  }

  private void sent(List<Event> batch, Optional<String> why) {
    if (why.isPresent() && !why.equals(trouble)) {
      LOG.log(
          System.Logger.Level.WARNING, "what is found cannot be told by " + way + ": " + why.get());
    }
    lock.lock();
    try {
      if (why.isEmpty()) {
        pending.removeAll(batch);
        omitted = 0;
        failures = 0;
        next = clock.instant().plus(PAUSE);
      } else {
        Duration wait = PAUSE.multipliedBy(1L << Math.min(failures++, 6));
        next = clock.instant().plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
      }
      trouble = why;
      sending = false;
    } finally {
      lock.unlock();
    }
  }

  private static Map<String, Object> message(List<Event> batch, int omitted) {
    var json = new LinkedHashMap<String, Object>();
    int more = Math.max(0, batch.size() - SPOKEN) + omitted;
    json.put(
        "text",
        batch.stream().limit(SPOKEN).map(Event::words).collect(Collectors.joining("\n"))
            + (more == 0 ? "" : "\nand " + more + " more"));
    json.put("omitted", omitted);
    json.put("events", batch.stream().map(Event::json).toList());
    return json;
  }
}
