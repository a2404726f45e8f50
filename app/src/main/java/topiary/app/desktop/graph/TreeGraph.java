package topiary.app.desktop.graph;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.graphstream.graph.Edge;
import org.graphstream.graph.Element;
import org.graphstream.graph.Graph;
import org.graphstream.graph.Node;
import org.graphstream.graph.implementations.SingleGraph;
import org.graphstream.stream.Sink;
import topiary.app.desktop.model.Picture;
import topiary.engine.model.InstanceKey;

/**
 * The tree that is shown, as a graph: a node for each card, an edge from each source to each of its
 * replicas, named as the replica. Belongs to the window's thread.
 */
public final class TreeGraph {

  /** Of a node: what it says, a {@link topiary.app.desktop.model.ServerCard}. */
  public static final String CARD = "topiary.card";

  /** Of the graph: how servers are called, {@link topiary.app.desktop.model.ShortNames}. */
  public static final String NAMES = "topiary.names";

  /** Of the graph: streams beside its edges, {@link topiary.app.desktop.model.Link.All}. */
  public static final String LINKS = "topiary.links";

  /** Of a node: where it lies, a {@link topiary.app.desktop.layout.Box}. */
  public static final String BOX = "topiary.box";

  /** Of a node: what it hides, a {@link topiary.app.desktop.model.Fold}; absent when nothing. */
  public static final String FOLD = "topiary.fold";

  /** Of an edge: how it runs, a {@link topiary.app.desktop.layout.Route}. */
  public static final String ROUTE = "topiary.route";

  private final Graph graph = new SingleGraph("tree");
  private String cluster = "";

  /** Hears of every change from now on. */
  public void listen(Sink sink) {
    graph.addSink(sink);
  }

  /** Makes the graph what a picture is; another cluster begins with an empty one. */
  public void show(Picture picture) {
    if (!picture.cluster().equals(cluster)) {
      graph.clear();
      cluster = picture.cluster();
    }
    set(graph, NAMES, picture.names());
    set(graph, LINKS, picture.links());
    leave(picture);
    picture.layout().boxes().forEach((key, box) -> node(key, box, picture));
    picture.layout().sources().forEach((key, source) -> edge(key, source, picture));
  }

  private void leave(Picture picture) {
    Set<String> stay =
        picture.layout().boxes().keySet().stream()
            .map(InstanceKey::toString)
            .collect(Collectors.toSet());
    List<Node> gone = graph.nodes().filter(node -> !stay.contains(node.getId())).toList();
    gone.forEach(graph::removeNode);
  }

  private void node(InstanceKey key, Object box, Picture picture) {
    Node node = graph.getNode(key.toString());
    if (node == null) {
      node = graph.addNode(key.toString());
    }
    set(node, CARD, picture.cards().get(key));
    set(node, FOLD, picture.folds().get(key));
    set(node, BOX, box);
  }

  private void edge(InstanceKey key, InstanceKey source, Picture picture) {
    Edge edge = graph.getEdge(key.toString());
    if (edge != null && !edge.getSourceNode().getId().equals(source.toString())) {
      graph.removeEdge(edge);
      edge = null;
    }
    if (edge == null) {
      edge = graph.addEdge(key.toString(), source.toString(), key.toString(), true);
    }
    set(edge, ROUTE, picture.layout().routes().get(key));
  }

  private static void set(Element element, String name, Object value) {
    if (value == null) {
      if (element.hasAttribute(name)) {
        element.removeAttribute(name);
      }
    } else if (!Objects.equals(element.getAttribute(name), value)) {
      element.setAttribute(name, value);
    }
  }
}
