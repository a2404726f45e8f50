package topiary.engine.manager;

import static topiary.engine.model.ThreadState.CONNECTING;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Intent.Replace.Part;
import topiary.engine.intent.RecoveryId;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;
import topiary.engine.planner.Successors;
import topiary.engine.policy.HookList;
import topiary.engine.port.Deadline;
import topiary.engine.recovery.Loss;
import topiary.engine.recovery.Recoverable;
import topiary.engine.state.Command;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.RecoveryEnd;

/**
 * A dead primary gets a successor: its replicas receive no more, the best of them applies what it
 * has, gets what another has more, and is promoted; the others are moved below it.
 */
final class PrimaryCourse extends RecoveryCourse {

  private static final System.Logger LOG = System.getLogger(PrimaryCourse.class.getName());

  /** So often it is looked whether a successor answers again that may have taken writes. */
  private static final int WRITER_AWAY = 100;

  PrimaryCourse(Means means, RecoveryId id, Mandate mandate) {
    super(means, id, mandate);
  }

  @Override
  Topology seen(OpenRecovery now) {
    var others = new ArrayList<InstanceKey>(Successors.below(watch.topology(), now.failed()));
    others.addAll(begun());
    now.successor().ifPresent(others::add);
    return look(now.failed(), others);
  }

  private final Set<InstanceKey> unfit = new HashSet<>();

  /** A successor, and one that has more and could not pass it on to that one. */
  private record Gap(InstanceKey successor, InstanceKey other) {}

  private final Set<Gap> gaps = new HashSet<>();

  /** As far as it was asked. */
  private Optional<List<InstanceKey>> begun = Optional.empty();

  private int troubles;

  /** Whether the former primary was asked to refuse writes. */
  private boolean quieted;

  /** How often in a row the successor did not answer. */
  private int away;

  /** One deed towards the end; whether it is reached. */
  @Override
  boolean next(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
    Topology seen = seen(now);
    Optional<InstanceKey> decided = now.successor().filter(s -> !unfit.contains(s));
    if (decided.isPresent()) {
      return promote(now, seen, decided.get());
    }
    if (!now.forced() && now.successor().isEmpty() && answers(seen, now.failed())) {
      letGo(now.failed());
      return close(RecoveryEnd.NOT_NEEDED, isBack(now));
    }
    if (now.forced() && !quieted && answers(watch.topology(), now.failed())) {
      quieted = true;
      quietDown(now.failed());
      return false;
    }
    Optional<InstanceKey> chosen = choice(now);
    if (chosen.isEmpty()) {
      letGo(now.failed());
      return close(
          RecoveryEnd.FAILED,
          "Nobody could take the place of " + now.failed() + ". " + whyNot(now));
    }
    InstanceKey successor = chosen.get();
    if (!ready(seen, now.failed(), successor)) {
      makeReady(now, successor);
      return false;
    }
    Map<InstanceKey, String> errant = errant(seen, now.failed());
    if (catchesUp(now.failed(), seen, successor, errant)) {
      return false;
    }
    Loss loss = Loss.of(before, seen, now.failed(), successor, ports.clock().now(), errant);
    if (loss.known().isPresent() && !now.forced() && !rules().acceptLoss()) {
      return loses(now, successor, loss);
    }
    commit(new Command.ChooseSuccessor(id, successor, loss.words(), why(now, successor)));
    return false;
  }

