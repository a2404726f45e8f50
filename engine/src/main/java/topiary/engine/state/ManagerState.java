package topiary.engine.state;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.NodeId;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.said.Said;

/**
 * Only what decisions read; everything else that commands tell is kept in rows.
 *
 * @param instances the servers looked after, and the tree each belongs to
 * @param heads the trees, and the server at the root of each
 * @param plans the plans that are under way
 * @param held replicas of which plans of ours stopped threads, meant to start them, and have not
 *     started them again
 * @param aliases names that reach a server which is looked after by another name, and that name
 * @param nodes the nodes of the cluster, as each has announced itself
 * @param level the feature level that commands in the log may have, from 1; it only grows
 * @param said what people say of servers and clusters
 * @param recoveries which are under way, and which may begin
 */
public record ManagerState(
    SortedMap<InstanceKey, ClusterId> instances,
    SortedMap<ClusterId, InstanceKey> heads,
    SortedMap<PlanId, OpenPlan> plans,
    SortedMap<InstanceKey, Held> held,
    SortedMap<InstanceKey, InstanceKey> aliases,
    SortedMap<NodeId, NodeInfo> nodes,
    int level,
    Said said,
    Recoveries recoveries) {

  /** What no command can take out of the audit. */
  private static final Duration AUDIT_KEPT = Duration.ofDays(1);

  public static final ManagerState EMPTY =
      new ManagerState(
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          1,
          Said.NOTHING,
          Recoveries.NONE);

  public ManagerState {
    instances = frozen(instances);
    heads = frozen(heads);
    plans = frozen(plans);
    held = frozen(held);
    aliases = frozen(aliases);
    nodes = frozen(nodes);
    if (level < 1) {
      throw new IllegalArgumentException("there is no feature level " + level);
    }
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
      case Command.RegisterInstances c -> register(c);
      case Command.AddAlias c -> alias(c);
      case Command.DropAlias c -> unalias(c);
      case Command.ForgetInstance c -> forget(entry.header(), c);
      case Command.NameHead c -> accepted(withHeads(with(heads, c.cluster(), c.head())));
      case Command.OpenPlan c -> open(entry, c);
      case Command.BeginStep c -> step(c.id(), c.number(), false, c.step(), false);
      case Command.EndStep c -> step(c.id(), c.number(), true, c.step(), c.failure().isPresent());
      case Command.ClosePlan c -> close(c);
      case Command.MarkUndone c -> accepted(this);
      case Command.ReleaseHeld c -> accepted(withHeld(without(held, c.key())));
      case Command.AnnounceNode c -> announce(c);
      case Command.DropNode c ->
          nodes.containsKey(c.id())
              ? accepted(withNodes(without(nodes, c.id())))
              : rejected(c.id() + " is no node of this cluster");
      case Command.RaiseLevel c -> raise(c);
      case Command.PurgeAudit c -> purge(entry, c);
      case Command.NoteFinding c -> accepted(this);
      case Command.Recovering c -> RecoveryDeeds.apply(this, entry.header(), c);
      case Command.Saying c -> Sayings.apply(this, entry.header().at(), c);
    };
  }

  private Applied announce(Command.AnnounceNode c) {
    return Levels.tooOld(c, this)
        .map(this::rejected)
        .orElseGet(() -> accepted(withNodes(with(nodes, c.id(), Levels.info(c)))));
  }

  private Applied raise(Command.RaiseLevel c) {
    return Levels.tooHigh(c, this)
        .map(this::rejected)
        .orElseGet(
            () ->
                accepted(
                    new ManagerState(
                        instances, heads, plans, held, aliases, nodes, c.to(), said, recoveries)));
  }

  private Applied purge(Entry entry, Command.PurgeAudit c) {
    return c.before().isAfter(entry.header().at().minus(AUDIT_KEPT))
        ? rejected("the audit keeps the last " + AUDIT_KEPT.toHours() + " hours at the least")
        : accepted(this);
  }

  private Applied register(Command.RegisterInstance c) {
    if (aliases.containsKey(c.key())) {
      return rejected(c.key() + " is another name of " + aliases.get(c.key()));
    }
    ClusterId left = instances.get(c.key());
    SortedMap<InstanceKey, ClusterId> all = with(instances, c.key(), c.cluster());
    // Not asked of every tree: a fleet of thousands is taken in one by one.
    boolean lastOfIt = left != null && !left.equals(c.cluster()) && !all.containsValue(left);
    return accepted(servers(all, lastOfIt ? without(heads, left) : heads, held, aliases));
  }

  private Applied register(Command.RegisterInstances c) {
    ManagerState next = this;
    for (Command.RegisterInstance one : c.servers()) {
      Applied applied = next.register(one);
      if (applied.verdict() instanceof Verdict.Rejected no) {
        return rejected(no.reason());
      }
      next = applied.state();
    }
    return accepted(next);
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
    Held holder = holds.remove(c.alias());
    if (holder != null) {
      holds.putIfAbsent(c.server(), holder);
    }
    var names = new TreeMap<>(aliases);
    names.replaceAll((name, server) -> server.equals(c.alias()) ? c.server() : server);
    names.put(c.alias(), c.server());
    ManagerState next = servers(left, inUse(roots, left), holds, names);
    return accepted(next.withSaid(next.said().renamed(c.alias(), c.server())));
  }

  private Applied unalias(Command.DropAlias c) {
    return aliases.containsKey(c.alias())
        ? accepted(servers(instances, heads, held, without(aliases, c.alias())))
        : rejected(c.alias() + " is no other name of a server");
  }

  /** An id without a member is gone for good. */
  private static SortedMap<ClusterId, InstanceKey> inUse(
      SortedMap<ClusterId, InstanceKey> heads, SortedMap<InstanceKey, ClusterId> instances) {
    var used = new TreeMap<>(heads);
    used.keySet().retainAll(new HashSet<>(instances.values()));
    return used;
  }

  private Applied forget(Header header, Command.ForgetInstance c) {
    if (!instances.containsKey(c.key())) {
      return rejected(c.key() + " is not known");
    }
    Optional<PlanId> busy = planOn(c.key());
    if (busy.isPresent()) {
      return rejected(c.key() + " cannot be forgotten while plan " + busy.get() + " is under way");
    }
    Optional<String> others = othersMaintenance(Set.of(c.key()), header.actor(), header.at());
    if (others.isPresent()) {
      return rejected(c.key() + " cannot be forgotten: " + others.get());
    }
    SortedMap<InstanceKey, ClusterId> left = without(instances, c.key());
    var names = new TreeMap<>(aliases);
    names.values().removeIf(c.key()::equals);
    ManagerState next = servers(left, inUse(heads, left), without(held, c.key()), names);
    // What has a time of its own to end, and what people wrote, stays: it may come back by itself.
    Said its = next.said();
    return accepted(
        next.withSaid(its.maintaining(without(its.maintenance(), c.key()), its.lastMaintenance())));
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
    Optional<String> others =
        othersMaintenance(c.plan().targets(), entry.header().actor(), entry.header().at());
    if (others.isPresent()) {
      return rejected(others.get());
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
    Optional<Held> before = Optional.ofNullable(held.get(step.target()));
    Optional<Held> after = before;
    switch (step) {
      case Step.StopReplication stop when !ended -> after = stopped(before, open.plan(), id, stop);
      case Step.StartReplication start when ended && !failed ->
          after =
              before.filter(h -> level >= Held.ONE_BY_ONE).flatMap(h -> h.started(start.threads()));
      case Step.TryConnect _ when ended && !failed ->
          after = before.filter(h -> level >= Held.ONE_BY_ONE).flatMap(h -> h.started(Threads.IO));
      case Step.ForgetSource _ when ended && !failed && level >= Held.ONE_BY_ONE ->
          // There is nothing left that could be started.
          after = Optional.empty();
      default -> {
        // Nothing else starts a thread, or stops one that runs.
      }
    }
    return accepted(withPlans(with(plans, id, next)).withHeld(step.target(), after));
  }

  /** What is held of a replica once a plan stops threads of it. */
  private Optional<Held> stopped(
      Optional<Held> before, Plan plan, PlanId id, Step.StopReplication stop) {
    List<Threads> starts = starts(plan, stop.target());
    return level >= Held.ONE_BY_ONE
        ? Held.stopped(
            before,
            stop.threads(),
            Threads.of(
                starts.stream().anyMatch(Threads::io), starts.stream().anyMatch(Threads::sql)),
            id)
        : starts.contains(Threads.BOTH) ? Optional.of(Held.both(id)) : before;
  }

  /**
   * The threads of a replica that a plan means to leave running. Those that it does not, because
   * somebody had stopped them or wants them stopped, it does not hold, so that no later plan starts
   * them.
   */
  private static List<Threads> starts(Plan plan, InstanceKey replica) {
    return plan.stages().stream()
        .flatMap(stage -> Stream.concat(stage.steps().stream(), stage.lastly().stream()))
        .flatMap(
            step ->
                step instanceof Step.StartReplication start && start.target().equals(replica)
                    ? Stream.of(start.threads())
                    : Stream.empty())
        .toList();
  }

  private Applied close(Command.ClosePlan c) {
    if (!plans.containsKey(c.id())) {
      return rejected("plan " + c.id() + " is not under way");
    }
    SortedMap<InstanceKey, Held> holds = held;
    // What goes on from a replica that was made ready starts it again.
    boolean goesOn =
        plans.get(c.id()).plan().intent() instanceof Intent.Replace part
            && (part.part() == Intent.Replace.Part.READY
                || part.part() == Intent.Replace.Part.PROMOTE);
    if (c.end() == PlanEnd.DONE && !goesOn) {
      // What a finished plan leaves stopped was meant to be stopped.
      var left = new TreeMap<InstanceKey, Held>();
      held.forEach((key, h) -> h.without(c.id()).ifPresent(rest -> left.put(key, rest)));
      holds = left;
    }
    return accepted(withPlans(without(plans, c.id())).withHeld(holds));
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

  /**
   * Why somebody may not touch these servers, in a sentence: another works on one of them. Empty
   * when nobody does.
   *
   * @param actor who wants to
   * @param now when
   */
  public Optional<String> othersMaintenance(Set<InstanceKey> servers, String actor, Instant now) {
    return servers.stream()
        .sorted()
        .flatMap(
            server ->
                said
                    .maintenance(server, now)
                    .filter(m -> !m.owner().equals(actor))
                    .map(m -> m.words(server) + "; end that first: end-maintenance " + server)
                    .stream())
        .findFirst();
  }

  public Optional<PlanId> planOn(InstanceKey key) {
    return plans.entrySet().stream()
        .filter(e -> e.getValue().targets().contains(key))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private ManagerState servers(
      SortedMap<InstanceKey, ClusterId> instances,
      SortedMap<ClusterId, InstanceKey> heads,
      SortedMap<InstanceKey, Held> held,
      SortedMap<InstanceKey, InstanceKey> aliases) {
    return new ManagerState(
        instances,
        heads,
        plans,
        held,
        aliases,
        nodes,
        level,
        saysOfClusters() ? said.only(Set.copyOf(instances.values())) : said,
        recoveries);
  }

  private boolean saysOfClusters() {
    return !said.aliases().isEmpty()
        || !said.domains().isEmpty()
        || !said.freezes().isEmpty()
        || !said.rules().isEmpty();
  }

  private ManagerState withNodes(SortedMap<NodeId, NodeInfo> changed) {
    return new ManagerState(
        instances, heads, plans, held, aliases, changed, level, said, recoveries);
  }

  ManagerState withSaid(Said changed) {
    return new ManagerState(
        instances, heads, plans, held, aliases, nodes, level, changed, recoveries);
  }

  ManagerState withRecoveries(Recoveries changed) {
    return new ManagerState(instances, heads, plans, held, aliases, nodes, level, said, changed);
  }

  /** The same once a tree has this head. */
  ManagerState headed(ClusterId cluster, InstanceKey head) {
    return withHeads(with(heads, cluster, head));
  }

  private ManagerState withHeads(SortedMap<ClusterId, InstanceKey> changed) {
    return servers(instances, changed, held, aliases);
  }

  private ManagerState withPlans(SortedMap<PlanId, OpenPlan> changed) {
    return new ManagerState(
        instances, heads, changed, held, aliases, nodes, level, said, recoveries);
  }

  private ManagerState withHeld(InstanceKey key, Optional<Held> now) {
    return withHeld(now.map(h -> with(held, key, h)).orElseGet(() -> without(held, key)));
  }

  private ManagerState withHeld(SortedMap<InstanceKey, Held> changed) {
    return servers(instances, heads, changed, aliases);
  }

  private static Applied accepted(ManagerState state) {
    return new Applied(state, Verdict.ACCEPTED);
  }

  private Applied rejected(String reason) {
    return new Applied(this, new Verdict.Rejected(reason));
  }

  private static <K extends Comparable<? super K>, V> SortedMap<K, V> with(
      SortedMap<K, V> map, K key, V value) {
    return frozen(map).plus(key, value);
  }

  private static <K extends Comparable<? super K>, V> SortedMap<K, V> without(
      SortedMap<K, V> map, K key) {
    return frozen(map).minus(key);
  }

  /** The same object when it is one already: a command copies nothing it does not change. */
  private static <K extends Comparable<? super K>, V> TreePMap<K, V> frozen(SortedMap<K, V> map) {
    return map instanceof TreePMap<K, V> already ? already : TreePMap.from(map);
  }
}
