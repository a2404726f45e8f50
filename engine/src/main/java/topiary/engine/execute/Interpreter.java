package topiary.engine.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Fleet;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;

/**
 * Runs a plan that was opened in the log.
 *
 * <p>A step is committed as begun before its deed and as ended after it. When a guard is broken, a
 * step fails, or somebody cancels, the lastly steps of the stage that was last entered are done, so
 * that nothing stays half moved without the report saying so. They are done even when the log can
 * no longer be written: a replica left standing is worse than a gap in the journal, and the plan
 * stays open there until another begins, or until the next start.
 *
 * <p>But when this node has stopped leading, nothing more is done, lastly steps neither: whoever
 * leads now takes the servers over as they are, and looks after the plan. So before anything is put
 * back, a majority must confirm that this node still leads; alone it is its own majority.
 */
public final class Interpreter {

  private static final System.Logger LOG = System.getLogger(Interpreter.class.getName());

  private final Fleet fleet;
  private final Clock clock;
  private final PlanPolicy policy;
  private final Scribe scribe;
  private final Surroundings surroundings;

  public Interpreter(
      Fleet fleet, Clock clock, PlanPolicy policy, Scribe scribe, Surroundings surroundings) {
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
    this.scribe = scribe;
    this.surroundings = surroundings;
  }

