package topiary.app.nodes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import topiary.app.json.Json;
import topiary.lab.Ports;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;
import topiary.lab.process.Tether;

/**
 * A cluster of node processes on this machine, below one folder. They end when this process does,
 * however it ends. Failures are {@link LabException}s with a sentence.
 */
public final class LocalCluster implements AutoCloseable {

  /** As many nodes at most. */
  public static final int MOST = 5;

  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final NodeProgram program;
  private final List<LocalNode> nodes;
  private final Tether tether;

  private LocalCluster(Path folder, NodeProgram program, List<LocalNode> nodes, Tether tether) {
    this.folder = folder;
    this.program = program;
    this.nodes = List.copyOf(nodes);
    this.tether = tether;
  }

  /**
   * Writes the nodes' files; starts nothing.
   *
   * @param folder made when missing; theirs alone
   * @param count how many nodes, 1 to {@link #MOST}
   * @param firstPort where the first one serves, when that port is free
   * @param fleet what each node's file says of the servers: {@code servers}, {@code credentials},
   *     {@code pollSeconds}
   */
  public static LocalCluster in(
      Path folder,
      NodeProgram program,
      int count,
      Optional<Integer> firstPort,
      Map<String, Object> fleet) {
    Disk.makePrivate(folder);
    var ports = new Ports(HOST, Set.of());
    var https = new ArrayList<URI>();
    for (int i = 0; i < count; i++) {
      int port =
          i == 0 ? firstPort.filter(LocalCluster::free).orElseGet(ports::take) : ports.take();
      https.add(URI.create("http://" + HOST + ":" + port));
    }
    var nodes = new ArrayList<LocalNode>();
    for (int i = 0; i < count; i++) {
      String name = "n" + (i + 1);
      URI own = https.get(i);
      var cluster = new LinkedHashMap<String, Object>();
      cluster.put("listen", HOST + ":" + ports.take());
      cluster.put("name", name);
      if (count > 1) {
        cluster.put(
            "join", https.stream().filter(uri -> !uri.equals(own)).map(URI::toString).toList());
      }
      var json = new LinkedHashMap<String, Object>();
      json.put("listen", HOST + ":" + own.getPort());
      json.put("dataFolder", folder.resolve(name).toString());
      json.putAll(fleet);
      json.put("cluster", cluster);
      Path config = folder.resolve(name + ".json");
      Disk.writePrivate(config, Json.text(json) + "\n");
      nodes.add(new LocalNode(name, own, config));
    }
    return new LocalCluster(folder, program, nodes, Tether.hold(folder.resolve("tether")));
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      // Somebody has it.
      return false;
    }
  }

  /** Its nodes; the first one makes the cluster. */
  public List<LocalNode> nodes() {
    return nodes;
  }

  /** Starts all, and waits until each knows all. */
  public void start() {
    bootstrap();
    List<LocalNode> others = nodes.subList(1, nodes.size());
    others.forEach(this::start);
    others.forEach(LocalNode::awaitReady);
    awaitMembers(nodes);
  }

  /** Starts the first one, which makes the cluster, and waits until it leads. */
  public void bootstrap() {
    LocalNode first = nodes.getFirst();
    first.start(program, tether, List.of("--bootstrap"));
    first.awaitReady();
    await("it leads", () -> first.cluster().filter(ClusterState::leading).isPresent());
  }

  /** Starts one: it joins, or goes on where it was. */
  public void start(LocalNode node) {
    node.start(program, tether, List.of());
  }

  /** Starts a command in the place of one. */
  public void launch(LocalNode node, List<String> command) {
    node.launch(command, tether);
  }

  /** Waits until each of these knows where every member serves, and all stand at the same place. */
  public void awaitMembers(List<LocalNode> running) {
    await(
        "every node knows the others",
        () -> running.stream().allMatch(n -> n.cluster().filter(this::complete).isPresent()));
  }

  private boolean complete(ClusterState state) {
    return state.members().size() == nodes.size() && state.known() == nodes.size();
  }

  /** The node that decides, as soon as there is one. */
  public LocalNode leader() {
    return Await.value(
        PATIENCE,
        () ->
            nodes.stream()
                .filter(LocalNode::alive)
                .filter(n -> n.cluster().filter(ClusterState::leading).isPresent())
                .findFirst(),
        () -> "no node leads");
  }

  private static void await(String what, BooleanSupplier condition) {
    if (!Await.holds(PATIENCE, condition)) {
      throw new LabException(
          "after " + PATIENCE.toSeconds() + " s it is still not so that " + what);
    }
  }

  /** Ends all nodes, also those that somebody has started again by hand. */
  @Override
  public void close() {
    nodes.forEach(n -> n.send(Signal.TERM));
    nodes.forEach(LocalNode::end);
    end(folder);
    tether.close();
  }

  /** Ends what runs a node's file in this folder, whoever has started it. */
  public static void end(Path folder) {
    List<Path> configs =
        Disk.list(folder).stream().filter(p -> p.toString().endsWith(".json")).toList();
    for (Path config : configs) {
      String proof = config.toString();
      for (ProcessId process : ProcessId.withArgument(proof)) {
        // Somebody may be reading the file in an editor.
        if (process.arguments().contains("--config")) {
          process.signal(Signal.KILL, proof);
          process.awaitEnd(PATIENCE);
        }
      }
    }
  }
}
