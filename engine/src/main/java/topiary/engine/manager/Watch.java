package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import topiary.engine.execute.Surroundings;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;
import topiary.engine.observe.Observatory;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.policy.Vigil;
import topiary.engine.port.Clock;
import topiary.engine.port.Publisher;
import topiary.engine.port.Scheduler;
import topiary.engine.probe.PingSchedule;
import topiary.engine.probe.ProbeSchedule;
import topiary.engine.probe.Prober;
import topiary.engine.state.ManagerState;

/**
 * Keeps the topology: looks at who is due, folds, publishes. Whoever wants to react to what was
 * seen hears of it afterwards; nothing here judges. Whatever may be a sign of a server's death (its
 * connection has ended, a ping was not answered, a look failed) has it and its replicas looked at
 * at once, and does nothing else: a connection that somebody has ended looks the same.
 */
final class Watch implements Surroundings {

  private static final System.Logger LOG = System.getLogger(Watch.class.getName());

  /** So often a server is asked one after the other before its time is over. */
  private static final int ASKED = 3;

  /** Less is no time for an answer. */
  private static final Duration LEAST = Duration.ofMillis(250);

  private final Prober prober;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Publisher publisher;
  private final ProbeSchedule schedule;
  private final Vigil vigil;

  /** For how long each server may be silent. */
  private final Function<InstanceKey, Duration> patience;

  private final PingSchedule pings;

  /** Pings whose time is not over, the first first. */
  private final ArrayDeque<Ping> pinged = new ArrayDeque<>();

  /** When a server and its replicas were, or will be, looked at out of turn last. */
  private final Map<InstanceKey, Long> rounds = new HashMap<>();

  private final Crowd crowd = new Crowd();

  /** Since when servers have owed an answer, by the clock's nanoseconds. */
  private final Map<InstanceKey, Long> owing = new ConcurrentHashMap<>();

  private final AtomicReference<Topology> topology = new AtomicReference<>(Topology.EMPTY);
  private final ReentrantLock folding = new ReentrantLock();
  private final AtomicLong looks = new AtomicLong();
  private final Lookalikes lookalikes;
  private final Sighted sighted;
  private volatile Names names = ManagerState.EMPTY.names();

  /** Replicas whose source is one by another name, and that name. */
  private final Map<InstanceKey, InstanceKey> sourceNames = new ConcurrentHashMap<>();

  /** Whether what others have seen is shown, and nothing that is seen here. */
  private volatile boolean shows;

  /** What was seen of servers that are about to be taken in. */
  private final Map<InstanceKey, Observation> expected = new ConcurrentHashMap<>();

  /** What of that is in the topology by now, and was not told to anybody who waits for looks. */
  private final Map<InstanceKey, Observation> arrived = new ConcurrentHashMap<>();

  /** Hears of every observation after it was folded. */
  interface Sighted {
    /**
     * Hears of one.
     *
     * @param moved whether the server's place in the tree is another now, or was not known before
     */
    void sighted(Observation observation, boolean moved);
  }

  Watch(
      Prober prober,
      Clock clock,
      Scheduler scheduler,
      Publisher publisher,
      ProbePolicy policy,
      Function<InstanceKey, Duration> patience,
      Lookalikes lookalikes,
      Sighted sighted) {
    this.prober = prober;
    this.clock = clock;
    this.scheduler = scheduler;
    this.publisher = publisher;
    schedule = new ProbeSchedule(policy);
    vigil = policy.vigil();
    this.patience = patience;
    pings = new PingSchedule(vigil);
    this.lookalikes = lookalikes;
    this.sighted = sighted;
  }

  Topology topology() {
    return topology.get();
  }

