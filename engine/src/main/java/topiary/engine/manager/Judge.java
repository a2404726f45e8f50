package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import topiary.engine.analysis.Errant;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.finding.Finding;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Change;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Publisher;
import topiary.engine.port.Scheduler;
import topiary.engine.said.Said;
import topiary.engine.state.ManagerState;

/**
 * Judges every server, again whenever something is seen that may change the judgement: at once when
 * it is news, else with the next tick. Thread-safe.
 *
 * <p>Most looks at most servers see nothing that decides anything: they have come further, as all
 * have. So who has replicas is judged after each look at it, and besides only when one of them may
 * have become errant by its positions alone. Who has none is judged when there is news of it, and
 * as long as it does not answer or something is found of it.
 */
final class Judge implements Publisher {

  private final Supplier<ManagerState> state;
  private final Clock clock;
  private final Scheduler scheduler;
  private final JudgementPolicy policy;
  private final Duration gap;
  private final Function<InstanceKey, Optional<InstanceKey>> twin;
  private final Consumer<Turn> turns;
  private final Runnable news;

  /** Who was looked at and is to be judged, with whoever's judgement rests on it. */
  private final Set<InstanceKey> due = ConcurrentHashMap.newKeySet();

  /** Who was looked at, answers as before, and has come further at the most. */
  private final Set<InstanceKey> further = ConcurrentHashMap.newKeySet();

  /** Who is not judged for now, as somebody works on it. */
  private final Set<InstanceKey> spared = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean judging = new AtomicBoolean();
  private final ReentrantLock one = new ReentrantLock();

  /** Replaced, never changed: whoever compares it sees at once that nothing is different. */
  private volatile TreePMap<InstanceKey, Found> found = TreePMap.empty();

  private final Map<InstanceKey, Moved> moved = new ConcurrentHashMap<>();
  private volatile Topology published = Topology.EMPTY;
  private Topology judged = Topology.EMPTY;
  private volatile Instant freshFrom;

  /** By what others have seen, where that is shown; empty where this node looks itself. */
  private volatile Optional<World> shown = Optional.empty();

  private long lastTick;
  private Said lastSaid = Said.NOTHING;

  /**
   * Where the binary log of a primary that waits for acknowledgements stands.
   *
   * @param end where
   * @param since from when on
   */
  private record Moved(BinlogPosition end, Instant since) {}

  /**
   * A judge.
   *
   * @param gap for how long this node may be out of action, as its machine slept, and go on as if
   *     nothing had been
   * @param twin another server with the same {@code server_uuid}
   * @param turns hears of every server that fails otherwise than before, in order
   * @param news hears that something else is found than before
   */
  Judge(
      Supplier<ManagerState> state,
      Clock clock,
      Scheduler scheduler,
      JudgementPolicy policy,
      Duration gap,
      Function<InstanceKey, Optional<InstanceKey>> twin,
      Consumer<Turn> turns,
      Runnable news) {
    this.state = state;
    this.clock = clock;
    this.scheduler = scheduler;
    this.policy = policy;
    this.gap = gap;
    this.twin = twin;
    this.turns = turns;
    this.news = news;
    freshFrom = clock.now();
    lastTick = clock.nanos();
  }

  /** Judges by what others have seen from now on: by their memory, at their moment. */
  void show(World picture) {
    shown = Optional.of(picture);
  }

  @Override
  public void published(Topology next, Collection<InstanceKey> touched) {
    Topology before = published;
    published = next;
    boolean news = false;
    for (InstanceKey key : touched) {
      Instance was = before.instance(key).orElse(null);
      Instance is = next.instance(key).orElse(null);
      if (was != is) {
        Change change = was == null || is == null ? Change.NEWS : Change.between(was, is);
        noteLog(is);
        if (change == Change.NEWS || !is.seen()) {
          due.add(key);
          news |= change == Change.NEWS;
        } else {
          further.add(key);
        }
      }
    }
    if (news) {
      soon();
    }
  }

  /** Only of those that could be locked, as hardly anybody is. */
  private void noteLog(Instance i) {
    Optional<Facts> facts = i == null || !i.seen() ? Optional.empty() : i.facts();
    if (facts.isEmpty() || !facts.get().semiSync().source().enabled()) {
      return;
    }
    BinlogPosition end = facts.get().positions().logEnd();
    moved.compute(
        i.key(),
        (key, last) ->
            last != null && last.end().equals(end)
                ? last
                : new Moved(end, i.lastSeen().orElseGet(clock::now)));
  }

  private void soon() {
    if (judging.compareAndSet(false, true) && !scheduler.start("judge", this::judgeAll)) {
      judging.set(false);
    }
  }

  private void judgeAll() {
    // Whatever is published from here on starts another round.
    judging.set(false);
    judge(List.of());
  }

  /** Judges whoever was looked at, and whoever something is found of: that may end by itself. */
  void tick() {
    long now = clock.nanos();
    boolean slept = now - lastTick > gap.toNanos();
    lastTick = now;
    if (slept) {
      freshFrom = clock.now();
    }
    var keys = new HashSet<>(found.keySet());
    keys.addAll(spared);
    judge(keys);
  }

  private void judge(Collection<InstanceKey> besides) {
    if (round(besides)) {
      news.run();
    }
  }

