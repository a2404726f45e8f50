package topiary.app.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.said.OfServer;

/**
 * What a node has told, and how the connection to it is.
 *
 * @param topology all it has told
 * @param clusters the name of the tree each server belongs to
 * @param said what people say of some of them
 * @param found what is found of those that are not well, the worst first
 * @param link how the connection is
 * @param heard when the node last gave a sign of life; empty when it never did
 * @param trouble why there is no connection; empty while there is one
 */
public record Seen(
    Topology topology,
    Map<InstanceKey, ClusterId> clusters,
    Map<InstanceKey, OfServer> said,
    Map<InstanceKey, List<FindingView>> found,
    Link link,
    Optional<Instant> heard,
    String trouble) {

  /** How a connection is. */
  public enum Link {
    /** The first attempt is under way. */
    CONNECTING,
    /** What is told is told as it happens. */
    LIVE,
    /** The node does not answer; it is asked again and again. */
    LOST
  }

  public static final Seen NOTHING =
      new Seen(Topology.EMPTY, Map.of(), Link.CONNECTING, Optional.empty(), "");

  public Seen {
    clusters = Map.copyOf(clusters);
    said = Map.copyOf(said);
    found = Map.copyOf(found);
  }

  /** Where nothing is found. */
  public Seen(
      Topology topology,
      Map<InstanceKey, ClusterId> clusters,
      Map<InstanceKey, OfServer> said,
      Link link,
      Optional<Instant> heard,
      String trouble) {
    this(topology, clusters, said, Map.of(), link, heard, trouble);
  }

  /** Where nobody says anything. */
  public Seen(
      Topology topology,
      Map<InstanceKey, ClusterId> clusters,
      Link link,
      Optional<Instant> heard,
      String trouble) {
    this(topology, clusters, Map.of(), Map.of(), link, heard, trouble);
  }

  /** What people say of a server. */
  public OfServer said(InstanceKey server) {
    return said.getOrDefault(server, OfServer.NOTHING);
  }

  /** What is found of a server, the worst first; empty when it is well. */
  public List<FindingView> found(InstanceKey server) {
    return found.getOrDefault(server, List.of());
  }

  /** The same, with what is found. */
  public Seen finding(Map<InstanceKey, List<FindingView>> findings) {
    return new Seen(topology, clusters, said, findings, link, heard, trouble);
  }

  public boolean live() {
    return link == Link.LIVE;
  }

  Seen linked(Link now, Instant at) {
    return new Seen(topology, clusters, said, found, now, Optional.of(at), "");
  }

  Seen lost(String why) {
    return new Seen(topology, clusters, said, found, Link.LOST, heard, why);
  }
}
