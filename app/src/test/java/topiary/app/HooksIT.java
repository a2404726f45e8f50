package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.cli.Exit;
import topiary.app.config.ConfigFile;
import topiary.app.config.NodeConfig;
import topiary.app.json.Json;
import topiary.app.wire.Node;

/** A primary dies under a node whose file has hooks, and a file of keys and values. */
@Timeout(120)
class HooksIT {

  @TempDir private Path folder;

  private Path file(String name) {
    return folder.resolve(name);
  }

  private List<String> told() throws Exception {
    return Files.exists(file("told")) ? Files.readAllLines(file("told")) : List.of();
  }

  private NodeConfig config(Rig rig) throws Exception {
    Path plain = rig.configFile(rig.data, "p");
    var json = new LinkedHashMap<String, Object>(Json.object(Files.readAllBytes(plain)));
    String tell =
        " $TOPIARY_HOOK $TOPIARY_ATTEMPT {failureType} {failedPort} $ORC_SUCCESSOR_PORT"
            + " $ORC_FAILURE_CLUSTER_ALIAS\" >> "
            + file("told");
    json.put(
        "hooks",
        Map.of(
            "preFailover", List.of("echo fenced; echo \"1" + tell),
            "PostMasterFailoverProcesses", List.of("echo \"2" + tell),
            "postFailover", List.of("echo \"3" + tell, "echo no such proxy >&2; exit 7")));
    json.put("keyValues", Map.of("file", file("primaries.json").toString()));
    Files.write(file("node.json"), Json.bytes(json));
    return ConfigFile.read(file("node.json"));
  }

  private String writer() throws Exception {
    return String.valueOf(
        Json.object(Files.readAllBytes(file("primaries.json"))).get("mysql/master/shop"));
  }

  @Test
  void whatTheFileSaysIsRunWhenAPrimaryDiesAndTheReportHasIt() throws Exception {
    try (Rig rig = Rig.of("hooks", "p(r1,r2)");
        Node node = Rig.node(config(rig))) {
      rig.nodeIsAt(node.address());
      Until.holds(
          "all are seen",
          () ->
              Stream.of("p", "r1", "r2")
                  .allMatch(name -> rig.cli("instance", rig.address(name)).exit() == Exit.OK));
      assertEquals(Exit.OK, rig.cli("set-cluster-alias", rig.address("p"), "shop").exit());
      assertEquals(Exit.OK, rig.cli("enable-recovery").exit());
      Until.holds("p is told", () -> writer().equals(rig.address("p")));
      Until.holds(
          "it is ready",
          () -> rig.cli("why-not", rig.address("p")).out().contains("nothing is against it"));
      rig.lab.kill("p");
      Until.holds(
          "all hooks are run", () -> told().size() == 3 && report(rig).contains("ended with 7"));
      String successor = writer();
      assertTrue(List.of(rig.address("r1"), rig.address("r2")).contains(successor), successor);
      String end = " 1 DeadMaster " + port(rig.address("p")) + " " + port(successor) + " shop";
      assertEquals(
          List.of(
              "1 preFailover 1 DeadMaster " + port(rig.address("p")) + "  shop",
              "2 postMasterFailover" + end,
              "3 postFailover" + end),
          told());
      String report = report(rig);
      assertTrue(report.contains("fenced"), report);
      assertTrue(report.contains("no such proxy"), report);
      assertTrue(
          rig.cli("key-values", "shop").out().contains("mysql/master/shop:" + successor), report);
    }
  }

  private static String port(String address) {
    return address.substring(address.lastIndexOf(':') + 1);
  }

  private static String report(Rig rig) {
    String all = rig.cli("recoveries").out();
    return Stream.of(all.split("\\s+"))
        .filter(word -> word.matches("r[0-9a-f]{6,}"))
        .findFirst()
        .map(id -> rig.cli("recovery", id).out())
        .orElse("");
  }
}
