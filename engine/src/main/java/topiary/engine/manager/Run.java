package topiary.engine.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Outcome;
import topiary.engine.execute.Progress;
import topiary.engine.intent.PlanId;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;

/** A plan being carried out, to be watched and cancelled. Thread-safe. */
public final class Run implements Progress {

  private final PlanId id;
  private final Plan plan;
  private final Mandate mandate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<StepState> steps = new ArrayList<>();
  private Optional<Outcome> outcome = Optional.empty();
  private boolean cancelled;

  Run(PlanId id, Plan plan, Mandate mandate) {
    this.id = id;
    this.plan = plan;
    this.mandate = mandate;
  }

  /** How far a step has come. */
  public enum Phase {
    BEGUN,
    DONE,
    FAILED
  }

  /**
   * A step of the run.
   *
   * @param number counted through the plan from 1
   * @param step what is done
   * @param phase how far it has come
   * @param failure why it failed, empty otherwise
   */
  public record StepState(int number, Step step, Phase phase, String failure) {}

  /**
   * The run at one moment.
   *
   * @param version grows with every change
   * @param steps what was begun, in order
   * @param outcome what came of it, empty while under way
   */
  public record Snapshot(int version, List<StepState> steps, Optional<Outcome> outcome) {}

  private int version;

  public PlanId id() {
    return id;
  }

  public Plan plan() {
    return plan;
  }

  /** On which it is carried out. */
  Mandate mandate() {
    return mandate;
  }

  /** Asks it to stop at the next safe border. */
  public void cancel() {
    lock.lock();
    try {
      cancelled = true;
    } finally {
      lock.unlock();
    }
  }

  boolean cancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  public Snapshot snapshot() {
    lock.lock();
    try {
      return new Snapshot(version, List.copyOf(steps), outcome);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a change.
   *
   * @param seen the version the caller has seen already
   * @param millis at most so long
   */
  public Snapshot after(int seen, long millis) throws InterruptedException {
    long left = millis * 1_000_000;
    lock.lock();
    try {
      while (version <= seen && outcome.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return new Snapshot(version, List.copyOf(steps), outcome);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end, but not for longer than this. */
  Optional<Outcome> await(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (outcome.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return outcome;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end, however long it takes; every step has a time limit of its own. */
  public Outcome await() throws InterruptedException {
    lock.lock();
    try {
      while (outcome.isEmpty()) {
        changed.await();
      }
      return outcome.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void begun(int number, Step step) {
    change(() -> steps.add(new StepState(number, step, Phase.BEGUN, "")));
  }

  @Override
  public void done(int number, Step step) {
    replace(new StepState(number, step, Phase.DONE, ""));
  }

  @Override
  public void failed(int number, Step step, String sentence) {
    replace(new StepState(number, step, Phase.FAILED, sentence));
  }

  void ended(Outcome result) {
    change(() -> outcome = Optional.of(result));
  }

  private void replace(StepState state) {
    change(
        () -> {
          steps.removeIf(s -> s.number() == state.number());
          steps.add(state);
        });
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      version++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
