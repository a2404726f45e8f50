package topiary.engine.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;

/**
 * How far the stages of a plan have come, and which of them is next: a rule, without deeds.
 *
 * <p>A stage is begun when those before it have ended well; one that clears up in any case, when
 * they have ended at all. A stage that ended well, and after which nothing was begun, is put back.
 */
final class Course {

  private enum State {
    WAITING,
    UNDER_WAY,
    DONE,
    FAILED,
    LEFT_OUT,
    /** Done, and being put back, or put back. */
    PUT_BACK
  }

  private final Plan plan;
  private final List<State> states = new ArrayList<>();
  private int puttingBack;

  Course(Plan plan) {
    this.plan = plan;
    plan.stages().forEach(stage -> states.add(State.WAITING));
  }

  /**
   * The stages that may begin now, by their places; what cannot begin any more is left out. Ask
   * again after each change.
   *
   * @param stopping whether nothing is to be begun but what clears up
   * @param leftOut told of each stage that is left out because of that, and would have begun
   */
  List<Integer> next(boolean stopping, IntConsumer leftOut) {
    var next = new ArrayList<Integer>();
    // In the plan's order, so that what is left out here leaves out what comes after it.
    for (int i = 0; i < states.size(); i++) {
      if (states.get(i) != State.WAITING || !plan.before(i).stream().allMatch(this::over)) {
        continue;
      }
      boolean well = plan.before(i).stream().allMatch(b -> states.get(b) == State.DONE);
      if (clearsUp(i)) {
        if (plan.before(i).stream().noneMatch(b -> states.get(b) != State.LEFT_OUT)) {
          states.set(i, State.LEFT_OUT);
        } else if (puttingBack == 0 && toPutBackBefore(i).isEmpty()) {
          next.add(i);
        }
      } else if (!well) {
        states.set(i, State.LEFT_OUT);
      } else if (stopping) {
        states.set(i, State.LEFT_OUT);
        leftOut.accept(i);
      } else {
        next.add(i);
      }
    }
    return next;
  }

  /** The stages that ended well, and after which nothing was begun or will be. */
  List<Integer> toPutBack() {
    return toPutBackBefore(states.size());
  }

  private List<Integer> toPutBackBefore(int end) {
    return IntStream.range(0, end).filter(this::isToBePutBack).boxed().toList();
  }

  private boolean isToBePutBack(int stage) {
    if (states.get(stage) != State.DONE || clearsUp(stage)) {
      return false;
    }
    List<State> later =
        IntStream.range(stage + 1, states.size())
            .filter(i -> plan.before(i).contains(stage) && !clearsUp(i))
            .mapToObj(states::get)
            .toList();
    return !later.isEmpty() && later.stream().allMatch(State.LEFT_OUT::equals);
  }

  private boolean clearsUp(int stage) {
    return plan.stages().get(stage).start().map(Stage.Start::inAnyCase).orElse(false);
  }

  private boolean over(int stage) {
    return states.get(stage) != State.WAITING && states.get(stage) != State.UNDER_WAY;
  }

  void begun(int stage) {
    states.set(stage, State.UNDER_WAY);
  }

  void done(int stage) {
    states.set(stage, State.DONE);
  }

  /** It failed, and was put back as far as it could be. */
  void failed(int stage) {
    states.set(stage, State.FAILED);
  }

  /** It was not begun, as one of its guards was broken. */
  void leftOut(int stage) {
    states.set(stage, State.LEFT_OUT);
  }

  void puttingBack(int stage) {
    states.set(stage, State.PUT_BACK);
    puttingBack++;
  }

  void isPutBack() {
    puttingBack--;
  }

  /** Whether something was done to its end: a stage after which none comes. */
  boolean someDone() {
    return IntStream.range(0, states.size())
        .filter(i -> states.get(i) == State.DONE && !clearsUp(i))
        .anyMatch(
            i ->
                IntStream.range(i + 1, states.size())
                    .noneMatch(j -> plan.before(j).contains(i) && !clearsUp(j)));
  }

  /** Whether all of the plan was done. */
  boolean allDone() {
    return states.stream().allMatch(State.DONE::equals);
  }
}
