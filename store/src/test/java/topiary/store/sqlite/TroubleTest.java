package topiary.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static topiary.store.StoreChoice.Sqlite.BUSY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.store.Child;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Samples;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.rows.Jdbc;

class TroubleTest {

  @TempDir Path folder;

  private int written;

  @Test
  void aFolderBelongsToOne() throws Exception {
    try (SqliteStore first = SqliteStore.open(folder)) {
      assertRefused(Kind.LOCKED, "in use by another Topiary");
      // Being turned away in this process must not have opened the door to another.
      var child = new Child(folder);
      assertTrue(child.line().startsWith("LOCKED"));
      child.end();
      first.apply(some(1));
    }
    SqliteStore.open(folder).close();
  }

  @Test
  void aTruncatedFileIsLeftAlone() throws Exception {
    byte[] whole = fill();
    assertLeftAlone(Arrays.copyOf(whole, whole.length / 2));
    assertLeftAlone(Arrays.copyOf(whole, 100));
    assertLeftAlone(new byte[0]);
  }

  @Test
  void aGarbledFileIsLeftAlone() throws Exception {
    byte[] whole = fill();
    byte[] garbled = whole.clone();
    new Random(1).nextBytes(garbled);
    assertLeftAlone(garbled);
    byte[] middle = whole.clone();
    Arrays.fill(middle, 4096, whole.length - 4096, (byte) 0xa5);
    assertLeftAlone(middle);
  }

  @Test
  void aGarbledFileWithCommitsBesideItIsLeftAlone() throws Exception {
    // What a killed process leaves: commits in the log file beside the database.
    var child = new Child(folder);
    while (child.line().compareTo("0000200") < 0) {
      continue;
    }
    child.kill();
    Path wal = folder.resolve("topiary.db-wal");
    byte[] commits = Files.readAllBytes(wal);
    assertTrue(commits.length > 0);
    byte[] garbled = Files.readAllBytes(folder.resolve("topiary.db"));
    Arrays.fill(garbled, 20, garbled.length, (byte) 7);
    assertLeftAlone(garbled);
    assertArrayEquals(commits, Files.readAllBytes(wal));
    Files.delete(folder.resolve("topiary.db"));
    assertRefused(Kind.CORRUPT, "-wal");
    assertFalse(Files.exists(folder.resolve("topiary.db")));
  }

  @Test
  void anotherProgramsDatabaseIsLeftAlone() throws Exception {
    try (var connection = Connections.toWrite(folder.resolve("topiary.db"), BUSY)) {
      Jdbc.execute(connection, "CREATE TABLE cake (slices INTEGER)");
    }
    byte[] before = Files.readAllBytes(folder.resolve("topiary.db"));
    assertRefused(Kind.BROKEN, "no database of Topiary");
    assertArrayEquals(before, Files.readAllBytes(folder.resolve("topiary.db")));
  }

  @Test
  void anOlderSchemaIsBroughtUpToDate() throws Exception {
    fill();
    change("DROP TABLE alias");
    change("DROP TABLE node");
    change("DROP TABLE feature_level");
    for (String table : List.of("audit", "audit_about", "audit_chain")) {
      change("DROP TABLE " + table);
    }
    for (String table :
        List.of(
            "promotion",
            "downtime",
            "maintenance",
            "maintenance_count",
            "tag",
            "pool",
            "cluster_alias",
            "cluster_domain",
            "host_attribute",
            "cluster_freeze",
            "judgement_rule")) {
      change("DROP TABLE " + table);
    }
    for (String table :
        List.of(
            "held_threads",
            "recovery_switch",
            "recovery_halt",
            "open_recovery",
            "ended_recovery",
            "hook_duty",
            "told_primary")) {
      change("DROP TABLE " + table);
    }
    change(
        "CREATE TABLE held (host TEXT NOT NULL, port INTEGER NOT NULL, plan TEXT NOT NULL,"
            + " PRIMARY KEY (host, port)) STRICT, WITHOUT ROWID");
    change("DELETE FROM migration WHERE number >= 2");
    try (SqliteStore store = SqliteStore.open(folder)) {
      assertTrue(store.verify(Optional.empty()).holds());
      assertEquals(store.lastApplied().index(), store.head().index());
      assertFalse(store.state().instances().isEmpty());
      assertTrue(store.state().aliases().isEmpty());
      assertTrue(store.state().nodes().isEmpty());
      assertEquals(1, store.state().level());
    }
  }

