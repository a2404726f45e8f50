package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Outcome;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Intent.Replace.Part;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;
import topiary.engine.policy.HookList;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.Command;
import topiary.engine.state.Held;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;

/**
 * The course of one recovery, on one mandate: again and again it is looked at how the servers
 * stand, and the one thing that is next is done. For one thread.
 */
abstract class RecoveryCourse {

  private static final System.Logger LOG = System.getLogger(RecoveryCourse.class.getName());

  /** How long until something that failed is tried again. */
  static final Duration AGAIN = Duration.ofMillis(300);

  static final Duration GLANCE = Duration.ofMillis(20);

  /** So often something is tried before it is given up. */
  static final int TRIES = 6;

  /**
   * What a recovery is made with.
   *
   * @param policy as it is shipped
   * @param around what is run around it
   */
  record Means(
      Ports ports,
      RecoveryPolicy policy,
      Watch watch,
      Judge judge,
      Scribe scribe,
      Desk desk,
      RecoveryHooks around,
      Supplier<ManagerState> state) {}

  final Ports ports;
  final RecoveryPolicy policy;
  final Watch watch;
  final Judge judge;
  final Scribe scribe;
  final Desk desk;
  final RecoveryHooks around;
  final Supplier<ManagerState> state;

  final RecoveryId id;

  final Mandate mandate;

  final By by;

  final List<String> report = new ArrayList<>();

  final List<PlanId> plans = new ArrayList<>();

  Topology before = Topology.EMPTY;

  /** When it began; long ago, as long as that is not known. */
  private Instant opened = Instant.EPOCH;

  RecoveryCourse(Means means, RecoveryId id, Mandate mandate) {
    ports = means.ports();
    policy = means.policy();
    watch = means.watch();
    judge = means.judge();
    scribe = means.scribe();
    desk = means.desk();
    around = means.around();
    state = means.state();
    this.id = id;
    this.mandate = mandate;
    by = new By("recovery " + id, "recovery " + id);
  }

