package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was done, and what was seen, asked of a node that runs and of one that does not. */
class PastIT {

  @Test
  void whoDidWhatIsToldAndWhatWasSeenIsShownAgain() throws Exception {
    try (Rig rig = Rig.of("past", "p(r1,r2)")) {
      Path config = rig.configFile(rig.data, "r1");
      String noted;
      Instant before;
      String replica = rig.address("r2");
      try (Program node = Program.start("node", "--config", config.toString())) {
        String address = node.ready();
        var http = new Caller(address);
        Until.holds(
            "all are seen and replicate",
            () -> http.get("clusters").list().toString().contains("instances=3, troubled=0"));
        Until.holds(
            "that is written down",
            () ->
                http.get("topology?at=" + Instant.now()).body().split("\"SEEN\"", -1).length == 4);
        before = Instant.now();
        assertEquals(
            "DONE",
            http.follow(
                    http.post("stop-replication", Map.of("instance", replica))
                        .header("Topiary-Run"))
                .get("end"));
        Until.holds(
            "it is written down",
            () -> http.get("history/changes?instance=" + replica).body().contains("STOPPED"));

        // The tree as it was, by both paths, and by the command line.
        for (String path : List.of("topology?at=", "history/topology?at=")) {
          Caller.Got was = http.get(path + before);
          assertEquals(200, was.status(), was.body());
          assertTrue(was.body().contains("\"troubled\":0"), was.body());
          assertFalse(was.body().contains("\"sql\":\"STOPPED\""), was.body());
          Caller.Got is = http.get(path + Instant.now());
          assertTrue(is.body().contains("\"troubled\":1"), is.body());
        }
        var topology = Program.run("topology", "--at", before.toString(), "--api", address);
        assertEquals(0, topology.status(), topology.err());
        assertTrue(topology.out().startsWith("As this node knew it at "), topology.out());
        assertTrue(topology.out().contains("─ " + replica), topology.out());
        assertFalse(topology.out().contains("stopped"), topology.out());
        var history = Program.run("history", "--instance", replica, "--api", address);
        assertTrue(history.out().contains("channels.0.sql RUNNING → STOPPED"), history.out());
        var cluster = http.get("history/changes?cluster=" + rig.address("p") + "&limit=1000");
        assertTrue(cluster.body().contains("\"after\":\"STOPPED\""), cluster.body());
        String id = http.get("instance?instance=" + replica).json().get("cluster").toString();
        var counted = http.get("history/counts?cluster=" + id + "&parts=10").json();
        assertEquals(
            cluster.list().size(),
            ((List<?>) counted.get("counts"))
                .stream()
                    .mapToInt(c -> ((Number) ((Map<?, ?>) c).get("changes")).intValue())
                    .sum());
        var said = Program.run("history", "changes", "--cluster", id, "--api", address);
        assertTrue(
            said.out().contains("channels.0.sql RUNNING → STOPPED"), said.out() + said.err());
        var counts = Program.run("history", "counts", "--cluster", id, "--api", address);
        assertTrue(counts.out().startsWith("This node has a history since "), counts.err());
        assertEquals(List.of(), http.get("history/changes?cluster=c00000000dead").list());
        assertEquals(404, http.get("history/changes?cluster=elsewhere").status());
        assertEquals(404, http.get("topology?at=2020-01-01T00:00:00Z").status());
        assertEquals(400, http.get("topology?at=yesterday").status());

        // Who did it.
        var audit = Program.run("audit", "--instance", replica, "--api", address);
        assertEquals(0, audit.status(), audit.err());
        assertTrue(
            audit.out().contains("begin plan p")
                && audit.out().contains("stop replication on " + replica),
            audit.out());
        assertTrue(audit.out().contains("look after " + replica), audit.out());
        assertTrue(
            http.get("audit?cluster=" + rig.address("p") + "&limit=1000").list().size()
                >= http.get("audit?instance=" + replica).list().size());
        var old = http.get("/api/audit/instance/" + replica.replace(':', '/'));
        assertEquals(200, old.status(), old.body());
        assertTrue(
            old.body().startsWith("[{\"AuditId\":")
                && old.body().contains("\"AuditType\":\"open-plan\""),
            old.body());
        assertTrue(http.get("/api/audit/1").list().size() <= 20);
        assertEquals(true, http.get("audit/verify").json().get("holds"));
        Map<?, ?> head = (Map<?, ?>) http.get("health").json().get("audit");
        noted = head.get("hash").toString();
        var verify = Program.run("audit", "verify", "--noted", noted, "--api", address);
        assertEquals(0, verify.status(), verify.err());
        assertTrue(verify.out().contains("The whole audit holds"), verify.out());
        assertTrue(verify.out().contains("that was noted is in it"), verify.out());
        assertEquals(1, Program.run("audit", "verify", "--noted", "ab", "--api", address).status());
        node.kill();
      }
      String file = config.toString();
      var offline = Program.run("audit", "verify", "--config", file, "--noted", noted);
      assertEquals(0, offline.status(), offline.err());
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + rig.data.resolve("topiary.db"));
          var statement = connection.createStatement()) {
        assertEquals(
            1, statement.executeUpdate("UPDATE command SET actor = 'nobody' WHERE log_index = 2"));
      }
      var broken = Program.run("audit", "verify", "--config", file);
      assertEquals(1, broken.status(), broken.out());
      assertTrue(broken.err().contains("first that does not is entry 2: "), broken.err());
      assertEquals(2, Program.run("audit", "verify", "--config", file, "--fast").status());

      // A history that cannot be read is said, and hurts nothing.
      Files.delete(rig.data.resolve("history.db"));
      Files.deleteIfExists(rig.data.resolve("history.db-wal"));
      Files.write(rig.data.resolve("history.db"), new byte[5000]);
      try (Program node = Program.start("node", "--config", file)) {
        var http = new Caller(node.ready());
        Until.holds(
            "it is said",
            () ->
                http.get("health")
                    .json()
                    .get("warnings")
                    .toString()
                    .contains("the history is not written: "));
        assertEquals(200, http.get("health").status());
        Caller.Got none = http.get("topology?at=" + before);
        assertEquals(503, none.status(), none.body());
        assertTrue(none.body().contains("move it aside"), none.body());
        assertEquals(
            "DONE",
            http.follow(
                    http.post("start-replication", Map.of("instance", replica))
                        .header("Topiary-Run"))
                .get("end"));
        assertEquals(422, http.get("audit/verify").status());
        node.interrupt();
      }
    }
  }
}
