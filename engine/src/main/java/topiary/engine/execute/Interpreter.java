package topiary.engine.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Fleet;
import topiary.engine.port.Scheduler;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;

/**
 * Runs a plan that was opened in the log.
 *
 * <p>A step is committed as begun before its deed and as ended after it. Stages that do not come
 * after one another are done side by side; where one fails, what comes after it is left out, and
 * the others go on. When a guard is broken, a step fails, or somebody cancels, the lastly steps of
 * the stage that was last entered on that way are done, so that nothing stays half moved without
 * the report saying so. They are done even when the log can no longer be written: a replica left
 * standing is worse than a gap in the journal, and the plan stays open there until another begins,
 * or until the next start.
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
  private final Scheduler scheduler;

  /**
   * An interpreter.
   *
   * @param scheduler gives stages that are done side by side a thread each
   */
  public Interpreter(
      Fleet fleet,
      Clock clock,
      PlanPolicy policy,
      Scribe scribe,
      Surroundings surroundings,
      Scheduler scheduler) {
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
    this.scribe = scribe;
    this.surroundings = surroundings;
    this.scheduler = scheduler;
  }

  /**
   * Runs a plan to its end and closes it in the log, unless the mandate lapses on the way.
   *
   * @param actor in whose name
   * @param mandate that this node had when the plan was opened
   * @param cancelled asked at every stage's border, and while a step waits
   * @param progress hears of every step
   */
  public Outcome run(
      PlanId id,
      Plan plan,
      String actor,
      Mandate mandate,
      BooleanSupplier cancelled,
      Progress progress) {
    try (var sessions = new Sessions(fleet, clock, policy.statement(), mandate)) {
      var run = new Run(id, plan, actor, mandate, progress, sessions, cancelled);
      Outcome outcome;
      try {
        outcome = run.stages();
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

  /** What became of a stage. */
  private enum Result {
    DONE,
    FAILED,
    NOT_BEGUN,
    PUT_BACK
  }

  /** What a stage's thread tells the one that runs the plan. */
  private record News(int stage, Result result, Optional<Exception> fault) {}

  /** A stage's work, on whatever thread. */
  private interface Work {
    Result todo() throws Mandate.Lapsed;
  }

  /** One run of one plan. What it knows of the plan's course only its own thread touches. */
  private final class Run {
    private final PlanId id;
    private final Plan plan;
    private final String actor;
    private final Mandate mandate;
    private final Progress progress;
    private final Sessions sessions;
    private final BooleanSupplier cancelled;
    private final Course course;
    private final int total;
    private final AtomicInteger done = new AtomicInteger();

    /** Steps that put back are counted after all others. */
    private final AtomicInteger lastNumber;

    /** The stages that were entered, by their places. */
    private final ConcurrentNavigableMap<Integer, Entered> entered = new ConcurrentSkipListMap<>();

    /** What is to be told of steps, and of stages not done to their end, or not begun. */
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    /** What of it is told of steps that were done. */
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();

    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final AtomicBoolean failed = new AtomicBoolean();

    private Run(
        PlanId id,
        Plan plan,
        String actor,
        Mandate mandate,
        Progress progress,
        Sessions sessions,
        BooleanSupplier cancelled) {
      this.id = id;
      this.plan = plan;
      this.actor = actor;
      this.mandate = mandate;
      this.progress = progress;
      this.sessions = sessions;
      this.cancelled = cancelled;
      this.course = new Course(plan);
      this.total = plan.length();
      this.lastNumber = new AtomicInteger(total);
    }

    private Outcome leftToTheSuccessor(Mandate.Lapsed lapsed) {
      LOG.log(
          System.Logger.Level.WARNING,
          "plan " + id + " is left to the node that leads now: " + lapsed.getMessage());
      String places =
          entered.values().stream()
              .filter(stage -> !stage.over)
              .map(stage -> stage.place)
              .collect(Collectors.joining(" and "));
      String last =
          entered.isEmpty() ? "before its first step" : entered.lastEntry().getValue().place;
      return new Outcome(
          PlanEnd.INTERRUPTED,
          "Did "
              + done
              + " of "
              + total
              + " steps. This node stopped leading "
              + (places.isEmpty() ? last : places)
              + " and does nothing more: "
              + mandate.successor()
              + ".");
    }

    /** Has everything done that can be, side by side where the plan has it so. */
    private Outcome stages() throws Mandate.Lapsed {
      int underWay = 0;
      Optional<Exception> fault = Optional.empty();
      while (true) {
        var jobs = new TreeMap<Integer, Work>();
        if (fault.isEmpty()) {
          try {
            mandate.require();
            plan(jobs);
          } catch (Mandate.Lapsed e) {
            fault = Optional.of(e);
          }
        }
        boolean alone = underWay + jobs.size() == 1;
        jobs.forEach((stage, work) -> begin(stage, work, alone));
        underWay += jobs.size();
        if (underWay == 0) {
          break;
        }
        News latest = next();
        underWay--;
        fault = fault.or(latest::fault);
        note(latest);
      }
      if (fault.isPresent()) {
        if (fault.get() instanceof Mandate.Lapsed e) {
          throw e;
        }
        throw (RuntimeException) fault.get();
      }
      return ended();
    }

    /** What is to be begun now. */
    private void plan(Map<Integer, Work> jobs) {
      course
          .next(cancelled.getAsBoolean(), this::cancelledBefore)
          .forEach(
              stage -> {
                course.begun(stage);
                jobs.put(stage, () -> enter(stage));
              });
      course
          .toPutBack()
          .forEach(
              stage -> {
                course.puttingBack(stage);
                jobs.put(stage, () -> putBack(stage));
              });
    }

    private void cancelledBefore(int stage) {
      told.add("Cancelled before \"" + plan.stages().get(stage).title() + "\".");
    }

    /** Begins work, here when there is no other, else on a thread of its own. */
    private void begin(int stage, Work work, boolean alone) {
      Runnable task =
          () -> {
            try {
              news.add(new News(stage, work.todo(), Optional.empty()));
            } catch (Mandate.Lapsed | RuntimeException e) {
              news.add(new News(stage, Result.FAILED, Optional.of(e)));
            }
          };
      if (alone) {
        task.run();
      } else if (!scheduler.start("plan " + id + ", stage " + (stage + 1), task)) {
        var stopping = new Clock.CancellationException("this node is being stopped", null);
        news.add(new News(stage, Result.FAILED, Optional.of(stopping)));
      }
    }

    private News next() {
      try {
        return news.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Clock.CancellationException("interrupted while stages were under way", e);
      }
    }

    private void note(News latest) {
      switch (latest.result()) {
        case DONE -> course.done(latest.stage());
        case FAILED -> course.failed(latest.stage());
        case NOT_BEGUN -> course.leftOut(latest.stage());
        case PUT_BACK -> course.isPutBack();
      }
    }

    private Result enter(int place) throws Mandate.Lapsed {
      Stage stage = plan.stages().get(place);
      Optional<String> broken = brokenGuard(stage);
      if (broken.isPresent()) {
        failed.set(true);
        told.add("Not begun: \"" + stage.title() + "\", because " + broken.get() + ".");
        return Result.NOT_BEGUN;
      }
      var run = new Entered(this, stage, place);
      entered.put(place, run);
      List<String> trouble = run.steps();
      if (trouble.isEmpty()) {
        return Result.DONE;
      }
      told.addAll(trouble);
      return Result.FAILED;
    }

    private Result putBack(int place) throws Mandate.Lapsed {
      told.addAll(entered.get(place).settle());
      return Result.PUT_BACK;
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

    private Outcome ended() {
      var report = new ArrayList<String>();
      report.add("Did " + done + " of " + total + " steps.");
      report.addAll(told);
      Topology now = surroundings.look(plan.targets());
      plan.targets().forEach(key -> report.add(now.instance(key).map(Report::stands).orElse("")));
      if (!course.allDone()
          && course.someDone()
          && plan.undoing().inverse() instanceof Intent.Moves) {
        report.add("What was moved can be taken back: undo " + id + ".");
      }
      PlanEnd end =
          course.allDone() ? PlanEnd.DONE : failed.get() ? PlanEnd.FAILED : PlanEnd.CANCELLED;
      return new Outcome(
          end,
          report.stream().filter(s -> !s.isEmpty()).collect(Collectors.joining(" ")),
          List.copyOf(notes));
    }
  }

  /** A stage that was entered. One thread at a time. */
  private final class Entered {
    private final Run run;
    private final Stage stage;
    private final Deeds deeds;
    private int number;

    /** Where it stands, for whoever has to say where it stopped. */
    private volatile String place = "before its first step";

    private volatile boolean over;

    private Entered(Run run, Stage stage, int at) {
      this.run = run;
      this.stage = stage;
      number = run.plan.stages().subList(0, at).stream().mapToInt(s -> s.steps().size()).sum();
      deeds =
          new Deeds(
              run.sessions, fleet, clock, policy, surroundings::real, run.mandate, run.cancelled);
    }

    /** Does its steps; what is to be told when one of them failed, empty otherwise. */
    private List<String> steps() throws Mandate.Lapsed {
      for (Step step : stage.steps()) {
        number++;
        Optional<String> failure = perform(step);
        if (failure.isPresent()) {
          if (!failure.get().equals(Deeds.CANCELLED)) {
            run.failed.set(true);
          }
          var told = new ArrayList<String>();
          told.add(
              "Step "
                  + number
                  + " of "
                  + run.total
                  + " ("
                  + step.words()
                  + ") failed: "
                  + failure.get()
                  + ".");
          told.addAll(settle());
          return told;
        }
      }
      over = true;
      return List.of();
    }

    /** Does a step, journalled; the sentence when it failed. */
    private Optional<String> perform(Step step) throws Mandate.Lapsed {
      place = "before step " + number + " (" + step.words() + ")";
      try {
        scribe.commit(begins(step), run.actor, "plan " + run.id);
      } catch (Scribe.NotCommitted e) {
        requireMandate(e);
        run.progress.failed(number, step, e.getMessage());
        return Optional.of(e.getMessage());
      }
      Optional<String> failure = deed(step);
      try {
        scribe.commit(ends(step, failure), run.actor, "plan " + run.id);
      } catch (Scribe.NotCommitted e) {
        requireMandate(e);
        return Optional.of(failure.orElse("done, but not journalled: " + e.getMessage()));
      }
      List<String> notes = deeds.notes();
      run.told.addAll(notes);
      run.notes.addAll(notes);
      if (failure.isEmpty()) {
        run.done.incrementAndGet();
        place = "after step " + number;
      }
      return failure;
    }

    private Command begins(Step step) {
      return new Command.BeginStep(run.id, number, step);
    }

    private Command ends(Step step, Optional<String> failure) {
      return new Command.EndStep(run.id, number, deeds.told(step), failure);
    }

    /** Whether the log failed, or this node stopped leading: then nothing more is done. */
    private void requireMandate(Scribe.NotCommitted e) throws Mandate.Lapsed {
      if (e.why() == Scribe.NotCommitted.Why.NOT_LEADING) {
        throw new Mandate.Lapsed(e.getMessage(), e);
      }
    }

    private Optional<String> deed(Step step) throws Mandate.Lapsed {
      run.progress.begun(number, step);
      place = "during step " + number + " (" + step.words() + "), which may or may not be done,";
      try {
        deeds.perform(step);
        run.progress.done(number, step);
        return Optional.empty();
      } catch (Mandate.Lapsed e) {
        run.progress.failed(number, step, e.getMessage());
        throw e;
      } catch (DeedFailed e) {
        LOG.log(
            System.Logger.Level.INFO,
            "plan " + run.id + ": " + step.words() + ": " + e.getMessage());
        run.progress.failed(number, step, e.getMessage());
        return Optional.of(e.getMessage());
      } catch (Clock.CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        // A server's answer that is not what its manual says, or a fault of ours: either way what
        // was moved is put back.
        LOG.log(System.Logger.Level.WARNING, "plan " + run.id + ": " + step.words() + " failed", e);
        run.progress.failed(number, step, e.getMessage());
        return Optional.of(step.target() + " answered oddly: " + e.getMessage());
      }
    }

    /** Puts back what was begun; what came of that, in sentences. */
    private List<String> settle() throws Mandate.Lapsed {
      var report = new ArrayList<String>();
      over = false;
      if (!stage.lastly().isEmpty()) {
        // What failed may have failed because a successor came.
        run.mandate.confirm();
      }
      deeds.puttingBack();
      for (Step step : stage.lastly()) {
        number = run.lastNumber.incrementAndGet();
        journal(begins(step));
        Optional<String> failure = deed(step);
        journal(ends(step, failure));
        List<String> notes = deeds.notes();
        run.notes.addAll(notes);
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
        report.addAll(notes);
      }
      over = true;
      return report;
    }

    private void journal(Command command) throws Mandate.Lapsed {
      try {
        scribe.commit(command, run.actor, "plan " + run.id);
      } catch (Scribe.NotCommitted e) {
        requireMandate(e);
        LOG.log(
            System.Logger.Level.ERROR,
            "plan " + run.id + " goes on without its journal: " + e.getMessage());
      }
    }
  }
}