  @Test
  void aClusterThatUsesMoreThanThisVersionKnowsIsRefused() throws Exception {
    fill();
    change("UPDATE feature_level SET level = " + (Header.LEVEL + 1));
    assertRefused(Kind.NEWER, "update this node");
    change("DELETE FROM feature_level");
    assertRefused(Kind.CORRUPT, "there is no feature level 0");
  }

  @Test
  void aNewerOrOtherSchemaIsRefused() throws Exception {
    fill();
    change("INSERT INTO migration VALUES (99, '0099-more.sql', 'x')");
    assertRefused(Kind.NEWER, "0099-more.sql");
    change("DELETE FROM migration WHERE number = 99");
    change("UPDATE meta SET format = 2");
    assertRefused(Kind.NEWER, "format 2");
    change("UPDATE meta SET format = 1");
    change("UPDATE migration SET sha256 = 'x'");
    assertRefused(Kind.BROKEN, "another text of 0001-first.sql");
  }

  @Test
  void aRowThatCannotBeReadIsNamed() throws Exception {
    fill();
    change("UPDATE instance SET host = 'no host' WHERE host = 'db1'");
    assertRefused(Kind.CORRUPT, "not a host name: \"no host\"");
    change("DELETE FROM instance");
    change("INSERT INTO open_plan VALUES ('p00000000000a', '{}', 'ann', 'now', 0, 0)");
    assertRefused(Kind.BROKEN, "topiary.db: a plan cannot be read");
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    for (Path path : List.of(file, file.resolve("below"))) {
      var e = assertThrows(StoreException.class, () -> SqliteStore.open(path));
      assertEquals(Kind.UNWRITABLE, e.kind());
      assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
    }
  }

  @Test
  void aFolderInPlaceOfTheFileIsRefused() throws Exception {
    Files.createDirectory(folder.resolve("topiary.db"));
    var e = assertThrows(StoreException.class, () -> SqliteStore.open(folder));
    assertEquals(Kind.UNWRITABLE, e.kind(), e.getMessage());
  }

