package topiary.engine.state;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;

/**
 * Only what decisions read; everything else that commands tell is kept in rows.
 *
 * @param instances the servers looked after, and the tree each belongs to
 * @param heads the trees, and the server at the root of each
 * @param plans the plans that are under way
 * @param held replicas that a plan of ours stopped, meant to start, and has not started again
 * @param aliases names that reach a server which is looked after by another name, and that name
 */
public record ManagerState(
    SortedMap<InstanceKey, ClusterId> instances,
    SortedMap<ClusterId, InstanceKey> heads,
    SortedMap<PlanId, OpenPlan> plans,
    SortedMap<InstanceKey, PlanId> held,
    SortedMap<InstanceKey, InstanceKey> aliases) {

  public static final ManagerState EMPTY =
      new ManagerState(
          new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public ManagerState {
    instances = frozen(instances);
    heads = frozen(heads);
    plans = frozen(plans);
    held = frozen(held);
    aliases = frozen(aliases);
  }

  /** The names that servers go by. */
  public Names names() {
    return new Names(aliases);
  }

  /**
   * The state after a command, and what came of it.
   *
   * @param state the state after; the same as before when the command was rejected
   * @param verdict whether it fitted
   */
  public record Applied(ManagerState state, Verdict verdict) {}

  /** Applies one entry. Total: an entry that does not fit is rejected and changes nothing. */
  public Applied apply(Entry entry) {
    return switch (entry.command()) {
      case Command.RegisterInstance c -> register(c);
      case Command.AddAlias c -> alias(c);
      case Command.DropAlias c -> unalias(c);
      case Command.ForgetInstance c -> forget(c);
      case Command.NameHead c -> accepted(withHeads(with(heads, c.cluster(), c.head())));
      case Command.OpenPlan c -> open(entry, c);
      case Command.BeginStep c -> step(c.id(), c.number(), false, c.step(), false);
      case Command.EndStep c -> step(c.id(), c.number(), true, c.step(), c.failure().isPresent());
      case Command.ClosePlan c -> close(c);
      case Command.MarkUndone c -> accepted(this);
      case Command.ReleaseHeld c -> accepted(withHeld(without(held, c.key())));
    };
  }

  private Applied register(Command.RegisterInstance c) {
    if (aliases.containsKey(c.key())) {
      return rejected(c.key() + " is another name of " + aliases.get(c.key()));
    }
    SortedMap<InstanceKey, ClusterId> all = with(instances, c.key(), c.cluster());
    return accepted(new ManagerState(all, inUse(heads, all), plans, held, aliases));
  }

  private Applied alias(Command.AddAlias c) {
    if (c.alias().equals(c.server())) {
      return rejected(c.alias() + " is no other name of itself");
    }
    if (!instances.containsKey(c.server())) {
      return rejected(c.server() + " is not known");
    }
    Optional<PlanId> busy = planOn(c.alias());
    if (busy.isPresent()) {
      return rejected(
          c.alias() + " stays a server of its own while plan " + busy.get() + " is under way");
    }
    SortedMap<InstanceKey, ClusterId> left = without(instances, c.alias());
    var roots = new TreeMap<>(heads);
    roots.replaceAll((cluster, head) -> head.equals(c.alias()) ? c.server() : head);
    var holds = new TreeMap<>(held);
    PlanId holder = holds.remove(c.alias());
    if (holder != null) {
      holds.putIfAbsent(c.server(), holder);
    }
    var names = new TreeMap<>(aliases);
    names.replaceAll((name, server) -> server.equals(c.alias()) ? c.server() : server);
    names.put(c.alias(), c.server());
    return accepted(new ManagerState(left, inUse(roots, left), plans, holds, names));
  }

  private Applied unalias(Command.DropAlias c) {
    return aliases.containsKey(c.alias())
        ? accepted(new ManagerState(instances, heads, plans, held, without(aliases, c.alias())))
        : rejected(c.alias() + " is no other name of a server");
  }

  /** An id without a member is gone for good. */
  private static SortedMap<ClusterId, InstanceKey> inUse(
      SortedMap<ClusterId, InstanceKey> heads, SortedMap<InstanceKey, ClusterId> instances) {
    var used = new TreeMap<>(heads);
    used.keySet().retainAll(new HashSet<>(instances.values()));
    return used;
  }

  private Applied forget(Command.ForgetInstance c) {
    if (!instances.containsKey(c.key())) {
      return rejected(c.key() + " is not known");
    }
    Optional<PlanId> busy = planOn(c.key());
    if (busy.isPresent()) {
      return rejected(c.key() + " cannot be forgotten while plan " + busy.get() + " is under way");
    }
    SortedMap<InstanceKey, ClusterId> left = without(instances, c.key());
    var names = new TreeMap<>(aliases);
    names.values().removeIf(c.key()::equals);
    return accepted(
        new ManagerState(left, inUse(heads, left), plans, without(held, c.key()), names));
  }

  private Applied open(Entry entry, Command.OpenPlan c) {
    if (plans.containsKey(c.id())) {
      return rejected("plan " + c.id() + " is under way already");
    }
    for (Map.Entry<PlanId, OpenPlan> other : plans.entrySet()) {
      Optional<InstanceKey> shared = shared(c.plan(), other.getValue().plan());
      if (shared.isPresent()) {
        return rejected(
            shared.get()
                + " is in use by plan "
                + other.getKey()
                + " ("
                + other.getValue().plan().intent().words()
                + "); try again when it has ended");
      }
    }
    var open = new OpenPlan(c.plan(), entry.header().actor(), entry.header().at(), 0, 0);
    return accepted(withPlans(with(plans, c.id(), open)));
  }

  private Applied step(PlanId id, int number, boolean ended, Step step, boolean failed) {
    OpenPlan open = plans.get(id);
    if (open == null) {
      return rejected("plan " + id + " is not under way");
    }
    var next =
        new OpenPlan(
            open.plan(),
            open.actor(),
            open.since(),
            ended ? open.begun() : number,
            ended && !failed ? number : open.ended());
    SortedMap<InstanceKey, PlanId> holds = held;
    if (step instanceof Step.StopReplication stop && !ended && restarts(open, stop.target())) {
      holds = with(held, stop.target(), id);
    } else if (step instanceof Step.StartReplication start && ended && !failed) {
      holds = without(held, start.target());
    }
    return accepted(new ManagerState(instances, heads, with(plans, id, next), holds, aliases));
  }

  /**
   * Whether a plan means to leave a replica running. One that does not, because somebody had
   * stopped it or wants it stopped, holds nothing, so that no later plan starts it.
   */
  private static boolean restarts(OpenPlan open, InstanceKey replica) {
    return open.plan().stages().stream()
        .flatMap(stage -> Stream.concat(stage.steps().stream(), stage.lastly().stream()))
        .anyMatch(
            step ->
                step instanceof Step.StartReplication start
                    && start.target().equals(replica)
                    && start.threads() == Threads.BOTH);
  }

  private Applied close(Command.ClosePlan c) {
    if (!plans.containsKey(c.id())) {
      return rejected("plan " + c.id() + " is not under way");
    }
    var holds = new TreeMap<>(held);
    if (c.end() == PlanEnd.DONE) {
      // What a finished plan leaves stopped was meant to be stopped.
      holds.values().removeIf(c.id()::equals);
    }
    return accepted(new ManagerState(instances, heads, without(plans, c.id()), holds, aliases));
  }

  /**
   * A server for which two plans cannot be under way together: both go to it, or one changes what
   * the other was read from. Two moves that are fine alone could make a ring otherwise.
   */
  private static Optional<InstanceKey> shared(Plan one, Plan other) {
    return Stream.of(
            common(one.changed(), other.changed()),
            common(one.targets(), other.targets()),
            common(one.changed(), other.read()),
            common(one.read(), other.changed()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<InstanceKey> common(Set<InstanceKey> some, Set<InstanceKey> others) {
    return some.stream().filter(others::contains).findFirst();
  }

  private Optional<PlanId> planOn(InstanceKey key) {
    return plans.entrySet().stream()
        .filter(e -> e.getValue().targets().contains(key))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private ManagerState withHeads(SortedMap<ClusterId, InstanceKey> changed) {
    return new ManagerState(instances, changed, plans, held, aliases);
  }

  private ManagerState withPlans(SortedMap<PlanId, OpenPlan> changed) {
    return new ManagerState(instances, heads, changed, held, aliases);
  }

  private ManagerState withHeld(SortedMap<InstanceKey, PlanId> changed) {
    return new ManagerState(instances, heads, plans, changed, aliases);
  }

  private static Applied accepted(ManagerState state) {
    return new Applied(state, Verdict.ACCEPTED);
  }

  private Applied rejected(String reason) {
    return new Applied(this, new Verdict.Rejected(reason));
  }

  private static <K, V> SortedMap<K, V> with(SortedMap<K, V> map, K key, V value) {
    var copy = new TreeMap<>(map);
    copy.put(key, value);
    return copy;
  }

  private static <K, V> SortedMap<K, V> without(SortedMap<K, V> map, K key) {
    var copy = new TreeMap<>(map);
    copy.remove(key);
    return copy;
  }

  private static <K, V> SortedMap<K, V> frozen(SortedMap<K, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
