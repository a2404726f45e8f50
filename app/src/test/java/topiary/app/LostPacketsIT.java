package topiary.app;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.main.Main;
import topiary.lab.Lab;
import topiary.lab.LabSpec;

/**
 * What no proxy can do: packets that vanish. Servers and node are on a network of their own, and
 * who asks the node comes to it through a tunnel; where there can be no such network, the test is
 * skipped with the reason.
 */
@Timeout(120)
class LostPacketsIT {

  private static final String LOST =
      "@p does not answer at all: its machine is off, or what is sent to it gets lost on the way";

  @TempDir private Path folder;

  @Test
  void aServerWhosePacketsVanishIsToldAsSuchAndComesBack() throws Exception {
    LabSpec spec = LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "lost"), "p(r1)").ownNetwork();
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
          rig.nodeIsAt("http://127.0.0.1:" + tunnel.port());
          isToldAsSuchAndComesBack(rig);
        }
      } finally {
        node.destroyForcibly().waitFor();
      }
    }
  }

  private static void isToldAsSuchAndComesBack(Rig rig) throws Exception {
    try (var window = new WindowRig(rig)) {
      window.awaitShown("r1", "p");
      var told = new Told(rig, window);
      told.wellAgain("p", LOST);
      try (var _ = rig.lab.faults().partition("others", "p")) {
        told.said("p", "UNREACHABLE", "unreachable", LOST);
      }
      told.wellAgain("p", LOST);
    }
  }
}
