package topiary.engine.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.MemoryLog;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.intent.Intent;
import topiary.engine.manager.Manager;
import topiary.engine.manager.RequestRefused;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.state.PlanEnd;
import topiary.lab.sim.Kind;

/** One tree, and random operations on it one after the other; all of it drawn from one seed. */
final class RandomRun {

  private static final int LEAST = 5;
  private static final int MOST = 9;

  /** Longer than anybody is late, but for who is held back by more. */
  private static final Duration LATE = Duration.ofSeconds(11);

  private static final int LONG_DELAY = 60;

  /**
   * What came of a run.
   *
   * @param ends how many operations ended in which way
   * @param wrongs what should not have been, in sentences
   * @param log what was done, a line each
   * @param statements what servers were told, and when
   */
  record Result(
      Map<String, Integer> ends, List<String> wrongs, List<String> log, List<String> statements) {}

  private final long seed;
  private final int operations;
  private final Set<Integer> left;
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private final MemoryLog commands = new MemoryLog();
  private final FakeTree tree;
  private Manager manager;

  /**
   * A run.
   *
   * @param left the operations that are left out, by their numbers from 0
   */
  RandomRun(long seed, int operations, Set<Integer> left) {
    this.seed = seed;
    this.operations = operations;
    this.left = left;
    tree = new FakeTree(seed % 2 == 0 ? Kind.MYSQL : Kind.MARIADB, seed);
  }

  Result run() throws Exception {
    try (tree) {
      tree.world()
          .run(
              () -> {
                begin(new Random(seed));
                for (int i = 0; i < operations && tree.wrongs().isEmpty(); i++) {
                  if (!left.contains(i)) {
                    // A generator of its own, so that others stay the same when one is left out.
                    operate(i, new Random(seed * 1_000_003 + i));
                  }
                }
                if (tree.wrongs().isEmpty()) {
                  tree.everybodyComesLevel();
                }
                return null;
              });
      tree.world().deaths().forEach(death -> tree.wrong("a task died of " + death));
    } catch (IllegalStateException e) {
      tree.wrong(e.getMessage());
    }
    return new Result(ends, tree.wrongs(), log, tree.statements());
  }

  private void begin(Random random) throws Exception {
    int size = LEAST + random.nextInt(MOST - LEAST + 1);
    for (int i = 1; i < size; i++) {
      List<InstanceKey> there = tree.servers().keys();
      tree.servers().replica(there.get(random.nextInt(Math.min(3, there.size()))));
    }
    tree.world().pause(Duration.ofSeconds(1));
    for (InstanceKey key : tree.servers().keys()) {
      if (!key.equals(tree.head())) {
        switch (random.nextInt(12)) {
          case 0 -> stopByHand(key, true, true);
          case 1 -> stopByHand(key, random.nextBoolean(), false);
          case 2 -> tree.servers().server(key).delay(2 + random.nextInt(5), micros());
          case 3 -> tree.servers().server(key).delay(3600, micros());
          default -> {
            // As it is.
          }
        }
      }
    }
    manager = tree.manager(commands, commands, Set.of());
    manager.start();
    // Those that stand still are named by nobody.
    for (InstanceKey key : tree.servers().keys()) {
      manager.discover(key, FakeTree.DBA);
    }
    tree.awaitSeen(manager);
    log.add("at first: " + shapes(tree.stands()));
  }

  private long micros() {
    return tree.world().micros();
  }

  private void stopByHand(InstanceKey key, boolean io, boolean both) {
    tree.servers().server(key).threads(false, io || both, !io || both, micros());
  }

  private static Map<InstanceKey, Stand.Shape> shapes(Map<InstanceKey, Stand> stands) {
    var shapes = new LinkedHashMap<InstanceKey, Stand.Shape>();
    stands.forEach((key, stand) -> shapes.put(key, stand.shape()));
    return shapes;
  }

  /** An operation under way: what was asked for, and what runs. */
  private record Begun(Intent intent, Run run) {}

  private void operate(int number, Random random) throws Exception {
    disturb(random);
    Map<InstanceKey, Stand> before = tree.stands();
    long told = tree.servers().told();
    var begun = new ArrayList<Begun>();
    int together = random.nextInt(8) == 0 ? 2 : 1;
    for (int i = 0; i < together; i++) {
      begin(new Draw(random, manager.topology(), commands).intent(), number).ifPresent(begun::add);
    }
    if (begun.isEmpty()) {
      unchanged(told, before);
      return;
    }
    if (random.nextInt(10) == 0) {
      tree.world().pause(Duration.ofMillis(random.nextInt(300)));
      begun.getFirst().run().cancel();
    }
    var expected = new HashMap<>(shapes(before));
    var broken = new HashMap<InstanceKey, String>();
    for (Begun one : begun) {
      Outcome outcome = one.run().await();
      ended(number, one, outcome, expected, broken);
    }
    check(number, begun, expected, broken);
    Map<InstanceKey, Stand.Shape> after = shapes(tree.stands());
    GtidPosition written = tree.stand(tree.head()).executed();
    tree.world().pause(LATE);
    allArrived(number, written);
    Map<InstanceKey, Stand.Shape> later = shapes(tree.stands());
    if (!later.equals(after) && tree.wrongs().isEmpty()) {
      tree.wrong(number + ". a while later " + later + ", just after it " + after);
    }
  }

