package topiary.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Samples;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

class SnapshotTest {

  @TempDir Path folder;
  private Path here;
  private Path there;
  private Path snapshot;

  @BeforeEach
  void name() {
    here = folder.resolve("here");
    there = folder.resolve("there");
    snapshot = folder.resolve("snapshots").resolve("it's one");
  }

  @Test
  void aSnapshotBringsEverythingElsewhere() throws Exception {
    ManagerState state;
    String hash;
    try (SqliteStore store = SqliteStore.open(here)) {
      store.apply(List.of(register(1), plan(2)));
      state = store.state();
      hash = store.stateHash();
      assertEquals(new Position(1, 2), store.writeSnapshot(snapshot));
      store.apply(List.of(register(3)));
    }
    byte[] bytes = Files.readAllBytes(snapshot);
    SqliteStore.open(there).close();
    try (SqliteStore store = SqliteStore.open(there)) {
      store.apply(List.of(register(1), register(2), register(3), register(4)));
      store.restore(snapshot);
      assertEquals(state, store.state());
      assertEquals(hash, store.stateHash());
      assertEquals(new Position(1, 2), store.lastApplied());
      assertEquals(1, store.latest(10).size());
      store.apply(List.of(register(3)));
      // How often this folder was opened is its own affair.
      assertEquals(2, store.epoch());
    }
    assertArrayEquals(bytes, Files.readAllBytes(snapshot));
    try (SqliteStore store = SqliteStore.open(there)) {
      assertEquals(2, store.state().instances().size());
      assertEquals(3, store.epoch());
    }
    try (var files = Files.list(snapshot.getParent())) {
      assertEquals(List.of(snapshot), files.toList());
    }
  }

  @Test
  void aSnapshotCanBePutInPlaceByHand() throws Exception {
    try (SqliteStore store = SqliteStore.open(here)) {
      store.apply(List.of(register(1)));
      store.writeSnapshot(snapshot);
      store.writeSnapshot(snapshot);
    }
    Files.createDirectory(there);
    Files.copy(snapshot, there.resolve("topiary.db"));
    try (SqliteStore store = SqliteStore.open(there)) {
      assertEquals(1, store.state().instances().size());
    }
  }

  @Test
  void aBadSnapshotChangesNothing() throws Exception {
    Path bad = Files.write(folder.resolve("bad"), new byte[5000]);
    try (SqliteStore store = SqliteStore.open(here)) {
      store.apply(List.of(register(1)));
      var damaged = assertThrows(StoreException.class, () -> store.restore(bad));
      assertEquals(Kind.CORRUPT, damaged.kind());
      assertTrue(damaged.getMessage().contains(bad.toString()), damaged.getMessage());
      Path none = folder.resolve("none");
      var missing = assertThrows(StoreException.class, () -> store.restore(none));
      assertTrue(missing.getMessage().contains(none.toString()), missing.getMessage());
      assertEquals(1, store.state().instances().size());
      store.apply(List.of(register(2)));
    }
    assertFalse(Files.exists(here.resolve("topiary.db.new")));
  }

  @Test
  void aSnapshotThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    try (SqliteStore store = SqliteStore.open(here)) {
      var e =
          assertThrows(StoreException.class, () -> store.writeSnapshot(file.resolve("snapshot")));
      assertEquals(Kind.UNWRITABLE, e.kind());
    }
  }

  @Test
  void restoringWaitsForNoReaderButRefusesWhileAnotherProgramReads() throws Exception {
    try (SqliteStore store = SqliteStore.open(here)) {
      store.apply(List.of(register(1)));
      store.writeSnapshot(snapshot);
      store.apply(List.of(register(2)));
      try (var other = Connections.toRead(here.resolve("topiary.db"))) {
        assertEquals("2", Connections.one(other, "SELECT count(*) FROM instance"));
        var e = assertThrows(StoreException.class, () -> store.restore(snapshot));
        assertEquals(Kind.BROKEN, e.kind());
        assertEquals(2, store.state().instances().size());
        store.apply(List.of(register(3)));
      }
      store.restore(snapshot);
      assertEquals(1, store.state().instances().size());
    }
  }

  private static Numbered register(long index) {
    var key = new InstanceKey("db" + index, 3306);
    return at(index, new Command.RegisterInstance(key, Samples.CLUSTER));
  }

  private static Numbered plan(long index) {
    return at(index, new Command.OpenPlan(Samples.PLAN, Samples.plan(Samples.DB1)));
  }

  private static Numbered at(long index, Command command) {
    return new Numbered(new Position(1, index), Samples.entry(UUID.randomUUID(), command));
  }
}
