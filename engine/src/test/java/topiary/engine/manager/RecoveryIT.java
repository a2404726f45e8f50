package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Errant;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.plan.Plan;
import topiary.engine.plan.PlanResult;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;
import topiary.lab.flavor.Flavor;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Real servers that are written to (of one kind; of all with {@code -Dtopiary.flavors=all}) die and
 * are recovered: every acknowledged row is there afterwards, or the report says what is lost.
 */
@Execution(ExecutionMode.SAME_THREAD)
class RecoveryIT {

  private static final By DBA = new By("dba", "test");

  private final MemoryLog log = new MemoryLog();
  private Ground ground;
  private Manager manager;

  private static List<Flavor> flavors() {
    return Ground.oneFlavor();
  }

  private <T extends Command> List<T> said(Class<T> type) {
    return log.accepted().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private Command.CloseRecovery awaitEnd(int which) {
    Ground.await(() -> said(Command.CloseRecovery.class).size() >= which, "no recovery has ended");
    Command.CloseRecovery end = said(Command.CloseRecovery.class).get(which - 1);
    assertEquals(RecoveryEnd.DONE, end.end(), end::report);
    return end;
  }

  private String member(InstanceKey key) {
    return ground.lab().members().stream()
        .map(m -> m.name())
        .filter(name -> ground.key(name).equals(key))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whatDiesIsRecovered(Flavor flavor) throws Exception {
    try (Ground up = Ground.up("recovery", "p(r1,r2,r3(r4))", flavor);
        Ground.Topiary topiary = up.topiary(log, Policies.DEFAULT)) {
      begin(up, topiary);
      try (Load load = Load.start(up.lab(), 100)) {
        written(load, 50);
        intermediate();
        written(load, 50);
        primary(load);
        load.stop();
        complete(load);
      }
      rejoined();
      rejoinedByItself();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  /**
   * Without GTIDs: whoever had received as much as the successor follows it, by the place that was
   * noted before anything was written there; who had not stays where it was, and that is said.
   */
  @ParameterizedTest
  @MethodSource("flavors")
  void byFileAndPositionWhoStandsWhereTheSuccessorStoodFollows(Flavor flavor) throws Exception {
    try (Ground up = Ground.withoutGtid("recoveryfile", "p(r1,r2,r3,r4)", flavor);
        Ground.Topiary topiary = up.topiary(log, Policies.DEFAULT)) {
      begin(up, topiary);
      List<String> rest;
      try (Load load = Load.start(up.lab(), 100)) {
        written(load, 50);
        load.stop();
        complete(load);
        up.lab().kill("p");
        Command.CloseRecovery end = awaitEnd(1);
        String head = head();
        rest = new ArrayList<>(List.of("r1", "r2", "r3", "r4"));
        rest.remove(head);
        rest.forEach(r -> assertEquals(head + " Yes Yes", up.stands(r), end::report));
      }
      acknowledge();
      try (Load load = Load.start(up.lab(), 100)) {
        written(load, 50);
        up.lab().kill(head());
        Ground.await(() -> said(Command.CloseRecovery.class).size() >= 2, "no second recovery");
        Command.CloseRecovery end = said(Command.CloseRecovery.class).getLast();
        assertTrue(end.end().successful(), end::report);
        String head = head();
        rest.remove(head);
        for (String r : rest) {
          assertTrue(
              up.stands(r).equals(head + " Yes Yes")
                  || end.report().contains(up.key(r) + " is not below it"),
              () -> r + " stands " + up.stands(r) + ": " + end.report());
        }
      }
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private String head() {
    return member(said(Command.ChooseSuccessor.class).getLast().successor());
  }

  /** What was scheduled on a primary that dies is scheduled on its successor. */
  @ParameterizedTest
  @MethodSource("flavors")
  void scheduledEventsRunOnTheSuccessor(Flavor flavor) throws Exception {
    try (Ground up = Ground.up("recoveryevents", "p(r1,r2)", flavor)) {
      var scheduled = new Scheduled(up, "p", List.of("r1", "r2"), flavor);
      try (Ground.Topiary topiary = up.topiary(log, Policies.DEFAULT)) {
        begin(up, topiary, 3);
        up.lab().kill("p");
        String report = awaitEnd(1).report();
        String head = head();
        String other = head.equals("r1") ? "r2" : "r1";
        scheduled.run(head, List.of(other), report);
        up.lab().start("p");
        if (flavor.id().startsWith("mariadb")) {
          // It is back, and read-only would not hold one that runs as an administrator.
          comesToTakeWrites("p");
          scheduled.isDisabled("p");
        }
        // It is asked again a while after it has come to run them, and dies as well.
        Ground.await(() -> runsEvents(head), "it is not seen that " + head + " runs events");
        acknowledge();
        up.lab().kill(head);
        scheduled.run(other, List.of(), awaitEnd(2).report());
        assertEquals(List.of(), topiary.threads().deaths());
      }
    }
  }

  /** Whoever is connected to it by then is disconnected, also the one that lets it. */
  private void comesToTakeWrites(String former) {
    int plans = said(Command.ClosePlan.class).size();
    try {
      ground.tell(former, "SET GLOBAL read_only = OFF");
    } catch (AssertionError e) {
      if (!e.getMessage().contains("Communications link failure")) {
        throw e;
      }
    }
    Ground.await(() -> said(Command.ClosePlan.class).size() > plans, former + " is not fenced");
  }

  /** Five servers are seen, and recoveries begin by themselves. */
  private void begin(Ground up, Ground.Topiary topiary) throws Exception {
    begin(up, topiary, 5);
  }

  private void begin(Ground up, Ground.Topiary topiary, int servers) throws Exception {
    ground = up;
    manager = topiary.manager();
    topiary.discover(up.key("p"), servers);
    topiary.awaitSeen(servers);
    manager.request(new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true), DBA);
  }

  private boolean runsEvents(String member) {
    return manager.topology().instance(ground.key(member)).stream()
        .flatMap(i -> i.facts().stream())
        .flatMap(f -> f.background().events().stream())
        .flatMap(e -> e.all().stream())
        .anyMatch(ScheduledEvent::runs);
  }

  private static void written(Load load, int rows) {
    int before = load.acknowledged();
    Ground.await(() -> load.acknowledged() > before + rows, "nothing is written");
  }

  /** The replica of a source that dies goes elsewhere, and the source comes back as it was. */
  private void intermediate() {
    ground.lab().kill("r3");
    Command.CloseRecovery end = awaitEnd(1);
    assertEquals(RecoveryKind.INTERMEDIATE, said(Command.OpenRecovery.class).getFirst().kind());
    assertEquals("p Yes Yes", ground.stands("r4"), end::report);
    ground.lab().start("r3");
    Ground.await(() -> ground.stands("r3").equals("p Yes Yes"), "r3 does not replicate again");
    Ground.await(() -> manager.topology().instance(ground.key("r3")).orElseThrow().seen(), "no r3");
  }

  private void primary(Load load) {
    // The first keeps another from beginning by itself in this cluster.
    acknowledge();
    ground.lab().kill("p");
    Command.CloseRecovery end = awaitEnd(2);
    Command.ChooseSuccessor chosen = said(Command.ChooseSuccessor.class).getLast();
    String head = member(chosen.successor());
    assertEquals("-", ground.stands(head), end::report);
    var others = new ArrayList<>(List.of("r1", "r2", "r3", "r4"));
    others.remove(head);
    others.forEach(r -> assertEquals(head + " Yes Yes", ground.stands(r), end::report));
    Ground.await(() -> load.target().filter(head::equals).isPresent(), "nobody writes to " + head);
    written(load, 50);
    // Back, it must take no writes: what is written there is nowhere else.
    ground.lab().start("p");
    try (Connection client = ground.lab().clientConnection("p", Ground.LIMIT)) {
      ground.lab().makeWritable("p");
      Ground.await(
          () -> seenNow("p").facts().filter(f -> f.settings().readOnly()).isPresent(),
          "the former primary takes writes");
      // And whoever is connected to it is to look for the new one.
      Ground.await(() -> !isConnected(client), "a client is connected to the former primary");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    Ground.await(
        () ->
            said(Command.ClosePlan.class).stream()
                .anyMatch(
                    c ->
                        c.report().contains("Disconnected from " + ground.key("p") + ": app from")),
        "it is not told who was disconnected");
  }

  /** By hand, unless it has what it had sent to nobody when it died. */
  private void rejoined() throws Exception {
    Command.ChooseSuccessor chosen = said(Command.ChooseSuccessor.class).getLast();
    PlanResult result =
        manager.plan(
            new Intent.InTree(ground.key("p"), new Reshaping.Rejoin(Optional.empty())), DBA);
    Optional<String> own = Errant.ofFormer(manager.topology(), ground.key("p"), chosen.successor());
    switch (result) {
      case PlanResult.Refused(String why) ->
          assertTrue(own.isPresent() && why.contains(own.get()), why);
      case PlanResult.Planned(Plan plan) -> {
        Outcome outcome = manager.applyNow(plan.intent(), DBA).await();
        assertEquals(PlanEnd.DONE, outcome.end(), outcome::report);
        assertEquals(member(chosen.successor()) + " Yes Yes", ground.stands("p"));
      }
    }
  }

  /** One that dies while nobody writes has nothing of its own when it is back. */
  private void rejoinedByItself() throws RequestRefused {
    acknowledge();
    manager.registry().recoveryRule(Optional.empty(), "rejoin", Optional.of("true"), DBA);
    String head = member(said(Command.ChooseSuccessor.class).getLast().successor());
    ground.lab().kill(head);
    awaitEnd(3);
    String next = member(said(Command.ChooseSuccessor.class).getLast().successor());
    ground.lab().start(head);
    Ground.await(
        () -> ground.stands(head).equals(next + " Yes Yes"),
        head + " is not made a replica of " + next);
    assertTrue(seenNow(head).facts().orElseThrow().settings().readOnly());
  }

  private static boolean isConnected(Connection client) {
    try {
      return client.isValid(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Looked at at once: a server that was dead is looked at more seldom. */
  private Instance seenNow(String member) {
    try {
      return manager.refresh(ground.key(member));
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  private void acknowledge() {
    try {
      manager.request(
          new Command.AcknowledgeRecoveries(
              said(Command.OpenRecovery.class).stream().map(Command.OpenRecovery::id).toList(),
              "seen"),
          DBA);
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing that was acknowledged is missing on any but the former primary. */
  private void complete(Load load) {
    List<Check.Result> results =
        load.check(Ground.LIMIT).stream().filter(r -> !r.member().equals("p")).toList();
    assertEquals(4, results.size());
    assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
  }
}