  /**
   * What is said of a primary that answers again before anybody was promoted. One that took writes
   * before, and was started read-only or refuses them since a taking over that was broken off,
   * takes them again: nobody else does.
   */
  private String isBack(OpenRecovery now) throws InterruptedException {
    InstanceKey primary = now.failed();
    // Where it was back already when this node first looked, what it was before is not known.
    boolean tookWrites =
        before
                .instance(primary)
                .filter(
                    i -> i.seen() || i.facts().filter(f -> !f.settings().readOnly()).isPresent())
                .isPresent()
            || Optional.ofNullable(state.get().recoveries().told().get(now.cluster()))
                .filter(told -> told.primary().equals(primary))
                .isPresent();
    Topology seen = look(primary, List.of(primary));
    boolean alone =
        Recoverable.partner(seen, primary)
            .flatMap(seen::instance)
            .flatMap(Instance::facts)
            .map(f -> f.settings().readOnly())
            .orElseGet(() -> seen.instance(primary).flatMap(Instance::source).isEmpty());
    boolean refuses =
        seen.instance(primary)
            .filter(Instance::seen)
            .flatMap(Instance::facts)
            .filter(f -> f.settings().readOnly())
            .isPresent();
    if (!tookWrites || !alone || !refuses) {
      return primary + " answers again.";
    }
    return carryOut(new Intent.SetReadOnly(primary, false))
        .map(no -> primary + " answers again, and refuses writes: " + no + ".")
        .orElse(primary + " answers again, and was let take writes again.");
  }

  /** A primary that answers and is to be replaced must not go on taking writes. */
  private void quietDown(InstanceKey primary) throws InterruptedException {
    boolean writes =
        watch
            .look(Set.of(primary))
            .instance(primary)
            .filter(Instance::seen)
            .flatMap(Instance::facts)
            .filter(f -> !f.settings().readOnly())
            .isPresent();
    if (writes) {
      carryOut(new Intent.SetReadOnly(primary, true))
          .ifPresent(
              no ->
                  report.add(
                      primary
                          + " could not be made to refuse writes, and may take some that are"
                          + " nowhere else: "
                          + no));
    }
  }

  /** Whom to take, of those that did not turn out to be unfit. */
  private Optional<InstanceKey> choice(OpenRecovery now) {
    if (now.wanted().isPresent()) {
      return now.wanted().filter(w -> !unfit.contains(w));
    }
    Optional<InstanceKey> partner = Recoverable.partner(watch.topology(), now.failed());
    if (partner.isPresent()) {
      // It may take writes, which nobody else has.
      return partner.filter(key -> !unfit.contains(key));
    }
    return successors(now).ranked().stream().filter(key -> !unfit.contains(key)).findFirst();
  }

  private Successors successors(OpenRecovery now) {
    return Successors.of(judge.world().with(watch.topology()), now.failed(), begun());
  }

  /** Who was moved below others to get what those had more, the latest first. */
  private List<InstanceKey> begun() {
    if (begun.isEmpty()) {
      // Once: the journal is on a disk, and asked on the way to a promotion.
      begun =
          Optional.of(
              done().stream()
                  .flatMap(
                      plan ->
                          plan.plan().intent()
                                  instanceof Intent.Relocate(InstanceKey replica, InstanceKey _)
                              ? Stream.of(replica)
                              : Stream.empty())
                  .distinct()
                  .collect(Collectors.toCollection(ArrayList::new)));
    }
    return begun.get();
  }

