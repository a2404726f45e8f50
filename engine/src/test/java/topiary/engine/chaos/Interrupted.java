package topiary.engine.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import topiary.engine.fake.SharedLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.manager.RequestRefused;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.PlanResult;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;

/**
 * One operation, carried out by a node that stops leading at some moment; the node that leads then
 * closes the plan, and is asked for the same again.
 */
final class Interrupted {

  /** Where a node stops leading. */
  enum Moment {
    /** A step is done and recorded. */
    AFTER(true),
    /** The same, and it does not know. */
    AFTER_UNNOTICED(false),
    /** A step is recorded as begun, and not done. */
    BEGUN(true),
    /** A step is recorded as begun; it is done by a node that does not know. */
    BEGUN_UNNOTICED(false);

    private final boolean noticed;

    Moment(boolean noticed) {
      this.noticed = noticed;
    }

    private boolean begun() {
      return this == BEGUN || this == BEGUN_UNNOTICED;
    }
  }

  /** How often somebody looks at a plan anew because servers changed meanwhile. */
  private static final int LOOKS = 5;

  private final Cases.Case what;
  private final Field field;
  private Map<InstanceKey, Stand.Shape> before = Map.of();
  private PlanId id;

  Interrupted(Cases.Case what, Field field) {
    this.what = what;
    this.field = field;
  }

  /** How many steps there are when nobody interrupts it. */
  int steps() throws Exception {
    return field.run(
        () -> {
          begin();
          Run run = field.a().applyNow(what.intent(journal()), FakeTree.DBA);
          if (run.await().end() != PlanEnd.DONE) {
            throw new AssertionError(what + ": " + run.await().report());
          }
          return run.plan().length();
        });
  }

  private SharedLog log() {
    return field.log();
  }

  private PlanJournal journal() {
    return field.log().log();
  }

  private void begin() throws Exception {
    field.begin(what);
    for (Intent before : what.before()) {
      Run run = field.a().applyNow(before, FakeTree.DBA);
      if (run.await().end() != PlanEnd.DONE) {
        throw new AssertionError(before.words() + ": " + run.await().report());
      }
    }
    before = field.shapes();
  }

  /**
   * Breaks it off, and asks again; what is wrong then, in sentences.
   *
   * @param step after so many steps, or as this one begins
   */
  List<String> run(int step, Moment moment) throws Exception {
    return run(steps -> step, moment);
  }

  /**
   * The same at a step that is chosen once it is known how many there are.
   *
   * @param step gives it, at most as many as it is given
   */
  List<String> run(IntUnaryOperator step, Moment moment) throws Exception {
    var wrong = new ArrayList<String>();
    field.run(
        () -> {
          begin();
          PlanResult planned = field.a().plan(what.intent(journal()));
          if (!(planned instanceof PlanResult.Planned(var plan))) {
            throw new AssertionError(what + ": " + planned);
          }
          breakOff(step.applyAsInt(plan.length()), moment, wrong);
          wrong.addAll(again());
          field.level();
          return null;
        });
    wrong.addAll(field.wrongs());
    return wrong;
  }

  private void breakOff(int step, Moment moment, List<String> wrong) throws Exception {
    var count = new AtomicInteger();
    log()
        .log()
        .after(
            command -> {
              boolean counts =
                  moment.begun()
                      ? command instanceof Command.BeginStep
                      : command instanceof Command.EndStep;
              boolean opened = command instanceof Command.OpenPlan;
              if (counts && count.incrementAndGet() == step || opened && step == 0) {
                if (moment.noticed) {
                  log().elect("b");
                } else {
                  log().electUnnoticed("b");
                }
              }
            });
    Run run = field.a().applyNow(what.intent(journal()), FakeTree.DBA);
    run.await();
    id = run.id();
    field.await(() -> log().log().state().plans().isEmpty(), "nobody looks after the plan");
    log().log().hush();
    PlanJournal.PlanRecord record = journal().plan(id).orElseThrow();
    if (record.end().orElseThrow() != PlanEnd.INTERRUPTED) {
      wrong.add("the plan ended as " + record.end());
    }
    String report = record.report();
    for (InstanceKey key : record.plan().targets()) {
      String sentence = field.sentence(key);
      if (!report.contains(sentence)) {
        wrong.add("the report lacks \"" + sentence + "\": " + report);
      }
    }
    if (!report.contains("Ask again for \"" + goal().words() + "\"")) {
      wrong.add("the report does not say what to ask for: " + report);
    }
  }

  private Intent goal() {
    PlanJournal.PlanRecord record = journal().plan(id).orElseThrow();
    return record.plan().intent() instanceof Intent.Undo undo
        ? journal().plan(undo.plan()).orElseThrow().plan().undoing().inverse()
        : record.plan().intent();
  }

  private List<String> again() throws Exception {
    var wrong = new ArrayList<String>();
    Map<InstanceKey, Stand.Shape> end =
        Expected.after(journal().plan(id).orElseThrow().plan(), before, journal());
    String came = askAgain(wrong);
    Map<InstanceKey, Stand.Shape> now = field.shapes();
    end.forEach(
        (key, shape) -> {
          if (!now.get(key).equals(shape)) {
            wrong.add(key + " is " + now.get(key) + ", not " + shape + "; asked again: " + came);
          }
        });
    if (what.fact().isPresent()) {
      Cases.Fact fact = what.fact().get();
      String answer = field.ask(fact.server(), fact.sql(), fact.column());
      if (!answer.equals(fact.answer())) {
        wrong.add(fact + ", and not " + answer + "; asked again: " + came);
      }
    }
    field.await(
        () -> log().log().state().held().isEmpty(),
        what + ": somebody is held still: " + log().log().state().held() + "; again: " + came);
    if (!wrong.isEmpty()) {
      wrong.add("after: " + journal().plan(id).orElseThrow().report());
    }
    return wrong;
  }

  /** Asks for the same; what came of it. */
  private String askAgain(List<String> wrong) throws Exception {
    for (int look = 1; ; look++) {
      PlanResult planned = field.b().plan(goal());
      if (!(planned instanceof PlanResult.Planned(var plan))) {
        return planned.toString();
      }
      try {
        Run run = field.b().apply(plan.fingerprint(), FakeTree.DBA);
        String came = run.await().end() + ": " + run.await().report();
        if (run.await().end() != PlanEnd.DONE) {
          wrong.add("asked again: " + came);
        }
        return came;
      } catch (RequestRefused e) {
        if (e.kind() != RequestRefused.Kind.CHANGED || look == LOOKS) {
          throw e;
        }
      }
    }
  }
}
