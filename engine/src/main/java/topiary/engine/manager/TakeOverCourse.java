package topiary.engine.manager;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Outcome;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.policy.HookList;
import topiary.engine.state.Command;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;

/** A replica takes over from a primary that lives. */
final class TakeOverCourse extends RecoveryCourse {

  private static final System.Logger LOG = System.getLogger(TakeOverCourse.class.getName());

  TakeOverCourse(Means means, RecoveryId id, Mandate mandate) {
    super(means, id, mandate);
  }

  /** How often a taking over was tried. */
  private int tries;

  /** The plan of a taking over that was begun and not waited for yet. */
  private Optional<Run> begun = Optional.empty();

  /** Runs what is to be run before anything of a taking over is done. */
  void first() throws RequestRefused {
    before = watch.topology();
    OpenRecovery now = state.get().recoveries().open().get(id);
    try {
      Optional<String> against = around.before(id, HookList.BEFORE_TAKEOVER, now, before, mandate);
      if (against.isEmpty()) {
        against = around.before(id, now, before, mandate);
      }
      if (against.isPresent()) {
        giveUp(now, against.get());
        throw new RequestRefused(
            RequestRefused.Kind.REFUSED,
            "what is to be run before "
                + now.failed()
                + " is taken over from failed: "
                + against.get());
      }
    } catch (Scribe.NotCommitted e) {
      throw RequestRefused.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestRefused(RequestRefused.Kind.BROKEN, "this node is being stopped", e);
    }
  }

  /** Runs the first plan of a taking over; it is waited for by {@link #run}. */
  Run begin(Plan plan) throws RequestRefused {
    try {
      Run run = desk.run(plan, by);
      plans.add(run.id());
      begun = Optional.of(run);
      return run;
    } catch (RequestRefused e) {
      try {
        close(RecoveryEnd.FAILED, "It was not begun: " + e.getMessage());
      } catch (Scribe.NotCommitted notClosed) {
        LOG.log(
            System.Logger.Level.WARNING,
            "recovery " + id + " is not closed yet: " + notClosed.getMessage());
      }
      throw e;
    }
  }

  /**
   * A replica takes over from a primary that lives. What a plan leaves, whoever ran it, is one of
   * three: it is done; the primary takes writes, so all was put back; or nobody does, and then it
   * is gone on with, until it turns out that it cannot be, and the primary is let take them again.
   */
  @Override
  boolean next(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
    InstanceKey successor = now.wanted().orElseThrow();
    InstanceKey primary = now.failed();
    Optional<String> trouble = Optional.empty();
    if (begun.isPresent()) {
      Outcome outcome = begun.get().await();
      begun = Optional.empty();
      report.addAll(outcome.notes());
      tries++;
      if (!mandate.holds()) {
        // Whoever leads now goes on, and this node anew, if it is the one.
        return false;
      }
      if (outcome.end() != PlanEnd.DONE) {
        trouble = Optional.of(outcome.report());
      }
    }
    Topology seen = watch.look(Set.of(successor, primary));
    if (leads(seen, successor)) {
      if (now.successor().isEmpty()) {
        commit(
            new Command.ChooseSuccessor(
                id,
                successor,
                "Nothing: " + primary + " refused writes until " + successor + " had them all.",
                successor + " was asked for."));
      }
      OpenRecovery chosen = state.get().recoveries().open().get(id);
      if (chosen != null) {
        tell(HookList.AFTER_PRIMARY, chosen, chosen.successor());
      }
      trouble.ifPresent(report::add);
      takeEvents(primary, successor);
      letGoOfOwn();
      if (!mandate.holds()) {
        return false;
      }
      return close(
          trouble.isEmpty() ? RecoveryEnd.DONE : RecoveryEnd.DONE_IN_PART,
          successor + " takes the writes, and " + primary + " replicates from it.");
    }
    boolean restored =
        seen.instance(primary)
            .filter(Instance::seen)
            .flatMap(Instance::facts)
            .filter(f -> !f.settings().readOnly())
            .isPresent();
    if (tries > 0 && (restored || tries >= TRIES)) {
      return giveUp(now, successor, trouble.orElse("It could not be finished."));
    }
    tries++;
    carryOut(wantedOf(now))
        .ifPresent(
            no -> {
              report.add(no);
              ports.clock().pause(AGAIN);
            });
    return false;
  }