  /**
   * Does all that is left to do.
   *
   * @param old whether what this node has seen may be older than what the one before it has done
   */
  void run(boolean old) {
    before = watch.topology();
    boolean stale = old;
    boolean over = false;
    while (!over && mandate.holds()) {
      OpenRecovery now = state.get().recoveries().open().get(id);
      if (now == null) {
        return;
      }
      opened = now.since();
      if (!looked(now)) {
        // A node that was started in its midst knows nobody yet.
        ports.clock().pause(AGAIN);
        before = watch.topology();
        continue;
      }
      if (stale) {
        stale = false;
        watch.look(others(state.get(), now.cluster(), now.failed()));
      }
      if (leftOpen()) {
        // Of the node before this one: it is closed first, with what came of it.
        ports.clock().pause(GLANCE);
        continue;
      }
      try {
        Optional<String> against = around.before(id, now, before, mandate);
        if (against.isPresent()) {
          over = giveUp(now, against.get());
        } else {
          over = next(now);
        }
      } catch (Scribe.NotCommitted e) {
        LOG.log(e.level(), "recovery " + id + " waits: " + e.getMessage());
        ports.clock().pause(AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  boolean giveUp(OpenRecovery now, String why) throws Scribe.NotCommitted {
    if (!mandate.holds()) {
      return false;
    }
    return end(
        RecoveryEnd.FAILED,
        "Nothing was done, as what is to be run before it failed: "
            + why
            + "."
            + (now.kind() == RecoveryKind.TAKEOVER
                ? ""
                : " Without it: recover " + now.failed() + " --skip-hooks."));
  }

  /** Has hooks run beside. */
  void tell(HookList list, OpenRecovery now, Optional<InstanceKey> successor)
      throws Scribe.NotCommitted {
    around.after(id, list, now, before, successor).ifPresent(report::add);
  }

  /** As it is set for its cluster. */
  RecoveryPolicy rules() {
    ManagerState now = state.get();
    return RecoveryRule.of(
        policy,
        now.said().rules(),
        Optional.ofNullable(now.recoveries().open().get(id)).map(OpenRecovery::cluster));
  }

  /** Whether this node has looked at every server of the cluster at least once. */
  private boolean looked(OpenRecovery now) {
    return state.get().instances().entrySet().stream()
        .filter(e -> e.getValue().equals(now.cluster()))
        .allMatch(e -> watch.instance(e.getKey()).flatMap(Instance::lastAttempt).isPresent());
  }

  boolean leftOpen() {
    return state.get().plans().entrySet().stream()
        .anyMatch(
            plan ->
                plan.getValue().actor().equals(by.actor()) && !desk.runs(plan.getKey(), mandate));
  }

  /** The plans that were made for this recovery, by whichever node, newest first. */
  List<PlanJournal.PlanRecord> done() {
    return DoneFor.plans(ports.journal(), by.actor(), opened);
  }

  boolean toldToTakeWrites(InstanceKey successor) {
    return done().stream()
        .flatMap(plan -> plan.steps().stream())
        .map(PlanJournal.StepRecord::step)
        .anyMatch(
            step ->
                step instanceof Step.SetReadOnly s
                    && s.target().equals(successor)
                    && !s.readOnly());
  }

  /** Moves the others below whom they belong now. */
  void gather(InstanceKey failed, InstanceKey below) throws InterruptedException {
    Optional<String> no = Optional.empty();
    for (int i = 0; i < TRIES && mandate.holds(); i++) {
      Topology seen = look(failed, List.of(below));
      List<InstanceKey> all =
          seen.replicasOf(failed).stream()
              .filter(key -> !key.equals(below) && answers(seen, key))
              .toList();
      List<InstanceKey> movable = all.stream().filter(key -> isMovable(seen, key)).toList();
      if (movable.isEmpty()) {
        return;
      }
      no =
          carryOut(
              movable.equals(all)
                  ? new Intent.InTree(failed, new Reshaping.Replicas(below, Optional.empty()))
                  : new Intent.Moves(
                      movable.stream().map(key -> new Intent.Relocate(key, below)).toList()));
      boolean busy =
          seen.replicasOf(failed).stream().anyMatch(key -> state.get().planOn(key).isPresent());
      if (no.isPresent() && i > 0 && !busy) {
        break;
      }
      if (no.isPresent()) {
        ports.clock().pause(AGAIN);
      }
    }
    no.ifPresent(why -> report.add("Not all could be moved below " + below + ": " + why));
  }

  /** Whether a move like any other can be planned of a replica whose source is dead. */
  boolean isMovable(Topology seen, InstanceKey key) {
    return true;
  }

  boolean closeWith(InstanceKey failed, InstanceKey below, String words)
      throws Scribe.NotCommitted, InterruptedException {
    letGoOfOwn();
    if (!mandate.holds()) {
      return false;
    }
    Topology seen = watch.topology();
    List<InstanceKey> left =
        seen.replicasOf(failed).stream().filter(key -> !key.equals(below)).toList();
    List<String> sentences = new ArrayList<>();
    sentences.add(words);
    left.forEach(
        key ->
            sentences.add(
                key
                    + (!answers(seen, key)
                        ? " does not answer, and is not below it."
                        : isReplaced(Optional.of(failed))
                            ? " is not below it, and receives nothing of " + failed + " any more."
                            : " is not below it.")));
    return close(
        left.stream().anyMatch(key -> answers(seen, key))
            ? RecoveryEnd.DONE_IN_PART
            : RecoveryEnd.DONE,
        String.join(" ", sentences));
  }

  /** Starts what was stopped, as nobody is promoted. */
  void letGo(InstanceKey source) throws InterruptedException {
    for (InstanceKey key : watch.topology().replicasOf(source)) {
      Held held = state.get().held().get(key);
      if (held != null) {
        letGo(key, held);
      }
    }
    letGoOfOwn();
  }

  /**
   * Starts whoever plans of this recovery have stopped and not started again. A plan that was
   * interrupted leaves those it had moved by then below their new source, where no later plan of
   * this recovery has anything to do with them.
   */
  void letGoOfOwn() throws InterruptedException {
    Set<PlanId> own = new HashSet<>();
    done().forEach(plan -> own.add(plan.id()));
    for (Map.Entry<InstanceKey, Held> e : state.get().held().entrySet()) {
      if (answers(watch.topology(), e.getKey())
          && !Collections.disjoint(e.getValue().plans(), own)) {
        letGo(e.getKey(), e.getValue());
      }
    }
  }

  private void letGo(InstanceKey key, Held all) throws InterruptedException {
    Optional<Held> mine = isReplaced(source(key)) ? all.applying() : Optional.of(all);
    if (mine.isEmpty()) {
      return;
    }
    Held held = mine.get();
    // One that applies all the same was told to apply what it had received, and no more: it would
    // stop there.
    boolean applies =
        held.threads().sql()
            && watch
                .instance(key)
                .flatMap(Instance::facts)
                .flatMap(Facts::primaryChannel)
                .filter(c -> c.sql() == ThreadState.RUNNING)
                .isPresent();
    Optional<String> no =
        applies
            ? carryOut(new Intent.OnServer(key, new Doing.Restart()))
            : Optional.of("it stands still");
    if (no.isPresent()) {
      carryOut(new Intent.StartReplication(key, held.threads()))
          .ifPresent(why -> report.add(key + " was not started again: " + why));
    }
  }

  private Optional<InstanceKey> source(InstanceKey key) {
    return watch.instance(key).flatMap(Instance::source);
  }

  /** Whether a source is a dead primary whose place somebody has: nobody is to receive from it. */
  private boolean isReplaced(Optional<InstanceKey> source) {
    return Optional.ofNullable(state.get().recoveries().open().get(id))
        .filter(now -> now.kind() == RecoveryKind.PRIMARY && now.successor().isPresent())
        .map(OpenRecovery::failed)
        .filter(failed -> source.equals(Optional.of(failed)))
        .isPresent();
  }

  /** Does something; why it was not done to its end, or empty. */
  Optional<String> carryOut(Intent intent) throws InterruptedException {
    try {
      Run run = desk.applyNow(intent, by);
      plans.add(run.id());
      Outcome outcome = run.await();
      report.add(
          sentence(intent.words())
              + " (plan "
              + run.id()
              + "): "
              + outcome.end().name().toLowerCase(Locale.ROOT)
              + ".");
      report.addAll(outcome.notes());
      return outcome.end() == PlanEnd.DONE ? Optional.empty() : Optional.of(outcome.report());
    } catch (RequestRefused e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Has the events run on the successor that ran on the former primary. Whatever comes of it, the
   * successor has its place: what was not done is told.
   */
  void takeEvents(InstanceKey former, InstanceKey successor) throws InterruptedException {
    boolean done =
        done().stream()
            .anyMatch(plan -> isDone(plan, s -> isEnabling(s) && s.target().equals(successor)));
    if (!done && mandate.holds()) {
      carryOut(new Intent.Replace(former, successor, Part.EVENTS))
          .ifPresent(
              no ->
                  report.add(
                      "Events that ran on " + former + " may not run on " + successor + ": " + no));
    }
  }

  /** Has the events run again that plans of this recovery have disabled on a server. */
  void giveBackEvents(InstanceKey server) throws InterruptedException {
    boolean disabled =
        done().stream()
            .anyMatch(
                plan ->
                    plan.steps().stream()
                            .map(PlanJournal.StepRecord::step)
                            .anyMatch(
                                s -> s instanceof Step.DisableEvents && s.target().equals(server))
                        && !isDone(plan, s -> isEnabling(s) && s.target().equals(server)));
    if (disabled && mandate.holds()) {
      carryOut(new Intent.Replace(server, server, Part.EVENTS))
          .ifPresent(no -> report.add("Events may not run on " + server + " again: " + no));
    }
  }

  private static boolean isEnabling(Step step) {
    return step instanceof Step.EnableEvents;
  }

  /** Whether a plan has done a step of some sort to its end. */
  static boolean isDone(PlanJournal.PlanRecord plan, Predicate<Step> which) {
    return plan.steps().stream()
        .anyMatch(s -> s.ended().isPresent() && s.failure().isEmpty() && which.test(s.step()));
  }

  Topology seen(OpenRecovery now) {
    return look(now.failed(), now.successor().stream().toList());
  }

  /** Has a look at the replicas of the dead one, and at others. */
  Topology look(InstanceKey failed, List<InstanceKey> others) {
    var servers = new TreeSet<InstanceKey>(watch.topology().replicasOf(failed));
    servers.addAll(others);
    return watch.look(servers);
  }

  static boolean answers(Topology seen, InstanceKey key) {
    return seen.instance(key).filter(Instance::seen).isPresent();
  }

  /** Whether the primary above a server answers, or there is none. */
  static boolean headAnswers(Topology seen, InstanceKey server) {
    List<InstanceKey> above = seen.sourcesOf(server);
    return above.isEmpty() || answers(seen, above.getLast());
  }

  /** The servers of a cluster but the dead one, which may take its time to say nothing. */
  static Set<InstanceKey> others(ManagerState now, ClusterId cluster, InstanceKey failed) {
    return now.instances().entrySet().stream()
        .filter(e -> e.getValue().equals(cluster) && !e.getKey().equals(failed))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  void commit(Command command) throws Scribe.NotCommitted {
    scribe.commit(command, by.actor(), by.cause());
  }

  /** Ends it, and has run what is to be run then. */
  boolean close(RecoveryEnd end, String words) throws Scribe.NotCommitted {
    OpenRecovery now = state.get().recoveries().open().get(id);
    if (now != null && end == RecoveryEnd.FAILED) {
      tell(HookList.AFTER_FAILURE, now, Optional.empty());
    } else if (now != null && end.successful()) {
      if (now.kind() == RecoveryKind.INTERMEDIATE) {
        tell(HookList.AFTER_INTERMEDIATE, now, now.successor());
      }
      tell(HookList.AFTER_RECOVERY, now, now.successor());
      if (now.kind() == RecoveryKind.TAKEOVER) {
        tell(HookList.AFTER_TAKEOVER, now, now.successor());
      }
    }
    return end(end, words);
  }

  boolean end(RecoveryEnd end, String words) throws Scribe.NotCommitted {
    String whole = words + (report.isEmpty() ? "" : " What was done: " + String.join(" ", report));
    commit(new Command.CloseRecovery(id, end, whole, plans));
    LOG.log(
        end.successful() ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
        "recovery " + id + " has ended, " + end.words() + ": " + whole);
    return true;
  }

  static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** One deed towards the end; whether it is reached. */
  abstract boolean next(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException;
}