  /**
   * Follows the state: takes in whom it looks after, at whom the first look is due at once; lets go
   * of everybody else; reads what is known already with the names there are now. Any state may
   * follow on any other. Waits for no server.
   *
   * @param leaving hears of those that are let go of, before anybody else does
   */
  void follow(ManagerState state, Consumer<List<InstanceKey>> leaving) {
    folding.lock();
    try {
      Topology before = topology.get();
      Topology next = before;
      var touched = new HashSet<InstanceKey>();
      var other = Difference.of(before.instances().keySet(), state.instances().keySet());
      leaving.accept(other.gone());
      for (InstanceKey key : other.gone()) {
        next = Observatory.without(next, key);
        touched.add(key);
        letGo(key);
      }
      if (!names.aliases().equals(state.aliases())) {
        names = state.names();
        next = Observatory.named(next, names);
        touched.addAll(next.instances().keySet());
      }
      for (InstanceKey key : other.come()) {
        next = arrival(Observatory.with(next, key), key);
        touched.add(key);
      }
      publish(next, touched);
    } finally {
      folding.unlock();
    }
  }

  /**
   * Another node has had a server take the place of its source. Where that was seen last before it,
   * and cannot be seen any more, it would be taken for a replica of a dead one for good.
   */
  void promoted(InstanceKey server, InstanceKey former, Instant at) {
    folding.lock();
    try {
      Topology before = topology.get();
      before
          .instance(server)
          .filter(i -> i.source().equals(Optional.of(former)))
          .filter(i -> i.lastSeen().filter(seen -> seen.isBefore(at)).isPresent())
          .ifPresent(
              i ->
                  publish(
                      Observatory.known(before, i.knowing(i.facts().map(Facts::unattached))),
                      List.of(server)));
    } finally {
      folding.unlock();
    }
  }

  /** Shows those it looks after as others have seen them, and from now on nothing else. */
  void show(Topology picture) {
    folding.lock();
    try {
      shows = true;
      Topology now = topology.get();
      List<Instance> seen =
          picture.instances().values().stream()
              .filter(i -> now.instances().containsKey(i.key()))
              .toList();
      publish(
          now.next(now.revision() + 1, List.of(), seen), seen.stream().map(Instance::key).toList());
    } finally {
      folding.unlock();
    }
  }

  /** A newcomer is due to be looked at; if it was looked at before it came, an interval later. */
  private Topology arrival(Topology next, InstanceKey key) {
    long now = clock.nanos();
    schedule.add(key, now);
    Observation raw = expected.remove(key);
    if (raw == null) {
      return next;
    }
    schedule.looked(key, now);
    Observation seen = judged(next, raw);
    crowd.came(now);
    arrived.put(key, seen);
    return Observatory.fold(next, seen);
  }

  /**
   * A server that was seen is about to be taken in: it comes with what was seen, and is not looked
   * at once more. To be followed by {@link #newcomer} or {@link #unexpected}.
   */
  void expect(Observation seen) {
    if (seen.facts().isPresent()) {
      expected.put(seen.key(), seen);
    }
  }

  /** It was not taken in. */
  void unexpected(InstanceKey key) {
    expected.remove(key);
    arrived.remove(key);
  }

  /** Tells the topology there is again, as what people say of its servers is another now. */
  void tell() {
    folding.lock();
    try {
      publish(Observatory.again(topology.get()), List.of());
    } finally {
      folding.unlock();
    }
  }

  private void letGo(InstanceKey key) {
    schedule.remove(key);
    rounds.remove(key);
    owing.remove(key);
    lookalikes.forget(key);
    sourceNames.remove(key);
    // Not here: whoever looks at it now may be waiting for it.
    scheduler.start("release " + key, () -> prober.release(key));
  }

  /** Starts a look at everybody who is due. */
  void tick() {
    var due = new ArrayList<Runnable>();
    var keys = new ArrayList<InstanceKey>();
    folding.lock();
    try {
      long now = clock.nanos();
      for (InstanceKey key : schedule.take(now, crowd.atDoor(now))) {
        boolean brief = schedule.brief(key);
        keys.add(key);
        due.add(() -> lookWhenDue(key, brief));
      }
    } finally {
      folding.unlock();
    }
    for (int i = 0; i < due.size(); i++) {
      scheduler.start("probe " + keys.get(i), due.get(i));
    }
  }

  private void lookWhenDue(InstanceKey key, boolean brief) {
    boolean answered = false;
    boolean more;
    boolean fails;
    try {
      answered =
          fold(brief ? prober.look(key, within(key, vigil.brief())) : prober.look(key))
              .condition()
              .answering();
      looks.incrementAndGet();
    } finally {
      folding.lock();
      try {
        long now = clock.nanos();
        boolean source = topology.get().sources().contains(key);
        more = schedule.done(key, answered, source, now);
        fails = source && schedule.fails(key, now);
      } finally {
        folding.unlock();
      }
    }
    if (fails) {
      suspect(key, "does not answer");
    }
    if (more) {
      tick();
    }
  }