  private Optional<Begun> begin(Intent intent, int number) {
    try {
      return switch (manager.plan(intent)) {
        case PlanResult.Refused(String reason) -> refused(number, intent, reason);
        case PlanResult.Planned(Plan plan) ->
            Optional.of(new Begun(intent, manager.apply(plan.fingerprint(), FakeTree.DBA)));
      };
    } catch (RequestRefused e) {
      return refused(number, intent, e.getMessage());
    }
  }

  private Optional<Begun> refused(int number, Intent intent, String reason) {
    count("refused");
    log.add(number + ". " + intent.words() + ": refused: " + reason);
    if (reason.isBlank()) {
      tree.wrong(intent.words() + " was refused without a word");
    }
    return Optional.empty();
  }

  private void count(String end) {
    ends.merge(end, 1, Integer::sum);
  }

  /** What happens anyway: somebody at a terminal, and replicas that are late. */
  private void disturb(Random random) {
    InstanceKey key =
        tree.servers().keys().get(1 + random.nextInt(tree.servers().keys().size() - 1));
    if (random.nextInt(4) == 0) {
      tree.servers().server(key).lag(random.nextInt(4), micros());
    }
    if (random.nextInt(20) == 0) {
      stopByHand(key, random.nextBoolean(), random.nextBoolean());
      log.add("somebody stops " + key);
    }
  }

  private void unchanged(long told, Map<InstanceKey, Stand> before) {
    if (tree.servers().told() != told) {
      tree.wrong("a refused operation has changed something");
    }
    Map<InstanceKey, Stand.Shape> now = shapes(tree.stands());
    if (!now.equals(shapes(before))) {
      tree.wrong("after a refused operation " + now + ", before it " + shapes(before));
    }
  }

  private void ended(
      int number,
      Begun one,
      Outcome outcome,
      Map<InstanceKey, Stand.Shape> expected,
      Map<InstanceKey, String> broken) {
    Plan plan = one.run().plan();
    count(outcome.end().name());
    log.add(number + ". " + one.intent().words() + ": " + outcome.end() + ": " + outcome.report());
    if (outcome.end() == PlanEnd.DONE) {
      expected.putAll(Expected.after(plan, expected, commands));
      return;
    }
    if (outcome.end() == PlanEnd.INTERRUPTED) {
      tree.wrong("interrupted by nobody: " + outcome.report());
    }
    plan.targets().forEach(key -> broken.put(key, outcome.report()));
  }

  private void check(
      int number,
      List<Begun> begun,
      Map<InstanceKey, Stand.Shape> expected,
      Map<InstanceKey, String> broken) {
    var what = new ArrayList<String>();
    begun.forEach(b -> what.add(b.run().plan().intent().words()));
    Map<InstanceKey, Stand> now = tree.stands();
    var changed = new HashSet<InstanceKey>();
    begun.forEach(b -> changed.addAll(b.run().plan().changed()));
    now.forEach(
        (key, stand) -> {
          Stand.Shape is = stand.shape();
          Stand.Shape wanted = expected.get(key);
          String report = broken.get(key);
          if (report == null || !changed.contains(key)) {
            if (!is.equals(wanted)) {
              tree.wrong(number + ". " + what + ": " + key + " is " + is + ", not " + wanted);
            }
            return;
          }
          boolean sameThreads =
              is.receives() == wanted.receives() && is.applies() == wanted.applies();
          boolean asked = begun.stream().anyMatch(b -> Expected.isOfThreads(b.run().plan(), key));
          if (!sameThreads && !asked && !report.contains("Could not put back")) {
            tree.wrong(
                number + ". " + what + ", which failed: " + key + " is " + is + ", was " + wanted);
          }
          if (!report.contains(stand.sentence(key))) {
            tree.wrong(
                number
                    + ". "
                    + what
                    + ": the report lacks \""
                    + stand.sentence(key)
                    + "\": "
                    + report);
          }
        });
    if (!manager.topology().instances().keySet().equals(new HashSet<>(tree.servers().keys()))) {
      tree.wrong(
          number + ". " + what + ": the tree has " + manager.topology().instances().keySet());
    }
  }

  /** What the head had written some time ago is everywhere where nothing holds it up. */
  private void allArrived(int number, GtidPosition written) {
    Map<InstanceKey, Stand> now = tree.stands();
    GtidPosition all = now.get(tree.head()).executed();
    now.forEach(
        (key, stand) -> {
          if (flows(key, now) && !stand.executed().covers(written)) {
            tree.wrong(number + ". " + key + " lacks some of " + written + ": " + stand.executed());
          }
          if (!all.covers(stand.executed())) {
            tree.wrong(number + ". " + key + " has errant transactions: " + stand.executed());
          }
        });
  }

  private static boolean flows(InstanceKey key, Map<InstanceKey, Stand> stands) {
    Stand at = stands.get(key);
    for (int i = 0; i < stands.size() && at.source().isPresent(); i++) {
      if (!at.receives() || !at.applies() || at.detached() || at.delay() > LONG_DELAY) {
        return false;
      }
      at = stands.get(at.source().get());
    }
    return at.source().isEmpty();
  }
}
