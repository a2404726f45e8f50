package topiary.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Step;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.PlanEnd;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Samples;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

class SqliteStoreTest {

  @TempDir Path folder;

  private long index;

  @Test
  void aRestartKeepsEverything() {
    ManagerState state;
    String hash;
    try (SqliteStore store = SqliteStore.open(folder)) {
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
    try (SqliteStore store = SqliteStore.open(folder)) {
      assertEquals(state, store.state());
      assertEquals(hash, store.stateHash());
      assertEquals(new Position(1, 5), store.lastApplied());
      assertEquals(2, store.epoch());
    }
  }

  @Test
  void replayChangesNothing() {
    try (SqliteStore store = SqliteStore.open(folder)) {
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
    try (SqliteStore store = SqliteStore.open(folder)) {
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
    assertEquals("2", query("SELECT count(*) FROM command"));
  }

  @Test
  void everyCommandIsKeptWithItsVerdict() {
    try (SqliteStore store = SqliteStore.open(folder)) {
      store.apply(
          List.of(
              next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER)),
              next(new Command.ForgetInstance(Samples.DB2))));
    }
    assertEquals(
        "1 1 register-instance ann http 2026-11-22T21:00:00.123456789Z accepted -",
        query(
            "SELECT concat_ws(' ', log_index, log_term, type, actor, cause, at, verdict,"
                + " ifnull(reason, '-')) FROM command WHERE log_index = 1"));
    assertEquals(
        "forget-instance rejected [2001:db8::2]:3307 is not known",
        query("SELECT concat_ws(' ', type, verdict, reason) FROM command WHERE log_index = 2"));
  }

  @Test
  void theJournalTellsWhatWasDone() {
    Step step = stop(Samples.DB1);
    try (SqliteStore store = SqliteStore.open(folder)) {
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
    try (SqliteStore store = SqliteStore.open(folder)) {
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
    try (SqliteStore store = SqliteStore.open(folder)) {
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
    SqliteStore store = SqliteStore.open(folder);
    try {
      for (int i = 0; i < 4000; i++) {
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
        if (i % 1000 == 999) {
          store.close();
          store = SqliteStore.open(folder);
        }
      }
      store.apply(batch);
      assertEquals(folded, store.state(), "seed " + seed);
      String hash = store.stateHash();
      store.close();
      store = SqliteStore.open(folder);
      assertEquals(folded, store.state(), "seed " + seed);
      assertEquals(hash, store.stateHash(), "seed " + seed);
      assertTrue(accepted > 500 && accepted < 3800, accepted + " accepted, seed " + seed);
    } finally {
      store.close();
    }
  }

  @Test
  void equalStatesHaveEqualHashesByWhateverWay(@TempDir Path elsewhere) {
    Numbered db1 = next(new Command.RegisterInstance(Samples.DB1, Samples.CLUSTER));
    Numbered db2 = next(new Command.RegisterInstance(Samples.DB2, Samples.CLUSTER));
    try (SqliteStore one = SqliteStore.open(folder);
        SqliteStore two = SqliteStore.open(elsewhere)) {
      assertEquals(one.stateHash(), two.stateHash());
      one.apply(List.of(db1, db2));
      assertNotEquals(one.stateHash(), two.stateHash());
      two.apply(List.of(at(1, db2.entry())));
      two.apply(List.of(at(5, db1.entry())));
      assertEquals(one.stateHash(), two.stateHash());
    }
  }

  @Test
  void aHigherFeatureLevelStopsTheNode() {
    try (SqliteStore store = SqliteStore.open(folder)) {
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
  void everythingIsForItsUserOnly() throws Exception {
    Path made = folder.resolve("a ?#%41 ü/data");
    try (SqliteStore store = SqliteStore.open(made)) {
      store.apply(List.of(next(new Command.NameHead(Samples.CLUSTER, Samples.DB1))));
      Path snapshot = made.resolve("snapshot");
      store.writeSnapshot(snapshot);
      assertEquals("rwx------", mode(made));
      List<Path> files;
      try (var list = Files.list(made)) {
        files = list.filter(Files::isRegularFile).sorted().toList();
      }
      assertEquals(
          List.of("lock", "snapshot", "topiary.db", "topiary.db-shm", "topiary.db-wal"),
          files.stream().map(f -> f.getFileName().toString()).toList());
      for (Path file : files) {
        assertEquals("rw-------", mode(file), file.toString());
      }
    }
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private String query(String sql) {
    try (var connection = Connections.toRead(folder.resolve("topiary.db"))) {
      return Connections.one(connection, sql);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Step stop(InstanceKey key) {
    return Samples.steps(key).getFirst();
  }

  private Numbered next(Command command) {
    index++;
    return at(index, Samples.entry(UUID.randomUUID(), command));
  }

  private static Numbered at(long index, Entry entry) {
    return new Numbered(new Position(1, index), entry);
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
    Command command =
        switch (random.nextInt(11)) {
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
          default -> new Command.ReleaseHeld(key);
        };
    var id = new UUID(random.nextLong(), random.nextLong());
    Instant at = Samples.AT.plusNanos(random.nextLong(1L << 50)).plusSeconds(i);
    return new Entry(new Header(id, "ann", "http", at, Header.LEVEL), command);
  }
}
