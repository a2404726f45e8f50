package topiary.engine.fake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.intent.PlanId;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.port.PlanJournal;
import topiary.engine.said.Attribute;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.Verdict;

/**
 * A log that outlives the managers of a test, though not the test. What it is asked to write can be
 * listened to beforehand: to do something at that moment, to fail like a full disk, or to die.
 */
public final class MemoryLog implements CommandLog, PlanJournal {

  /** Hears of an entry. */
  public interface Tap {
    /**
     * Is called before an entry is applied, or after.
     *
     * @throws IOException to fail as a disk does
     */
    void heard(Command command) throws IOException;
  }

  private static final Tap SILENT = command -> {};

  private final Map<PlanId, PlanRecord> plans = new LinkedHashMap<>();
  private final SortedMap<String, Attribute> attributes = new TreeMap<>();
  private final List<Command> accepted = new ArrayList<>();
  private final Set<UUID> known = new HashSet<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final ReentrantLock order = new ReentrantLock();
  private volatile ManagerState state = ManagerState.EMPTY;
  private volatile Tap before = SILENT;
  private volatile Tap after = SILENT;

  /** Listens before anything is applied; an Error leaves no trace in the log. */
  public void before(Tap tap) {
    before = tap;
  }

  /** Listens after something was applied; an Error comes too late to undo it. */
  public void after(Tap tap) {
    after = tap;
  }

  /** Listens no more. */
  public void hush() {
    before = SILENT;
    after = SILENT;
  }

  @Override
  public CompletableFuture<Verdict> submit(Entry entry) {
    try {
      before.heard(entry.command());
      Verdict verdict = applied(entry);
      after.heard(entry.command());
      return CompletableFuture.completedFuture(verdict);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Verdict applied(Entry entry) {
    // Not this monitor: a follower must be able to ask the log.
    order.lock();
    try {
      Verdict verdict = append(entry);
      ManagerState now = state;
      followers.forEach(f -> f.applied(now));
      return verdict;
    } finally {
      order.unlock();
    }
  }

  /** Puts another state in the place of the present one, as a snapshot does. */
  public void restore(ManagerState snapshot) {
    order.lock();
    try {
      synchronized (this) {
        state = snapshot;
      }
      followers.forEach(f -> f.applied(snapshot));
    } finally {
      order.unlock();
    }
  }

  private synchronized Verdict append(Entry entry) {
    if (!known.add(entry.header().id())) {
      return Verdict.ACCEPTED;
    }
    ManagerState.Applied applied = state.apply(entry);
    state = applied.state();
    if (applied.verdict() instanceof Verdict.Accepted) {
      accepted.add(entry.command());
      write(entry);
    }
    return applied.verdict();
  }

  @Override
  public ManagerState state() {
    return state;
  }

  @Override
  public Leadership leadership() {
    return Leadership.ALONE;
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void follow(Follower follower) {
    followers.add(follower);
  }

  /** Everything that came into force, in order. */
  public synchronized List<Command> accepted() {
    return List.copyOf(accepted);
  }

  @Override
  public synchronized Optional<PlanRecord> plan(PlanId id) {
    return Optional.ofNullable(plans.get(id));
  }

  @Override
  public synchronized List<PlanRecord> latest(int limit) {
    return List.copyOf(plans.values()).reversed().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<Attribute> attributes(Optional<String> name) {
    return attributes.values().stream()
        .filter(a -> name.isEmpty() || name.get().equals(a.name()))
        .toList();
  }

  private void write(Entry entry) {
    switch (entry.command()) {
      case Command.SetAttribute c when c.value().isEmpty() ->
          attributes.remove(c.host() + " " + c.name());
      case Command.SetAttribute c ->
          attributes.put(
              c.host() + " " + c.name(),
              new Attribute(c.host(), c.name(), c.value(), entry.header().at()));
      case Command.OpenPlan c ->
          plans.put(
              c.id(),
              new PlanRecord(
                  c.id(),
                  c.plan(),
                  entry.header().actor(),
                  entry.header().at(),
                  Optional.empty(),
                  Optional.empty(),
                  "",
                  Optional.empty(),
                  List.of()));
      case Command.BeginStep c ->
          steps(
              c.id(),
              new StepRecord(
                  c.number(), c.step(), entry.header().at(), Optional.empty(), Optional.empty()));
      case Command.EndStep c ->
          steps(
              c.id(),
              new StepRecord(
                  c.number(),
                  c.step(),
                  entry.header().at(),
                  Optional.of(entry.header().at()),
                  c.failure()));
      case Command.ClosePlan c -> {
        PlanRecord p = plans.get(c.id());
        plans.put(
            c.id(),
            new PlanRecord(
                p.id(),
                p.plan(),
                p.actor(),
                p.opened(),
                Optional.of(entry.header().at()),
                Optional.of(c.end()),
                c.report(),
                p.undoneBy(),
                p.steps()));
      }
      case Command.MarkUndone c -> {
        PlanRecord p = plans.get(c.id());
        plans.put(
            c.id(),
            new PlanRecord(
                p.id(),
                p.plan(),
                p.actor(),
                p.opened(),
                p.closed(),
                p.end(),
                p.report(),
                Optional.of(c.by()),
                p.steps()));
      }
      case Command.AddAlias c -> {}
      case Command.DropAlias c -> {}
      case Command.RegisterInstance c -> {}
      case Command.RegisterInstances c -> {}
      case Command.ForgetInstance c -> {}
      case Command.NameHead c -> {}
      case Command.ReleaseHeld c -> {}
      case Command.AnnounceNode c -> {}
      case Command.DropNode c -> {}
      case Command.RaiseLevel c -> {}
      case Command.PurgeAudit c -> {}
      case Command.NoteFinding c -> {}
      case Command.Recovering c -> {}
      case Command.Saying c -> {}
    }
  }

  private void steps(PlanId id, StepRecord step) {
    PlanRecord p = plans.get(id);
    var steps = new ArrayList<>(p.steps());
    steps.removeIf(s -> s.number() == step.number());
    steps.add(step);
    plans.put(
        id,
        new PlanRecord(
            p.id(),
            p.plan(),
            p.actor(),
            p.opened(),
            p.closed(),
            p.end(),
            p.report(),
            p.undoneBy(),
            steps));
  }

  /** How a plan ended, when it has. */
  public Optional<PlanEnd> end(PlanId id) {
    return plan(id).flatMap(PlanRecord::end);
  }
}
