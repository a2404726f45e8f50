package topiary.app.demo;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.config.NodeConfig;
import topiary.app.text.Ink;
import topiary.app.text.TreeText;
import topiary.app.wire.AtExit;
import topiary.app.wire.DesktopFace;
import topiary.app.wire.Logging;
import topiary.app.wire.Node;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
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
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long GLANCE_MILLIS = 50;

  private final Lab lab;
  private final Node node;

  private Demo(Lab lab, Node node) {
    this.lab = lab;
    this.node = node;
  }

  /** Runs the demo until its window is closed, or the process is told to end. */
  public static Exit run(List<String> args, PrintStream out, PrintStream err) {
    Optional<Wish> wish = Wish.read(args);
    if (wish.isEmpty()) {
      err.println("topiary: demo [--headless] [--flavor NAME]");
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
      Flavor flavor = wish.get().flavor().map(Flavors::named).orElseGet(Flavors::standard);
      err.println("Starting five servers on this machine, for practice (" + flavor.id() + ") …");
      Demo demo =
          start(
              flavor,
              fault -> {
                err.println("topiary: " + fault);
                end.countDown();
              });
      demo.show(out, window ? "Closing the window" : "Ctrl-C");
      if (window) {
        DesktopFace.only(URI.create(demo.node.address()));
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
  private record Wish(boolean headless, Optional<String> flavor) {
    /** Empty when they are not understood. */
    static Optional<Wish> read(List<String> args) {
      boolean headless = false;
      Optional<String> flavor = Optional.empty();
      for (int i = 0; i < args.size(); i++) {
        if (args.get(i).equals("--headless") && !headless) {
          headless = true;
        } else if (args.get(i).equals("--flavor") && flavor.isEmpty() && i + 1 < args.size()) {
          flavor = Optional.of(args.get(++i));
        } else {
          return Optional.empty();
        }
      }
      return Optional.of(new Wish(headless, flavor));
    }
  }

  private static Demo start(Flavor flavor, Consumer<String> onFatal)
      throws BadConfig, InterruptedException {
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
    Disk.delete(folder(lab));
    Node node = node(lab, onFatal);
    var demo = new Demo(lab, node);
    hook.set(demo::close);
    node.start();
    demo.awaitHealthy();
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
          Disk.delete(folder(left));
        } catch (LabException e) {
          LOG.log(System.Logger.Level.DEBUG, name + " is left alone", e);
        }
      }
    }
  }

  /** On the port clients try first, when it is free. */
  private static Node node(Lab lab, Consumer<String> onFatal) throws BadConfig {
    try {
      return node(config(lab, NodeConfig.DEFAULT_PORT), onFatal);
    } catch (BadConfig e) {
      // In use: any other does. Were it something else, it would be so there too.
      return node(config(lab, 0), onFatal);
    }
  }

  private static Node node(NodeConfig config, Consumer<String> onFatal) throws BadConfig {
    return new Node(config, fault -> onFatal.accept(fault.getMessage()), UnaryOperator.identity());
  }

  private static NodeConfig config(Lab lab, int port) {
    Member head = lab.members().getFirst();
    return new NodeConfig(
        InetAddress.getLoopbackAddress().getHostAddress(),
        port,
        folder(lab),
        List.of(InstanceKey.parse(head.address())),
        List.of(LabAccount.rule(lab)),
        NodeConfig.polling(Duration.ofSeconds(1)));
  }

  /** Beside the labs, not in this one: the lab deletes its own folder when the process ends. */
  private static Path folder(Lab lab) {
    return lab.directory().getParent().resolveSibling("demo").resolve(lab.name());
  }

  /** Waits until every server of the fleet is known, seen and replicating. */
  private void awaitHealthy() throws BadConfig, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (missing().isPresent()) {
      if (System.nanoTime() - end > 0) {
        throw new BadConfig(
            "the tree is not healthy after " + PATIENCE.toSeconds() + " s: " + missing().get());
      }
      Thread.sleep(GLANCE_MILLIS);
    }
  }

  private Optional<String> missing() {
    Topology topology = node.manager().topology();
    for (Member member : lab.members()) {
      InstanceKey key = InstanceKey.parse(member.address());
      Optional<Instance> instance = topology.instance(key);
      if (instance.isEmpty()) {
        return Optional.of(key + " is not found");
      }
      if (!instance.get().seen()) {
        return Optional.of(key + " is " + instance.get().condition().words());
      }
      if (instance.get().primaryChannel().filter(c -> !c.replicating()).isPresent()) {
        return Optional.of(key + " does not replicate");
      }
    }
    boolean one = topology.trees().size() == 1;
    boolean named =
        node.manager().state().heads().size() == 1
            && node.manager().state().instances().size() == lab.members().size();
    return one && named ? Optional.empty() : Optional.of("the tree has no name yet");
  }

  private void show(PrintStream out, String ending) {
    Topology topology = node.manager().topology();
    out.println();
    topology
        .trees()
        .forEach(tree -> out.print(new TreeText(topology, Ink.PLAIN, Instant.now()).of(tree)));
    String replica = lab.members().getLast().address();
    String target = lab.members().get(1).address();
    String prefix =
        node.address().endsWith(":" + NodeConfig.DEFAULT_PORT)
            ? ""
            : "TOPIARY_API=" + node.address() + " ";
    out.println();
    out.println("In another terminal:");
    out.println("  " + prefix + "./topiary topology");
    out.println("  " + prefix + "./topiary relocate " + replica + " --below " + target);
    out.println("  " + prefix + "./topiary undo");
    out.println("  ./topiary lab load start --name " + lab.name() + "    writes to the primary");
    out.println(ending + " ends the node and the servers.");
    out.println("ready " + node.address());
    out.flush();
  }

  @Override
  public void close() {
    node.close();
    lab.close();
    Disk.delete(folder(lab));
  }
}
