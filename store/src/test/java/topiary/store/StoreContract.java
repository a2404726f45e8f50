package topiary.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.model.Threads;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;
import topiary.engine.policy.HookList;
import topiary.engine.port.Audit;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.said.Attribute;
import topiary.engine.said.Rule;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Held;
import topiary.engine.state.ManagerState;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.RecoveryEnd;
import topiary.engine.state.ToldPrimary;
import topiary.engine.state.Verdict;
import topiary.store.StoreException.Kind;
import topiary.store.opening.Stores;
import topiary.store.sqlite.SqliteStore;

/**
 * What every kind of store keeps to; a kind is a class that says where its stores are. Places have
 * names, and every test has places of its own.
 */
public abstract class StoreContract {

  private static final AtomicInteger NEXT = new AtomicInteger();

  @TempDir protected Path folder;

  private final int test = NEXT.incrementAndGet();
  private long index;

  /** What the store of a place is kept in. */
  protected abstract StoreChoice choice(String place);

  /** What a query gives in the store of a place, asked by somebody else. */
  protected abstract String query(String place, String sql);

  /** Does something to the store of a place that is not open, as somebody else. */
  protected abstract void change(String place, String sql);

  /** How many commands make a long history here. */
  protected abstract int many();

  /** Opens the store of a place. */
  protected final Store open(String place) {
    return Stores.open(choice(place), data(place));
  }

  /** The data folder of a place. */
  protected final Path data(String place) {
    return folder.resolve(place);
  }

  /** A name that no other test has. */
  protected final String unique(String place) {
    return place + test;
  }

  /** The next command of this test's log. */
  protected final Numbered next(Command command) {
    index++;
    return at(index, Samples.entry(UUID.randomUUID(), command));
  }

  /** Goes back in this test's log, behind what was not taken, or forth. */
  protected final void step(int by) {
    index += by;
  }

  /** The next commands of this test's log, each of which registers another server. */
  protected final List<Numbered> some(int count) {
    var batch = new ArrayList<Numbered>();
    for (int i = 0; i < count; i++) {
      var key = new InstanceKey("db" + (index + 1), 3306);
      batch.add(next(new Command.RegisterInstance(key, Samples.CLUSTER)));
    }
    return batch;
  }

