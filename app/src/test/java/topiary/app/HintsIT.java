package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.app.main.Main;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/**
 * Replicas that do not tell their source where they are: {@code r1} and {@code r3} have no {@code
 * report_host}, and are found at the host from which they read its binary log, on the port of their
 * source. So the servers have one port and an address each, on a network of their own; where there
 * can be none, the test is skipped with the reason.
 */
@Timeout(120)
class HintsIT {

  private static final String TREE = "p(r1,r2(r3))";

  @TempDir private Path folder;

  /** The two ways to say whom a server sends its log to. */
  static List<Flavor> flavors() {
    return Stream.of("mariadb-11.4", "mysql-5.6").map(Flavors::named).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void aReplicaWithoutReportHostIsFoundByWhereItsConnectionComesFrom(Flavor flavor)
      throws Exception {
    LabSpec spec =
        LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "hints"), TREE)
            .flavor(flavor)
            .ownNetwork()
            .options("r1", "report_host=")
            .options("r3", "report_host=");
    spec.obstacle().ifPresent(Assumptions::abort);
    try (Rig rig = Rig.of(spec)) {
      ProcessBuilder builder =
          Rig.java(Main.class, "node", "--config", rig.configFile(rig.data, "p").toString());
      builder.command(rig.lab.within(builder.command()));
      Process node = builder.redirectErrorStream(true).start();
      try {
        var lines =
            new BufferedReader(
                new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        int port = URI.create(Rig.await(lines, "ready ")).getPort();
        try (var tunnel = new Tunnel(rig, port, folder)) {
          areFound(
              rig,
              flavor.id().startsWith("maria"),
              new Caller("http://127.0.0.1:" + tunnel.port()));
        }
      } finally {
        node.destroyForcibly().waitFor();
      }
    }
  }

  private static void areFound(Rig rig, boolean maria, Caller http) throws Exception {
    var tree = Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2");
    Until.holds(
        "all are found",
        () -> {
          Map<String, String> seen = seen(rig, http);
          if (!seen.equals(tree)) {
            throw new IllegalStateException(seen.toString());
          }
          return true;
        });
    // A MariaDB source itself puts the address a replica comes from in the place of the one it does
    // not tell; MySQL's leaves it empty, and its process list is all there is.
    String r1 = rig.address("r1");
    String r2 = rig.address("r2");
    String r3 = rig.address("r3");
    told(instance(rig, http, "p"), maria ? List.of(r1, r2) : List.of(r2), maria, r1);
    told(instance(rig, http, "r2"), maria ? List.of(r3) : List.of(), maria, r3);
    for (String nameless : List.of("r1", "r3")) {
      assertEquals(null, instance(rig, http, nameless).get("reportedAddress"));
    }
    assertNotEquals(null, instance(rig, http, "r2").get("reportedAddress"));
  }

  private static void told(
      Map<String, Object> source, List<String> reported, boolean maria, String hint) {
    assertEquals(reported, source.get("reportedReplicas"), source.toString());
    assertEquals(maria ? List.of() : List.of(hint), source.get("dumpers"), source.toString());
  }

  private static Map<String, Object> instance(Rig rig, Caller http, String member)
      throws Exception {
    return http.get("instance?instance=" + rig.address(member)).json();
  }

  /** Each server that is seen, and its source. */
  private static Map<String, String> seen(Rig rig, Caller http) throws Exception {
    var seen = new TreeMap<String, String>();
    for (Map<String, Object> cluster : Caller.list(http.get("topology").json().get("clusters"))) {
      for (Map<String, Object> i : Caller.list(cluster.get("instances"))) {
        String source = i.get("source") == null ? "" : i.get("source").toString();
        seen.put(name(rig, i.get("instance").toString()), name(rig, source));
      }
    }
    return seen;
  }

  private static String name(Rig rig, String address) {
    return rig.lab.members().stream()
        .filter(m -> m.address().equals(address))
        .map(Member::name)
        .findFirst()
        .orElse(address);
  }
}
