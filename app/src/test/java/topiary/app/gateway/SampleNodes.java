package topiary.app.gateway;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import topiary.app.Samples;

/** Clusters of nodes that are not there: n1, n2 and so on; n2 leads, the window is on n1. */
public final class SampleNodes {

  private static final Duration JUST = Duration.ofMillis(180);

  private final int count;
  private final Map<Integer, Duration> heard = new HashMap<>();
  private final Map<Integer, Long> applied = new HashMap<>();
  private Optional<Integer> leader = Optional.of(2);
  private Optional<List<Integer>> answering = Optional.empty();
  private String trouble = "";

  private SampleNodes(int count) {
    this.count = count;
  }

  /** So many, all of them well. */
  public static SampleNodes of(int count) {
    var nodes = new SampleNodes(count);
    nodes.leader = Optional.of(Math.min(2, count));
    return nodes;
  }

  /** The same, of which one has not been heard for so long. */
  public SampleNodes silent(int node, Duration since) {
    heard.put(node, since);
    return this;
  }

  /** The same, of which one has applied no more than this many entries. */
  public SampleNodes applied(int node, long entries) {
    applied.put(node, entries);
    return this;
  }

  /** The same without a leader. */
  public SampleNodes leaderless() {
    leader = Optional.empty();
    return this;
  }

  /** The same, of which only these answer this computer. */
  public SampleNodes answering(Integer... nodes) {
    answering = Optional.of(List.of(nodes));
    return this;
  }

  /** The same, where the node the window is on has this trouble. */
  public SampleNodes trouble(String sentence) {
    trouble = sentence;
    return this;
  }

  /** What is seen of them. */
  public NodesSeen seen(Instant at) {
    var own = new HashMap<String, NodesView>();
    for (int i = 1; i <= count; i++) {
      boolean silent = heard.containsKey(i);
      int node = i;
      if (answering.map(a -> a.contains(node)).orElse(!silent)) {
        own.put(id(i), view(i));
      }
    }
    return new NodesSeen(at, view(1), own);
  }

  public NodesSeen seen() {
    return seen(Samples.NOW);
  }

  /** The id of a node. */
  public static String id(int node) {
    return "5c1e" + node;
  }

  private NodesView view(int of) {
    boolean leads = leader.equals(Optional.of(of));
    List<NodesView.Node> nodes =
        IntStream.rangeClosed(1, count)
            .mapToObj(
                i ->
                    new NodesView.Node(
                        id(i),
                        "n" + i,
                        "10.0.0." + i + ":10008",
                        Optional.of(URI.create("http://10.0.0." + i + ":3000")),
                        leads && i != of
                            ? Optional.of(heard.getOrDefault(i, JUST))
                            : Optional.empty(),
                        2,
                        "0.5.0"))
            .toList();
    return new NodesView(
        id(of),
        leads ? "leader" : leader.isPresent() ? "follower" : "candidate",
        leader.map(SampleNodes::id),
        nodes,
        2,
        8_214,
        applied.getOrDefault(of, 8_214L),
        Optional.of(Duration.ofMinutes(3 + of)),
        of == 1 ? trouble : "");
  }
}
