package topiary.engine.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;

class CourseTest {

  private static final Intent WANTED = new Intent.SetReadOnly(key(0), true);

  private final List<Integer> cancelled = new ArrayList<>();

  @Test
  void stagesComeOneAfterTheOther() {
    Course course = course(stage(0), stage(1));
    assertEquals(List.of(0), begin(course));
    assertEquals(List.of(), begin(course));
    course.done(0);
    assertEquals(List.of(), course.toPutBack());
    assertEquals(List.of(1), begin(course));
    course.done(1);
    assertEquals(List.of(), begin(course));
    assertTrue(course.allDone());
    assertEquals(List.of(), course.toPutBack());
  }

  @Test
  void whatFailedLeavesOutWhatComesAfterIt() {
    Course course = course(stage(0), stage(1), stage(2));
    begin(course);
    course.done(0);
    begin(course);
    course.failed(1);
    assertEquals(List.of(), begin(course));
    // The second stage was entered and has put itself back; the first is not to be undone.
    assertEquals(List.of(), course.toPutBack());
    assertFalse(course.allDone());
  }

  @Test
  void whatEndedWellIsPutBackWhenNothingAfterItWasBegun() {
    Course course = course(stage(0), stage(1), stage(2));
    begin(course);
    course.done(0);
    assertEquals(List.of(1), begin(course));
    course.leftOut(1);
    assertEquals(List.of(), begin(course));
    assertEquals(List.of(0), course.toPutBack());
    course.puttingBack(0);
    assertEquals(List.of(), course.toPutBack());
  }

  @Test
  void lanesGoOnBesideOneThatFailed() {
    // Two lanes of two stages each.
    Course course = course(after(0), after(1, 0), after(2), after(3, 2));
    assertEquals(List.of(0, 2), begin(course));
    course.failed(0);
    assertEquals(List.of(), begin(course));
    course.done(2);
    assertEquals(List.of(3), begin(course));
    course.done(3);
    assertEquals(List.of(), begin(course));
    assertFalse(course.allDone());
  }

  @Test
  void whatClearsUpComesWhenAllBeforeItAreOverHoweverTheyEnded() {
    Course course = course(after(0), after(1, 0), after(2, 0), inAnyCase(3, 1, 2));
    assertEquals(List.of(0), begin(course));
    course.done(0);
    assertEquals(List.of(1, 2), begin(course));
    course.failed(1);
    assertEquals(List.of(), begin(course));
    course.done(2);
    assertEquals(List.of(3), begin(course));
    course.done(3);
    assertEquals(List.of(), course.toPutBack());
  }

  @Test
  void whatClearsUpWaitsUntilWhatIsPutBackIsPutBack() {
    Course course = course(after(0), after(1, 0), after(2), inAnyCase(3, 1, 2));
    assertEquals(List.of(0, 2), begin(course));
    course.done(0);
    course.done(2);
    assertEquals(List.of(1), begin(course));
    course.leftOut(1);
    assertEquals(List.of(), begin(course));
    assertEquals(List.of(0), course.toPutBack());
    course.puttingBack(0);
    assertEquals(List.of(), begin(course));
    course.isPutBack();
    assertEquals(List.of(3), begin(course));
  }

  @Test
  void thereIsNothingToClearUpAfterWhatWasNeverBegun() {
    Course course = course(after(0), after(1, 0), inAnyCase(2, 1));
    begin(course);
    course.failed(0);
    assertEquals(List.of(), begin(course));
    assertEquals(List.of(), begin(course));
    assertEquals(List.of(), course.toPutBack());
  }

  @Test
  void nothingIsBegunAnyMoreOnceItIsToStopButWhatClearsUp() {
    Course course = course(after(0), after(1), inAnyCase(2, 0, 1));
    course.begun(course.next(false, cancelled::add).getFirst());
    course.done(0);
    assertEquals(List.of(1), List.copyOf(course.next(false, cancelled::add)));
    assertEquals(List.of(2), course.next(true, cancelled::add));
    assertEquals(List.of(1), cancelled);
  }

  /** Begins what can begin. */
  private List<Integer> begin(Course course) {
    List<Integer> next = course.next(false, cancelled::add);
    next.forEach(course::begun);
    return next;
  }

  private static Course course(Stage... stages) {
    return new Course(
        new Plan(
            WANTED,
            List.of(stages),
            List.of(),
            List.of(),
            List.of(),
            new Undoing(WANTED, List.of())));
  }

  private static InstanceKey key(int number) {
    return new InstanceKey("s" + number, 3306);
  }

  private static Stage stage(int server) {
    return new Stage(
        "stage " + server, List.of(), List.of(new Step.FlushLogs(key(server))), List.of());
  }

  private static Stage after(int server, Integer... before) {
    return stage(server).startedAt(new Stage.Start(List.of(before), false));
  }

  private static Stage inAnyCase(int server, Integer... before) {
    return stage(server).startedAt(new Stage.Start(List.of(before), true));
  }
}
