package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.dialect.Dialect;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.RealClock;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.intent.Intent;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.RequestRefused;
import topiary.engine.manager.Run;
import topiary.engine.model.InstanceKey;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Introduction;
import topiary.engine.state.PlanEnd;
import topiary.lab.flavor.Flavors;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Random operations on seven real servers that are written to. As many as are wanted: {@code
 * -Dtopiary.chaos.real=200}; others: {@code -Dtopiary.chaos.seed=17}.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RandomOperationsIT {

  private static final By DBA = new By("dba", "test");
  private static final int OPERATIONS = Integer.getInteger("topiary.chaos.real", 20);
  private static final long SEED = Long.getLong("topiary.chaos.seed", 1);
  private static final String TREE = "p(a(d(f),e),b,c)";
  private static final int SIZE = 7;
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(8),
              Duration.ofSeconds(3),
              Duration.ofSeconds(10)));

  private final MemoryLog log = new MemoryLog();
  private final Map<InstanceKey, Fleet.Session> sessions = new LinkedHashMap<>();
  private final Map<InstanceKey, Dialect> dialects = new LinkedHashMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<String> history = new ArrayList<>();
  private Manager manager;

  @ParameterizedTest
  @ValueSource(strings = {"mariadb-11.4", "mysql-9.7"})
  void nothingIsLostAndNobodyIsLeftStanding(String flavor) throws Exception {
    try (Ground ground = Ground.up("random", TREE, Flavors.named(flavor));
        Ground.Topiary topiary = ground.topiary(log, QUICK)) {
      manager = topiary.manager();
      topiary.discover(ground.key("f"), SIZE);
      for (InstanceKey key : manager.topology().instances().keySet()) {
        Fleet.Session session =
            new JdbcFleet(ground.passwords(), topiary.threads()).open(key, soon());
        sessions.put(key, session);
        dialects.put(key, Introduction.to(key, session, soon()).dialect());
      }
      try (Load load = Load.start(ground.lab())) {
        Ground.await(() -> load.acknowledged() > 20, "nothing is written");
        for (int i = 0; i < OPERATIONS; i++) {
          operate(i, new Random(SEED * 1_000_003 + i));
        }
        level();
        load.stop();
        List<Check.Result> results = load.check(Duration.ofSeconds(60));
        assertTrue(results.stream().allMatch(Check.Result::complete), () -> results + told());
      }
      nobodyIsErrant(ground.key("p"));
      assertEquals(List.of(), topiary.threads().deaths());
      System.out.println(flavor + ": " + OPERATIONS + " operations: " + ends);
    } finally {
      sessions.values().forEach(Fleet.Session::close);
    }
  }

  private String told() {
    return "\n" + String.join("\n", history);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), new RealClock());
  }

  private Map<InstanceKey, Stand> stands() throws ServerTrouble {
    var stands = new LinkedHashMap<InstanceKey, Stand>();
    for (InstanceKey key : sessions.keySet()) {
      stands.put(key, Stand.of(dialects.get(key), sql -> sessions.get(key).ask(sql, soon())));
    }
    return stands;
  }

  private static Map<InstanceKey, Stand.Shape> shapes(Map<InstanceKey, Stand> stands) {
    var shapes = new LinkedHashMap<InstanceKey, Stand.Shape>();
    stands.forEach((key, stand) -> shapes.put(key, stand.shape()));
    return shapes;
  }

  private void operate(int number, Random random) throws Exception {
    Map<InstanceKey, Stand.Shape> before = shapes(stands());
    Intent intent = new Draw(random, manager.topology(), log).intent();
    try {
      switch (manager.plan(intent)) {
        case PlanResult.Refused(String reason) -> refused(number, intent, reason, before);
        case PlanResult.Planned(Plan plan) -> {
          Run run = manager.apply(plan.fingerprint(), DBA);
          ended(number, intent, run, run.await(), before);
        }
      }
    } catch (RequestRefused e) {
      refused(number, intent, e.getMessage(), before);
    }
  }

  private void refused(
      int number, Intent intent, String reason, Map<InstanceKey, Stand.Shape> before)
      throws ServerTrouble {
    ends.merge("refused", 1, Integer::sum);
    history.add(number + ". " + intent.words() + ": refused: " + reason);
    assertEquals(before, shapes(stands()), this::told);
  }

  private void ended(
      int number, Intent intent, Run run, Outcome outcome, Map<InstanceKey, Stand.Shape> before)
      throws ServerTrouble {
    ends.merge(outcome.end().name(), 1, Integer::sum);
    history.add(number + ". " + intent.words() + ": " + outcome.end() + ": " + outcome.report());
    Plan plan = run.plan();
    Map<InstanceKey, Stand.Shape> now = shapes(stands());
    if (outcome.end() == PlanEnd.DONE) {
      assertEquals(Expected.after(plan, before, log), now, this::told);
      return;
    }
    for (InstanceKey key : before.keySet()) {
      Stand.Shape was = before.get(key);
      Stand.Shape is = now.get(key);
      if (!plan.changed().contains(key)) {
        assertEquals(was, is, this::told);
        continue;
      }
      String stands =
          is.source().map(s -> "Now " + key + " is below " + s).orElse("Now " + key + " is a head");
      assertTrue(outcome.report().contains(stands), this::told);
      assertTrue(
          Expected.isOfThreads(plan, key)
              || outcome.report().contains("Could not put back")
              || was.receives() == is.receives() && was.applies() == is.applies(),
          this::told);
    }
  }

  /** Everybody runs, and is not held back any more. */
  private void level() throws ServerTrouble {
    for (Map.Entry<InstanceKey, Stand> e : stands().entrySet()) {
      if (e.getValue().channel().isPresent()) {
        Fleet.Session session = sessions.get(e.getKey());
        boolean maria = session.version().contains("MariaDB");
        String replica = maria ? "SLAVE" : "REPLICA";
        if (e.getValue().delay() > 0) {
          session.tell("STOP " + replica, soon());
          String option = maria ? "MASTER TO MASTER" : "REPLICATION SOURCE TO SOURCE";
          session.tell("CHANGE " + option + "_DELAY=0", soon());
        }
        session.tell("START " + replica, soon());
      }
    }
  }

  private void nobodyIsErrant(InstanceKey head) throws ServerTrouble {
    Map<InstanceKey, Stand> now = stands();
    GtidPosition all = now.get(head).executed();
    now.forEach(
        (key, stand) ->
            assertTrue(
                all.covers(stand.executed()),
                () -> key + " has " + stand.executed() + ", its head " + all + told()));
  }
}
