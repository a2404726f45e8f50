package topiary.app.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.state.ManagerState;
import topiary.store.Store;
import topiary.store.StoreChoice;
import topiary.store.opening.Stores;

class ImportCommandTest {

  private static final Path TABLES =
      Path.of("../store/src/test/resources/topiary/store/orchestrator/backend.sql");

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void file() throws Exception {
    String row =
        "insert into database_instance (hostname, port, last_checked, last_attempted_check,"
            + " last_seen, server_id, version, log_bin, log_slave_updates, cluster_name,"
            + " master_host, master_port, slave_sql_running, replication_io_thread_state,"
            + " mariadb_gtid, read_only) values ";
    String checked = "3306, '2020-01-01 00:00:10', '2020-01-01 00:00:10', ";
    var sql =
        new ArrayList<>(List.of(Files.readString(TABLES).replaceAll("(?m)^--.*$", "").split(";")));
    sql.add(
        row
            + "('db1', "
            + checked
            + "'2020-01-01 00:00:00', 1, '11.4.5-MariaDB', 1, 1, 'db1:3306', '', 0, 0, 0, 0, 0)");
    sql.add(
        row
            + "('db2', "
            + checked
            + "'2020-01-01 00:00:10', 2, '11.4.5-MariaDB', 1, 1, 'db1:3306', 'db1', 3306, 1, 2, 1,"
            + " 1)");
    sql.add(
        row
            + "('db3', "
            + checked
            + "'0000-00-00 00:00:00', 3, '', 0, 0, 'db3:3306', '', 0, 0, 0, 0, 0)");
    sql.add(
        "insert into database_instance_downtime (hostname, port, downtime_active, end_timestamp,"
            + " owner) values ('db3', 3306, 1, '2020-01-02 00:00:00', 'ann')");
    sql.add("insert into cluster_alias (cluster_name, alias) values ('db1:3306', 'shop')");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + backend());
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        if (!one.isBlank()) {
          statement.execute(one);
        }
      }
    }
  }

  private Path backend() {
    return folder.resolve("orchestrator.db");
  }

  private int run(String... args) {
    return Main.run(Arrays.asList(args), stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsStoredIsJudgedByItsOwnTimes() {
    assertEquals(0, run("import", "orchestrator", "--sqlite", backend().toString(), "--judge"));
    assertEquals(
        """
        db1:3306 (cluster db1:3306): DeadMaster
          DeadMaster: the primary is dead, and none of its replicas is connected to it
            db1:3306 at 2020-01-01T00:00:10Z: not seen since 2020-01-01T00:00:00Z
            db2:3306 at 2020-01-01T00:00:10Z: tries to connect to it, and cannot
        # in downtime: db3:3306 (cluster db3:3306): DeadMasterWithoutReplicas
        """,
        text(out));
    assertEquals("IMPORT: db3:3306: last_seen \"0000-00-00 00:00:00\" is no time\n", text(err));
  }

  @Test
  void serversAndWhatIsSaidAreTakenIntoANewNode() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("node.json"), "{\"dataFolder\": \"" + folder.resolve("data") + "\"}");
    String[] command = {
      "import", "orchestrator", "--sqlite", backend().toString(), "--config", config.toString()
    };
    assertEquals(0, run(command), text(err));
    assertEquals(
        "imported: 3 servers of 2 clusters, as orchestrator knew them at 2020-01-01T00:00:10Z\n",
        text(out));
    try (Store store = Stores.openExisting(StoreChoice.STANDARD, folder.resolve("data"))) {
      ManagerState state = store.state();
      assertEquals(3, state.instances().size());
      assertEquals(List.of("shop"), List.copyOf(state.said().aliases().values()));
      // It has ended since.
      assertTrue(state.said().downtimes().isEmpty());
    }
    // What is there is left alone.
    assertEquals(1, run(command));
    assertTrue(text(err).contains("the node has a state already (3 servers)"), text(err));
  }

  @Test
  void whatIsNotACommandIsTold() {
    assertEquals(2, run("import"));
    assertEquals(2, run("import", "orchestrator", "--sqlite", backend().toString()));
    assertEquals(2, run("import", "orchestrator", "--judge"));
    assertEquals(1, run("import", "orchestrator", "--judge", "--sqlite", folder + "/none"));
    assertTrue(text(err).contains("is not there, or may not be read"), text(err));
  }
}
