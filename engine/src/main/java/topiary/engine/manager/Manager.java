package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.execute.Report;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.port.PlanJournal;
import topiary.engine.probe.ProbeSchedule;
import topiary.engine.probe.Prober;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenPlan;
import topiary.engine.state.PlanEnd;

/** One node's manager of all its clusters. Thread-safe. */
public final class Manager implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Manager.class.getName());

  /** Looks at a server between two trials of its other names. */
  private static final int TRIAL_POLLS = 10;

  private static final Duration TICK = Duration.ofMillis(100);

  /** How long a forgotten server is not taken in again for being named by another. */
  private static final int FORGET_POLLS = 3;

  /** How long an ending node waits for its plans. */
  private static final Duration SETTLE = Duration.ofSeconds(15);

  private final Ports ports;
  private final Policies policies;
  private final Prober prober;
  private final Watch watch;
  private final Scribe scribe;
  private final Desk desk;
  private final Aliases aliases;
  private final Lookalikes lookalikes = new Lookalikes();
  private final Set<InstanceKey> trying = ConcurrentHashMap.newKeySet();
  private final Instant started;
  private final Set<InstanceKey> joining = ConcurrentHashMap.newKeySet();
  private final Map<InstanceKey, Long> forgotten = new ConcurrentHashMap<>();
  private final Object settling = new Object();
  private final AtomicBoolean unsettled = new AtomicBoolean(true);

  public Manager(Ports ports, Policies policies) {
    this.ports = ports;
    this.policies = policies;
    prober = new Prober(ports.fleet(), ports.clock(), policies.probe());
    var schedule = new ProbeSchedule(policies.probe().interval().toNanos());
    watch =
        new Watch(
            prober,
            ports.clock(),
            ports.scheduler(),
            ports.publisher(),
            schedule,
            () -> state().names(),
            lookalikes,
            this::sighted);
    scribe = new Scribe(ports.log(), ports.clock(), ports.ids());
    desk = new Desk(ports, policies, watch, scribe);
    aliases = new Aliases(ports.fleet(), ports.clock(), ports.ids());
    started = ports.clock().now();
  }

  /**
   * Takes up what the log says: looks at every server it knows, and reports the plans that were
   * under way when the process before this one ended.
   */
  public void start() {
    ManagerState state = ports.log().state();
    watch.take(state.instances().keySet());
    state.plans().forEach(this::interrupted);
    ports.scheduler().every(TICK, "poll", watch::tick);
    ports.scheduler().every(trialInterval(), "other names", this::tryNames);
  }

  private void interrupted(PlanId id, OpenPlan open) {
    ports
        .scheduler()
        .start(
            "report " + id,
            () -> {
              Topology now = watch.look(open.plan().targets());
              String stands =
                  open.plan().targets().stream()
                      .flatMap(key -> now.instance(key).stream())
                      .map(Report::stands)
                      .collect(Collectors.joining(" "));
              String did =
                  open.begun() > open.ended()
                      ? "Interrupted during step "
                          + open.begun()
                          + ", which may or may not be done."
                      : "Interrupted after step " + open.ended() + ".";
              var close =
                  new Command.ClosePlan(
                      id,
                      PlanEnd.INTERRUPTED,
                      did
                          + " "
                          + stands
                          + " Ask again for \""
                          + goal(open.plan().intent()).words()
                          + "\": the new plan goes on from here.");
              commitOrLog(close, By.OBSERVATION);
            });
  }

  /**
   * What is to be asked for again: of an undo what it leads to, as the undo itself is refused once
   * what the undone plan left behind is changed, even if by its own first steps.
   */
  private Intent goal(Intent intent) {
    return intent instanceof Intent.Undo undo
        ? ports.journal().plan(undo.plan()).map(r -> r.plan().undoing().inverse()).orElse(intent)
        : intent;
  }

  private static String words(OpenPlan open) {
    List<Step> steps =
        open.plan().stages().stream().flatMap(stage -> stage.steps().stream()).toList();
    return open.begun() <= steps.size()
        ? " (" + steps.get(open.begun() - 1).words() + ")"
        : " (putting back)";
  }

  public Topology topology() {
    return watch.topology();
  }

  public ManagerState state() {
    return ports.log().state();
  }

  public PlanJournal journal() {
    return ports.journal();
  }

  public Policies policies() {
    return policies;
  }

  /** When this manager was made. */
  public Instant started() {
    return started;
  }

  /**
   * Looks at a server and takes it in, and then everybody it names.
   *
   * @return the server, by the name it is known by from now on
   */
  public Instance discover(InstanceKey wanted, By by) throws RequestRefused {
    InstanceKey server = real(wanted);
    if (!server.equals(wanted) && !tryName(wanted, server)) {
      return discover(server, by);
    }
    Observation seen = prober.look(wanted);
    if (seen.facts().isEmpty()) {
      if (!watch.topology().instances().containsKey(wanted)) {
        prober.release(wanted);
      }
      throw new RequestRefused(
          seen.condition() == Condition.DENIED
              ? RequestRefused.Kind.REFUSED
              : RequestRefused.Kind.UNREACHABLE,
          seen.sentence());
    }
    InstanceKey key = properName(wanted, seen.facts().get());
    lookalikes.accept(key);
    if (!key.equals(wanted) && !watch.topology().instances().containsKey(wanted)) {
      prober.release(wanted);
    }
    forgotten.remove(key);
    if (!state().instances().containsKey(key)) {
      register(key, by);
    }
    watch.take(Set.of(key));
    if (!key.equals(wanted)) {
      alias(wanted, key, by);
    }
    watch.look(key);
    return watch.instance(key).orElseThrow();
  }

  /** The name a server is known by, of any of its names; a stranger's is left as it is. */
  public InstanceKey real(InstanceKey name) {
    return state().names().real(name);
  }

  /** Looks at a server that is looked after, now. */
  public Instance refresh(InstanceKey name) throws RequestRefused {
    InstanceKey key = real(name);
    if (!watch.topology().instances().containsKey(key)) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known");
    }
    watch.look(key);
    return watch.instance(key).orElseThrow();
  }

  private InstanceKey properName(InstanceKey wanted, Facts facts) {
    if (state().instances().containsKey(wanted)) {
      return wanted;
    }
    return knownAs(wanted, facts)
        .or(() -> facts.identity().reported().filter(name -> reaches(wanted, name)).map(this::real))
        .orElse(wanted);
  }

  private boolean reaches(InstanceKey one, InstanceKey other) {
    return !one.equals(other) && aliases.prove(one, other) == Aliases.Proof.SAME;
  }

  /** The name by which a server is looked after already that a newcomer's name reaches. */
  private Optional<InstanceKey> knownAs(InstanceKey newcomer, Facts facts) {
    for (InstanceKey other : lookalikes.of(newcomer, facts.identity())) {
      switch (aliases.prove(newcomer, other)) {
        case SAME -> {
          return Optional.of(other);
        }
        case DIFFERENT -> lookalikes.areDifferent(newcomer, other, ports.clock().now());
        case UNKNOWN -> {
          // Tried again when both are seen.
        }
      }
    }
    return Optional.empty();
  }

  private void register(InstanceKey key, By by) throws RequestRefused {
    try {
      scribe.commit(new Command.RegisterInstance(key, newClusterId()), by.actor(), by.cause());
    } catch (Scribe.NotCommitted e) {
      throw new RequestRefused(RequestRefused.Kind.BROKEN, e.getMessage(), e);
    }
  }

  private ClusterId newClusterId() {
    return new ClusterId("c" + Desk.hex(ports.ids().get()));
  }

  /** Lets go of a server. It comes back when another that is looked after still names it later. */
  public void forget(InstanceKey name, By by) throws RequestRefused {
    InstanceKey key = real(name);
    if (!state().instances().containsKey(key)) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known");
    }
    long quiet = policies.probe().interval().multipliedBy(FORGET_POLLS).toNanos();
    long until = ports.clock().nanos() + quiet;
    forgotten.put(key, until);
    state().names().of(key).forEach(other -> forgotten.put(other, until));
    try {
      scribe.commit(new Command.ForgetInstance(key), by.actor(), by.cause());
    } catch (Scribe.NotCommitted e) {
      forgotten.remove(key);
      throw new RequestRefused(
          e.rejected() ? RequestRefused.Kind.REFUSED : RequestRefused.Kind.BROKEN,
          e.getMessage(),
          e);
    }
    watch.drop(key);
    unsettled.set(true);
  }

  /** What would be done for an intent, on a fresh look at its servers. */
  public PlanResult plan(Intent intent) throws RequestRefused {
    return desk.plan(real(intent));
  }

  /** Runs a plan that was shown, if it is still what would be done. */
  public Run apply(String fingerprint, By by) throws RequestRefused {
    return desk.apply(fingerprint, by);
  }

  /** Plans and runs at once. */
  public Run applyNow(Intent intent, By by) throws RequestRefused {
    return desk.applyNow(real(intent), by);
  }

  private Intent real(Intent intent) {
    return switch (intent) {
      case Intent.Relocate i -> new Intent.Relocate(real(i.replica()), real(i.below()));
      case Intent.StartReplication i -> new Intent.StartReplication(real(i.replica()), i.threads());
      case Intent.StopReplication i -> new Intent.StopReplication(real(i.replica()), i.threads());
      case Intent.SetReadOnly i -> new Intent.SetReadOnly(real(i.server()), i.readOnly());
      case Intent.Undo i -> i;
    };
  }

  /** A plan that is under way or has ended lately. */
  public Optional<Run> run(PlanId id) {
    return desk.run(id);
  }

  /** The latest plan that can be taken back. */
  public Optional<PlanId> undoable() {
    return desk.undoable();
  }

  /** What follows from a look: newcomers are taken in, trees get their ids. */
  private void sighted(Observation seen, boolean moved) {
    if (moved) {
      unsettled.set(true);
    }
    ManagerState state = state();
    if (seen.facts().isEmpty() || !state.instances().containsKey(seen.key())) {
      return;
    }
    Facts facts = seen.facts().get();
    // Whoever looks must not wait for the log: a look may be what a plan's guard waits for.
    strangers(facts, state)
        .filter(joining::add)
        .forEach(
            stranger ->
                startOr(
                    "join " + stranger,
                    () -> join(stranger, state.instances().get(seen.key())),
                    () -> joining.remove(stranger)));
    Instant lately = ports.clock().now().minus(trialInterval());
    for (InstanceKey other : lookalikes.of(seen.key(), facts.identity())) {
      if (lookalikes.untried(seen.key(), other, lately) && trying.add(seen.key())) {
        startOr(
            "try " + seen.key(),
            () -> merge(seen.key(), other, facts),
            () -> trying.remove(seen.key()));
      }
    }
    if (mayBeReleased(seen.key(), facts, state)) {
      ports
          .scheduler()
          .start(
              "release " + seen.key(),
              () -> commitOrLog(new Command.ReleaseHeld(seen.key()), By.OBSERVATION));
    }
    if (unsettled.getAndSet(false)) {
      ports.scheduler().start("name trees", this::nameTrees);
    }
  }

  /** Brings the trees' ids in line with the topology; tried again at the next look if it fails. */
  private void nameTrees() {
    synchronized (settling) {
      List<Command> needed = Clusters.reconcile(watch.topology(), state(), this::newClusterId);
      for (Command command : needed) {
        if (!commitOrLog(command, By.OBSERVATION)) {
          unsettled.set(true);
        }
      }
    }
  }

  /** Whoever a server names and nobody looks after. */
  private Stream<InstanceKey> strangers(Facts facts, ManagerState state) {
    long now = ports.clock().nanos();
    forgotten.values().removeIf(until -> until - now <= 0);
    return Watch.named(facts).stream()
        .filter(
            key ->
                !state.instances().containsKey(key)
                    && !state.aliases().containsKey(key)
                    && !forgotten.containsKey(key));
  }

  /** Takes in whoever was named: as a server, or as another name of one that is known. */
  private void join(InstanceKey stranger, ClusterId cluster) {
    Observation seen = prober.look(stranger);
    if (state().instances().containsKey(stranger) || state().aliases().containsKey(stranger)) {
      return;
    }
    Optional<InstanceKey> known = seen.facts().flatMap(facts -> knownAs(stranger, facts));
    if (known.isPresent()) {
      alias(stranger, known.get(), By.OBSERVATION);
      prober.release(stranger);
    } else if (commitOrLog(new Command.RegisterInstance(stranger, cluster), By.OBSERVATION)) {
      watch.take(Set.of(stranger));
      unsettled.set(true);
    } else {
      prober.release(stranger);
    }
  }

  /** Two that are looked after look like one: what they are is tried, and one name given up. */
  private void merge(InstanceKey one, InstanceKey other, Facts facts) {
    switch (aliases.prove(one, other)) {
      case SAME -> {
        boolean second =
            facts.identity().reported().map(other::equals).orElse(other.compareTo(one) < 0);
        InstanceKey kept = second ? other : one;
        InstanceKey alias = second ? one : other;
        alias(alias, kept, By.OBSERVATION);
      }
      case DIFFERENT -> lookalikes.areDifferent(one, other, ports.clock().now());
      case UNKNOWN -> {
        // Tried again at the next look.
      }
    }
  }

  private void alias(InstanceKey name, InstanceKey server, By by) {
    if (commitOrLog(new Command.AddAlias(name, server), by)) {
      watch.drop(name);
      watch.renamed();
      unsettled.set(true);
    }
  }

  private Duration trialInterval() {
    return policies.probe().interval().multipliedBy(TRIAL_POLLS);
  }

  private void tryNames() {
    state()
        .aliases()
        .forEach(
            (name, server) -> {
              if (trying.add(name)) {
                startOr("try " + name, () -> tryName(name, server), () -> trying.remove(name));
              }
            });
  }

  /**
   * Tries whether a name still reaches its server, and gives it up when it does not.
   *
   * @return whether it was given up
   */
  private boolean tryName(InstanceKey name, InstanceKey server) {
    boolean other =
        switch (aliases.prove(name, server)) {
          case SAME -> false;
          case DIFFERENT -> true;
          case UNKNOWN -> answersAsAnother(name, server);
        };
    if (other && commitOrLog(new Command.DropAlias(name), By.OBSERVATION)) {
      unsettled.set(true);
      return true;
    }
    return false;
  }

  /** Whether somebody answers to a name who is not the server as it was last seen. */
  private boolean answersAsAnother(InstanceKey name, InstanceKey server) {
    Optional<Facts> answers = prober.look(name).facts();
    prober.release(name);
    Optional<Facts> last = watch.instance(server).flatMap(Instance::facts);
    return answers.isPresent()
        && last.isPresent()
        && !answers.get().identity().mark().equals(last.get().identity().mark());
  }

  /** Starts a task; what is to be done after it is done too when it cannot be started. */
  private void startOr(String name, Runnable task, Runnable after) {
    boolean begun =
        ports
            .scheduler()
            .start(
                name,
                () -> {
                  try {
                    task.run();
                  } finally {
                    after.run();
                  }
                });
    if (!begun) {
      after.run();
    }
  }

  private static boolean mayBeReleased(InstanceKey key, Facts facts, ManagerState state) {
    PlanId holder = state.held().get(key);
    boolean replicates = facts.primaryChannel().filter(Channel::replicating).isPresent();
    return holder != null && replicates && !state.plans().containsKey(holder);
  }

  private boolean commitOrLog(Command command, By by) {
    try {
      scribe.commit(command, by.actor(), by.cause());
      return true;
    } catch (Scribe.NotCommitted e) {
      LOG.log(System.Logger.Level.WARNING, "not committed: " + command + ": " + e.getMessage());
      return false;
    }
  }

  /** To be called when the log can be written again: what has ended meanwhile is written down. */
  public void catchUp() {
    try {
      desk.closeLate(By.OBSERVATION);
    } catch (Scribe.NotCommitted e) {
      // The next plan that is opened tries it again, and so does the next call.
      LOG.log(System.Logger.Level.WARNING, "the end of a plan is not written: " + e.getMessage());
    }
  }

  /**
   * Has plans under way stop at their next safe border, and takes no more.
   *
   * @return those that did not get there in time; they are reported as interrupted at the next
   *     start
   */
  public List<PlanId> settle() {
    try {
      return desk.settle(SETTLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  @Override
  public void close() {
    settle();
    prober.close();
  }
}