  @Test
  void aReadOnlyFolderIsRefused() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
    try {
      assertRefused(Kind.UNWRITABLE, "cannot be made or written");
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aFullDiskChangesNothing() throws Exception {
    try (SqliteStore store = SqliteStore.open(folder)) {
      store.apply(some(10));
      ManagerState state = store.state();
      String hash = store.stateHash();
      Position applied = store.lastApplied();
      store.limitTo(1);
      List<Numbered> more = some(500);
      for (int i = 0; i < 2; i++) {
        var e = assertThrows(StoreException.class, () -> store.apply(more));
        assertEquals(Kind.FULL, e.kind(), e.getMessage());
        assertTrue(e.getMessage().contains("make room"), e.getMessage());
        assertEquals(state, store.state());
        assertEquals(hash, store.stateHash());
        assertEquals(applied, store.lastApplied());
      }
      store.limitTo(Integer.MAX_VALUE);
      store.apply(more);
      assertEquals(510, store.state().instances().size());
    }
    try (SqliteStore store = SqliteStore.open(folder)) {
      assertEquals(510, store.state().instances().size());
    }
  }

  @Test
  void whileAnotherProgramHoldsTheFileNothingChangesAndAfterwardsItIsWritten() throws Exception {
    try (SqliteStore store = SqliteStore.open(folder)) {
      store.apply(some(10));
      String hash = store.stateHash();
      List<Numbered> more = some(5);
      try (var other = Connections.toWrite(folder.resolve("topiary.db"), BUSY)) {
        Jdbc.execute(other, "BEGIN EXCLUSIVE");
        var e = assertThrows(StoreException.class, () -> store.apply(more));
        assertEquals(Kind.LOCKED, e.kind(), e.getMessage());
        assertTrue(e.getMessage().contains("end that one, then try again"), e.getMessage());
        assertEquals(10, store.lastApplied().index());
        assertEquals(hash, store.stateHash(), "whoever reads does not wait");
        Jdbc.execute(other, "ROLLBACK");
      }
      store.checkWritable();
      assertEquals(hash, store.stateHash());
      store.apply(more);
      assertEquals(15, store.state().instances().size());
    }
  }

  @Test
  void ofADamagedLogFileWhatStandsBeforeTheDamageIsTakenAndNothingElse() throws Exception {
    var child = new Child(folder);
    while (child.line().compareTo("0000200") < 0) {
      continue;
    }
    child.kill();
    Path wal = folder.resolve("topiary.db-wal");
    byte[] commits = Files.readAllBytes(wal);
    Arrays.fill(commits, commits.length / 2, commits.length / 2 + 100, (byte) 7);
    Files.write(wal, commits);
    // SQLite takes the damage for the end, as after a loss of power; it is not known what was lost.
    try (SqliteStore store = SqliteStore.open(folder)) {
      long applied = store.lastApplied().index();
      assertTrue(applied < 200, "up to " + applied);
      assertEquals(applied, store.state().instances().size());
      for (long i = 1; i <= applied; i++) {
        assertTrue(store.state().instances().containsKey(new InstanceKey("h" + i, 3306)));
      }
    }
  }

  @Test
  void aKilledNodeHasEverythingItAcknowledged() throws Exception {
    String last = "0000000";
    for (int kill = 0; kill < 2; kill++) {
      var child = new Child(folder);
      String enough = String.format("%07d", Integer.parseInt(last) + 150);
      while (last.compareTo(enough) < 0) {
        last = child.line();
      }
      last = child.kill().orElse(last);
      try (SqliteStore store = SqliteStore.open(folder)) {
        long applied = store.lastApplied().index();
        assertTrue(applied >= Long.parseLong(last), applied + " of " + last);
        assertEquals(applied, store.state().instances().size());
        for (long i = 1; i <= applied; i++) {
          assertTrue(store.state().instances().containsKey(new InstanceKey("h" + i, 3306)));
        }
      }
    }
    try (var left = Files.newDirectoryStream(folder.resolve("tmp"))) {
      var names = new ArrayList<Path>();
      left.forEach(names::add);
      // Only what the second child left: it cleaned up behind the first.
      assertTrue(names.size() <= 2, names.toString());
    }
  }

  private byte[] fill() throws IOException {
    try (SqliteStore store = SqliteStore.open(folder)) {
      store.apply(some(300));
    }
    return Files.readAllBytes(folder.resolve("topiary.db"));
  }

  private void assertLeftAlone(byte[] content) throws IOException {
    Path file = folder.resolve("topiary.db");
    Files.write(file, content);
    for (int i = 0; i < 2; i++) {
      assertRefused(Kind.CORRUPT, "move it aside");
      assertArrayEquals(content, Files.readAllBytes(file));
    }
  }

  private void assertRefused(Kind kind, String said) {
    var e = assertThrows(StoreException.class, () -> SqliteStore.open(folder).close());
    assertEquals(kind, e.kind(), e.getMessage());
    assertTrue(e.getMessage().contains(said), e.getMessage());
    assertTrue(e.getMessage().contains(folder.getFileName().toString()), e.getMessage());
  }

  private void change(String sql) throws SQLException {
    try (var connection = Connections.toWrite(folder.resolve("topiary.db"), BUSY)) {
      Jdbc.execute(connection, sql);
    }
  }

  private List<Numbered> some(int count) {
    var batch = new ArrayList<Numbered>();
    for (int i = 0; i < count; i++) {
      written++;
      var command =
          new Command.RegisterInstance(new InstanceKey("db" + written, 3306), Samples.CLUSTER);
      batch.add(new Numbered(new Position(1, written), Samples.entry(UUID.randomUUID(), command)));
    }
    return batch;
  }
}