  /**
   * Something may be wrong with a server: it and its replicas are looked at at once, side by side.
   * Not its source: one that fails is looked at again and again anyway. At most one such round
   * begins in a while ({@link Vigil#round}); what is heard meanwhile has one more begin after it,
   * however much it is.
   *
   * @param why for who debugs
   */
  void suspect(InstanceKey key, String why) {
    long pause;
    folding.lock();
    try {
      if (!topology.get().has(key)) {
        return;
      }
      long now = clock.nanos();
      Long last = rounds.get(key);
      boolean coming = last != null && last - now > 0;
      if (coming) {
        return;
      }
      pause = last == null ? 0 : Math.max(0, last + vigil.round().toNanos() - now);
      rounds.put(key, now + pause);
    } finally {
      folding.unlock();
    }
    LOG.log(
        System.Logger.Level.DEBUG,
        () ->
            key + " " + why + " at " + clock.now() + ": looked at in " + pause / 1_000_000 + " ms");
    if (pause > 0) {
      scheduler.after(Duration.ofNanos(pause), () -> round(key));
    } else {
      round(key);
    }
  }

  private void round(InstanceKey key) {
    folding.lock();
    try {
      long now = clock.nanos();
      schedule.hasten(key, true, now);
      topology.get().replicasOf(key).forEach(replica -> schedule.hasten(replica, false, now));
    } finally {
      folding.unlock();
    }
    tick();
  }

  /**
   * Pings those who have replicas and answered last time, if it is their turn, and waits for none
   * of them; sees who has not answered in time. Called by one at a time.
   */
  void ping() {
    Topology now = topology.get();
    long nanos = clock.nanos();
    for (InstanceKey key : pings.take(now.sources(), nanos)) {
      boolean answering = now.instance(key).filter(i -> i.condition().answering()).isPresent();
      if (answering && prober.hail(key, nanos)) {
        pinged.add(new Ping(key, nanos));
      }
    }
    for (var pings = pinged.iterator(); pings.hasNext(); ) {
      Ping ping = pings.next();
      if (nanos - ping.at() >= within(ping.key(), vigil.answer()).toNanos()) {
        pings.remove();
        if (prober.owes(ping.key(), ping.at())) {
          // Not here: letting go of an encrypted connection may take a while.
          scheduler.start("no answer from " + ping.key(), () -> unanswered(ping));
        }
      }
    }
  }

  /** Of the time for which a server may be silent, an answer has a third at most. */
  private Duration within(InstanceKey key, Duration usual) {
    // Not divided as a duration, which goes by way of decimals, at each ping.
    Duration third = Duration.ofNanos(patience.apply(key).toNanos() / ASKED);
    Duration least = third.compareTo(LEAST) < 0 ? LEAST : third;
    return least.compareTo(usual) < 0 ? least : usual;
  }

  private void unanswered(Ping ping) {
    if (prober.silent(ping.key(), ping.at())) {
      owing.putIfAbsent(ping.key(), ping.at());
      suspect(ping.key(), "answers no ping");
    }
  }

  /** A ping, and when it was. */
  private record Ping(InstanceKey key, long at) {}

  /** Looks at one server now, and folds what was seen. */
  Observation look(InstanceKey key) {
    Observation seen = fold(prober.look(key));
    looks.incrementAndGet();
    return seen;
  }

  /** Takes in what was seen of a server before it was looked after, if it answered. */
  void newcomer(Observation seen) {
    if (seen.facts().isEmpty()) {
      return;
    }
    looks.incrementAndGet();
    expected.remove(seen.key());
    Observation folded = arrived.remove(seen.key());
    if (folded != null) {
      sighted.sighted(folded, true);
      return;
    }
    folding.lock();
    try {
      schedule.looked(seen.key(), clock.nanos());
    } finally {
      folding.unlock();
    }
    fold(seen);
  }