  private static boolean leads(Topology seen, InstanceKey successor) {
    return seen.instance(successor)
        .filter(Instance::seen)
        .flatMap(Instance::facts)
        .filter(f -> f.channels().isEmpty() && !f.settings().readOnly())
        .isPresent();
  }

  /** What was wanted, as the plan before said it; else what this recovery is for. */
  private Intent wantedOf(OpenRecovery now) {
    return done().stream()
        .flatMap(plan -> desk.takesOver(plan.plan().intent()).stream())
        .<Intent>map(tree -> tree)
        .findFirst()
        .orElseGet(
            () ->
                new Intent.InTree(
                    now.wanted().orElseThrow(),
                    new Reshaping.TakeOver(Optional.of(now.failed()), List.of(), false)));
  }

  /** All is put back: the primary takes writes, and those that were moved are below it again. */
  private boolean giveUp(OpenRecovery now, InstanceKey successor, String why)
      throws Scribe.NotCommitted, InterruptedException {
    InstanceKey primary = now.failed();
    if (!mandate.holds()) {
      return false;
    }
    letGo(primary);
    letGo(successor);
    // To start replicas of one that is away takes a while, in which it may have come back.
    Topology seen = watch.look(Set.of(successor, primary));
    if (!answers(seen, primary)) {
      return close(RecoveryEnd.FAILED, primary + " does not answer any more. " + why);
    }
    boolean quiet =
        seen.instance(primary).orElseThrow().facts().orElseThrow().settings().readOnly();
    if (quiet) {
      boolean safe =
          seen.instance(successor)
                  .filter(Instance::seen)
                  .flatMap(Instance::facts)
                  .filter(f -> f.settings().readOnly())
                  .isPresent()
              || !toldToTakeWrites(successor);
      Optional<String> no =
          safe
              ? carryOut(new Intent.SetReadOnly(primary, false))
              : Optional.of(
                  successor
                      + " was told to take writes and does not answer, so it may have some; to"
                      + " have "
                      + primary
                      + " take them again nevertheless: set-writeable "
                      + primary);
      if (no.isPresent()) {
        return close(RecoveryEnd.FAILED, "Nobody takes writes: " + no.get() + ". " + why);
      }
    }
    giveBackEvents(primary);
    List<Intent.Relocate> back =
        moved(successor).stream()
            .filter(key -> watch.topology().replicasOf(successor).contains(key))
            .map(key -> new Intent.Relocate(key, primary))
            .toList();
    if (!back.isEmpty()) {
      carryOut(new Intent.Moves(back))
          .ifPresent(no -> report.add("Not all could be moved back below " + primary + ": " + no));
    }
    return close(RecoveryEnd.FAILED, primary + " takes the writes, as before. " + why);
  }

  /** Whom the plans of this recovery have moved below the successor. */
  private List<InstanceKey> moved(InstanceKey successor) {
    return done().stream()
        .flatMap(plan -> plan.steps().stream())
        .filter(step -> step.ended().isPresent() && step.failure().isEmpty())
        .flatMap(
            step ->
                switch (step.step()) {
                  case Step.PointAt s when s.source().equals(successor) -> Stream.of(s.target());
                  case Step.PointAtFile s when s.source().equals(successor) ->
                      Stream.of(s.target());
                  case Step.PointAtPlace s when s.source().equals(successor) ->
                      Stream.of(s.target());
                  default -> Stream.empty();
                })
        .distinct()
        .toList();
  }
}