  @Test
  void aRestartKeepsEverything() {
    ManagerState state;
    String hash;
    try (Store store = open("here")) {
      assertEquals(ManagerState.EMPTY, store.state());
      assertEquals(new Position(0, 0), store.lastApplied());
      assertEquals(1, store.epoch());
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.RegisterInstance(Samples.DB2, Samples.CLUSTER)),
              next(new Command.NameHead(Samples.CLUSTER, Samples.DB1)),
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1)))));
      store.apply(List.of(next(new Command.BeginStep(Samples.PLAN, 1, stop(Samples.DB1)))));
      state = store.state();
      hash = store.stateHash();
      assertEquals(1, state.held().size());
    }
    try (Store store = open("here")) {
      assertEquals(state, store.state());
      assertEquals(hash, store.stateHash());
      assertEquals(new Position(1, 5), store.lastApplied());
      assertEquals(2, store.epoch());
    }
  }

  @Test
  void threadsAreHeldOneByOneAndBothWhereThatWasNotNoted() {
    Step stop = new Step.StopReplication(Samples.DB1, "", Threads.SQL);
    var one = new Held(Optional.empty(), Optional.of(Samples.PLAN));
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.RaiseLevel(5)),
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1))),
              next(new Command.BeginStep(Samples.PLAN, 1, stop))));
      assertEquals(Map.of(Samples.DB1, one), store.state().held());
    }
    try (Store store = open("here")) {
      assertEquals(Map.of(Samples.DB1, one), store.state().held());
    }
    asBeforeThreads();
    tamper("INSERT INTO held VALUES ('db1', 3306, '" + Samples.PLAN.text() + "')");
    try (Store store = open("here")) {
      assertEquals(Map.of(Samples.DB1, Held.both(Samples.PLAN)), store.state().held());
    }
  }

  /** As a version left it that held replicas as a whole. */
  private void asBeforeThreads() {
    tamper("DROP TABLE held_threads");
    tamper(
        "CREATE TABLE IF NOT EXISTS held (host VARCHAR(255) NOT NULL, port INT NOT NULL,"
            + " plan VARCHAR(64) NOT NULL, PRIMARY KEY (host, port))");
    // What came later is made anew as well.
    tamper("DROP TABLE cluster_freeze");
    tamper("DROP TABLE judgement_rule");
    beforeRecoveries();
    tamper("DELETE FROM migration WHERE name >= '0006-held.sql'");
  }

  private static Numbered withoutRecovery(Numbered one) {
    return one.entry().command() instanceof Command.Recovering
        ? new Numbered(
            one.position(), new Entry(one.entry().header(), new Command.ReleaseHeld(Samples.DB1)))
        : one;
  }

  /** As a version left it that recovered nothing. */
  private void beforeRecoveries() {
    for (String table :
        List.of(
            "recovery_switch",
            "recovery_halt",
            "open_recovery",
            "ended_recovery",
            "hook_duty",
            "told_primary")) {
      tamper("DROP TABLE " + table);
    }
  }

  @Test
  void replayChangesNothing() {
    try (Store store = open("here")) {
      Numbered register = next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER));
      Numbered refused = next(new Command.ForgetInstance(Samples.DB2));
      Numbered forget = next(new Command.ForgetInstance(Samples.DB1));
      List<Verdict> first = store.apply(List.of(register, refused, forget));
      ManagerState state = store.state();
      assertEquals(first, store.apply(List.of(register, refused, forget)));
      assertEquals(List.of(Verdict.ACCEPTED), store.apply(List.of(register)));
      assertEquals(state, store.state());
      assertEquals(new Position(1, 3), store.lastApplied());
      var e =
          assertThrows(
              StoreException.class,
              () ->
                  store.apply(
                      List.of(at(2, Samples.entry(UUID.randomUUID(), forget.entry().command())))));
      assertEquals(Kind.BROKEN, e.kind());
    }
  }

  @Test
  void theSameCommandTwiceIsAppliedOnce() {
    try (Store store = open("here")) {
      var register = new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER);
      Entry forget = Samples.entry(UUID.randomUUID(), new Command.ForgetInstance(Samples.DB1));
      List<Verdict> verdicts = store.apply(List.of(at(1, forget), at(2, forget)));
      assertInstanceOf(Verdict.Rejected.class, verdicts.getFirst());
      assertEquals(verdicts.get(0), verdicts.get(1));
      store.apply(List.of(at(3, Samples.entry(UUID.randomUUID(), register))));
      // It would fit now, but it had its answer.
      assertEquals(verdicts.subList(0, 1), store.apply(List.of(at(4, forget))));
      assertTrue(store.state().instances().containsKey(Samples.DB1));
      assertEquals(new Position(1, 4), store.lastApplied());
    }
    assertEquals("2", query("here", "SELECT count(*) FROM command"));
  }

  @Test
  void everyCommandIsKeptWithItsVerdict() {
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.ForgetInstance(Samples.DB2))));
    }
    assertEquals(
        "1 1 register-instance ann http 2026-11-22T21:00:00.123456789Z accepted -",
        query(
            "here",
            "SELECT concat_ws(' ', log_index, log_term, type, actor, cause, at, verdict,"
                + " ifnull(reason, '-')) FROM command WHERE log_index = 1"));
    assertEquals(
        "forget-instance rejected [2001:db8::2]:3307 is not known",
        query(
            "here",
            "SELECT concat_ws(' ', type, verdict, reason) FROM command WHERE log_index = 2"));
  }

  @Test
  void theJournalTellsWhatWasDone() {
    Step step = stop(Samples.DB1);
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1))),
              next(new Command.BeginStep(Samples.PLAN, 1, step))));
      PlanRecord open = store.plan(Samples.PLAN).orElseThrow();
      assertEquals(Samples.plan(Samples.DB1), open.plan());
      assertEquals(Samples.AT, open.opened());
      assertEquals(Optional.empty(), open.closed());
      assertEquals(Optional.empty(), open.steps().getFirst().ended());
      store.apply(
          List.of(
              next(new Command.EndStep(Samples.PLAN, 1, step, Optional.of("no answer"))),
              next(new Command.BeginStep(Samples.PLAN, 2, step)),
              next(new Command.EndStep(Samples.PLAN, 2, step, Optional.empty())),
              next(new Command.ClosePlan(Samples.PLAN, PlanEnd.FAILED, "It failed.")),
              next(new Command.ClosePlan(Samples.PLAN, PlanEnd.DONE, "Rejected.")),
              next(new Command.OpenPlan(Samples.OTHER, Samples.plan(Samples.DB2))),
              next(new Command.MarkUndone(Samples.PLAN, Samples.OTHER))));
    }
    try (Store store = open("here")) {
      PlanRecord closed = store.plan(Samples.PLAN).orElseThrow();
      assertEquals(Optional.of(Samples.AT), closed.closed());
      assertEquals(Optional.of(PlanEnd.FAILED), closed.end());
      assertEquals("It failed.", closed.report());
      assertEquals(Optional.of(Samples.OTHER), closed.undoneBy());
      assertEquals(
          List.of(Optional.of("no answer"), Optional.empty()),
          closed.steps().stream().map(s -> s.failure()).toList());
      assertEquals(Optional.of(Samples.AT), closed.steps().getLast().ended());
      assertEquals(
          List.of(Samples.OTHER, Samples.PLAN),
          store.latest(10).stream().map(PlanRecord::id).toList());
      assertEquals(1, store.latest(1).size());
      assertEquals(List.of(), store.latest(-1));
      assertEquals(Optional.empty(), store.plan(new PlanId("pffffffffffff")));
    }
  }

  @Test
  void anIdThatIsUsedAgainBeginsAFreshRecord() {
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1))),
              next(new Command.EndStep(Samples.PLAN, 7, stop(Samples.DB1), Optional.empty())),
              next(new Command.ClosePlan(Samples.PLAN, PlanEnd.DONE, "Done.")),
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB2)))));
      PlanRecord again = store.plan(Samples.PLAN).orElseThrow();
      assertEquals(List.of(), again.steps());
      assertEquals(Optional.empty(), again.end());
      assertEquals(1, store.latest(9).size());
    }
  }

  @Test
  void thousandsOfCommandsComeBackAsTheyWereFolded() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    ManagerState folded = ManagerState.EMPTY;
    int accepted = 0;
    var batch = new ArrayList<Numbered>();
    var expected = new ArrayList<Verdict>();
    Store store = open("here");
    try {
      for (int i = 0; i < many(); i++) {
        Numbered numbered = at(i + 1, entry(random, i));
        ManagerState.Applied applied = folded.apply(numbered.entry());
        folded = applied.state();
        accepted += applied.verdict() == Verdict.ACCEPTED ? 1 : 0;
        batch.add(numbered);
        expected.add(applied.verdict());
        if (random.nextInt(30) == 0) {
          assertEquals(expected, store.apply(batch), "seed " + seed);
          batch.clear();
          expected.clear();
        }
        if (i % (many() / 4) == many() / 4 - 1) {
          store.close();
          store = open("here");
        }
      }
      store.apply(batch);
      assertEquals(folded, store.state(), "seed " + seed);
      String hash = store.stateHash();
      store.close();
      store = open("here");
      assertEquals(folded, store.state(), "seed " + seed);
      assertEquals(hash, store.stateHash(), "seed " + seed);
      assertTrue(
          accepted > many() / 8 && accepted < many() * 19 / 20,
          accepted + " accepted, seed " + seed);
    } finally {
      store.close();
    }
  }

  @Test
  void whatPeopleSaySurvivesARestartAndASnapshot() {
    ManagerState state;
    String hash;
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.SetPromotion(Samples.DB1, Rule.MUST_NOT, Duration.ofHours(1))),
              next(new Command.BeginDowntime(Samples.DB2, "ann", "ü", Duration.ofHours(1))),
              next(new Command.BeginMaintenance(Samples.DB1, "ben", "", Duration.ofHours(1))),
              next(new Command.PutTag(Samples.DB1, "role", "backup")),
              next(new Command.PutTag(Samples.DB1, "role ", "")),
              next(
                  new Command.SetPool("p", List.of(Samples.DB2, Samples.DB1), Duration.ofHours(1))),
              next(new Command.SetClusterAlias(Samples.CLUSTER, Optional.of("main"))),
              next(new Command.SetClusterDomain(Samples.CLUSTER, Optional.of("main.example"))),
              next(
                  new Command.BeginFreeze(
                      Samples.CLUSTER, "ann", "ü", Optional.empty(), Duration.ofHours(1))),
              next(
                  new Command.SetJudgementRule(
                      Optional.of(Samples.CLUSTER), "patience", Optional.of("1500ms"))),
              next(
                  new Command.SetJudgementRule(
                      Optional.empty(), "ignored-hosts", Optional.of("^dev"))),
              next(new Command.SetAttribute("db1", "rack", "r7")),
              next(new Command.SetAttribute("db1", "rack", "r8"))));
      state = store.state();
      hash = store.stateHash();
      assertEquals(1, state.said().lastMaintenance());
      store.writeSnapshot(folder.resolve("said.db"));
    }
    var rack = new Attribute("db1", "rack", "r8", Samples.AT);
    try (Store store = open("here");
        Store other = open("there")) {
      other.restore(folder.resolve("said.db"));
      for (Store each : List.of(store, other)) {
        assertEquals(state, each.state());
        assertEquals(hash, each.stateHash());
        assertEquals(List.of(rack), each.attributes(Optional.empty()));
        assertEquals(List.of(rack), each.attributes(Optional.of("rack")));
        assertEquals(List.of(), each.attributes(Optional.of("Rack")));
      }
    }
  }

  @Test
  void equalStatesHaveEqualHashesByWhateverWay() {
    Numbered db1 = next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER));
    Numbered db2 = next(new Command.RegisterInstance(Samples.DB2, Samples.CLUSTER));
    try (Store one = open("here");
        Store two = open("there")) {
      assertEquals(one.stateHash(), two.stateHash());
      one.apply(List.of(db1, db2));
      assertNotEquals(one.stateHash(), two.stateHash());
      two.apply(List.of(db1));
      two.apply(List.of(db2));
      assertEquals(one.stateHash(), two.stateHash());
    }
    try (Store three = open("elsewhere");
        Store one = open("here")) {
      // The same servers, but not by the same deeds.
      three.apply(List.of(at(1, db2.entry()), at(2, db1.entry())));
      assertEquals(one.state(), three.state());
      assertNotEquals(one.stateHash(), three.stateHash());
    }
  }

  private static final Audit.Asked ALL = new Audit.Asked(Set.of(), Optional.empty(), 0, 1000);

  private static Audit.Asked about(String subject) {
    return new Audit.Asked(Set.of(subject), Optional.empty(), 0, 1000);
  }

  private static List<Long> places(List<Audit.Row> rows) {
    return rows.stream().map(Audit.Row::index).toList();
  }

  @Test
  void whoDidWhatToWhomIsTold() {
    try (Store store = open("here")) {
      assertEquals(0, store.head().index());
      assertEquals(new Audit.Head(0, "0".repeat(64)), store.verify(Optional.empty()).upTo());
      assertEquals(Optional.empty(), store.oldest());
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.ForgetInstance(Samples.DB2)),
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1)))));
      store.apply(List.of(next(new Command.ClosePlan(Samples.PLAN, PlanEnd.DONE, "Done."))));
      List<Audit.Row> all = store.rows(ALL);
      assertEquals(List.of(4L, 3L, 2L, 1L), places(all));
      assertEquals("ann", all.getFirst().entry().header().actor());
      assertEquals(new Verdict.Rejected("[2001:db8::2]:3307 is not known"), all.get(2).verdict());
      assertEquals(List.of("[2001:db8::2]:3307"), all.get(2).about());
      // The end of a plan is about the servers that its beginning named.
      assertEquals(List.of("db1:3306", Samples.PLAN.text()), all.getFirst().about());
      assertEquals(List.of(4L, 3L, 1L), places(store.rows(about("db1:3306"))));
      assertEquals(List.of(1L), places(store.rows(about(Samples.CLUSTER.text()))));
      assertEquals(
          List.of(3L), places(store.rows(new Audit.Asked(Set.of(), Optional.empty(), 1, 1))));
      var later = Optional.of(Samples.AT.plusNanos(1));
      assertEquals(List.of(), store.rows(new Audit.Asked(Set.of(), later, 0, 9)));
      assertEquals(Optional.of(Samples.AT), store.oldest());
      assertEquals(new Audit.Head(4, all.getFirst().hash()), store.head());
    }
  }

  @Test
  void theChainIsTheSameInWhateverBatchesAndAfterASnapshot() {
    List<Numbered> log = some(12);
    Path snapshot = folder.resolve("chain.db");
    try (Store one = open("here");
        Store two = open("there");
        Store three = open("elsewhere")) {
      one.apply(log);
      for (Numbered numbered : log) {
        two.apply(List.of(numbered));
      }
      assertEquals(one.head(), two.head());
      one.writeSnapshot(snapshot);
      three.apply(log.subList(0, 5));
      three.restore(snapshot);
      List<Numbered> more = some(3);
      for (Store store : List.of(one, two, three)) {
        store.apply(more);
      }
      assertEquals(one.head(), three.head());
      assertEquals(one.stateHash(), three.stateHash());
      assertEquals(one.verify(Optional.empty()), three.verify(Optional.empty()));
      assertEquals(15, three.verify(Optional.empty()).rows());
      assertEquals(one.rows(ALL), three.rows(ALL));
    }
  }

  @Test
  void whatWasTamperedWithIsNamed() {
    String noted;
    try (Store store = open("here")) {
      store.apply(some(6));
      noted = store.rows(ALL).get(3).hash();
      assertTrue(store.verify(Optional.of(noted)).holds());
      Audit.Verification other = store.verify(Optional.of("ab"));
      assertEquals(Optional.of(false), other.noted());
      assertTrue(other.broken().isEmpty() && !other.holds());
    }
    assertBroken(4, "UPDATE command SET actor = 'eve' WHERE log_index = 4");
    tamper("UPDATE command SET actor = 'ann' WHERE log_index = 4");
    assertBroken(5, "UPDATE audit SET hash = '00' WHERE log_index = 5");
    assertBroken(2, "DELETE FROM command WHERE log_index = 1");
  }

  @Test
  void anEndThatWasTakenOffIsNamed() {
    try (Store store = open("here")) {
      store.apply(some(3));
    }
    assertBroken(3, "DELETE FROM command WHERE log_index = 3");
    tamper("DELETE FROM audit WHERE log_index = 3");
    assertBroken(2, "UPDATE audit_chain SET last_index = 1");
  }

  private void tamper(String sql) {
    change("here", sql);
  }

  private void assertBroken(long index, String sql) {
    tamper(sql);
    try (Store store = open("here")) {
      Audit.Verification verified = store.verify(Optional.empty());
      assertEquals(index, verified.broken().orElseThrow().index(), verified.toString());
      assertTrue(verified.upTo().index() <= index);
    }
  }

  @Test
  void whatIsCutOffLeavesAnAnchor() {
    List<Numbered> log = new ArrayList<>();
    for (int day = 0; day < 10; day++) {
      index++;
      var key = new InstanceKey("db" + day, 3306);
      var command = new Command.RegisterInstance(key, Samples.CLUSTER);
      log.add(at(index, entry(command, Samples.AT.plus(Duration.ofDays(day)))));
    }
    index++;
    Instant before = Samples.AT.plus(Duration.ofDays(4));
    log.add(at(index, entry(new Command.PurgeAudit(before), before.plus(Duration.ofDays(6)))));
    // The id of one that is cut off is known no more: it is taken for another command.
    index++;
    log.add(at(index, log.get(1).entry()));
    index++;
    log.add(at(index, log.get(8).entry()));
    index++;
    log.add(at(index, entry(new Command.PurgeAudit(before), before.plus(Duration.ofHours(2)))));
    Path snapshot = folder.resolve("cut.db");
    try (Store one = open("here");
        Store two = open("there");
        Store three = open("elsewhere")) {
      one.apply(log);
      for (Numbered numbered : log) {
        two.apply(List.of(numbered));
      }
      assertEquals(one.stateHash(), two.stateHash());
      assertEquals(List.of(14L, 12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L), places(one.rows(ALL)));
      assertInstanceOf(Verdict.Rejected.class, one.rows(ALL).getFirst().verdict());
      Audit.Verification verified = one.verify(Optional.empty());
      assertTrue(verified.holds(), verified.toString());
      assertEquals(4, verified.cut().index());
      assertEquals(9, verified.rows());
      assertTrue(one.verify(Optional.of(verified.cut().hash())).holds());
      assertEquals(Optional.of(before), one.oldest());
      assertEquals(List.of(12L), places(one.rows(about("db1:3306"))));
      one.writeSnapshot(snapshot);
      three.apply(log.subList(0, 7));
      three.restore(snapshot);
      assertEquals(one.stateHash(), three.stateHash());
      assertEquals(verified, three.verify(Optional.empty()));
    }
    assertBroken(5, "UPDATE audit_chain SET cut_hash = '00'");
  }

  /** A plan on a server of its own, begun and, with an end, ended so many hours before now. */
  private List<Numbered> plan(int number, int hours, Optional<PlanEnd> end, boolean back) {
    var id = new PlanId("p00000000000" + number);
    var server = new InstanceKey("db" + number, 3306);
    Plan plan = Samples.plan(server);
    if (!back) {
      var no = new Intent.CannotBeUndone("what is gone is gone");
      plan =
          new Plan(
              plan.intent(),
              plan.stages(),
              plan.basis(),
              plan.outcome(),
              plan.warnings(),
              new Undoing(no, List.of()));
    }
    Instant began = Samples.AT.minus(Duration.ofHours(hours + 1));
    Instant ended = Samples.AT.minus(Duration.ofHours(hours));
    var log = new ArrayList<Numbered>();
    Step step = number == 8 ? stop(server) : Samples.steps(server).get(2);
    for (Command command :
        List.of(
            new Command.RegisterInstance(server, Samples.CLUSTER),
            new Command.OpenPlan(id, plan),
            new Command.BeginStep(id, 1, step),
            new Command.EndStep(id, 1, step, Optional.empty()))) {
      log.add(at(++index, entry(command, began)));
    }
    end.ifPresent(
        how -> log.add(at(++index, entry(new Command.ClosePlan(id, how, "It ended."), ended))));
    return log;
  }

  private static List<String> kept(Store store) {
    List<PlanJournal.PlanRecord> all = store.latest(99);
    all.forEach(plan -> assertEquals(1, plan.steps().size(), "with its steps"));
    return all.stream().map(plan -> plan.id().text().substring(12)).sorted().toList();
  }

  @Test
  void whatIsSaidOfAHostNoMoreIsTakenOut() {
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.SetAttribute("db1", "rack", "r7")),
              next(new Command.SetAttribute("db1", "row", "2")),
              next(new Command.SetAttribute("db2", "rack", "r7"))));
      store.apply(List.of(next(new Command.SetAttribute("db1", "rack", ""))));
      assertEquals(
          List.of(
              new Attribute("db1", "row", "2", Samples.AT),
              new Attribute("db2", "rack", "r7", Samples.AT)),
          store.attributes(Optional.empty()));
    }
    // As a node of an earlier version has written it.
    tamper("UPDATE host_attribute SET value = '' WHERE host = 'db2'");
    try (Store store = open("here")) {
      assertEquals(
          List.of(new Attribute("db1", "row", "2", Samples.AT)),
          store.attributes(Optional.empty()));
    }
  }

  @Test
  void plansThatHaveEndedAreCutOffWithTheAudit() {
    int days = 24;
    var done = Optional.of(PlanEnd.DONE);
    var failed = Optional.of(PlanEnd.FAILED);
    var log = new ArrayList<Numbered>();
    log.addAll(plan(1, 400 * days, done, true));
    log.addAll(plan(2, 400 * days, Optional.empty(), true)); // under way
    log.addAll(plan(3, 3 * days, failed, true));
    log.addAll(plan(4, 3 * days, done, true)); // can be taken back
    log.addAll(plan(5, 3 * days, done, true));
    log.addAll(plan(6, 8 * days, done, true)); // cannot any more
    log.addAll(plan(7, 3 * days, done, false));
    log.addAll(plan(8, 20 * days, failed, true)); // left a replica stopped
    log.addAll(plan(9, days, failed, true)); // too new
    log.add(next(new Command.MarkUndone(new PlanId("p000000000005"), Samples.OTHER)));
    Instant longer = Samples.AT.minus(Duration.ofDays(30));
    Instant before = Samples.AT.minus(Duration.ofDays(2));
    Path snapshot = folder.resolve("plans.db");
    try (Store one = open("here");
        Store two = open("there");
        Store three = open("elsewhere")) {
      one.apply(log);
      assertEquals(9, kept(one).size());
      Numbered first = at(++index, entry(new Command.PurgeAudit(longer), Samples.AT));
      Numbered second = at(++index, entry(new Command.PurgeAudit(before), Samples.AT));
      one.apply(List.of(first));
      assertEquals(List.of("2", "3", "4", "5", "6", "7", "8", "9"), kept(one));
      one.apply(List.of(second));
      assertEquals(List.of("2", "4", "8", "9"), kept(one));
      assertEquals(Optional.empty(), one.plan(new PlanId("p000000000001")));

      // The same in whatever batches, and after a snapshot.
      log.add(first);
      log.add(second);
      two.apply(log);
      assertEquals(one.latest(99), two.latest(99));
      assertEquals(one.stateHash(), two.stateHash());
      one.writeSnapshot(snapshot);
      three.restore(snapshot);
      assertEquals(one.latest(99), three.latest(99));

      // What is left goes on: the one that is under way ends, the one that held lets go.
      var two2 = new PlanId("p000000000002");
      one.apply(
          List.of(
              at(++index, entry(new Command.ClosePlan(two2, PlanEnd.FAILED, "."), Samples.AT)),
              at(
                  ++index,
                  entry(new Command.ReleaseHeld(new InstanceKey("db8", 3306)), Samples.AT))));
      assertEquals(List.of("2", "4", "8", "9"), kept(one));
      one.apply(
          List.of(
              at(
                  ++index,
                  entry(new Command.PurgeAudit(Samples.AT), Samples.AT.plus(Duration.ofDays(5))))));
      assertEquals(List.of("2"), kept(one), "it ended then, not before");
    }
  }

  @Test
  void aLogWithoutAChainIsChainedAsItWouldHaveBeen() {
    String hash;
    Audit.Head head;
    List<Audit.Row> rows;
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.ForgetInstance(Samples.DB2)),
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1))),
              next(new Command.ClosePlan(Samples.PLAN, PlanEnd.DONE, "Done."))));
      // There was no chain while there were no recoveries.
      store.apply(some(700).stream().map(StoreContract::withoutRecovery).toList());
      hash = store.stateHash();
      head = store.head();
      rows = store.rows(ALL);
    }
    for (String table : List.of("audit", "audit_about", "audit_chain")) {
      tamper("DROP TABLE " + table);
    }
    asBeforeThreads();
    tamper("DELETE FROM migration WHERE name = '0005-audit.sql'");
    try (Store store = open("here")) {
      assertEquals(head, store.head());
      assertEquals(hash, store.stateHash());
      assertEquals(rows, store.rows(ALL));
      assertTrue(store.verify(Optional.of(head.hash())).holds());
    }
  }

  @Test
  void aHigherFeatureLevelStopsTheNode() {
    try (Store store = open("here")) {
      var header = new Header(UUID.randomUUID(), "ann", "http", Samples.AT, Header.LEVEL + 1);
      var entry = new Entry(header, new Command.ForgetInstance(Samples.DB1));
      Numbered fine = at(1, next(new Command.NameHead(Samples.CLUSTER, Samples.DB1)).entry());
      var e = assertThrows(StoreException.class, () -> store.apply(List.of(fine, at(2, entry))));
      assertEquals(Kind.NEWER, e.kind());
      assertEquals(new Position(0, 0), store.lastApplied());
      assertEquals(List.of(Verdict.ACCEPTED), store.apply(List.of(fine)));
    }
  }

  @Test
  void aStoreThatIsInUseSaysSo() throws Exception {
    try (Store first = open("here")) {
      var e = assertThrows(StoreException.class, () -> open("here").close());
      assertEquals(Kind.LOCKED, e.kind(), e.getMessage());
      // Being turned away in this process must not have opened the door to another.
      var child = new Child(data("here"), choice("here"));
      assertTrue(child.line().startsWith("LOCKED"));
      child.end();
      first.apply(some(1));
    }
    open("here").close();
  }

  @Test
  void aKilledNodeHasEverythingItAcknowledged() throws Exception {
    String last = "0000000";
    for (int kill = 0; kill < 2; kill++) {
      var child = new Child(data("here"), choice("here"));
      String enough = String.format("%07d", Integer.parseInt(last) + 100);
      while (last.compareTo(enough) < 0) {
        last = child.line();
      }
      last = child.kill().orElse(last);
      try (Store store = open("here")) {
        long applied = store.lastApplied().index();
        assertTrue(applied >= Long.parseLong(last), applied + " of " + last);
        assertEquals(applied, store.state().instances().size());
        for (long i = 1; i <= applied; i++) {
          assertTrue(store.state().instances().containsKey(new InstanceKey("h" + i, 3306)));
        }
      }
    }
    assertEquals(
        query("here", "SELECT applied_index FROM meta"),
        query("here", "SELECT count(*) FROM command"));
  }

  @Test
  void textsAreEqualWhenTheirBytesAre() {
    // Case, accents, trailing spaces, four bytes, quotes: what servers like to take for the same.
    List<String> words =
        List.of("a", "A", "\u00e4", "a ", "\ud83c\udf33", "a'\\\"`", "", "\u00df", "ss");
    var folded = new ArrayList<Verdict>();
    try (Store store = open("here")) {
      for (String word : words) {
        var header = new Header(UUID.randomUUID(), "actor " + word, word, Samples.AT, Header.LEVEL);
        index++;
        var command = new Command.ClosePlan(Samples.PLAN, PlanEnd.DONE, word);
        folded.addAll(store.apply(List.of(at(index, new Entry(header, command)))));
      }
      store.apply(
          List.of(
              next(new Command.RegisterInstance(new InstanceKey("DB1", 1), Samples.CLUSTER)),
              next(new Command.RegisterInstance(new InstanceKey("db1", 1), Samples.CLUSTER))));
      assertEquals(2, store.state().instances().size());
    }
    try (Store store = open("here")) {
      assertEquals(2, store.state().instances().size());
    }
    assertEquals(
        Integer.toString(words.size()),
        query("here", "SELECT count(DISTINCT cause) FROM command WHERE type = 'close-plan'"));
    assertEquals("1", query("here", "SELECT count(*) FROM command WHERE cause = 'a'"));
    assertEquals(
        "F09F8CB3",
        query("here", "SELECT hex(cause) FROM command WHERE actor = 'actor \ud83c\udf33'"));
    assertEquals(words.size(), folded.size());
  }

  // ---- snapshots

  @Test
  void aSnapshotBringsEverythingElsewhere() throws Exception {
    Path snapshot = folder.resolve("snapshots").resolve("it's one");
    ManagerState state;
    String hash;
    try (Store store = open("here")) {
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.AddAlias(new InstanceKey("other", 1), Samples.DB1)),
              next(new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1))),
              next(new Command.BeginStep(Samples.PLAN, 1, stop(Samples.DB1)))));
      state = store.state();
      hash = store.stateHash();
      assertEquals(new Position(1, 4), store.writeSnapshot(snapshot));
      store.apply(some(1));
    }
    byte[] bytes = Files.readAllBytes(snapshot);
    open("there").close();
    index = 0;
    try (Store store = open("there")) {
      store.apply(some(9));
      store.restore(snapshot);
      assertEquals(state, store.state());
      assertEquals(hash, store.stateHash());
      assertEquals(new Position(1, 4), store.lastApplied());
      assertEquals(1, store.latest(10).size());
      assertEquals(1, store.plan(Samples.PLAN).orElseThrow().steps().size());
      store.apply(List.of(at(5, some(1).getFirst().entry())));
      // Over what both have in common, and what they have not.
      store.restore(snapshot);
      assertEquals(hash, store.stateHash());
      store.apply(List.of(at(5, some(1).getFirst().entry())));
      // How often this place was opened is its own affair.
      assertEquals(2, store.epoch());
    }
    assertArrayEquals(bytes, Files.readAllBytes(snapshot));
    try (Store store = open("there")) {
      assertEquals(state.instances().size() + 1, store.state().instances().size());
      assertEquals(3, store.epoch());
    }
    try (var files = Files.list(snapshot.getParent())) {
      assertEquals(List.of(snapshot), files.toList());
    }
    assertEquals("5", query("there", "SELECT count(*) FROM command"));
  }

  @Test
  void aSnapshotGoesFromEveryKindToEveryOther() throws Exception {
    Path here = folder.resolve("one.db");
    Path sqlite = folder.resolve("two.db");
    Path again = folder.resolve("three.db");
    try (Store store = open("here");
        Store other = SqliteStore.open(folder.resolve("sqlite"))) {
      long seed = new Random().nextLong();
      var random = new Random(seed);
      var batch = new ArrayList<Numbered>();
      for (int i = 1; i <= 300; i++) {
        batch.add(at(i, entry(random, i)));
      }
      assertEquals(store.apply(batch), other.apply(batch), "seed " + seed);
      assertEquals(other.stateHash(), store.stateHash(), "seed " + seed);
      assertEquals(new Position(1, 300), store.writeSnapshot(here));
      assertEquals(new Position(1, 300), other.writeSnapshot(sqlite));
      store.restore(sqlite);
      other.restore(here);
      assertEquals(other.stateHash(), store.stateHash(), "seed " + seed);
      assertEquals(other.state(), store.state(), "seed " + seed);
      assertEquals(other.latest(1000), store.latest(1000), "seed " + seed);
      store.writeSnapshot(again);
    }
    for (String table : List.of("instance", "alias", "plan", "plan_step", "command", "open_plan")) {
      assertEquals(rows(sqlite, table), rows(here, table));
      assertEquals(rows(sqlite, table), rows(again, table));
    }
  }

  private static List<String> rows(Path file, String table) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
      var rows = new ArrayList<String>();
      while (row.next()) {
        var line = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          line.append(row.getObject(i)).append('|');
        }
        rows.add(line.toString());
      }
      return rows;
    }
  }

  @Test
  void aSnapshotHoldsUpNobodyAndIsExactlyWhereItSays() throws Exception {
    index = 0;
    try (Store store = open("here");
        Store copy = open("there");
        var background = Executors.newSingleThreadExecutor()) {
      store.apply(some(3000));
      var stop = new AtomicBoolean();
      Future<Integer> writing =
          background.submit(
              () -> {
                int applied = 0;
                while (!stop.get()) {
                  store.apply(some(1));
                  applied++;
                }
                return applied;
              });
      long beside = 0;
      try {
        for (int i = 0; i < 3; i++) {
          Path snapshot = folder.resolve("snapshot" + i);
          Position at = store.writeSnapshot(snapshot);
          beside += store.lastApplied().index() - at.index();
          copy.restore(snapshot);
          assertEquals(at, copy.lastApplied());
          assertEquals(at.index(), copy.state().instances().size());
          assertTrue(
              copy.state().instances().containsKey(new InstanceKey("db" + at.index(), 3306)));
        }
      } finally {
        stop.set(true);
      }
      assertTrue(writing.get() > 0);
      assertTrue(beside > 0, "nothing was applied while a snapshot was written");
    }
  }

  @Test
  void aBadSnapshotChangesNothing() throws Exception {
    Path bad = Files.write(folder.resolve("bad"), new byte[5000]);
    Path newer = folder.resolve("newer");
    try (Store store = open("here")) {
      store.apply(some(1));
      store.writeSnapshot(newer);
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + newer);
          var statement = connection.createStatement()) {
        statement.execute("INSERT INTO migration VALUES (99, '0099-later.sql', 'x')");
      }
      Path none = folder.resolve("none");
      for (Map.Entry<Path, Kind> each :
          Map.of(bad, Kind.CORRUPT, newer, Kind.NEWER, none, Kind.UNWRITABLE).entrySet()) {
        var e = assertThrows(StoreException.class, () -> store.restore(each.getKey()));
        assertEquals(each.getValue(), e.kind(), e.getMessage());
        assertTrue(e.getMessage().contains(each.getKey().toString()), e.getMessage());
      }
      assertEquals(1, store.state().instances().size());
      store.apply(some(1));
      try (var left = Files.list(data("here"))) {
        assertEquals(
            List.of(), left.filter(f -> f.toString().matches(".*(new|restore).*")).toList());
      }
    }
  }

  @Test
  void aSnapshotThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    try (Store store = open("here")) {
      var e =
          assertThrows(StoreException.class, () -> store.writeSnapshot(file.resolve("snapshot")));
      assertEquals(Kind.UNWRITABLE, e.kind());
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    Store store = open("here");
    store.close();
    store.close();
    assertThrows(IllegalStateException.class, () -> store.apply(some(1)));
    assertThrows(IllegalStateException.class, () -> store.latest(1));
  }

  private static Step stop(InstanceKey key) {
    return Samples.steps(key).getFirst();
  }

  private static Numbered at(long index, Entry entry) {
    return new Numbered(new Position(1, index), entry);
  }

  private static Entry entry(Command command, Instant stamped) {
    var header = new Header(UUID.randomUUID(), "ann", "http", stamped, command.level());
    return new Entry(header, command);
  }

  private static Entry entry(Random random, int i) {
    // Few servers and plans, so that commands meet.
    var key = new InstanceKey("db" + random.nextInt(12), 3306);
    var other = new InstanceKey("db" + random.nextInt(12), 3306);
    var cluster = new ClusterId("c00000000000" + random.nextInt(4));
    var plan = new PlanId("p00000000000" + random.nextInt(6));
    var by = new PlanId("p00000000000" + random.nextInt(6));
    List<Step> steps = Samples.steps(key);
    Step step = steps.get(random.nextInt(steps.size()));
    int number = 1 + random.nextInt(9);
    var node = new NodeId("n" + random.nextInt(3));
    var recovery = new RecoveryId("r00000000000" + random.nextInt(3));
    HookList list = HookList.values()[random.nextInt(HookList.values().length)];
    Command command =
        switch (random.nextInt(40)) {
          case 0 -> new Command.RegisterInstance(key, cluster);
          case 1 -> new Command.ForgetInstance(key);
          case 2 -> new Command.NameHead(cluster, other);
          case 3 -> new Command.OpenPlan(plan, Samples.plan(key));
          case 4 -> new Command.BeginStep(plan, number, step);
          case 5 ->
              new Command.EndStep(
                  plan, number, step, random.nextBoolean() ? Optional.of("no") : Optional.empty());
          case 6 ->
              new Command.ClosePlan(
                  plan, PlanEnd.values()[random.nextInt(PlanEnd.values().length)], "So it is.");
          case 7 -> new Command.MarkUndone(plan, by);
          case 8 -> new Command.AddAlias(key, other);
          case 9 -> new Command.DropAlias(key);
          case 10 ->
              new Command.AnnounceNode(
                  node,
                  "n" + number,
                  URI.create("http://n" + number + ":3000"),
                  1 + random.nextInt(Header.LEVEL),
                  "0." + number);
          case 11 -> new Command.DropNode(node);
          case 12 -> new Command.RaiseLevel(random.nextInt(Header.LEVEL + 1));
          case 13, 14, 15, 16, 17, 18, 19, 20, 21, 22 -> saying(random, key, other, cluster, i);
          case 23 ->
              new Command.NoteFinding(
                  key,
                  Optional.of(cluster),
                  Optional.empty(),
                  Optional.of("DeadMaster"),
                  List.of(other),
                  List.of(new Evidence(key, Optional.empty(), "says nothing")));
          case 24 ->
              new Command.OpenRecovery(
                  recovery,
                  cluster,
                  key,
                  RecoveryKind.values()[random.nextInt(2)],
                  "DeadMaster",
                  random.nextBoolean(),
                  random.nextBoolean() ? Optional.of(other) : Optional.empty(),
                  List.of(other),
                  List.of());
          case 25 -> new Command.ChooseSuccessor(recovery, other, "Nothing.", "So it is.");
          case 26 ->
              new Command.CloseRecovery(
                  recovery,
                  RecoveryEnd.values()[random.nextInt(RecoveryEnd.values().length)],
                  "So it is.",
                  List.of(plan));
          case 27 -> new Command.AcknowledgeRecoveries(List.of(recovery), "seen");
          case 28 ->
              new Command.SwitchRecovery(
                  random.nextBoolean() ? Optional.of(cluster) : Optional.empty(),
                  random.nextBoolean() ? Optional.of(RecoveryKind.PRIMARY) : Optional.empty(),
                  random.nextBoolean());
          case 29 -> new Command.HaltRecoveries(random.nextBoolean());
          case 30, 31 ->
              new Command.OweHooks(recovery, list, new TreeMap<>(Map.of("failedHost", key.host())));
          case 32 -> new Command.SkipHooks(recovery);
          case 33, 34, 35 -> new Command.BeginHook(recovery, list, 1 + number % 2, 1);
          case 36, 37 ->
              new Command.EndHook(
                  recovery,
                  list,
                  1 + number % 2,
                  random.nextInt(2),
                  random.nextBoolean() ? Optional.of("no") : Optional.empty(),
                  "So it is.",
                  random.nextBoolean());
          case 38 ->
              new Command.TellPrimary(cluster, new ToldPrimary("main", key, "", "2001:db8::2"));
          default -> new Command.ReleaseHeld(key);
        };
    var id = new UUID(random.nextLong(), random.nextLong());
    Instant at = Samples.AT.plusNanos(random.nextLong(1L << 50)).plusSeconds(i);
    return new Entry(new Header(id, "ann", "http", at, Header.LEVEL), command);
  }

  private static Command saying(
      Random random, InstanceKey key, InstanceKey other, ClusterId cluster, int i) {
    // Seconds to weeks, among entries that are days apart.
    var span = Duration.ofSeconds(1 + random.nextInt(2_000_000));
    String word = List.of("a", "A", "ä", "a=b", "\ud83c\udf33", "").get(random.nextInt(6));
    return switch (random.nextInt(15)) {
      case 0 ->
          new Command.SetPromotion(key, Rule.values()[random.nextInt(Rule.values().length)], span);
      case 1 -> new Command.BeginDowntime(key, "ann", word, span);
      case 2 -> new Command.EndDowntime(key);
      case 3 -> new Command.BeginMaintenance(key, random.nextBoolean() ? "ann" : "ben", word, span);
      case 4 -> new Command.EndMaintenance(key);
      case 5 -> new Command.PutTag(key, "t" + word, word);
      case 6 ->
          new Command.DropTag(
              key, "t" + word, random.nextBoolean() ? Optional.of(word) : Optional.empty());
      case 7 -> new Command.SetPool("p" + word, List.of(key, other), span);
      case 8 ->
          new Command.SetClusterAlias(
              cluster, word.isEmpty() ? Optional.empty() : Optional.of(word));
      case 9 -> new Command.SetClusterDomain(cluster, Optional.of("d" + word));
      case 11 -> new Command.BeginFreeze(cluster, "ann", word, Optional.empty(), span);
      case 12 -> new Command.EndFreeze(cluster);
      case 13 ->
          new Command.SetJudgementRule(
              random.nextBoolean() ? Optional.of(cluster) : Optional.empty(),
              "r" + word,
              random.nextBoolean() ? Optional.of(word) : Optional.empty());
      case 10 -> new Command.SetAttribute("h" + word, "n", word);
      default -> new Command.ForgetEnded(Samples.AT.plusSeconds(i + random.nextInt(1_000_000)));
    };
  }
}