  /**
   * For how long a server has not answered what it was asked first of what it has not answered;
   * none while it answers.
   */
  Optional<Duration> silentFor(InstanceKey key) {
    return Optional.ofNullable(owing.get(key))
        .map(since -> Duration.ofNanos(clock.nanos() - since));
  }

  /** How often a server was looked at. */
  long looks() {
    return looks.get();
  }

  @Override
  public InstanceKey real(InstanceKey name) {
    return names.real(name);
  }

  /** The names by which replicas call their source, where it is known by another. */
  Map<InstanceKey, InstanceKey> sourceNames() {
    return Map.copyOf(sourceNames);
  }

  @Override
  public Topology look(Set<InstanceKey> servers) {
    SortedSet<InstanceKey> others = new TreeSet<>(servers);
    var looks = new ArrayList<CompletableFuture<Void>>();
    for (InstanceKey key : others) {
      var look = new CompletableFuture<Void>();
      looks.add(look);
      boolean begun =
          scheduler.start(
              "look " + key,
              () -> {
                try {
                  look(key);
                } finally {
                  look.complete(null);
                }
              });
      if (!begun) {
        throw new Clock.CancellationException("this node is being stopped", null);
      }
    }
    CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new)).join();
    return topology.get();
  }

  private Observation fold(Observation raw) {
    if (shows) {
      return raw;
    }
    boolean moved;
    Observation seen;
    folding.lock();
    try {
      Topology before = topology.get();
      seen = judged(before, raw);
      Topology after = Observatory.fold(before, seen);
      moved = !samePlace(before.instance(seen.key()), after.instance(seen.key()));
      publish(after, List.of(seen.key()));
      if (seen.condition().answering()) {
        schedule.answered(seen.key(), clock.nanos());
        owing.remove(seen.key());
      } else if (after.instances().containsKey(seen.key())) {
        owing.putIfAbsent(seen.key(), clock.nanos() - seen.took().toNanos());
      }
      if (!after.has(seen.key())) {
        // Forgotten while it was looked at: the look must not keep a connection to it.
        scheduler.start("release " + seen.key(), () -> prober.release(seen.key()));
      }
    } finally {
      folding.unlock();
    }
    sighted.sighted(seen, moved);
    return seen;
  }

  /** What was seen, with every server by its name, and with what is wrong with who it is. */
  private Observation judged(Topology before, Observation raw) {
    if (raw.facts().isEmpty() || !before.has(raw.key())) {
      return raw;
    }
    Facts facts = names.real(raw.facts().get());
    Optional<InstanceKey> named = raw.facts().flatMap(Facts::primaryChannel).map(Channel::source);
    if (named.equals(facts.primaryChannel().map(Channel::source))) {
      sourceNames.remove(raw.key());
    } else {
      named.ifPresent(name -> sourceNames.put(raw.key(), name));
    }
    List<String> wrong = lookalikes.seen(before, raw.key(), facts, raw.at());
    Facts whole = facts.complaining(wrong);
    Facts shared =
        before.instance(raw.key()).flatMap(Instance::facts).map(whole::sharing).orElse(whole);
    return Observation.seen(raw.key(), raw.at(), raw.took(), shared);
  }

  private static boolean samePlace(Optional<Instance> before, Optional<Instance> after) {
    Optional<Facts> was = before.flatMap(Instance::facts);
    Optional<Facts> is = after.flatMap(Instance::facts);
    boolean unmoved = was.isPresent() && is.isPresent() && was.get().hasSourcesOf(is.get());
    return unmoved || place(before).equals(place(after));
  }

  /** What decides a server's place: whether it was ever seen, and its sources. */
  private static Optional<List<InstanceKey>> place(Optional<Instance> server) {
    return server
        .filter(i -> i.facts().isPresent())
        .map(
            i ->
                Stream.concat(
                        i.source().stream(),
                        i.facts().stream().flatMap(f -> f.channels().stream()).map(Channel::source))
                    .toList());
  }

  private void publish(Topology next, Collection<InstanceKey> touched) {
    Topology before = topology.getAndSet(next);
    if (before != next) {
      publisher.published(next, touched);
    }
  }

  Optional<Instance> instance(InstanceKey key) {
    return topology.get().instance(key);
  }
}
