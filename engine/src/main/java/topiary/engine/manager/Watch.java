package topiary.engine.manager;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import topiary.engine.execute.Surroundings;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;
import topiary.engine.observe.Observatory;
import topiary.engine.port.Clock;
import topiary.engine.port.Publisher;
import topiary.engine.port.Scheduler;
import topiary.engine.probe.ProbeSchedule;
import topiary.engine.probe.Prober;

/**
 * Keeps the topology: looks at who is due, folds, publishes. Whoever wants to react to what was
 * seen hears of it afterwards; nothing here judges.
 */
final class Watch implements Surroundings {

  private final Prober prober;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Publisher publisher;
  private final ProbeSchedule schedule;
  private final AtomicReference<Topology> topology = new AtomicReference<>(Topology.EMPTY);
  private final ReentrantLock folding = new ReentrantLock();
  private final Supplier<Names> names;
  private final Lookalikes lookalikes;
  private final Sighted sighted;

  /** Replicas whose source is one by another name, and that name. */
  private final Map<InstanceKey, InstanceKey> sourceNames = new ConcurrentHashMap<>();

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
      ProbeSchedule schedule,
      Supplier<Names> names,
      Lookalikes lookalikes,
      Sighted sighted) {
    this.prober = prober;
    this.clock = clock;
    this.scheduler = scheduler;
    this.publisher = publisher;
    this.schedule = schedule;
    this.names = names;
    this.lookalikes = lookalikes;
    this.sighted = sighted;
  }

  Topology topology() {
    return topology.get();
  }

  /** Takes servers in; the first look at each is due at once. */
  void take(Set<InstanceKey> keys) {
    folding.lock();
    try {
      Topology next = topology.get();
      for (InstanceKey key : keys) {
        next = Observatory.with(next, key);
        schedule.add(key, clock.nanos());
      }
      publish(next);
    } finally {
      folding.unlock();
    }
  }

  void drop(InstanceKey key) {
    folding.lock();
    try {
      schedule.remove(key);
      lookalikes.forget(key);
      sourceNames.remove(key);
      publish(Observatory.without(topology.get(), key));
    } finally {
      folding.unlock();
    }
    prober.release(key);
  }

  /** Starts a look at everybody who is due. */
  void tick() {
    List<InstanceKey> due;
    folding.lock();
    try {
      due = schedule.take(clock.nanos());
    } finally {
      folding.unlock();
    }
    due.forEach(key -> scheduler.start("probe " + key, () -> lookWhenDue(key)));
  }

  private void lookWhenDue(InstanceKey key) {
    try {
      look(key);
    } finally {
      folding.lock();
      try {
        schedule.done(key);
      } finally {
        folding.unlock();
      }
    }
  }

  /** Looks at one server now, and folds what was seen. */
  Observation look(InstanceKey key) {
    return fold(prober.look(key));
  }

  @Override
  public InstanceKey real(InstanceKey name) {
    return names.get().real(name);
  }

  /** The names by which replicas call their source, where it is known by another. */
  Map<InstanceKey, InstanceKey> sourceNames() {
    return Map.copyOf(sourceNames);
  }

  /** Servers have got other names: what is known already is read again with these. */
  void renamed() {
    folding.lock();
    try {
      publish(Observatory.named(topology.get(), names.get()));
    } finally {
      folding.unlock();
    }
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
    boolean moved;
    Observation seen;
    folding.lock();
    try {
      Topology before = topology.get();
      seen = judged(before, raw);
      Topology after = Observatory.fold(before, seen);
      moved = !place(before, seen.key()).equals(place(after, seen.key()));
      publish(after);
      if (!after.instances().containsKey(seen.key())) {
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
    if (raw.facts().isEmpty() || !before.instances().containsKey(raw.key())) {
      return raw;
    }
    Facts facts = names.get().real(raw.facts().get());
    Optional<InstanceKey> named = raw.facts().flatMap(Facts::primaryChannel).map(Channel::source);
    if (named.equals(facts.primaryChannel().map(Channel::source))) {
      sourceNames.remove(raw.key());
    } else {
      named.ifPresent(name -> sourceNames.put(raw.key(), name));
    }
    List<String> wrong = lookalikes.seen(before, raw.key(), facts, raw.at());
    return Observation.seen(raw.key(), raw.at(), raw.took(), facts.complaining(wrong));
  }

  /** What decides a server's place: whether it was ever seen, and its sources. */
  private static Optional<List<InstanceKey>> place(Topology topology, InstanceKey key) {
    return topology
        .instance(key)
        .flatMap(Instance::facts)
        .map(f -> f.channels().stream().map(Channel::source).toList());
  }

  private void publish(Topology next) {
    Topology before = topology.getAndSet(next);
    if (before != next) {
      publisher.published(next);
    }
  }

  /** Everybody a server names: its sources, and who says to replicate from it. */
  static Set<InstanceKey> named(Facts facts) {
    var named = new HashSet<>(facts.reportedReplicas());
    facts.channels().stream().map(Channel::source).forEach(named::add);
    return named;
  }

  Optional<Instance> instance(InstanceKey key) {
    return topology.get().instance(key);
  }
}
