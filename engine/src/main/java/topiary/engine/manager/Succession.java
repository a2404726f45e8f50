package topiary.engine.manager;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.execute.Fences;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Report;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.Topology;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.CommandLog;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;
import topiary.engine.state.OpenPlan;
import topiary.engine.state.PlanEnd;

/**
 * Looks after plans that are open and that nobody runs: their process died, or stopped leading. The
 * fences of their servers are taken first, so that whoever ran one does nothing more; then the
 * servers are looked at; then the plan is closed with what was seen. Thread-safe.
 */
final class Succession {

  private static final System.Logger LOG = System.getLogger(Succession.class.getName());

  /** How long until it is tried again when the log could not be written. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final Ports ports;
  private final PlanPolicy policy;
  private final Watch watch;
  private final Scribe scribe;
  private final Desk desk;
  private final Supplier<ManagerState> state;
  private final Set<PlanId> underWay = ConcurrentHashMap.newKeySet();

  /**
   * A succession.
   *
   * @param desk knows which plans this process runs
   * @param state as it is now
   */
  Succession(
      Ports ports,
      PlanPolicy policy,
      Watch watch,
      Scribe scribe,
      Desk desk,
      Supplier<ManagerState> state) {
    this.ports = ports;
    this.policy = policy;
    this.watch = watch;
    this.scribe = scribe;
    this.desk = desk;
    this.state = state;
  }

  /** Sees whether there is anything to look after, and begins with it. Returns at once. */
  void look() {
    if (state.get().plans().isEmpty() || !ports.log().leadership().leading()) {
      return;
    }
    Mandate mandate;
    try {
      mandate = Mandate.of(ports.log());
    } catch (CommandLog.NotLeading e) {
      LOG.log(System.Logger.Level.DEBUG, "plans are left to others", e);
      return;
    }
    for (PlanId id : state.get().plans().keySet()) {
      if (!desk.runs(id, mandate) && underWay.add(id)) {
        boolean begun = ports.scheduler().start("report " + id, () -> lookAfter(id, mandate));
        if (!begun) {
          underWay.remove(id);
        }
      }
    }
  }

  private void lookAfter(PlanId id, Mandate mandate) {
    boolean done = false;
    try {
      desk.awaitEnd(id);
      done = close(id, mandate);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.remove(id);
    }
    if (!done) {
      // Not only later: this node may lead anew already, in a term that found it under way here.
      ports.scheduler().after(AGAIN, this::look);
    }
  }

  /** Whether there is nothing left to do for a plan. */
  private boolean close(PlanId id, Mandate mandate) {
    OpenPlan open = state.get().plans().get(id);
    if (open == null) {
      return true;
    }
    Optional<Fences> taken =
        Fences.take(open.plan().targets(), ports.fleet(), ports.clock(), policy, mandate);
    if (taken.isEmpty()) {
      return false;
    }
    try (Fences fences = taken.get()) {
      Topology now = watch.look(open.plan().targets());
      OpenPlan last = state.get().plans().getOrDefault(id, open);
      scribe.commit(
          new Command.ClosePlan(id, PlanEnd.INTERRUPTED, report(id, last, now, fences.missed())),
          By.OBSERVATION.actor(),
          By.OBSERVATION.cause());
      return true;
    } catch (Scribe.NotCommitted e) {
      if (e.why() == Scribe.NotCommitted.Why.REJECTED) {
        LOG.log(System.Logger.Level.DEBUG, "plan " + id + " was closed meanwhile", e);
        return true;
      }
      LOG.log(System.Logger.Level.WARNING, "plan " + id + " is not closed yet: " + e.getMessage());
      return false;
    }
  }

  private String report(PlanId id, OpenPlan open, Topology now, List<String> missed) {
    List<String> during =
        ports.journal().plan(id).map(PlanJournal.PlanRecord::steps).orElse(List.of()).stream()
            .filter(step -> step.ended().isEmpty())
            .map(step -> "step " + step.number())
            .toList();
    String did =
        during.isEmpty()
            ? "Interrupted after step " + open.ended() + "."
            : "Interrupted during "
                + String.join(" and ", during)
                + ", which may or may not be done.";
    Stream<String> stands =
        open.plan().targets().stream()
            .flatMap(key -> now.instance(key).stream())
            .map(Report::stands);
    String again =
        "Ask again for \""
            + goal(open.plan().intent()).words()
            + "\": the new plan goes on from here.";
    return Stream.of(Stream.of(did), stands, missed.stream(), Stream.of(again))
        .flatMap(sentences -> sentences)
        .collect(Collectors.joining(" "));
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
}
