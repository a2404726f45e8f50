package topiary.app.legacy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import topiary.app.Still;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.execute.Outcome;
import topiary.engine.gtid.GtidSet;
import topiary.engine.intent.Intent;
import topiary.engine.manager.By;
import topiary.engine.manager.RecoveryBook;
import topiary.engine.manager.Registry;
import topiary.engine.manager.RequestRefused;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.port.Audit;
import topiary.engine.probe.ErrantLogs;
import topiary.engine.said.Attribute;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.Recoveries;
import topiary.engine.state.Verdict;

/** A fleet that stands still, notes what is asked of it, and refuses on request. */
final class FakeFleet implements Fleetview {

  Topology topology;
  Map<InstanceKey, InstanceKey> names = Map.of();
  List<LongQuery> longQueries = List.of();
  ErrantLogs errantLogs = new ErrantLogs(GtidSet.EMPTY, List.of());
  boolean active = true;

  /** What is judged, when it is not just the topology. */
  Optional<World> judged = Optional.empty();

  Optional<RuntimeException> storeTrouble = Optional.empty();
  Optional<RequestRefused> refusal = Optional.empty();
  Outcome outcome = new Outcome(PlanEnd.DONE, "Done.");
  Optional<RecoveryBook.Entry> recovered = Optional.empty();

  /** What is said to be told. */
  final SortedMap<String, String> told = new TreeMap<>();

  final Rows audit = new Rows();
  final List<String> asked = new ArrayList<>();
  ManagerState state = ManagerState.EMPTY;
  private final List<Attribute> attributes = new ArrayList<>();
  private final Registry registry =
      new Registry(
          () -> state,
          this::commit,
          Still.journal(attributes),
          Still.clock(Samples.NOW),
          SaidPolicy.DEFAULT);

  FakeFleet(Topology topology) {
    this.topology = topology;
  }

  /** What was committed, newest first, each with its number as its place in the log. */
  static final class Rows implements Audit {

    private final List<Row> rows = new ArrayList<>();

    private void add(Entry entry, Verdict verdict) {
      SortedSet<String> about = Deeds.about(entry.command(), plan -> Set.of());
      String name = entry.command().getClass().getSimpleName();
      String type = name.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
      rows.addFirst(new Row(rows.size() + 1L, type, entry, verdict, List.copyOf(about), "00"));
    }

    @Override
    public List<Row> rows(Asked asked) {
      return rows.stream()
          .filter(r -> asked.types().isEmpty() || asked.types().contains(r.type()))
          .filter(
              r -> asked.about().isEmpty() || r.about().stream().anyMatch(asked.about()::contains))
          .skip(asked.skip())
          .limit(asked.limit())
          .toList();
    }

    @Override
    public Optional<Instant> oldest() {
      return Optional.empty();
    }

    @Override
    public Head head() {
      return new Head(rows.size(), "00");
    }

    @Override
    public Verification verify(Optional<String> noted) {
      throw new AssertionError("nobody asks for it here");
    }
  }

  void commit(Command command, By by) throws RequestRefused {
    refuse();
    var header = new Header(new UUID(0, 0), by.actor(), by.cause(), Samples.NOW, command.level());
    var entry = new Entry(header, command);
    ManagerState.Applied applied = state.apply(entry);
    audit.add(entry, applied.verdict());
    if (applied.verdict() instanceof Verdict.Rejected(String reason)) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, reason);
    }
    if (command instanceof Command.SetAttribute c) {
      attributes.add(new Attribute(c.host(), c.name(), c.value(), Samples.NOW));
    }
    state = applied.state();
  }

  @Override
  public Registry registry() {
    return registry;
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public InstanceKey real(InstanceKey name) {
    return names.getOrDefault(name, name);
  }

  @Override
  public SortedMap<InstanceKey, Judgement> findings() {
    var found = new TreeMap<InstanceKey, Judgement>();
    World world = world();
    for (Instance i : topology.instances().values()) {
      Judgement judgement = Judgement.of(world, i);
      if (!judgement.well()) {
        found.put(i.key(), judgement);
      }
    }
    return found;
  }

  @Override
  public World world() {
    return judged.orElseGet(
        () -> World.of(topology, JudgementPolicy.DEFAULT, Samples.NOW).saying(state.said()));
  }

  @Override
  public Duration pollInterval() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Instance discover(InstanceKey key, By by) throws RequestRefused {
    asked.add("discover " + key + " for " + by.actor());
    refuse();
    return topology.instance(key).orElseThrow();
  }

  @Override
  public void refresh(InstanceKey key) {
    asked.add("refresh " + key);
  }

  @Override
  public void forget(InstanceKey key, By by) throws RequestRefused {
    asked.add("forget " + key + " for " + by.actor());
    refuse();
  }

  @Override
  public ErrantLogs errantLogs(InstanceKey key) throws RequestRefused {
    asked.add("errant logs of " + key);
    refuse();
    return errantLogs;
  }

  @Override
  public List<LongQuery> longQueries(InstanceKey key, int seconds) throws RequestRefused {
    asked.add("long queries of " + key + " from " + seconds);
    refuse();
    return longQueries;
  }

  @Override
  public PlanResult plan(Intent intent) {
    asked.add("plan " + intent.words());
    return refusal
        .map(r -> (PlanResult) new PlanResult.Refused(r.getMessage()))
        .orElseGet(
            () ->
                new PlanResult.Planned(
                    new Plan(
                        intent,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new Undoing(intent, List.of()))));
  }

  @Override
  public Outcome carryOut(Intent intent, By by) throws RequestRefused {
    asked.add(intent.words() + " for " + by.actor());
    refuse();
    return outcome;
  }

  @Override
  public Recoveries recoveries() {
    return state.recoveries();
  }

  @Override
  public RecoveryPolicy recoveryPolicy() {
    return RecoveryPolicy.DEFAULT;
  }

  @Override
  public RecoveryBook recoveryBook() {
    return new RecoveryBook(Optional.of(audit), Still.NO_PLANS);
  }

  @Override
  public void request(Command.Recovering command, By by) throws RequestRefused {
    commit(command, by);
  }

  @Override
  public Optional<RecoveryBook.Entry> recover(
      InstanceKey failed, Optional<InstanceKey> wanted, boolean skipHooks, By by)
      throws RequestRefused {
    asked.add(
        "recover "
            + failed
            + wanted.map(w -> " by " + w).orElse("")
            + (skipHooks ? " without hooks" : "")
            + " for "
            + by.actor());
    refuse();
    return recovered;
  }

  @Override
  public Optional<RecoveryBook.Entry> failOver(
      InstanceKey primary, Optional<InstanceKey> wanted, By by) throws RequestRefused {
    asked.add(
        "fail over " + primary + wanted.map(w -> " to " + w).orElse("") + " for " + by.actor());
    refuse();
    return recovered;
  }

  @Override
  public Optional<RecoveryBook.Entry> takeOver(InstanceKey successor, InstanceKey primary, By by)
      throws RequestRefused {
    asked.add(successor + " takes over from " + primary + " for " + by.actor());
    refuse();
    return recovered;
  }

  @Override
  public SortedMap<String, String> submitPrimaries(Optional<ClusterId> only, By by)
      throws RequestRefused {
    asked.add("submit primaries" + only.map(id -> " of " + id).orElse("") + " for " + by.actor());
    refuse();
    return told;
  }

  @Override
  public boolean active() {
    return active;
  }

  @Override
  public void checkStore() {
    if (storeTrouble.isPresent()) {
      throw storeTrouble.get();
    }
  }

  private void refuse() throws RequestRefused {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }
}
