package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiary.app.json.Json;

/** A node from a file, and commands, as processes. */
class ProgramIT {

  @Test
  void aNodeFromAFileServesCommandsAndEveryExitStatusIsAsHelpSays() throws Exception {
    try (Rig rig = Rig.of("program", "p(r1)")) {
      int port;
      try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Path file = Rig.folder("node.json");
      Files.write(
          file,
          Json.bytes(
              Map.of(
                  "listen", "127.0.0.1:" + port,
                  "dataFolder", rig.data.toString(),
                  "servers", List.of(rig.address("r1")),
                  "pollSeconds", 0.5,
                  "credentials",
                      List.of(
                          Map.of(
                              "user", rig.lab.credentials().user(),
                              "password",
                                  Map.of("file", rig.lab.credentials().file().toString()))))));
      try (Program node = Program.start("node", "--config", file.toString())) {
        String address = node.ready();
        assertEquals("http://127.0.0.1:" + port, address);
        var http = new Caller(address);
        Until.holds(
            "the file's server leads to its source",
            () -> http.get("clusters").list().toString().contains("instances=2"));

        var topology = Program.run("topology", "--api", address);
        assertEquals(0, topology.status(), topology.err());
        assertTrue(topology.out().startsWith(rig.address("p") + "  "), topology.out());
        assertTrue(topology.out().contains("└─ " + rig.address("r1")), topology.out());
        var nobody = Program.run("stop-replication", rig.address("r1"), "--api", address);
        assertEquals(1, nobody.status());
        assertTrue(nobody.err().contains("nobody can be asked here"), nobody.err());
        assertEquals("p Yes Yes", rig.follows("r1"));
        var usage = Program.run("xyzzy");
        assertEquals(2, usage.status());
        assertEquals("topiary: there is no command \"xyzzy\"; see topiary help\n", usage.err());
        assertEquals(3, Program.run("health", "--api", "http://127.0.0.1:1").status());
        String fingerprint =
            (String)
                http.post("stop-replication", Map.of("instance", rig.address("r1"), "dryRun", true))
                    .json()
                    .get("fingerprint");
        rig.sql("r1", "STOP SLAVE IO_THREAD");
        assertEquals(4, Program.run("apply", fingerprint, "--api", address).status());
        rig.sql("r1", "START SLAVE IO_THREAD");

        // The same file again: the folder is looked at first.
        var second = Program.run("node", "--config", file.toString());
        assertEquals(6, second.status(), second.err());
        assertEquals(
            "topiary: the data folder "
                + rig.data
                + " is in use by another Topiary: end that one, or give this one a folder of its"
                + " own\n",
            second.err());
        Path other = Rig.folder("node.json");
        Files.writeString(
            other,
            Files.readString(file).replace(rig.data.toString(), Rig.folder("data").toString()));
        var third = Program.run("node", "--config", other.toString());
        assertEquals(5, third.status(), third.err());
        assertEquals(1, third.err().lines().count(), third.err());
        assertTrue(
            third
                .err()
                .startsWith("topiary: 127.0.0.1:" + port + " cannot be listened on: Address"),
            third.err());

        node.interrupt();
        assertEquals("", node.err());
      }
      var missing = Program.run("node", "--config", "/nowhere.json");
      assertEquals(5, missing.status());
      assertEquals("topiary: there is no file /nowhere.json\n", missing.err());
    }
  }

  @Test
  void helpVersionAndGrantsNeedNoNode() throws Exception {
    var help = Program.run("help");
    assertEquals(0, help.status());
    assertTrue(help.out().contains("relocate HOST:PORT --below HOST:PORT"), help.out());
    assertEquals(help.out(), Program.run().out());
    assertEquals(2, Program.run("help", "xyzzy").status());
    assertEquals("topiary 0.1.0-SNAPSHOT", Program.run("version").out());
    var grants = Program.run("grants", "--flavor", "mariadb");
    assertEquals(0, grants.status());
    assertTrue(grants.out().endsWith(" ON *.* TO 'topiary'@'%';"), grants.out());
    assertEquals(2, Program.run("grants", "--flavor", "oracle").status());
  }
}