  /**
   * Runs a plan to its end and closes it in the log, unless the mandate lapses on the way.
   *
   * @param actor in whose name
   * @param mandate that this node had when the plan was opened
   * @param cancelled asked at every stage's border
   * @param progress hears of every step
   */
  public Outcome run(
      PlanId id,
      Plan plan,
      String actor,
      Mandate mandate,
      BooleanSupplier cancelled,
      Progress progress) {
    try (var deeds = new Deeds(fleet, clock, policy, surroundings::real, mandate, cancelled)) {
      var run = new Run(id, plan, actor, mandate, progress, deeds);
      Outcome outcome;
      try {
        outcome = run.stages(cancelled);
      } catch (Mandate.Lapsed e) {
        // Closing it is the successor's.
        return run.leftToTheSuccessor(e);
      }
      try {
        scribe.commit(
            new Command.ClosePlan(id, outcome.end(), outcome.report()), actor, "plan " + id);
      } catch (Scribe.NotCommitted e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "plan " + id + " could not be closed in the log: " + e.getMessage());
        return new Outcome(
            outcome.end(), outcome.report() + " The journal lacks this end: " + e.getMessage());
      }
      return outcome;
    }
  }

  /** One run of one plan. */
  private final class Run {
    private final PlanId id;
    private final Plan plan;
    private final String actor;
    private final Mandate mandate;
    private final Progress progress;
    private final Deeds deeds;
    private final int total;
    private int number;
    private int done;

    /** Where it stands, for whoever has to say where it stopped. */
    private String place = "before its first step";

    private Run(
        PlanId id, Plan plan, String actor, Mandate mandate, Progress progress, Deeds deeds) {
      this.id = id;
      this.plan = plan;
      this.actor = actor;
      this.mandate = mandate;
      this.progress = progress;
      this.deeds = deeds;
      this.total = plan.stages().stream().mapToInt(s -> s.steps().size()).sum();
    }

    private Outcome leftToTheSuccessor(Mandate.Lapsed lapsed) {
      LOG.log(
          System.Logger.Level.WARNING,
          "plan " + id + " is left to the node that leads now: " + lapsed.getMessage());
      return new Outcome(
          PlanEnd.INTERRUPTED,
          "Did "
              + done
              + " of "
              + total
              + " steps. This node stopped leading "
              + place
              + " and does nothing more: "
              + mandate.successor()
              + ".");
    }

    private Outcome stages(BooleanSupplier cancelled) throws Mandate.Lapsed {
      Optional<Stage> last = Optional.empty();
      for (Stage stage : plan.stages()) {
        mandate.require();
        if (cancelled.getAsBoolean()) {
          return ended(PlanEnd.CANCELLED, "Cancelled before \"" + stage.title() + "\".", last);
        }
        Optional<String> broken = brokenGuard(stage);
        if (broken.isPresent()) {
          return ended(
              PlanEnd.FAILED,
              "Not begun: \"" + stage.title() + "\", because " + broken.get() + ".",
              last);
        }
        deeds.newStage();
        last = Optional.of(stage);
        for (Step step : stage.steps()) {
          Optional<String> failure = perform(step);
          if (failure.isPresent()) {
            boolean stopped = failure.get().equals(Deeds.CANCELLED);
            return ended(
                stopped ? PlanEnd.CANCELLED : PlanEnd.FAILED,
                "Step "
                    + number
                    + " of "
                    + total
                    + " ("
                    + step.words()
                    + ") failed: "
                    + failure.get()
                    + ".",
                last);
          }
        }
      }
      return ended(PlanEnd.DONE, "", Optional.empty());
    }

    private Optional<String> brokenGuard(Stage stage) {
      var servers = new TreeSet<InstanceKey>();
      stage.guards().forEach(g -> servers.add(g.instance()));
      Topology now = surroundings.look(servers);
      return stage.guards().stream()
          .map(guard -> guard.broken(now))
          .flatMap(Optional::stream)
          .findFirst();
    }

    /** Does a step, journalled; the sentence when it failed. */
    private Optional<String> perform(Step step) throws Mandate.Lapsed {
      number++;
      place = "before step " + number + " (" + step.words() + ")";
      try {
        scribe.commit(new Command.BeginStep(id, number, step), actor, "plan " + id);
      } catch (Scribe.NotCommitted e) {
        requireMandate(e);
        progress.failed(number, step, e.getMessage());
        return Optional.of(e.getMessage());
      }
      Optional<String> failure = deed(step);
      try {
        scribe.commit(new Command.EndStep(id, number, step, failure), actor, "plan " + id);
      } catch (Scribe.NotCommitted e) {
        requireMandate(e);
        return Optional.of(failure.orElse("done, but not journalled: " + e.getMessage()));
      }
      if (failure.isEmpty()) {
        done++;
        place = "after step " + number;
      }
      return failure;
    }

    /** Whether the log failed, or this node stopped leading: then nothing more is done. */
    private void requireMandate(Scribe.NotCommitted e) throws Mandate.Lapsed {
      if (e.why() == Scribe.NotCommitted.Why.NOT_LEADING) {
        throw new Mandate.Lapsed(e.getMessage(), e);
      }
    }

    private Optional<String> deed(Step step) throws Mandate.Lapsed {
      progress.begun(number, step);
      place = "during step " + number + " (" + step.words() + "), which may or may not be done,";
      try {
        deeds.perform(step);
        progress.done(number, step);
        return Optional.empty();
      } catch (Mandate.Lapsed e) {
        progress.failed(number, step, e.getMessage());
        throw e;
      } catch (DeedFailed e) {
        LOG.log(
            System.Logger.Level.INFO, "plan " + id + ": " + step.words() + ": " + e.getMessage());
        progress.failed(number, step, e.getMessage());
        return Optional.of(e.getMessage());
      } catch (Clock.CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        // A server's answer that is not what its manual says, or a fault of ours: either way what
        // was moved is put back.
        LOG.log(System.Logger.Level.WARNING, "plan " + id + ": " + step.words() + " failed", e);
        progress.failed(number, step, e.getMessage());
        return Optional.of(step.target() + " answered oddly: " + e.getMessage());
      }
    }

    private Outcome ended(PlanEnd end, String why, Optional<Stage> toSettle) throws Mandate.Lapsed {
      var report = new ArrayList<String>();
      report.add("Did " + done + " of " + total + " steps.");
      if (!why.isEmpty()) {
        report.add(why);
      }
      if (toSettle.isPresent()) {
        report.addAll(settle(toSettle.get()));
      }
      Topology now = surroundings.look(plan.targets());
      plan.targets().forEach(key -> report.add(now.instance(key).map(Report::stands).orElse("")));
      return new Outcome(
          end, report.stream().filter(s -> !s.isEmpty()).collect(Collectors.joining(" ")));
    }

    private List<String> settle(Stage stage) throws Mandate.Lapsed {
      var report = new ArrayList<String>();
      if (!stage.lastly().isEmpty()) {
        // What failed may have failed because a successor came.
        mandate.confirm();
      }
      deeds.puttingBack();
      for (Step step : stage.lastly()) {
        number++;
        journal(new Command.BeginStep(id, number, step));
        Optional<String> failure = deed(step);
        journal(new Command.EndStep(id, number, step, failure));
        report.add(
            failure
                .map(
                    f ->
                        "Could not put back ("
                            + step.words()
                            + "): "
                            + f
                            + ". Somebody has to look after "
                            + step.target()
                            + ".")
                .orElse("Put back: " + step.words() + "."));
      }
      return report;
    }

    private void journal(Command command) throws Mandate.Lapsed {
      try {
        scribe.commit(command, actor, "plan " + id);
      } catch (Scribe.NotCommitted e) {
        requireMandate(e);
        LOG.log(
            System.Logger.Level.ERROR,
            "plan " + id + " goes on without its journal: " + e.getMessage());
      }
    }
  }
}
