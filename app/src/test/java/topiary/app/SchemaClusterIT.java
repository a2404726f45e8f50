package topiary.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import topiary.app.ClusterRig.NodeProcess;
import topiary.lab.base.Disk;

/**
 * A cluster whose nodes keep their states in schemas, each on a server of its own: as {@link
 * ClusterIT} has it with files, and what only schemas can have wrong.
 */
@EnabledIfSystemProperty(
    named = "topiary.cluster",
    matches = "all",
    disabledReason = "takes a minute: -Dtopiary.cluster=all")
@Timeout(300)
class SchemaClusterIT {

  private static final String SCHEMA = "state";

  @Test
  void nodesOnServersOfTheirOwnAreACluster() throws Exception {
    try (var servers = Rig.of("states", "n1,n2,n3");
        var rig = new ClusterRig()) {
      rig.with(node -> Map.of("store", store(servers, node.equals("n4") ? "n1" : node)))
          .statesIn(
              node -> {
                Connection connection = servers.lab.connection(node.name);
                connection.setCatalog(SCHEMA);
                return connection;
              })
          .three();
      rig.awaitProgress(20);

      // Another node with the schema of one of them is refused, and does no harm.
      NodeProcess thief = rig.prepare("n4");
      thief.start("JOIN", rig.others("n4")).awaitEnd();
      assertTrue(
          thief
              .said()
              .contains("the schema state on " + servers.address("n1") + " is in use by another"),
          thief.said());
      rig.forget("n4");

      NodeProcess first = rig.leader();
      first.kill();
      rig.leader();
      rig.awaitProgress(20);
      first.again().awaitReady();

      // The schema is lost, the log is there.
      NodeProcess bare = rig.follower();
      bare.kill();
      drop(servers, bare);
      bare.again().awaitReady();
      rig.awaitProgress(20);

      // All is lost: with the old schema it does not get in, with a fresh one it is filled.
      NodeProcess wiped = rig.follower();
      wiped.kill();
      Disk.delete(wiped.data);
      String last = wiped.start("JOIN", rig.others(wiped.name)).awaitEnd();
      assertTrue(
          last.startsWith(
              "ended the schema state on "
                  + servers.address(wiped.name)
                  + " holds a state of its own, which joining would replace: choose an empty one"),
          last);
      drop(servers, wiped);
      wiped.start("JOIN", rig.others(wiped.name)).awaitReady();
      rig.awaitProgress(20);
      rig.endAndCompare();
    }
  }

  private static Map<String, Object> store(Rig servers, String member) {
    return Map.of(
        "mysql",
        servers.address(member),
        "schema",
        SCHEMA,
        "user",
        "lab",
        "password",
        Map.of("file", servers.lab.credentials().file().resolveSibling("lab").toString()));
  }

  /** Once its server has noticed that the node is gone. */
  private static void drop(Rig servers, NodeProcess node) throws SQLException {
    Until.holds(
        "nobody holds the schema of " + node.name,
        () -> ask(servers, node, "SELECT IS_USED_LOCK('topiary:state')").isEmpty());
    servers.sql(node.name, "DROP DATABASE " + SCHEMA);
  }

  private static Optional<String> ask(Rig servers, NodeProcess node, String sql)
      throws SQLException {
    try (var connection = servers.lab.connection(node.name);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
    }
  }
}
