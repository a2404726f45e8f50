package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import topiary.engine.analysis.Errant;
import topiary.engine.analysis.Found;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.execute.Scribe;
import topiary.engine.gtid.GtidSet;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.NodeId;
import topiary.engine.model.Observation;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.JudgementRule;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Deadline;
import topiary.engine.port.Leadership;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.ErrantLogs;
import topiary.engine.probe.Prober;
import topiary.engine.recovery.Recoverable;
import topiary.engine.recovery.Turns;
import topiary.engine.state.Command;
import topiary.engine.state.Held;
import topiary.engine.state.Levels;
import topiary.engine.state.ManagerState;
import topiary.engine.state.NodeInfo;

/** One node's manager of all its clusters. Thread-safe. */
public final class Manager implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Manager.class.getName());

  /** Looks at a server between two trials of its other names. */
  private static final int TRIAL_POLLS = 10;

  private static final Duration TICK = Duration.ofMillis(100);

  /** How soon what is judged by time alone, or is not news, is judged again. */
  private static final Duration JUDGE = Duration.ofMillis(500);

  /** A node that was out of action for more polls than this suspects nobody at first. */
  private static final int SLEPT_POLLS = 2;

  /** Pings go out together: threads that are woken for the answers cost more than the answers. */
  private static final Duration PINGS = Duration.ofMillis(100);

  /** How soon it is seen that something that was said has ended. */
  private static final Duration ENDS = Duration.ofSeconds(1);

  /** How long a forgotten server is not taken in again for being named by another. */
  private static final int FORGET_POLLS = 3;

  /** How long an ending node waits for its plans. */
  private static final Duration SETTLE = Duration.ofSeconds(15);

  /** How long a server may be in the state and not be looked at yet. */
  private static final Duration NEWCOMER = Duration.ofSeconds(10);

  /** So many times as long as the trees' ids were looked through they are let alone afterwards. */
  private static final int REST = 19;

  /** So many commands that name trees are on their way to the log at a time. */
  private static final int TOGETHER = 256;

  private static final Duration GLANCE = Duration.ofMillis(10);

  private final Ports ports;
  private final Policies policies;
  private final Prober prober;
  private final Watch watch;
  private final Scribe scribe;
  private final Desk desk;
  private final Succession succession;
  private final Aliases aliases;
  private final Registry registry;
  private final Judge judge;
  private final Notes notes;
  private final HookRunner hooks;
  private final Rescue rescue;
  private final Primaries primaries;
  private final Arrivals arrivals;
  private final AtomicBoolean forgetting = new AtomicBoolean();
  private final Lookalikes lookalikes = new Lookalikes();
  private final Set<InstanceKey> trying = ConcurrentHashMap.newKeySet();
  private final Instant started;
  private final Set<InstanceKey> joining = ConcurrentHashMap.newKeySet();
  private final Map<InstanceKey, Long> forgotten = new ConcurrentHashMap<>();

  /** Guessed addresses of replicas that were looked at, and until when not again. */
  private final Map<InstanceKey, Long> hintsTried = new ConcurrentHashMap<>();

  /** Whether somebody is at the trees' ids: one at a time, as thousands of looks ask for it. */
  private final AtomicBoolean naming = new AtomicBoolean();

  private final AtomicBoolean unsettled = new AtomicBoolean(true);

  /** From when on the trees' ids may be looked through again. */
  private final AtomicLong settleAgain;

  private final ReentrantLock following = new ReentrantLock();
  private volatile ManagerState followed = ManagerState.EMPTY;
  private volatile boolean closed;

  /** Whether what others have seen is shown. */
  private volatile boolean shows;

  private final AtomicBoolean raising = new AtomicBoolean();

  public Manager(Ports ports, Policies policies) {
    this.ports = ports;
    this.policies = policies;
    settleAgain = new AtomicLong(ports.clock().nanos());
    prober = new Prober(ports.fleet(), ports.clock(), policies.probe(), this::stirred);
    watch =
        new Watch(
            prober,
            ports.clock(),
            ports.scheduler(),
            this::published,
            policies.probe(),
            this::patience,
            lookalikes,
            this::sighted);
    scribe =
        new Scribe(
            ports.log(),
            ports.clock(),
            ports.ids(),
            () -> new Levels(policies.level(), ports.members().get()));
    hooks = new HookRunner(ports, scribe);
    desk = new Desk(ports, policies, watch, scribe, hooks, this::state);
    succession = new Succession(ports, policies.plan(), watch, scribe, desk, this::state);
    arrivals = new Arrivals(scribe, ports.clock(), ports.scheduler());
    aliases = new Aliases(ports.fleet(), ports.clock(), ports.ids());
    registry =
        new Registry(this::state, this::request, ports.journal(), ports.clock(), policies.said());
    notes =
        new Notes(
            this::state,
            ports.audit(),
            ports.clock(),
            ports.scheduler(),
            this::leading,
            command -> commitOrLog(command, By.OBSERVATION));
    judge =
        new Judge(
            this::state,
            ports.clock(),
            ports.scheduler(),
            policies.judgement(),
            policies.probe().interval().multipliedBy(SLEPT_POLLS),
            lookalikes::twin,
            this::turned,
            watch::tell);
    rescue = new Rescue(ports, policies, watch, judge, scribe, desk, hooks, this::state);
    primaries = new Primaries(ports, policies.recovery(), judge::world, scribe, this::state);
    started = ports.clock().now();
  }

  private void published(Topology next, Collection<InstanceKey> touched) {
    ports.publisher().published(next, touched);
    judge.published(next, touched);
  }

  private void turned(Turn turn) {
    notes.turned(turn);
    if (turn.is()
        .filter(
            found -> found.code().actionable() || Recoverable.onceNoticed(found.code()).isPresent())
        .isPresent()) {
      rescue.look();
    }
  }

  /** For how long a server may be silent, as it is set for its cluster. */
  private Duration patience(InstanceKey key) {
    ManagerState now = state();
    JudgementPolicy shipped = policies.judgement();
    return (now.said().rules().isEmpty()
            ? shipped
            : JudgementRule.of(
                shipped, now.said().rules(), Optional.ofNullable(now.instances().get(key))))
        .patience();
  }

  private void judgeAgain() {
    judge.tick();
    notes.write();
    rescue.look();
    primaries.look();
  }

  /**
   * Has another server take the place of one that answers, as if that were dead.
   *
   * @param wanted who is to take the place; empty for whoever suits best
   * @throws RequestRefused when nobody could
   */
  public RecoveryId failOver(InstanceKey primary, Optional<InstanceKey> wanted, By by)
      throws RequestRefused {
    return rescue.failOver(real(primary), wanted.map(this::real), by);
  }

  /**
   * Has a server that does not answer recovered, whatever would stop a recovery that begins by
   * itself.
   *
   * @param wanted who is to take its place; empty for whoever suits best
   * @param skipHooks whether no hooks are run for it
   * @return the name of the recovery, which goes on by itself
   * @throws RequestRefused when there is nothing to recover, among others
   */
  public RecoveryId recover(
      InstanceKey failed, Optional<InstanceKey> wanted, boolean skipHooks, By by)
      throws RequestRefused {
    requireLeading();
    return rescue.ask(real(failed), wanted.map(this::real), skipHooks, by);
  }

  /** The same with hooks. */
  public RecoveryId recover(InstanceKey failed, Optional<InstanceKey> wanted, By by)
      throws RequestRefused {
    return recover(failed, wanted, false, by);
  }

  /** Whose recovery waits for others; nobody's where this node does not lead. */
  public Turns turns() {
    return rescue.turns();
  }

  /** What an operator has nodes run when something happens. */
  public HookRunner hooks() {
    return hooks;
  }

  /** Where applications are told to write. */
  public Primaries primaries() {
    return primaries;
  }

  /** The recoveries that were. */
  public RecoveryBook recoveries() {
    return new RecoveryBook(ports.audit(), ports.journal());
  }

  /** Says which recoveries begin by themselves, or that none does. */
  public void request(Command.Recovering command, By by) throws RequestRefused {
    request((Command) command, by);
  }

  /** What is found, by server; of those that are well nothing. */
  public SortedMap<InstanceKey, Judgement> findings() {
    var findings = new TreeMap<InstanceKey, Judgement>();
    judge.found().forEach((key, found) -> findings.put(key, found.judgement()));
    return findings;
  }

  /**
   * What is found, by server, and since when; of those that are well nothing. The same object as
   * long as nothing else is; whoever is told of servers is told at once when something is.
   */
  public SortedMap<InstanceKey, Found> found() {
    return judge.found();
  }

  /** All that judgement rests on, as it is now. */
  public World world() {
    return judge.world();
  }

  /** Since when this node finds that a server fails as it does; empty when it does not. */
  public Optional<Instant> failingSince(InstanceKey key) {
    return Optional.ofNullable(judge.found().get(key)).flatMap(Found::failingSince);
  }

  /**
   * Takes up what the log says, and follows it from here on: looks at every server it knows, and,
   * if this node leads, looks after the plans that were under way when the process before this one
   * ended. Before this, nothing can be asked for.
   */
  public void start() {
    ports.log().follow(new Following());
    // What came in between comes twice, in whatever order: told by the log, it is always the last.
    following.lock();
    try {
      if (followed == ManagerState.EMPTY) {
        take(ports.log().state());
      }
    } finally {
      following.unlock();
    }
    lead();
    ports.scheduler().every(TICK, "poll", watch::tick);
    ports.scheduler().every(JUDGE, "judge", this::judgeAgain);
    ports.scheduler().every(PINGS, "ping", watch::ping);
    ports.scheduler().every(trialInterval(), "other names", this::tryNames);
    ports.scheduler().every(ENDS, "what was said", this::forgetEnded);
  }

  /**
   * Takes up what the log says, and shows its servers as others have seen them at some time: judged
   * by that, and never looked at. Nothing can be changed any more. Instead of {@link #start}; the
   * clock has to stand at the moment that is shown, and the log to take nothing.
   *
   * @param picture the servers, and what judging them rests on besides
   */
  public void show(World picture) {
    shows = true;
    judge.show(picture);
    following.lock();
    try {
      take(ports.log().state());
    } finally {
      following.unlock();
    }
    watch.show(picture.topology());
  }

  /** What the log tells. */
  private final class Following implements CommandLog.Follower {

    @Override
    public void applied(ManagerState state) {
      if (closed) {
        return;
      }
      following.lock();
      try {
        take(state);
      } finally {
        following.unlock();
      }
      lead();
    }

    @Override
    public void leads(long term) {
      LOG.log(System.Logger.Level.INFO, "this node leads, in term " + term);
      if (closed) {
        return;
      }
      // Whoever led before may have left anything half done.
      unsettled.set(true);
      notes.leads();
      lead();
    }

    @Override
    public void stopsLeading() {
      // Whatever runs here asks before everything it does whether its mandate holds still.
      LOG.log(System.Logger.Level.INFO, "this node does not lead any more");
    }
  }

  /** What a node that leads sees to, whenever anything is different. Returns at once. */
  private void lead() {
    if (!leading()) {
      return;
    }
    succession.look();
    rescue.look();
    if (state().level() < policies.level() && raising.compareAndSet(false, true)) {
      ManagerState seen = state();
      startOr(
          "raise level",
          this::raiseLevel,
          () -> {
            raising.set(false);
            // What was told meanwhile may be what it waited for.
            if (state() != seen) {
              lead();
            }
          });
    }
  }

  private void raiseLevel() {
    try {
      scribe.raiseLevel();
    } catch (Scribe.NotCommitted e) {
      LOG.log(System.Logger.Level.WARNING, "the feature level is not raised: " + e.getMessage());
    }
  }

  /** Takes a state up; what is different now is all that counts, however it came to be so. */
  private void take(ManagerState state) {
    ManagerState before = followed;
    boolean same =
        before.instances().equals(state.instances()) && before.aliases().equals(state.aliases());
    if (!same) {
      long quiet = policies.probe().interval().multipliedBy(FORGET_POLLS).toNanos();
      long until = ports.clock().nanos() + quiet;
      watch.follow(
          state,
          gone ->
              gone.stream()
                  .filter(key -> !known(key, state))
                  .flatMap(key -> Stream.concat(Stream.of(key), before.names().of(key).stream()))
                  .forEach(name -> forgotten.put(name, until)));
    }
    promoted(before, state);
    followed = state;
    // A recovery that has ended leaves the dead one in a tree of its own.
    if (!same || !before.recoveries().open().equals(state.recoveries().open())) {
      unsettled.set(true);
    }
    boolean saidSame = before.said() == state.said() || before.said().equals(state.said());
    if (!saidSame) {
      // Whoever is told of servers is told what people say of them.
      watch.tell();
    }
  }

  /** Whoever took a primary's place is known to have it, also where it was not seen since. */
  private void promoted(ManagerState before, ManagerState now) {
    before
        .recoveries()
        .open()
        .forEach(
            (id, was) -> {
              boolean ended = !now.recoveries().open().containsKey(id);
              if (ended && was.kind() != RecoveryKind.INTERMEDIATE) {
                was.successor()
                    .ifPresent(s -> watch.promoted(s, was.failed(), ports.clock().now()));
              }
            });
  }

  /** What has ended by itself is forgotten by all, as the node that leads says so. */
  private void forgetEnded() {
    if (!leading() || registry.ending().isEmpty() || !forgetting.compareAndSet(false, true)) {
      return;
    }
    startOr(
        "forget what has ended",
        () -> registry.ending().ifPresent(command -> commitOrLog(command, By.OBSERVATION)),
        () -> forgetting.set(false));
  }

  /** What people say of servers and clusters. */
  public Registry registry() {
    return registry;
  }

  /** The connection that is kept to a server has ended, or it says something unasked. */
  private void stirred(InstanceKey server) {
    if (!closed) {
      watch.suspect(server, "stirs");
    }
  }

  private static boolean known(InstanceKey name, ManagerState state) {
    return state.instances().containsKey(name) || state.aliases().containsKey(name);
  }

  /** Whether it shows what others have seen once, and nothing of its own. */
  public boolean shows() {
    return shows;
  }

  /** Whether this node is the one that acts. */
  public boolean leads() {
    return leading();
  }

  private boolean leading() {
    return !shows && ports.log().leadership().leading();
  }

  private void requireLeading() throws RequestRefused {
    if (shows) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, Leadership.SHOWN);
    }
    Leadership now = ports.log().leadership();
    if (!now.leading()) {
      throw new RequestRefused(RequestRefused.Kind.NOT_LEADING, now.notLeading().getMessage());
    }
  }

  public Topology topology() {
    return watch.topology();
  }

  /** The state as this manager has taken it up: the servers it has are those of the topology. */
  public ManagerState state() {
    return followed;
  }

  public PlanJournal journal() {
    return ports.journal();
  }

  public Policies policies() {
    return policies;
  }

  /** How often this node has looked at a server since it was made. */
  public long looks() {
    return watch.looks();
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
    requireLeading();
    InstanceKey server = real(wanted);
    if (!server.equals(wanted) && !tryName(wanted, server)) {
      return discover(server, by);
    }
    Observation seen = prober.look(wanted);
    if (seen.facts().isEmpty()) {
      if (!watch.topology().has(wanted)) {
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
    if (!key.equals(wanted) && !watch.topology().has(wanted)) {
      prober.release(wanted);
    }
    if (!state().instances().containsKey(key)) {
      register(key, seen, by);
    }
    if (!key.equals(wanted)) {
      alias(wanted, key, by);
    }
    return takenIn(key, key.equals(wanted) ? Optional.of(seen) : Optional.empty());
  }

  /**
   * What there is to see of a server that is in the state. When somebody else has just had it taken
   * in, the state tells of it a moment before the servers that are looked at do.
   *
   * @param seen what was seen of it just now; it is looked at if nothing was
   */
  private Instance takenIn(InstanceKey key, Optional<Observation> seen) throws RequestRefused {
    Deadline deadline = Deadline.in(NEWCOMER, ports.clock());
    while (watch.instance(key).isEmpty()
        && state().instances().containsKey(key)
        && !deadline.over()) {
      ports.clock().pause(GLANCE);
    }
    seen.ifPresentOrElse(watch::newcomer, () -> watch.look(key));
    return watch
        .instance(key)
        .orElseThrow(
            () ->
                new RequestRefused(
                    RequestRefused.Kind.CHANGED, key + " was taken in, and forgotten at once"));
  }

  /** The name a server is known by, of any of its names; a stranger's is left as it is. */
  public InstanceKey real(InstanceKey name) {
    return state().names().real(name);
  }

  /** Looks at a server that is looked after, now. */
  public Instance refresh(InstanceKey name) throws RequestRefused {
    InstanceKey key = real(name);
    if (!watch.topology().has(key)) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known");
    }
    if (shows) {
      throw new RequestRefused(RequestRefused.Kind.REFUSED, Leadership.SHOWN);
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

  private void register(InstanceKey key, Observation seen, By by) throws RequestRefused {
    requireLeading();
    if (seen.key().equals(key)) {
      watch.expect(seen);
    }
    try {
      arrivals.take(new Command.RegisterInstance(key, newClusterId()), by);
    } catch (Scribe.NotCommitted e) {
      watch.unexpected(key);
      throw RequestRefused.of(e);
    }
  }

  private ClusterId newClusterId() {
    return new ClusterId("c" + Desk.hex(ports.ids().get()));
  }

  /** Lets go of a server. It comes back when another that is looked after still names it later. */
  public void forget(InstanceKey name, By by) throws RequestRefused {
    requireLeading();
    InstanceKey key = real(name);
    if (!state().instances().containsKey(key)) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known");
    }
    request(new Command.ForgetInstance(key), by);
  }

  /**
   * A node of the cluster says who it is; asked of the node that leads.
   *
   * @throws RequestRefused when it supports less than the cluster uses already, among others
   */
  public void announce(NodeId id, NodeInfo node, By by) throws RequestRefused {
    request(
        new Command.AnnounceNode(id, node.name(), node.http(), node.level(), node.version()), by);
  }

  /** A node is none of the cluster any more; asked of the node that leads. */
  public void dropNode(NodeId id, By by) throws RequestRefused {
    request(new Command.DropNode(id), by);
  }

  /**
   * Cuts off the audit, for good, on every node.
   *
   * @param before what was stamped then or later is kept
   */
  public void purgeAudit(Instant before, By by) throws RequestRefused {
    request(new Command.PurgeAudit(before), by);
  }

  private void request(Command command, By by) throws RequestRefused {
    requireLeading();
    try {
      scribe.commit(command, by.actor(), by.cause());
    } catch (Scribe.NotCommitted e) {
      throw RequestRefused.of(e);
    }
  }

  /** What would be done for an intent, on a fresh look at its servers. */
  public PlanResult plan(Intent intent) throws RequestRefused {
    Intent wanted = real(intent);
    Optional<String> unfit = desk.takesOver(wanted).flatMap(this::unfit);
    return unfit.isPresent() ? new PlanResult.Refused(unfit.get()) : desk.plan(wanted);
  }

  private Optional<String> unfit(Intent.InTree takeOver) {
    return ((Reshaping.TakeOver) takeOver.reshaping())
        .source()
        .or(() -> watch.instance(takeOver.server()).flatMap(Instance::source))
        .flatMap(primary -> rescue.unfit(primary, takeOver.server()));
  }

  /**
   * What would be done for an intent of somebody's, on a fresh look at its servers; refused while
   * another works on one of them.
   */
  public PlanResult plan(Intent intent, By by) throws RequestRefused {
    PlanResult result = plan(intent);
    if (result instanceof PlanResult.Planned(Plan plan)) {
      Optional<String> others =
          state().othersMaintenance(plan.targets(), by.actor(), ports.clock().now());
      if (others.isPresent()) {
        return new PlanResult.Refused(others.get());
      }
    }
    return result;
  }

  /** Runs a plan that was shown, if it is still what would be done. */
  public Run apply(String fingerprint, By by) throws RequestRefused {
    Plan plan = desk.stillMeant(fingerprint);
    Optional<Intent.InTree> takeOver = desk.takesOver(plan.intent());
    return takeOver.isPresent()
        ? rescue.takeOver(plan, takeOver.get(), by).run()
        : desk.apply(fingerprint, by);
  }

  /** Plans and runs at once. */
  public Run applyNow(Intent intent, By by) throws RequestRefused {
    Intent wanted = real(intent);
    Optional<Intent.InTree> takeOver = desk.takesOver(wanted);
    return takeOver.isEmpty()
        ? desk.applyNow(wanted, by)
        : takeOver(wanted, takeOver.get(), by).run();
  }

  /**
   * Has a replica take over from its primary, which lives.
   *
   * @return the recovery that it is
   */
  public RecoveryId takeOver(InstanceKey successor, Reshaping.TakeOver how, By by)
      throws RequestRefused {
    var wanted = new Intent.InTree(real(successor), real(how));
    return takeOver(wanted, wanted, by).id();
  }

  private Rescue.Begun takeOver(Intent wanted, Intent.InTree what, By by) throws RequestRefused {
    return switch (plan(wanted, by)) {
      case PlanResult.Planned(Plan plan) -> rescue.takeOver(plan, what, by);
      case PlanResult.Refused(String reason) ->
          throw new RequestRefused(RequestRefused.Kind.REFUSED, reason);
    };
  }

  private Intent real(Intent intent) {
    return switch (intent) {
      case Intent.Relocate i -> real(i);
      case Intent.RelocateBy i -> new Intent.RelocateBy(real(i.move()), i.way());
      case Intent.StartReplication i -> new Intent.StartReplication(real(i.replica()), i.threads());
      case Intent.StopReplication i -> new Intent.StopReplication(real(i.replica()), i.threads());
      case Intent.SetReadOnly i -> new Intent.SetReadOnly(real(i.server()), i.readOnly());
      case Intent.OnServer i -> new Intent.OnServer(real(i.server()), i.doing());
      case Intent.InTree i -> new Intent.InTree(real(i.server()), real(i.reshaping()));
      case Intent.Moves i -> new Intent.Moves(i.moves().stream().map(this::real).toList());
      case Intent.OnChannel i -> new Intent.OnChannel(real(i.wanted()), i.channel());
      case Intent.Replace i -> new Intent.Replace(real(i.failed()), real(i.successor()), i.part());
      case Intent.CannotBeUndone i -> i;
      case Intent.Undo i -> i;
    };
  }

  private Intent.Relocate real(Intent.Relocate move) {
    return new Intent.Relocate(real(move.replica()), real(move.below()));
  }

  private Reshaping real(Reshaping reshaping) {
    return switch (reshaping) {
      case Reshaping.Replicas(var below, var pattern) ->
          new Reshaping.Replicas(real(below), pattern);
      case Reshaping.ReplicasBy(var replicas, var way) ->
          new Reshaping.ReplicasBy(
              new Reshaping.Replicas(real(replicas.below()), replicas.pattern()), way);
      case Reshaping.BelowSibling(var sibling) -> new Reshaping.BelowSibling(real(sibling));
      case Reshaping.Equivalent(var below) -> new Reshaping.Equivalent(real(below));
      case Reshaping.CoSource(var source) -> new Reshaping.CoSource(source.map(this::real));
      case Reshaping.Rejoin(var source) -> new Reshaping.Rejoin(source.map(this::real));
      case Reshaping.TakeOver(var source, var staying, var ending) ->
          new Reshaping.TakeOver(
              source.map(this::real), staying.stream().map(this::real).toList(), ending);
      case Reshaping.Repoint(var source) -> new Reshaping.Repoint(source.map(this::real));
      case Reshaping.Siblings r -> r;
      case Reshaping.Up r -> r;
      case Reshaping.ReplicasUp r -> r;
      case Reshaping.TakeSource(var source) -> new Reshaping.TakeSource(source.map(this::real));
      case Reshaping.RepointReplicas r -> r;
      case Reshaping.Regroup r -> r;
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
    // Every node looks; what follows from it is proposed by the one that leads.
    if (seen.facts().isEmpty() || !state.instances().containsKey(seen.key()) || !leading()) {
      return;
    }
    Facts facts = seen.facts().get();
    // Whoever looks must not wait for the log: a look may be what a plan's guard waits for.
    strangers(facts, state).stream()
        .filter(joining::add)
        .forEach(
            stranger ->
                startOr(
                    "join " + stranger,
                    () -> join(stranger, state.instances().get(seen.key())),
                    () -> joining.remove(stranger)));
    tryHints(seen.key(), facts, state);
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
    nameTreesSoon();
  }

  /**
   * Has the trees' ids brought in line with the topology, if it may be that they are not. That goes
   * over all servers: where there are thousands, it is done again only when many times as long has
   * passed as it took, and there is always a next look soon that asks for it.
   */
  private void nameTreesSoon() {
    boolean rested = ports.clock().nanos() - settleAgain.get() >= 0;
    if (rested && unsettled.get() && naming.compareAndSet(false, true)) {
      startOr("name trees", this::nameTrees, () -> naming.set(false));
    }
  }

  /** Brings the trees' ids in line with the topology; tried again at the next look if it fails. */
  private void nameTrees() {
    // Before it is looked at: who moves meanwhile is looked at again.
    unsettled.set(false);
    long began = ports.clock().nanos();
    List<Command> needed = Clusters.reconcile(watch.topology(), state(), this::newClusterId);
    long now = ports.clock().nanos();
    settleAgain.set(now + (now - began) * REST);
    for (int from = 0; from < needed.size(); from += TOGETHER) {
      // In order: a tree's head is named after its members have come to it.
      List<Command> some = needed.subList(from, Math.min(needed.size(), from + TOGETHER));
      var answers = scribe.commitAll(some, By.OBSERVATION.actor(), By.OBSERVATION.cause());
      for (int i = 0; i < some.size(); i++) {
        if (answers.get(i).isPresent()) {
          notCommitted(some.get(i), answers.get(i).get());
          unsettled.set(true);
        }
      }
    }
  }

  /** Whoever a server names and nobody looks after: hardly ever anybody, and asked at each look. */
  private Set<InstanceKey> strangers(Facts facts, ManagerState state) {
    if (!forgotten.isEmpty()) {
      long now = ports.clock().nanos();
      forgotten.values().removeIf(until -> until - now <= 0);
    }
    Set<InstanceKey> strangers = Set.of();
    for (Channel channel : facts.channels()) {
      strangers = with(strangers, channel.source(), state);
    }
    for (InstanceKey replica : facts.reportedReplicas()) {
      strangers = with(strangers, replica, state);
    }
    if (facts.group().isPresent()) {
      for (InstanceKey member : facts.group().get().members()) {
        strangers = with(strangers, member, state);
      }
    }
    return strangers;
  }

  private Set<InstanceKey> with(Set<InstanceKey> strangers, InstanceKey named, ManagerState state) {
    if (known(named, state) || forgotten.containsKey(named)) {
      return strangers;
    }
    Set<InstanceKey> more = strangers.isEmpty() ? new LinkedHashSet<>() : strangers;
    more.add(named);
    return more;
  }

  /** Takes in whoever was named: as a server, or as another name of one that is known. */
  private void join(InstanceKey stranger, ClusterId cluster) {
    Observation seen = prober.look(stranger);
    if (known(stranger, state()) || forgotten.containsKey(stranger)) {
      return;
    }
    Optional<InstanceKey> known = seen.facts().flatMap(facts -> knownAs(stranger, facts));
    if (known.isPresent()) {
      alias(stranger, known.get(), By.OBSERVATION);
      prober.release(stranger);
    } else {
      takeIn(new Command.RegisterInstance(stranger, cluster), seen);
    }
  }

  private void takeIn(Command.RegisterInstance command, Observation seen) {
    watch.expect(seen);
    try {
      arrivals.take(command, By.OBSERVATION);
      watch.newcomer(seen);
    } catch (Scribe.NotCommitted e) {
      notCommitted(command, e);
      watch.unexpected(command.key());
      prober.release(command.key());
    }
  }

  /**
   * Looks at those who read a server's binary log without having reported where they are: at the
   * address they come from, and the port of their source. Only who proves to replicate from there
   * is taken in.
   */
  private void tryHints(InstanceKey server, Facts facts, ManagerState state) {
    long now = ports.clock().nanos();
    hintsTried.values().removeIf(until -> until - now <= 0);
    facts.background().dumpers().stream()
        .filter(hint -> !known(hint, state) && !forgotten.containsKey(hint))
        .filter(hint -> hintsTried.putIfAbsent(hint, now + trialInterval().toNanos()) == null)
        .forEach(
            hint ->
                ports.scheduler().start("try " + hint, () -> joinIfReplica(hint, server, state)));
  }

  private void joinIfReplica(InstanceKey hint, InstanceKey server, ManagerState state) {
    boolean replicates =
        prober.look(hint).facts().stream()
            .flatMap(f -> f.channels().stream())
            .anyMatch(c -> real(c.source()).equals(server));
    if (replicates) {
      join(hint, state.instances().get(server));
    } else if (!known(hint, state())) {
      prober.release(hint);
    }
  }

  /**
   * The statements that run for so long on a server, the longest first.
   *
   * @param seconds for so long or longer, 0 or more
   * @throws RequestRefused when the server is not known or cannot be asked
   */
  public List<LongQuery> longQueries(InstanceKey name, int seconds) throws RequestRefused {
    InstanceKey key = real(name);
    if (!watch.topology().has(key)) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known");
    }
    try {
      return prober.longQueries(key, seconds);
    } catch (ServerTrouble trouble) {
      throw asked(trouble);
    }
  }

  /**
   * The binary logs that hold the errant transactions of a server, asked of it at once.
   *
   * @throws RequestRefused when it has none, keeps no sets of GTIDs, or cannot be asked
   */
  public ErrantLogs errantLogs(InstanceKey name) throws RequestRefused {
    InstanceKey key = real(name);
    Topology topology = watch.topology();
    Optional<Instance> server = topology.instance(key);
    if (server.isEmpty()) {
      throw new RequestRefused(RequestRefused.Kind.UNKNOWN, key + " is not known");
    }
    boolean maria =
        server
            .flatMap(Instance::facts)
            .filter(f -> f.identity().flavor() == Flavor.MARIADB)
            .isPresent();
    if (maria) {
      throw new RequestRefused(
          RequestRefused.Kind.REFUSED,
          key + " is MariaDB, whose logs do not tell which transactions stand in them");
    }
    GtidSet errant =
        Errant.of(topology, key)
            .map(GtidSet::parse)
            .orElseThrow(
                () ->
                    new RequestRefused(
                        RequestRefused.Kind.REFUSED, key + " has no errant transactions"));
    try {
      return prober.errantLogs(key, errant);
    } catch (ServerTrouble trouble) {
      throw asked(trouble);
    }
  }

  private static RequestRefused asked(ServerTrouble trouble) {
    return new RequestRefused(
        trouble.condition() == Condition.SEEN
            ? RequestRefused.Kind.REFUSED
            : RequestRefused.Kind.UNREACHABLE,
        trouble.getMessage());
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
    commitOrLog(new Command.AddAlias(name, server), by);
  }

  private Duration trialInterval() {
    return policies.probe().interval().multipliedBy(TRIAL_POLLS);
  }

  private void tryNames() {
    if (!leading()) {
      return;
    }
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
    return other && commitOrLog(new Command.DropAlias(name), By.OBSERVATION);
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

  /** Whether what is held runs again, by whichever of its channels it was stopped. */
  private boolean mayBeReleased(InstanceKey key, Facts facts, ManagerState state) {
    Held held = state.held().get(key);
    return held != null
        && held.plans().stream().noneMatch(state.plans()::containsKey)
        && facts.channels().stream()
            .filter(c -> desk.holds(held, key, c.name()))
            .allMatch(c -> runs(c, held.threads()));
  }

  /** Whether threads run; a detached replica cannot connect, and needs not. */
  private static boolean runs(Channel c, Threads threads) {
    boolean receives =
        c.io() == ThreadState.RUNNING || c.detached() && c.io() == ThreadState.CONNECTING;
    return (receives || !threads.io()) && (c.sql() == ThreadState.RUNNING || !threads.sql());
  }

  private boolean commitOrLog(Command command, By by) {
    try {
      scribe.commit(command, by.actor(), by.cause());
      return true;
    } catch (Scribe.NotCommitted e) {
      notCommitted(command, e);
      return false;
    }
  }

  private static void notCommitted(Command command, Scribe.NotCommitted why) {
    LOG.log(why.level(), "not committed: " + command + ": " + why.getMessage());
  }

  /** To be called when the log can be written again: what has ended meanwhile is written down. */
  public void catchUp() {
    try {
      desk.closeLate(By.OBSERVATION);
    } catch (Scribe.NotCommitted e) {
      // The next plan that is opened tries it again, and so does the next call.
      LOG.log(System.Logger.Level.WARNING, "the end of a plan is not written: " + e.getMessage());
    }
    succession.look();
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
    closed = true;
    prober.close();
  }
}
