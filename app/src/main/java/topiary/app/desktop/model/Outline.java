package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * A tree as a list with indents: those whose address contains a text, and what leads to them.
 *
 * @param head at the top; empty when nothing is to be shown
 * @param replicas of every server that has any, in order
 * @param sources of every server but the head
 * @param narrowed whether a text was asked for
 */
public record Outline(
    Optional<InstanceKey> head,
    Map<InstanceKey, List<InstanceKey>> replicas,
    Map<InstanceKey, InstanceKey> sources,
    boolean narrowed) {

  public static final Outline EMPTY = new Outline(Optional.empty(), Map.of(), Map.of(), false);

  /** The outline of a tree. */
  public static Outline of(Tree tree, String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    Map<InstanceKey, InstanceKey> sources = tree.sources();
    Set<InstanceKey> kept = new HashSet<>();
    for (Tree.Place place : tree.places()) {
      if (wanted.isEmpty() || place.key().toString().toLowerCase(Locale.ROOT).contains(wanted)) {
        InstanceKey up = place.key();
        while (up != null && kept.add(up)) {
          up = sources.get(up);
        }
      }
    }
    Map<InstanceKey, List<InstanceKey>> replicas = new HashMap<>();
    for (Tree.Place place : tree.places()) {
      InstanceKey source = sources.get(place.key());
      if (source != null && kept.contains(place.key())) {
        replicas.computeIfAbsent(source, key -> new ArrayList<>()).add(place.key());
      }
    }
    sources.keySet().retainAll(kept);
    return new Outline(
        Optional.of(tree.head()).filter(kept::contains), replicas, sources, !wanted.isEmpty());
  }

  public List<InstanceKey> replicasOf(InstanceKey key) {
    return replicas.getOrDefault(key, List.of());
  }
}
