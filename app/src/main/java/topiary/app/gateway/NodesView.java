package topiary.app.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The cluster of nodes, as one of them tells it.
 *
 * @param self the id of the one that tells
 * @param role its part: {@code leader}, {@code follower}, {@code candidate}, {@code outside} or
 *     {@code ended}
 * @param leader the id of whoever leads, as far as it knows
 * @param nodes who has a vote, in the order of their ids
 * @param level the feature level all of them use
 * @param committed how far the log is decided, as far as it knows
 * @param applied how far it has come itself
 * @param snapshotAge how old its newest snapshot is; empty when it has none
 * @param trouble what is wrong with it, in a sentence; empty when nothing is
 */
public record NodesView(
    String self,
    String role,
    Optional<String> leader,
    List<Node> nodes,
    int level,
    long committed,
    long applied,
    Optional<Duration> snapshotAge,
    String trouble) {

  /** A node the leader has not heard for longer is silent. */
  public static final Duration SILENCE = Duration.ofSeconds(3);

  public NodesView {
    nodes = List.copyOf(nodes);
  }

  /**
   * A node that has a vote.
   *
   * @param id given once
   * @param name what people call it
   * @param address where it takes part in the log, as host:port
   * @param http where it serves; empty until it has said so
   * @param heard how long ago the leader heard of it; empty where that is not known
   * @param level the highest feature level it understands; 0 until it has said so
   * @param version of its program; empty until it has said so
   */
  public record Node(
      String id,
      String name,
      String address,
      Optional<URI> http,
      Optional<Duration> heard,
      int level,
      String version) {

    /** Whether the leader has not heard of it for long; false where that is not known. */
    public boolean silent() {
      return heard.filter(h -> h.compareTo(SILENCE) > 0).isPresent();
    }
  }

  /** Whether it is one of a majority that has a leader, as far as it knows. */
  public boolean part() {
    long present = nodes.stream().filter(n -> n.id().equals(self) || !n.silent()).count();
    boolean takes = leads() || role.equals("follower");
    return takes && leader.isPresent() && present >= majority();
  }

  /** Whether it is, and well itself. */
  public boolean well() {
    return part() && trouble.isEmpty();
  }

  /** How many nodes decide together. */
  public int majority() {
    return nodes.size() / 2 + 1;
  }

  /** Whether it says of itself that it leads. */
  public boolean leads() {
    return role.equals("leader");
  }
}
