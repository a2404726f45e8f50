package topiary.store.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.engine.state.Command;
import topiary.lab.Lab;
import topiary.lab.Member;
import topiary.store.Numbered;
import topiary.store.Samples;
import topiary.store.Store;
import topiary.store.StoreChoice;
import topiary.store.StoreContract;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.rows.Jdbc;

/** A store on a real server of some flavour: a schema for each place, one server for all tests. */
abstract class ServerContract extends StoreContract {

  static final StoreChoice.Limits LIMITS =
      new StoreChoice.Limits(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20));

  private static final String USER = "store";
  private static final String PASSWORD = "it's \"a\" pass\\word";

  abstract Lab lab();

  @Override
  protected StoreChoice.MySql choice(String place) {
    Member p = lab().member("p");
    return choice(place, new InstanceKey(p.host(), p.port()), LIMITS);
  }

  /** The same, reached at another address, with a patience of one's own. */
  StoreChoice.MySql choice(String place, InstanceKey server, StoreChoice.Limits limits) {
    return new StoreChoice.MySql(server, schema(place), USER, () -> PASSWORD, tls(), limits);
  }

  Tls tls() {
    return lab()
        .authority()
        .map(pem -> new Tls(TlsMode.VERIFY_CA, Optional.of(pem)))
        .orElse(Tls.PREFERRED);
  }

  String schema(String place) {
    return "t_" + unique(place);
  }

  @Override
  protected String query(String place, String sql) {
    try (Connection connection = lab().connection("p")) {
      connection.setCatalog(schema(place));
      return Jdbc.one(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Override
  protected int many() {
    return 1200;
  }

  /** The account that the stores use; it has no right but on its own schemas. */
  static void makeUser(Lab lab) throws SQLException {
    // SQLite's library is unpacked where the first data folder is, and that of a test does not
    // last.
    DriverManager.getConnection("jdbc:sqlite::memory:").close();
    try (Connection connection = lab.connection("p");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE USER '"
              + USER
              + "'@'%' IDENTIFIED BY '"
              + PASSWORD.replace("\\", "\\\\").replace("'", "''")
              + "'");
      // The lab's account may do everything but grant.
      String rights =
          Jdbc.one(
              connection,
              "SELECT group_concat(column_name) FROM information_schema.columns WHERE"
                  + " table_schema = 'mysql' AND table_name = 'db' AND column_name LIKE '%\\_priv'"
                  + " AND column_name <> 'Grant_priv'");
      statement.execute(
          "INSERT INTO mysql.db (Host, Db, User, "
              + rights
              + ") VALUES ('%', 't\\_%', '"
              + USER
              + "', "
              + rights.replaceAll("[^,]+", "'Y'")
              + ")");
      statement.execute("FLUSH PRIVILEGES");
    }
  }

  // ---- the server is gone, hangs, ends the connection

  @Test
  void aServerThatIsGoneIsToldAndWhenItIsBackItIsWritten() {
    try (Store store = open("here")) {
      store.apply(some(5));
      String hash = store.stateHash();
      List<Numbered> more = some(5);
      lab().kill("p");
      try {
        for (int i = 0; i < 2; i++) {
          StoreException e = refused(() -> store.apply(more), Kind.UNREACHABLE);
          assertTrue(e.getMessage().contains(schema("here") + " on "), e.getMessage());
          assertTrue(e.getMessage().contains("nothing was changed"), e.getMessage());
          assertEquals(5, store.lastApplied().index());
        }
        refused(() -> store.latest(1), Kind.UNREACHABLE);
        refused(store::checkWritable, Kind.UNREACHABLE);
        refused(() -> store.writeSnapshot(folder.resolve("snapshot")), Kind.UNREACHABLE);
        assertFalse(Files.exists(folder.resolve("snapshot.tmp")));
      } finally {
        lab().start("p");
        lab().makeWritable("p");
      }
      store.checkWritable();
      assertEquals(hash, store.stateHash());
      store.apply(more);
      assertEquals(10, store.state().instances().size());
      assertEquals(0, store.latest(9).size());
    }
  }

  @Test
  void aServerThatHangsHoldsNobodyUpForLongerThanWasSaid() {
    var limits =
        new StoreChoice.Limits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20));
    StoreChoice.MySql plain = choice("here");
    try (Store store =
        MySqlStore.open(data("here"), choice("here", plain.server(), limits), true)) {
      List<Numbered> more = some(1);
      try (var _ = lab().faults().hang("p")) {
        long before = System.nanoTime();
        StoreException e = refused(() -> store.apply(more), Kind.UNREACHABLE);
        assertTrue(e.getMessage().contains("it does not answer in time"), e.getMessage());
        refused(() -> store.latest(1), Kind.UNREACHABLE);
        refused(() -> store.writeSnapshot(folder.resolve("snapshot")), Kind.UNREACHABLE);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(took.toSeconds() < 20, took.toString());
      }
      store.apply(more);
      assertEquals(1, store.lastApplied().index());
    }
    assertEquals("1", query("here", "SELECT count(*) FROM command"));
  }

  @Test
  void connectionsThatAreEndedInAStreamOfWritesAreNotNoticed() throws Exception {
    try (Store store = open("here");
        Connection all = lab().connection("p");
        var background = Executors.newSingleThreadExecutor()) {
      var stop = new AtomicBoolean();
      var tries = new AtomicInteger();
      Future<Integer> ending =
          background.submit(
              () -> {
                int ended = 0;
                while (!stop.get()) {
                  // Once in each try: who is never left a connection finds nothing out.
                  int seen = tries.get();
                  ended += endConnections(all);
                  while (!stop.get() && tries.get() == seen) {
                    Thread.sleep(1);
                  }
                }
                return ended;
              });
      try {
        for (int i = 0; i < 150; i++) {
          tries.incrementAndGet();
          try {
            store.apply(some(1));
          } catch (StoreException e) {
            // Twice in a row: nothing was changed, for sure, so the same is tried again.
            assertEquals(Kind.UNREACHABLE, e.kind(), e.getMessage());
            step(-1);
            i--;
          }
        }
      } finally {
        stop.set(true);
      }
      assertTrue(ending.get() > 3, "so often a connection was ended");
      assertEquals(150, store.lastApplied().index());
      assertEquals(150, store.state().instances().size());
    }
    assertEquals("150", query("here", "SELECT count(*) FROM command"));
    assertEquals("150", query("here", "SELECT count(*) FROM instance"));
  }

  private int endConnections(Connection connection) throws SQLException {
    int ended = 0;
    try (Statement statement = connection.createStatement()) {
      var ids = new ArrayList<Long>();
      try (var rows =
          statement.executeQuery(
              "SELECT id FROM information_schema.processlist WHERE user = '" + USER + "'")) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      for (long id : ids) {
        try {
          statement.execute("KILL " + id);
          ended++;
        } catch (SQLException e) {
          // It has ended by itself meanwhile.
          assertEquals(1094, e.getErrorCode(), e.getMessage());
        }
      }
    }
    return ended;
  }

  // ---- somebody else has it

  @Test
  void aSchemaBelongsToOneNode() throws Exception {
    try (Store first = open("here")) {
      StoreException e = refused(() -> open("here", data("there")).close(), Kind.LOCKED);
      assertTrue(e.getMessage().contains(" is in use by another Topiary ("), e.getMessage());
      assertTrue(e.getMessage().contains(data("here").toRealPath().toString()), e.getMessage());
      first.apply(some(1));
      // The other takes it when the first has lost it, and the first knows.
      try (Connection all = lab().connection("p")) {
        endConnections(all);
      }
      try (Store second = open("here", data("there"))) {
        second.apply(some(1));
        StoreException taken = refused(() -> first.apply(some(1)), Kind.LOCKED);
        assertTrue(taken.getMessage().contains(data("there").toRealPath().toString()));
      }
      StoreException ended = refused(() -> first.apply(some(1)), Kind.BROKEN);
      assertTrue(ended.getMessage().contains("was taken by another Topiary"), ended.getMessage());
      assertSame(ended, refused(first::checkWritable, Kind.BROKEN));
    }
    assertEquals("2", query("here", "SELECT count(*) FROM command"));
  }

  private Store open(String place, Path folder) {
    return MySqlStore.open(folder, choice(place), true);
  }

  @Test
  void aConnectionThatADeadNodeHasLeftIsEnded() throws Exception {
    open("here").close();
    try (Connection left = new Server(choice("here")).open(LIMITS.answer())) {
      assertTrue(new NamedLock(schema("here")).take(left, Duration.ZERO));
      refused(() -> open("here", data("there")).close(), Kind.LOCKED);
      try (Store store = open("here")) {
        store.apply(some(1));
        assertFalse(left.isValid(1));
      }
    }
  }

  @Test
  void whileAnotherProgramHoldsARowNothingChanges() throws Exception {
    try (Store store = open("here")) {
      store.apply(some(2));
      String hash = store.stateHash();
      List<Numbered> more = some(1);
      try (Connection other = lab().connection("p")) {
        other.setCatalog(schema("here"));
        other.setAutoCommit(false);
        Jdbc.execute(other, "UPDATE meta SET node_epoch = node_epoch + 1");
        StoreException e = refused(() -> store.apply(more), Kind.LOCKED);
        assertTrue(e.getMessage().contains("end that one, then try again"), e.getMessage());
        assertEquals(hash, store.stateHash(), "whoever reads does not wait");
        other.rollback();
      }
      store.apply(more);
      assertEquals(3, store.lastApplied().index());
    }
  }

  @Test
  void whatSomebodyElseWroteIsNotWrittenOver() throws Exception {
    try (Store store = open("here")) {
      store.apply(some(1));
      tell("here", "UPDATE holder SET writes = writes + 1");
      StoreException e = refused(() -> store.apply(some(1)), Kind.BROKEN);
      assertTrue(e.getMessage().contains("was written by somebody else"), e.getMessage());
    }
    assertEquals("1", query("here", "SELECT count(*) FROM command"));
  }

  // ---- it cannot be written

  @Test
  void aReadOnlyServerIsTold() throws Exception {
    try (Store store = open("here")) {
      store.apply(some(1));
      try (var _ = lab().faults().readOnly("p")) {
        StoreException e = refused(() -> store.apply(some(1)), Kind.UNWRITABLE);
        assertTrue(e.getMessage().contains(" is read-only: "), e.getMessage());
        assertEquals(1, store.lastApplied().index());
        refused(() -> open("there").close(), Kind.UNWRITABLE);
      }
      step(-1);
      store.apply(some(1));
      assertEquals(2, store.lastApplied().index());
    }
  }

  @Test
  void aSchemaThatIsGoneOrDamagedOrNewerIsTold() throws Exception {
    try (Store store = open("here")) {
      store.apply(some(1));
      tell("here", "RENAME TABLE command TO gone");
      StoreException e = refused(() -> store.apply(some(1)), Kind.BROKEN);
      assertTrue(e.getMessage().contains("is not what it was"), e.getMessage());
      assertTrue(e.getMessage().contains(schema("here")), e.getMessage());
      tell("here", "RENAME TABLE gone TO command");
      step(-1);
      store.apply(some(1));
    }
    tell("here", "INSERT INTO migration VALUES (99, '0099-more.sql', 'x')");
    assertTrue(refused(() -> open("here"), Kind.NEWER).getMessage().contains("0099-more.sql"));
    tell("here", "DELETE FROM migration WHERE number = 99");
    tell("here", "UPDATE meta SET format = 2");
    assertTrue(refused(() -> open("here"), Kind.NEWER).getMessage().contains("format 2"));
    tell("here", "UPDATE meta SET format = 1");
    tell("here", "UPDATE instance SET host = 'no host' ORDER BY host LIMIT 1");
    StoreException row = refused(() -> open("here"), Kind.CORRUPT);
    assertTrue(row.getMessage().contains("not a host name"), row.getMessage());
    tell("here", "DELETE FROM instance");
    open("here").close();
    tell("here", "DROP DATABASE " + schema("here"));
    StoreException none =
        refused(() -> MySqlStore.open(data("here"), choice("here"), false), Kind.BROKEN);
    assertTrue(none.getMessage().startsWith("there is no state of a node in "), none.getMessage());
  }

  @Test
  void anotherProgramsSchemaIsLeftAlone() throws Exception {
    tell("", "CREATE DATABASE " + schema("here"));
    tell("here", "CREATE TABLE cake (slices INT PRIMARY KEY)");
    StoreException e = refused(() -> open("here"), Kind.BROKEN);
    assertTrue(e.getMessage().contains("is no database of Topiary"), e.getMessage());
    assertEquals(
        "1",
        query(
            "here",
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()"));
  }

  @Test
  void tablesThatWereHalfMadeAreMadeWhole() throws Exception {
    try (Store store = open("here")) {
      store.apply(some(3));
    }
    // As after a kill before the last table, and before the text was noted as done.
    tell("here", "DROP TABLE alias");
    tell("here", "DELETE FROM migration WHERE number >= 2");
    try (Store store = open("here")) {
      assertEquals(3, store.state().instances().size());
      assertTrue(store.state().aliases().isEmpty());
    }
    open("there").close();
    tell("there", "DELETE FROM migration", "DROP TABLE plan_step");
    try (Store store = open("there")) {
      store.apply(List.of(next(new Command.NameHead(Samples.CLUSTER, Samples.DB1))));
    }
  }

  @Test
  void aDiskThatIsFullIsToldAndWhenThereIsRoomItIsWritten() throws Exception {
    try (Store store = open("here")) {
      store.apply(some(1));
      // The server's own words; that a real disk is full is lab's to make, and makes others wait.
      tell(
          "here",
          "CREATE TRIGGER full BEFORE INSERT ON command FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET"
              + " MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table ''command'' is full'");
      StoreException e = refused(() -> store.apply(some(1)), Kind.FULL);
      assertTrue(e.getMessage().contains("make room, then try again"), e.getMessage());
      assertEquals(1, store.lastApplied().index());
      tell("here", "DROP TRIGGER full");
      step(-1);
      store.apply(some(1));
      assertEquals(2, store.lastApplied().index());
    }
  }

  @Test
  void whoMayNotLogInIsToldWithoutThePassword() {
    StoreChoice.MySql good = choice("here");
    var wrong =
        new StoreChoice.MySql(
            good.server(), good.schema(), good.user(), () -> "wrong-word", good.tls(), LIMITS);
    StoreException e = refused(() -> MySqlStore.open(data("here"), wrong, true), Kind.UNWRITABLE);
    assertTrue(e.getMessage().contains("refuses user \"store\""), e.getMessage());
    assertFalse(e.toString().contains("wrong-word"));
    var elsewhere =
        new StoreChoice.MySql(
            good.server(), "mysql", good.user(), good.password(), good.tls(), LIMITS);
    StoreException denied =
        refused(() -> MySqlStore.open(data("here"), elsewhere, true), Kind.UNWRITABLE);
    assertTrue(denied.getMessage().contains("grant user \"store\" all of it"), denied.getMessage());
    var nowhere =
        new StoreChoice.MySql(
            new InstanceKey("127.0.0.1", 1), "t_x", "u", good.password(), good.tls(), LIMITS);
    StoreException gone =
        refused(() -> MySqlStore.open(data("here"), nowhere, true), Kind.UNREACHABLE);
    assertTrue(gone.getMessage().contains("127.0.0.1:1"), gone.getMessage());
  }

  // ---- what these have in common

  static StoreException refused(Executable work, Kind kind) {
    var e = assertThrows(StoreException.class, work);
    assertEquals(kind, e.kind(), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    return e;
  }

  @Override
  protected void change(String place, String sql) {
    try {
      tell(place, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  void tell(String place, String... statements) throws SQLException {
    try (Connection connection = lab().connection("p")) {
      if (!place.isEmpty()) {
        connection.setCatalog(schema(place));
      }
      for (String sql : statements) {
        Jdbc.execute(connection, sql);
      }
    }
  }
}
