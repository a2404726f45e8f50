package topiary.app.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.Edition;
import topiary.app.config.NodeConfig;
import topiary.app.wire.AtExit;
import topiary.app.wire.DesktopFace;
import topiary.lab.Ports;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.sim.Address;
import topiary.lab.wire.SimulatedFleet;
import topiary.lab.wire.SimulatedSpec;

/** The demo on simulated servers: they, and the node, are in this process. */
final class SimulatedDemo {

  private SimulatedDemo() {}

  static Exit run(int servers, boolean window, PrintStream out, PrintStream err)
      throws BadConfig, InterruptedException {
    var spec = SimulatedSpec.of(servers);
    int port = new Ports("127." + spec.network() + ".0.1", Set.of()).take();
    err.println("Starting " + servers + " simulated servers in this process, for practice …");
    SimulatedFleet fleet = SimulatedFleet.start(spec.port(port));
    // As long as the port is ours nobody else has this folder; who had it before was killed.
    Path folder = Cache.standard().root().resolve("demo").resolve("simulated-" + port);
    Disk.delete(folder);
    var end = new CountDownLatch(1);
    var node =
        new OneNode(
            DemoFleet.of(fleet),
            folder,
            fault -> {
              err.println("topiary: " + fault);
              end.countDown();
            });
    AtExit.run(
        () -> {
          node.close();
          fleet.close();
          Disk.delete(folder);
        });
    node.start();
    show(fleet, node, window, out);
    if (window) {
      DesktopFace.only(node.addresses());
      return Exit.OK;
    }
    end.await();
    return Exit.FAILED;
  }

  private static void show(SimulatedFleet fleet, OneNode node, boolean window, PrintStream out) {
    URI address = node.addresses().getFirst();
    String prefix =
        address.getPort() == NodeConfig.DEFAULT_PORT ? "" : "TOPIARY_API=" + address + " ";
    Address seed = fleet.seeds().getLast();
    out.println();
    out.println(
        fleet.servers().size() + " servers in " + fleet.seeds().size() + " trees are found.");
    out.println();
    out.println("In another terminal:");
    out.println("  " + prefix + Edition.here().program() + " clusters");
    out.println("  " + prefix + Edition.here().program() + " topology " + seed);
    out.println(
        "  mariadb -h "
            + seed.host()
            + " -P "
            + seed.port()
            + " -u "
            + fleet.spec().user()
            + " -p"
            + fleet.spec().password()
            + " -e \"CALL lab.kill('"
            + fleet.seeds().getFirst().host()
            + "')\"");
    out.println((window ? "Closing the window" : "Ctrl-C") + " ends the node and the servers.");
    out.println("ready " + address);
    out.flush();
  }
}