  private String whyNot(OpenRecovery now) {
    return successors(now).whyNot().entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue() + ".")
        .collect(Collectors.joining(" "));
  }

  private String why(OpenRecovery now, InstanceKey successor) {
    String others = whyNot(now);
    return now.wanted().isPresent()
        ? successor + " was asked for."
        : others.isEmpty() ? successor + " is the only one." : others;
  }

  /** No replica receives any more, and the successor has applied all it received. */
  private boolean ready(Topology seen, InstanceKey failed, InstanceKey successor) {
    // One that tries to connect to it gets nothing, and may not let itself be stopped for long.
    boolean hangs = seen.instance(failed).filter(i -> i.condition() == Condition.HUNG).isPresent();
    boolean still =
        seen.replicasOf(failed).stream()
            .filter(key -> answers(seen, key))
            .flatMap(key -> seen.instance(key).orElseThrow().facts().stream())
            .flatMap(f -> f.channels().stream())
            .filter(c -> c.source().equals(failed))
            .allMatch(c -> c.io() == ThreadState.STOPPED || hangs && c.io() == CONNECTING);
    return still
        && seen.instance(successor)
            .flatMap(Instance::facts)
            .filter(
                f ->
                    f.primaryChannel().map(Channel::stopped).orElse(true)
                        && hasApplied(f, successor))
            .isPresent();
  }

  /** Whether it has applied all it received that can be. */
  private boolean hasApplied(Facts f, InstanceKey successor) {
    Optional<Channel> byPlace = f.primaryChannel().filter(c -> c.gtid() == GtidUse.NONE);
    return byPlace
        .map(
            c ->
                c.progress().read().equals(c.progress().executed())
                    // The beginning of a transaction whose rest was not received is never applied.
                    || drained(successor))
        .orElseGet(
            () ->
                f.identity()
                    .flavor()
                    .position(f.positions().executedGtid())
                    .covers(Successors.received(f)));
  }

  /** Whether a plan of this recovery has waited until it had nothing left to apply. */
  private boolean drained(InstanceKey successor) {
    return done().stream()
        .flatMap(plan -> plan.steps().stream())
        .anyMatch(
            done ->
                done.step() instanceof Step.AwaitDrained s
                    && s.target().equals(successor)
                    && done.ended().isPresent()
                    && done.failure().isEmpty());
  }

  private void makeReady(OpenRecovery now, InstanceKey successor) throws InterruptedException {
    Optional<String> no = carryOut(new Intent.Replace(now.failed(), successor, Part.READY));
    if (no.isPresent()) {
      trouble(successor, no.get());
    }
  }

  /** What cannot be done a few times over cannot be done with this successor. */
  private void trouble(InstanceKey successor, String why) {
    troubles++;
    LOG.log(System.Logger.Level.WARNING, "recovery " + id + ": " + why);
    if (troubles >= TRIES) {
      troubles = 0;
      unfit.add(successor);
      report.add(successor + " could not be made ready: " + why);
    }
    ports.clock().pause(AGAIN);
  }

  /**
   * Has the successor get what others have and it has not; whether it was tried with somebody.
   * Whatever came of it: it has taken a while, and all is to be looked at anew.
   */
  private boolean catchesUp(
      InstanceKey failed, Topology seen, InstanceKey successor, Map<InstanceKey, String> errant)
      throws InterruptedException {
    for (InstanceKey other : Loss.ahead(seen, failed, successor, errant)) {
      // Who has transactions of its own would pass them on.
      if (!errant.containsKey(other)
          && !seen.isBelow(other, successor)
          && !byPlace(seen, successor)
          && passesOn(seen, other)
          && gaps.add(new Gap(successor, other))) {
        catchUp(successor, other);
        return true;
      }
    }
    return false;
  }

  /** Whether a replica applies what it has received: only that it passes on. */
  private static boolean passesOn(Topology seen, InstanceKey key) {
    return seen.instance(key)
        .flatMap(Instance::facts)
        .flatMap(Facts::primaryChannel)
        .filter(c -> c.sql() == ThreadState.STOPPED && c.sqlError().present())
        .isEmpty();
  }

  /** Has the successor get what another replica has and it has not. */
  private void catchUp(InstanceKey successor, InstanceKey other) throws InterruptedException {
    begun().remove(successor);
    begun().addFirst(successor);
    Optional<String> no = carryOut(new Intent.Relocate(successor, other));
    if (no.isPresent()) {
      report.add(successor + " could not get from " + other + " what that has more: " + no.get());
      return;
    }
    Deadline deadline = Deadline.in(rules().drain(), ports.clock());
    while (mandate.holds() && !deadline.over()) {
      Topology seen = watch.look(Set.of(successor, other));
      if (!answers(seen, other) || !answers(seen, successor)) {
        gaps.remove(new Gap(successor, other));
        return;
      }
      Facts its = seen.instance(other).orElseThrow().facts().orElseThrow();
      Facts own = seen.instance(successor).orElseThrow().facts().orElseThrow();
      if (Successors.received(own).covers(Successors.received(its))) {
        report.add(successor + " has got from " + other + " what that had received more.");
        gaps.remove(new Gap(successor, other));
        return;
      }
      ports.clock().pause(GLANCE);
    }
  }

  private Map<InstanceKey, String> errant(Topology seen, InstanceKey failed) {
    var errant = new TreeMap<InstanceKey, String>();
    var world = judge.world().with(seen);
    for (InstanceKey key : Loss.below(seen, failed)) {
      // What is errant on a server above it was passed on to it.
      String above =
          seen.instance(key)
              .flatMap(Instance::source)
              .map(source -> errant.getOrDefault(source, ""))
              .orElse("");
      String own = world.errant(key).map(Object::toString).orElse("");
      if (!own.isEmpty() || !above.isEmpty()) {
        errant.put(key, own.isEmpty() ? above : above.isEmpty() ? own : own + "," + above);
      }
    }
    return errant;
  }

  /** Something would be lost for good: somebody who has it may come back in a moment. */
  private boolean loses(OpenRecovery now, InstanceKey successor, Loss loss)
      throws Scribe.NotCommitted, InterruptedException {
    Duration waited = Duration.between(now.since(), ports.clock().now());
    if (waited.compareTo(rules().lossPatience()) < 0) {
      ports.clock().pause(AGAIN);
      return false;
    }
    letGo(now.failed());
    return close(
        RecoveryEnd.FAILED,
        "Nobody was promoted, as that would lose what is known to be written: "
            + loss.words()
            + " To lose it: recover "
            + now.failed()
            + " --candidate "
            + successor
            + ".");
  }

  private boolean promote(OpenRecovery now, Topology seen, InstanceKey successor)
      throws Scribe.NotCommitted, InterruptedException {
    Optional<Facts> facts =
        seen.instance(successor).filter(Instance::seen).flatMap(Instance::facts);
    if (facts.isEmpty()) {
      return lostSuccessor(now, seen, successor);
    }
    away = 0;
    boolean done = facts.get().channels().isEmpty() && !facts.get().settings().readOnly();
    // A primary that hung may have woken since it was chosen, and sent more to one that could not
    // be
    // stopped.
    boolean attached = !facts.get().channels().isEmpty();
    if (attached
        && ready(seen, now.failed(), successor)
        && catchesUp(now.failed(), seen, successor, errant(seen, now.failed()))) {
      return false;
    }
    if (!done) {
      // One that has forgotten its source has nothing left to get ready for.
      Optional<String> no =
          facts.get().channels().isEmpty() || ready(seen, now.failed(), successor)
              ? carryOut(new Intent.Replace(now.failed(), successor, Part.PROMOTE))
              : carryOut(new Intent.Replace(now.failed(), successor, Part.READY));
      if (no.isPresent()) {
        troubles++;
        LOG.log(System.Logger.Level.WARNING, "recovery " + id + ": " + no.get());
        if (troubles > TRIES) {
          return close(RecoveryEnd.FAILED, successor + " could not be promoted: " + no.get() + ".");
        }
        ports.clock().pause(AGAIN);
      }
      return false;
    }
    tell(HookList.AFTER_PRIMARY, now, Optional.of(successor));
    followByPlace(now.failed(), successor);
    gather(now.failed(), successor);
    // What is below a replica that died as well is left by everybody otherwise.
    for (InstanceKey key : Successors.below(watch.topology(), now.failed())) {
      if (!answers(watch.topology(), key)) {
        gather(key, successor);
      }
    }
    // Where commits wait for replicas, these are there by now.
    takeEvents(now.failed(), successor);
    takeSemiSync(now.failed(), successor);
    if (!mandate.holds()) {
      return false;
    }
    return closeWith(now.failed(), successor, successor + " takes the writes.");
  }

  /**
   * Where commits of the dead one waited for replicas, those of its successor do from now on: not
   * before, as they would wait for replicas that are not there yet.
   */
  private void takeSemiSync(InstanceKey failed, InstanceKey successor) throws InterruptedException {
    Topology seen = look(successor, List.of(successor));
    boolean waited =
        seen.instance(failed)
            .flatMap(Instance::facts)
            .filter(f -> f.semiSync().source().enabled())
            .isPresent();
    Optional<SemiSync.Source> own =
        seen.instance(successor).flatMap(Instance::facts).map(f -> f.semiSync().source());
    if (!waited || own.filter(s -> s.available() && !s.enabled()).isEmpty() || !mandate.holds()) {
      return;
    }
    long acknowledge =
        seen.replicasOf(successor).stream()
            .flatMap(key -> seen.instance(key).filter(Instance::seen).stream())
            .flatMap(i -> i.facts().stream())
            .filter(f -> f.semiSync().replica().enabled())
            .count();
    if (acknowledge < Math.max(1, own.get().waitFor())) {
      report.add(
          "Commits of "
              + failed
              + " waited for semi-synchronous replicas, and those of "
              + successor
              + " do not: "
              + acknowledge
              + " are below it.");
      return;
    }
    carryOut(new Intent.OnServer(successor, new Doing.SemiSync(Doing.Side.SOURCE, true)))
        .ifPresent(
            no ->
                report.add(
                    "Commits of " + successor + " do not wait for replicas as before: " + no));
  }

  /**
   * Those that go by file and position go below it by the place that was noted when it was
   * promoted: it is the only one that is known.
   */
  private void followByPlace(InstanceKey failed, InstanceKey successor)
      throws InterruptedException {
    Optional<String> no = Optional.empty();
    for (int i = 0; i < TRIES && mandate.holds(); i++) {
      Topology seen = look(failed, List.of(successor));
      boolean some =
          seen.replicasOf(failed).stream()
              .anyMatch(key -> !key.equals(successor) && answers(seen, key) && byPlace(seen, key));
      if (!some) {
        return;
      }
      no = carryOut(new Intent.Replace(failed, successor, Part.FOLLOW));
      if (no.isEmpty()) {
        return;
      }
      ports.clock().pause(AGAIN);
    }
    no.ifPresent(why -> report.add("Not all could be moved below " + successor + ": " + why));
  }

  @Override
  boolean isMovable(Topology seen, InstanceKey key) {
    return !byPlace(seen, key);
  }

  private static boolean byPlace(Topology seen, InstanceKey key) {
    return seen.instance(key)
        .flatMap(Instance::facts)
        .flatMap(Facts::primaryChannel)
        .filter(c -> c.gtid() == GtidUse.NONE)
        .isPresent();
  }

  /**
   * It was decided for it, and it does not answer. Where it was never told to take writes, another
   * may be chosen; else whatever it took would be lost, and that is for people to decide.
   */
  private boolean lostSuccessor(OpenRecovery now, Topology seen, InstanceKey successor)
      throws Scribe.NotCommitted {
    boolean mayHaveWrites = toldToTakeWrites(successor);
    away++;
    if (away <= (mayHaveWrites ? WRITER_AWAY : TRIES)) {
      ports.clock().pause(AGAIN);
      return false;
    }
    away = 0;
    String sentence = seen.instance(successor).map(Instance::sentence).orElse("");
    if (!mayHaveWrites) {
      unfit.add(successor);
      report.add(successor + " was chosen, and died before it took writes: " + sentence + ".");
      return false;
    }
    return close(
        RecoveryEnd.FAILED,
        successor
            + " was chosen and told to take writes, and does not answer any more: "
            + sentence
            + ". Another can be asked for, which loses what it may have taken: recover "
            + now.failed()
            + ".");
  }
}
