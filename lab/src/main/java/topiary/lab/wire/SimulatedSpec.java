package topiary.lab.wire;

import java.util.List;
import java.util.Optional;
import topiary.lab.base.LabException;
import topiary.lab.sim.Kind;
import topiary.lab.tree.Tree;

/**
 * What a simulated fleet is to be like.
 *
 * @param servers how many, from 1 to {@link #MOST}
 * @param clusters how many trees they form, each with about as many of them
 * @param kinds whose words they speak, the trees in turns
 * @param seed the same seed makes the same trees
 * @param writes transactions a second on the head of each tree
 * @param port on which they all listen, each on its own address
 * @param network the second number of their addresses, {@code 127.network.x.y}; 0 is not possible
 * @param user who may log in
 * @param password with what
 * @param tree the shape of each; empty for random ones
 * @param varied whether some clusters have what real ones have: every third waits for
 *     acknowledgements, every fifth has a filtered replica, every seventh co-masters, every
 *     eleventh a replica that is held back for an hour, every thirteenth one that replicates from
 *     the tree before it of its kind as well
 */
public record SimulatedSpec(
    int servers,
    int clusters,
    List<Kind> kinds,
    long seed,
    double writes,
    int port,
    int network,
    String user,
    String password,
    Optional<Tree> tree,
    boolean varied) {

  /** The most servers, so many addresses there are. */
  public static final int MOST = 60_000;

  /** The port that is taken when none is said. */
  public static final int PORT = 13306;

  public SimulatedSpec {
    kinds = List.copyOf(kinds);
    if (servers < 1 || servers > MOST) {
      throw new LabException(
          servers + " servers cannot be simulated; 1 to " + MOST + " can, on one port");
    }
    if (clusters < 1 || clusters > servers) {
      throw new LabException(
          servers
              + " servers cannot form "
              + clusters
              + " clusters; 1 to "
              + servers
              + " they can");
    }
    if (port < 1 || port > 65_535) {
      throw new LabException("there is no port " + port + "; 1 to 65535 there are");
    }
    if (network < 1 || network > 255) {
      throw new LabException("there is no network 127." + network + "; 127.1 to 127.255 there are");
    }
    if (tree.isPresent() && servers != clusters * tree.get().members().size()) {
      throw new LabException(
          "%d trees of %d servers each are not %d servers"
              .formatted(clusters, tree.get().members().size(), servers));
    }
    if (kinds.isEmpty() || writes < 0) {
      throw new LabException("a simulated fleet needs a kind of servers and no negative writes");
    }
  }

  /**
   * So many servers in trees of ten, MySQL and MariaDB in turns, one transaction a second in each
   * tree.
   */
  public static SimulatedSpec of(int servers) {
    return new SimulatedSpec(
        servers,
        Math.max(1, servers / 10),
        List.of(Kind.values()),
        1,
        1,
        PORT,
        77,
        "topiary",
        "topiary",
        Optional.empty(),
        false);
  }

  /** So many trees of this shape. */
  public static SimulatedSpec of(Tree tree, int clusters) {
    return of(clusters * tree.members().size()).clusters(clusters).shaped(Optional.of(tree));
  }

  private SimulatedSpec shaped(Optional<Tree> other) {
    return new SimulatedSpec(
        servers, clusters, kinds, seed, writes, port, network, user, password, other, varied);
  }

  /** The same with clusters as various as real ones. */
  public SimulatedSpec asVariousAsReal() {
    return new SimulatedSpec(
        servers, clusters, kinds, seed, writes, port, network, user, password, tree, true);
  }

  /** The same, in so many trees. */
  public SimulatedSpec clusters(int other) {
    return new SimulatedSpec(
        servers, other, kinds, seed, writes, port, network, user, password, tree, varied);
  }

  /** The same, of these kinds. */
  public SimulatedSpec kinds(List<Kind> other) {
    return new SimulatedSpec(
        servers, clusters, other, seed, writes, port, network, user, password, tree, varied);
  }

  /** The same with other trees. */
  public SimulatedSpec seed(long other) {
    return new SimulatedSpec(
        servers, clusters, kinds, other, writes, port, network, user, password, tree, varied);
  }

  /** The same with so many transactions a second on each head. */
  public SimulatedSpec writes(double other) {
    return new SimulatedSpec(
        servers, clusters, kinds, seed, other, port, network, user, password, tree, varied);
  }

  /** The same on another port. */
  public SimulatedSpec port(int other) {
    return new SimulatedSpec(
        servers, clusters, kinds, seed, writes, other, network, user, password, tree, varied);
  }

  /** The same on other addresses. */
  public SimulatedSpec network(int other) {
    return new SimulatedSpec(
        servers, clusters, kinds, seed, writes, port, other, user, password, tree, varied);
  }

  /** The same with another account. */
  public SimulatedSpec account(String who, String with) {
    return new SimulatedSpec(
        servers, clusters, kinds, seed, writes, port, network, who, with, tree, varied);
  }
}