  /** Whether something else is found than before. */
  private boolean round(Collection<InstanceKey> besides) {
    one.lock();
    try {
      Set<InstanceKey> keys = new HashSet<>(besides);
      // Taken before what is known of them: what comes in between is judged twice, and never lost.
      List<InstanceKey> looked = taken(due);
      List<InstanceKey> came = taken(further);
      Topology now = published;
      // Asked for by what they have come to, and again where they are judged.
      var errants = new HashMap<InstanceKey, Optional<String>>();
      Function<InstanceKey, Optional<String>> errant =
          key -> errants.computeIfAbsent(key, k -> errant(now, k));
      for (InstanceKey key : came) {
        concerned(key, now, errant).forEach(keys::add);
      }
      for (InstanceKey key : looked) {
        around(key, now).forEach(keys::add);
      }
      World world = world(now, errant);
      if (world.said() != lastSaid) {
        lastSaid = world.said();
        keys.addAll(now.instances().keySet());
      }
      // What a former primary has of its own shows by how far the other has come, too.
      state.get().recoveries().ended().values().stream()
          .filter(r -> r.successor().isPresent())
          .forEach(r -> keys.add(r.failed()));
      boolean other = false;
      for (InstanceKey key : keys) {
        other |= judge(world, key);
      }
      judged = now;
      return other;
    } finally {
      one.unlock();
    }
  }

  private static List<InstanceKey> taken(Set<InstanceKey> from) {
    List<InstanceKey> all = List.copyOf(from);
    all.forEach(from::remove);
    return all;
  }

  /** Whose judgement may be another by how far a server has come. */
  private static Stream<InstanceKey> concerned(
      InstanceKey key, Topology now, Function<InstanceKey, Optional<String>> errant) {
    Stream<InstanceKey> itself = now.replicasOf(key).isEmpty() ? Stream.empty() : Stream.of(key);
    Optional<InstanceKey> source =
        now.instance(key)
            .flatMap(Instance::source)
            .filter(
                s ->
                    now.instance(s).filter(Instance::seen).isEmpty()
                        || errant.apply(key).isPresent());
    return Stream.concat(itself, source.stream());
  }

  /** Whose judgement rests on what is known of a server. */
  private Stream<InstanceKey> around(InstanceKey key, Topology now) {
    Optional<InstanceKey> was = judged.instance(key).flatMap(Instance::source);
    Optional<InstanceKey> is = now.instance(key).flatMap(Instance::source);
    Stream<InstanceKey> near =
        Stream.concat(Stream.of(key), Stream.concat(was.stream(), is.stream()));
    return was.equals(is) ? near : Stream.concat(near, now.replicasOf(key).stream());
  }

  private World world(Topology now, Function<InstanceKey, Optional<String>> errant) {
    ManagerState state = this.state.get();
    if (shown.isPresent()) {
      return shown.get().of(now, state.instances(), state.said(), policy);
    }
    return new World(
        now,
        state.instances(),
        state.said(),
        policy,
        clock.now(),
        freshFrom,
        key -> Optional.ofNullable(moved.get(key)).map(Moved::since),
        errant,
        twin);
  }

  private boolean judge(World world, InstanceKey key) {
    Optional<Found> before = Optional.ofNullable(found.get(key));
    Optional<Instance> instance = world.topology().instance(key);
    boolean ignored = world.policy(key).ignores(key.host());
    boolean workedOn = world.said().maintenance(key, world.now()).isPresent();
    if (workedOn && instance.isPresent()) {
      spared.add(key);
    } else {
      spared.remove(key);
    }
    Optional<Found> now =
        instance
            .filter(i -> !ignored && !workedOn)
            .map(i -> Judgement.of(world, i))
            .filter(j -> !j.well())
            .map(j -> Found.now(j, before, world.now()));
    if (!now.equals(before)) {
      found = now.map(f -> found.plus(key, f)).orElseGet(() -> found.minus(key));
    }
    Optional<Finding> was = before.flatMap(f -> f.judgement().failure());
    Optional<Finding> is = now.flatMap(f -> f.judgement().failure());
    is.flatMap(Finding::certainAt).ifPresent(at -> again(key, at, was));
    if (!was.map(Finding::code).equals(is.map(Finding::code))) {
      turns.accept(new Turn(key, is, world.topology().replicasOf(key)));
    }
    if (instance.isEmpty()) {
      moved.remove(key);
    }
    return !now.map(Found::since).equals(before.map(Found::since));
  }

  /** Judges once more when patience with a server ends, unless that is arranged already. */
  private void again(InstanceKey key, Instant at, Optional<Finding> before) {
    if (before.flatMap(Finding::certainAt).filter(at::equals).isEmpty()) {
      Duration wait = Duration.between(clock.now(), at).plusMillis(1);
      scheduler.after(
          wait.isNegative() ? Duration.ZERO : wait,
          () -> {
            due.add(key);
            soon();
          });
    }
  }

  /**
   * What is found, by server; of those that are well nothing. The same object as long as nothing
   * else is.
   */
  SortedMap<InstanceKey, Found> found() {
    return found;
  }

  /** All that a judgement rests on now. */
  World world() {
    Topology now = published;
    return world(now, key -> errant(now, key));
  }

  /** What a server has of its own: below its source, or where another has its place. */
  private Optional<String> errant(Topology now, InstanceKey key) {
    Optional<String> below = Errant.of(now, key);
    var ended = state.get().recoveries().ended();
    if (below.isPresent() || ended.isEmpty()) {
      return below;
    }
    return ended.values().stream()
        .filter(r -> r.failed().equals(key))
        .flatMap(r -> r.successor().stream())
        .flatMap(successor -> Errant.ofFormer(now, key, successor).stream())
        .findFirst();
  }
}
