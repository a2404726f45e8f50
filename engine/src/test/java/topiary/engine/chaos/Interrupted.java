package topiary.engine.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import topiary.engine.fake.SharedLog;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Reshaping;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.lab.sim.Kind;

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

  /**
   * An operation, and what comes before it.
   *
   * @param name for people
   * @param before done first, to its end
   * @param intent the operation, of the last plan that was done before
   */
  record Case(String name, List<Intent> before, Function<PlanJournal, Intent> intent) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** The head; a, b and c below it; d and e below a; f below d. */
  private static InstanceKey key(String name) {
    return new InstanceKey("10.0.0." + (1 + "pabcdef".indexOf(name)), 3306);
  }

  private static Case of(String name, Intent intent, Intent... before) {
    return new Case(name, List.of(before), journal -> intent);
  }

  private static Case undo(String name, Intent... before) {
    return new Case(
        name, List.of(before), journal -> new Intent.Undo(journal.latest(1).getFirst().id()));
  }

  private static Intent relocate(String replica, String below) {
    return new Intent.Relocate(key(replica), key(below));
  }

  private static Intent tree(String server, Reshaping reshaping) {
    return new Intent.InTree(key(server), reshaping);
  }

  private static Intent on(String server, Doing doing) {
    return new Intent.OnServer(key(server), doing);
  }

  private static Intent stop(String server, Threads threads) {
    return new Intent.StopReplication(key(server), threads);
  }

  private static Intent start(String server, Threads threads) {
    return new Intent.StartReplication(key(server), threads);
  }

  private static Optional<String> all() {
    return Optional.empty();
  }

  /**
   * One or more of every kind of operation that a plan is made for; but for forgetting the source,
   * which cannot be taken back and says what it throws away.
   *
   * <p>None on a replica of whose threads only one runs: that a plan left it standing is noted only
   * when both ran, so it stays as the report says until somebody starts it.
   */
  static List<Case> cases() {
    Intent several =
        new Intent.Moves(
            List.of(
                new Intent.Relocate(key("d"), key("b")), new Intent.Relocate(key("e"), key("c"))));
    Intent takeSource = tree("d", new Reshaping.TakeSource(Optional.empty()));
    return List.of(
        of("relocate", relocate("f", "b")),
        of("relocate with replicas", relocate("d", "b")),
        of("relocate one that stands still", relocate("e", "b"), stop("e", Threads.BOTH)),
        of("relocate-replicas", tree("a", new Reshaping.Replicas(key("b"), all()))),
        of("relocate-several", several),
        of("take-siblings", tree("a", new Reshaping.Siblings())),
        of("move-up", tree("f", new Reshaping.Up())),
        of("move-up-replicas", tree("a", new Reshaping.ReplicasUp(all()))),
        of("move-below", tree("b", new Reshaping.BelowSibling(key("c")))),
        of("take-source", takeSource),
        of("repoint", tree("d", new Reshaping.Repoint(Optional.empty()))),
        of("repoint elsewhere", tree("f", new Reshaping.Repoint(Optional.of(key("c"))))),
        of("repoint-replicas", tree("a", new Reshaping.RepointReplicas(all()))),
        of("regroup-replicas", tree("a", new Reshaping.Regroup())),
        of("stop", stop("d", Threads.BOTH)),
        of("stop applying", stop("d", Threads.SQL)),
        of("start", start("d", Threads.BOTH), stop("d", Threads.BOTH)),
        of("start applying", start("d", Threads.SQL), stop("d", Threads.SQL)),
        of("restart", on("d", new Doing.Restart())),
        of("stop-nicely", on("d", new Doing.StopNicely())),
        of("delay", on("f", new Doing.Delay(3))),
        of("no delay any more", on("f", new Doing.Delay(0)), on("f", new Doing.Delay(3))),
        of("disable-gtid", on("f", new Doing.UseGtid(false))),
        of("enable-gtid", on("f", new Doing.UseGtid(true)), on("f", new Doing.UseGtid(false))),
        of("flush-logs", on("b", new Doing.FlushLogs(2))),
        of("writeable", new Intent.SetReadOnly(key("f"), false)),
        undo("undo relocate", relocate("f", "b")),
        undo("undo relocate-several", several),
        undo("undo take-source", takeSource),
        undo("undo stop", stop("d", Threads.BOTH)));
  }

  private final Case what;
  private final Kind kind;
  private final FakeTree tree;
  private final SharedLog log = new SharedLog();
  private Manager a;
  private Manager b;
  private Map<InstanceKey, Stand.Shape> before = Map.of();

  Interrupted(Case what, Kind kind) {
    this.what = what;
    this.kind = kind;
    tree = new FakeTree(kind, 1);
  }

  /** How many steps there are when nobody interrupts it. */
  int steps() throws Exception {
    try (tree) {
      return tree.world()
          .run(
              () -> {
                begin();
                Run run = a.applyNow(what.intent().apply(log.log()), FakeTree.DBA);
                if (run.await().end() != PlanEnd.DONE) {
                  throw new AssertionError(what + ": " + run.await().report());
                }
                return run.plan().length();
              });
    }
  }

  private Map<InstanceKey, Stand.Shape> shapes() {
    var shapes = new LinkedHashMap<InstanceKey, Stand.Shape>();
    tree.stands().forEach((key, stand) -> shapes.put(key, stand.shape()));
    return shapes;
  }

  private void begin() throws Exception {
    InstanceKey a1 = tree.servers().replica(tree.head());
    tree.servers().replica(tree.head());
    tree.servers().replica(tree.head());
    InstanceKey d = tree.servers().replica(a1);
    tree.servers().replica(a1);
    InstanceKey f = tree.servers().replica(d);
    // It has always something that it received and has not applied.
    tree.servers().server(f).lag(1, tree.world().micros());
    tree.world().pause(Duration.ofSeconds(1));
    a = tree.manager(log.member("a"), log.log(), Set.of());
    b = tree.manager(log.member("b"), log.log(), Set.of());
    log.elect("a");
    b.start();
    a.start();
    for (InstanceKey key : tree.servers().keys()) {
      a.discover(key, FakeTree.DBA);
    }
    tree.awaitSeen(a);
    tree.awaitSeen(b);
    for (Intent before : what.before()) {
      Run run = a.applyNow(before, FakeTree.DBA);
      if (run.await().end() != PlanEnd.DONE) {
        throw new AssertionError(before.words() + ": " + run.await().report());
      }
    }
    tree.begin();
    before = shapes();
  }

  /**
   * Breaks it off, and asks again; what is wrong then, in sentences.
   *
   * @param step after so many steps, or as this one begins
   */
  List<String> run(int step, Moment moment) throws Exception {
    var wrong = new ArrayList<String>();
    try (tree) {
      tree.world()
          .run(
              () -> {
                begin();
                breakOff(step, moment, wrong);
                wrong.addAll(again());
                tree.everybodyComesLevel();
                return null;
              });
      tree.world().deaths().forEach(death -> wrong.add("a task died of " + death));
    }
    wrong.addAll(tree.wrongs());
    return wrong;
  }

  private PlanId id;

  private void breakOff(int step, Moment moment, List<String> wrong) throws Exception {
    var count = new int[1];
    log.log()
        .after(
            command -> {
              boolean counts =
                  moment.begun()
                      ? command instanceof Command.BeginStep
                      : command instanceof Command.EndStep;
              boolean opened = command instanceof Command.OpenPlan;
              if (counts && ++count[0] == step || opened && step == 0) {
                if (moment.noticed) {
                  log.elect("b");
                } else {
                  log.electUnnoticed("b");
                }
              }
            });
    Run run = a.applyNow(what.intent().apply(log.log()), FakeTree.DBA);
    run.await();
    id = run.id();
    while (!log.log().state().plans().isEmpty()) {
      tree.world().pause(Duration.ofMillis(20));
    }
    log.log().hush();
    PlanJournal.PlanRecord record = log.log().plan(id).orElseThrow();
    if (record.end().orElseThrow() != PlanEnd.INTERRUPTED) {
      wrong.add("the plan ended as " + record.end());
    }
    String report = record.report();
    for (InstanceKey key : record.plan().targets()) {
      String sentence = tree.stand(key).sentence(key);
      if (!report.contains(sentence)) {
        wrong.add("the report lacks \"" + sentence + "\": " + report);
      }
    }
    if (!report.contains("Ask again for \"" + goal().words() + "\"")) {
      wrong.add("the report does not say what to ask for: " + report);
    }
  }

  private Intent goal() {
    PlanJournal.PlanRecord record = log.log().plan(id).orElseThrow();
    return record.plan().intent() instanceof Intent.Undo undo
        ? log.log().plan(undo.plan()).orElseThrow().plan().undoing().inverse()
        : record.plan().intent();
  }

  private List<String> again() throws Exception {
    var wrong = new ArrayList<String>();
    Map<InstanceKey, Stand.Shape> end =
        Expected.after(log.log().plan(id).orElseThrow().plan(), before, log.log());
    PlanResult planned = b.plan(goal());
    String came;
    if (planned instanceof PlanResult.Planned(var plan)) {
      Run run = b.apply(plan.fingerprint(), FakeTree.DBA);
      came = run.await().end() + ": " + run.await().report();
      if (run.await().end() != PlanEnd.DONE) {
        wrong.add("asked again: " + came);
      }
    } else {
      came = planned.toString();
    }
    Map<InstanceKey, Stand.Shape> now = shapes();
    end.forEach(
        (key, shape) -> {
          if (!now.get(key).equals(shape)) {
            wrong.add(key + " is " + now.get(key) + ", not " + shape + "; asked again: " + came);
          }
        });
    if (!wrong.isEmpty()) {
      wrong.add("after: " + log.log().plan(id).orElseThrow().report());
    }
    return wrong;
  }
}
