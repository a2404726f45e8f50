package topiary.app.demo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.Edition;
import topiary.app.config.NodeConfig;
import topiary.app.nodes.LocalCluster;
import topiary.app.wire.AtExit;
import topiary.app.wire.DesktopFace;
import topiary.app.wire.Logging;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.store.StoreException;

/** Starts real servers and a node, and ends them with the process. */
public final class Demo implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Demo.class.getName());
  private static final String NAME = "demo";
  private static final String TREE = "p(r1,r2(r3,r4))";

  private final Lab lab;
  private final DemoNodes nodes;

  private Demo(Lab lab, DemoNodes nodes) {
    this.lab = lab;
    this.nodes = nodes;
  }

  /** Runs the demo until its window is closed, or the process is told to end. */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    Optional<Wish> wish = Wish.read(args);
    if (wish.isEmpty()) {
      err.println(
          "topiary: demo [--headless] [--flavor NAME | --bin DIR] [--nodes 1 to "
              + LocalCluster.MOST
              + "], or demo [--headless] --simulated N");
      return Exit.USAGE;
    }
    boolean headless = wish.get().headless();
    boolean window = !headless && DesktopFace.possible(System.getenv());
    if (!headless && !window) {
      err.println("topiary: there is no display here; going on as with --headless");
    }
    Logging.toConsole();
    var end = new CountDownLatch(1);
    try {
      if (wish.get().simulated() > 0) {
        return SimulatedDemo.run(wish.get().simulated(), window, out, err);
      }
      Flavor flavor = wish.get().flavor().map(Flavors::named).orElseGet(Flavors::standard);
      int count = wish.get().nodes();
      err.println(
          "Starting five servers"
              + (count > 1 ? " and " + count + " nodes" : "")
              + " on this machine, for practice ("
              + flavor.id()
              + ") …");
      Consumer<String> say = sentence -> err.println("topiary: " + sentence);
      Demo demo =
          start(
              flavor,
              count == 1
                  ? lab ->
                      new OneNode(
                          DemoFleet.of(lab),
                          folder(lab),
                          fault -> {
                            say.accept(fault);
                            end.countDown();
                          })
                  : lab -> new ManyNodes(lab, folder(lab), count, say));
      demo.show(out, window ? "Closing the window" : "Ctrl-C");
      if (window) {
        DesktopFace.only(demo.nodes.addresses());
        return Exit.OK;
      }
      end.await();
      return Exit.FAILED;
    } catch (BadConfig | LabException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.FAILED;
    } catch (StoreException e) {
      err.println("topiary: " + e.getMessage());
      return Exit.STORE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.FAILED;
    }
  }

  /** What the words after {@code demo} ask for. */
  private record Wish(boolean headless, Optional<String> flavor, int nodes, int simulated) {

    /** Empty when they are not understood. */
    static Optional<Wish> read(List<String> args) {
      boolean headless = false;
      Optional<String> flavor = Optional.empty();
      int nodes = 0;
      int simulated = 0;
      for (int i = 0; i < args.size(); i++) {
        if (args.get(i).equals("--headless") && !headless) {
          headless = true;
        } else if (args.get(i).equals("--flavor") && flavor.isEmpty() && i + 1 < args.size()) {
          flavor = Optional.of(args.get(++i));
        } else if (args.get(i).equals("--bin") && flavor.isEmpty() && i + 1 < args.size()) {
          // The server in a folder of one's own has such a name.
          flavor = Optional.of("bin:" + args.get(++i));
        } else if (args.get(i).equals("--nodes")
            && nodes == 0
            && i + 1 < args.size()
            && args.get(i + 1).matches("[1-" + LocalCluster.MOST + "]")) {
          nodes = Integer.parseInt(args.get(++i));
        } else if (args.get(i).equals("--simulated")
            && simulated == 0
            && i + 1 < args.size()
            && args.get(i + 1).matches("[1-9][0-9]{0,4}")) {
          simulated = Integer.parseInt(args.get(++i));
        } else {
          return Optional.empty();
        }
      }
      return simulated > 0 && (nodes > 0 || flavor.isPresent())
          ? Optional.empty()
          : Optional.of(new Wish(headless, flavor, Math.max(1, nodes), simulated));
    }
  }

  private interface Making {
    DemoNodes of(Lab lab) throws BadConfig;
  }

  private static Demo start(Flavor flavor, Making making) throws BadConfig, InterruptedException {
    sweep();
    Lab lab = lab(flavor, Lab.freeName(Cache.standard(), NAME));
    // From here on everything ends with the process, whoever ends it.
    var hook =
        new AtomicReference<Runnable>(
            () -> {
              lab.close();
              Disk.delete(folder(lab));
            });
    AtExit.run(() -> hook.get().run());
    // The name is ours alone, so what lies there was left by a demo that was killed.
    clear(lab);
    var demo = new Demo(lab, making.of(lab));
    hook.set(demo::close);
    demo.nodes.start();
    return demo;
  }

  /** A free name may be taken by another demo that starts in the same moment: then the next one. */
  private static Lab lab(Flavor flavor, String name) {
    try {
      return Lab.start(LabSpec.of(name, TREE).flavor(flavor));
    } catch (LabException e) {
      String other = Lab.freeName(Cache.standard(), NAME);
      if (other.equals(name)) {
        throw e;
      }
      return lab(flavor, other);
    }
  }

  /** Clears what demos have left that were killed; one that is running refuses, and stays. */
  private static void sweep() {
    for (String name : Lab.names(Cache.standard())) {
      if (name.matches(NAME + "(-\\d+)?")) {
        try (Lab left = Lab.open(Cache.standard(), name)) {
          left.down();
          clear(left);
        } catch (LabException e) {
          LOG.log(System.Logger.Level.DEBUG, name + " is left alone", e);
        }
      }
    }
  }

  /**
   * Takes away what nodes have left; one that somebody has started again by hand is ended first.
   */
  private static void clear(Lab lab) {
    LocalCluster.end(folder(lab));
    Disk.delete(folder(lab));
  }

  /** Beside the labs, not in this one: the lab deletes its own folder when the process ends. */
  private static Path folder(Lab lab) {
    return lab.directory().getParent().resolveSibling("demo").resolve(lab.name());
  }

  private void show(PrintStream out, String ending) {
    List<URI> addresses = nodes.addresses();
    String program = Edition.here().program();
    out.println();
    out.print(nodes.tree());
    String replica = lab.members().getLast().address();
    String target = lab.members().get(1).address();
    boolean usual =
        addresses.size() == 1 && addresses.getFirst().getPort() == NodeConfig.DEFAULT_PORT;
    String all = addresses.stream().map(URI::toString).collect(Collectors.joining(","));
    String prefix = usual ? "" : "TOPIARY_API=" + all + " ";
    out.println();
    out.println("In another terminal:");
    out.println("  " + prefix + program + " topology");
    out.println("  " + prefix + program + " relocate " + replica + " --below " + target);
    out.println("  " + prefix + program + " undo");
    out.println(
        "  " + program + " lab load start --name " + lab.name() + "    writes to the primary");
    nodes.hints(prefix).forEach(out::println);
    out.println(
        ending
            + (addresses.size() > 1 ? " ends the nodes" : " ends the node")
            + " and the servers.");
    out.println("ready " + addresses.getFirst());
    out.flush();
  }

  @Override
  public void close() {
    nodes.close();
    lab.close();
    Disk.delete(folder(lab));
  }
}
