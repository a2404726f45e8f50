package topiary.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static topiary.store.StoreChoice.Sqlite.BUSY;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Samples;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.rows.Jdbc;

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
  void restoringWaitsForNoReaderButRefusesWhileAnotherProgramReads() throws Exception {
    try (SqliteStore store = SqliteStore.open(here)) {
      store.apply(List.of(register(1)));
      store.writeSnapshot(snapshot);
      store.apply(List.of(register(2)));
      try (var other = Connections.toRead(here.resolve("topiary.db"), BUSY)) {
        assertEquals("2", Jdbc.one(other, "SELECT count(*) FROM instance"));
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

  private static Numbered at(long index, Command command) {
    return new Numbered(new Position(1, index), Samples.entry(UUID.randomUUID(), command));
  }
}
