package topiary.engine.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One replication tree, as it stands in a {@link Topology}.
 *
 * @param head the server at its root
 * @param places every member, sources before their replicas
 */
public record Tree(InstanceKey head, List<Place> places) {

  /**
   * A member's place.
   *
   * @param key the member
   * @param depth its distance from the head, which has 0
   */
  public record Place(InstanceKey key, int depth) {}

  public Tree {
    places = List.copyOf(places);
  }

  public List<InstanceKey> members() {
    return places.stream().map(Place::key).toList();
  }

  /** Whom each member but the head hangs below. */
  public Map<InstanceKey, InstanceKey> sources() {
    Map<InstanceKey, InstanceKey> sources = HashMap.newHashMap(places.size());
    var above = new ArrayList<InstanceKey>();
    for (Place place : places) {
      above.subList(place.depth(), above.size()).clear();
      if (!above.isEmpty()) {
        sources.put(place.key(), above.getLast());
      }
      above.add(place.key());
    }
    return sources;
  }

  public boolean contains(InstanceKey key) {
    return places.stream().anyMatch(p -> p.key().equals(key));
  }

  /** A member's distance from the head; empty for a stranger. */
  public Optional<Integer> depthOf(InstanceKey key) {
    return places.stream().filter(p -> p.key().equals(key)).map(Place::depth).findFirst();
  }
}
