package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** Every server of a topology, as it is looked for. */
final class Servers {

  /**
   * One of them.
   *
   * @param key its address
   * @param card what is said of it
   * @param cluster the id of its cluster in the list of clusters
   * @param name its address in lower case
   * @param words what else it is found by, in lower case
   * @param text name and words
   */
  record Server(
      InstanceKey key,
      ServerCard card,
      String cluster,
      String name,
      List<String> words,
      String text) {

    Server {
      words = List.copyOf(words);
    }

    /** What is said of it in a list. */
    String detail() {
      return String.join(
          "  ·  ",
          List.of(card.role(), card.version(), card.state()).stream()
              .filter(s -> !s.isEmpty())
              .toList());
    }
  }

  static final Servers NONE = new Servers(Topology.EMPTY, List.of());

  private final Topology of;
  private final List<Server> all;

  private Servers(Topology of, List<Server> all) {
    this.of = of;
    this.all = all;
  }

  List<Server> all() {
    return all;
  }

  /** Those of a topology; these, when it is the same one. */
  Servers in(Topology topology, List<ClusterRow> clusters) {
    if (topology == of) {
      return this;
    }
    Map<InstanceKey, String> ids = new HashMap<>();
    clusters.forEach(row -> row.tree().places().forEach(p -> ids.put(p.key(), row.id())));
    var servers = new ArrayList<Server>(topology.instances().size());
    for (Instance i : topology.instances().values()) {
      servers.add(server(ServerCard.of(i, topology), ids.getOrDefault(i.key(), "")));
    }
    return new Servers(topology, List.copyOf(servers));
  }

  private static Server server(ServerCard card, String cluster) {
    String name = lower(card.key().toString());
    List<String> words =
        List.of(
            lower(card.state()),
            card.mood().word(),
            card.role(),
            card.writes(),
            lower(card.version()));
    return new Server(card.key(), card, cluster, name, words, name + " " + String.join(" ", words));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
