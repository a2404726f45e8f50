package topiary.app.desktop.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.layout.TidyTree;
import topiary.app.gateway.Seen;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

/** Makes pictures of what is seen, and makes anew only what is not as it was. */
final class Pictures {

  /** A card, and what it was made of. */
  private record Made(Instance of, boolean source, ServerCard card) {}

  private final Map<InstanceKey, Made> made = new HashMap<>();
  private final Set<InstanceKey> folded = new HashSet<>();
  private Picture last = Picture.EMPTY;
  private Set<InstanceKey> lastFolded = Set.of();

  /** The clusters of what is seen. */
  List<ClusterRow> clusters(Seen seen) {
    Topology topology = seen.topology();
    made.keySet().retainAll(topology.instances().keySet());
    return topology.trees().stream().map(tree -> row(tree, seen)).toList();
  }

  private ClusterRow row(Tree tree, Seen seen) {
    long troubled = 0;
    for (InstanceKey key : tree.members()) {
      if (card(key, seen.topology()).filter(c -> c.mood().troubled()).isPresent()) {
        troubled++;
      }
    }
    String id =
        Optional.ofNullable(seen.clusters().get(tree.head()))
            .map(Object::toString)
            .orElse(tree.head().toString());
    return new ClusterRow(id, tree.head(), tree.places().size(), troubled, tree);
  }

  private Optional<ServerCard> card(InstanceKey key, Topology topology) {
    Instance now = topology.instances().get(key);
    if (now == null) {
      return Optional.empty();
    }
    boolean source = !topology.replicasOf(key).isEmpty();
    Made before = made.get(key);
    if (before == null || before.of() != now || before.source() != source) {
      before = new Made(now, source, ServerCard.of(now, topology));
      made.put(key, before);
    }
    return Optional.of(before.card());
  }

  /** The picture of a cluster. */
  Picture of(ClusterRow row, Topology topology) {
    Tree tree = row.tree();
    Map<InstanceKey, ServerCard> cards = HashMap.newHashMap(tree.places().size());
    for (Tree.Place place : tree.places()) {
      card(place.key(), topology).ifPresent(card -> cards.put(place.key(), card));
    }
    boolean sameTree = tree.equals(last.tree());
    Layout layout =
        sameTree && folded.equals(lastFolded) ? last.layout() : TidyTree.of(tree, folded);
    ShortNames names = sameTree ? last.names() : ShortNames.of(tree.members());
    last = new Picture(row.id(), tree, layout, cards, folds(tree, cards), names);
    lastFolded = Set.copyOf(folded);
    return last;
  }

  private Map<InstanceKey, Fold> folds(Tree tree, Map<InstanceKey, ServerCard> cards) {
    Map<InstanceKey, Fold> folds = new HashMap<>();
    InstanceKey by = null;
    int depth = 0;
    for (Tree.Place place : tree.places()) {
      if (by == null || place.depth() <= depth) {
        by = folded.contains(place.key()) ? place.key() : null;
        depth = place.depth();
      } else {
        folds.merge(by, hidden(cards.get(place.key())), Pictures::both);
      }
    }
    return folds;
  }

  private static Fold hidden(ServerCard card) {
    Mood mood = card == null ? Mood.UNKNOWN : card.mood();
    return new Fold(1, mood.troubled() ? 1 : 0, mood);
  }

  private static Fold both(Fold a, Fold b) {
    return new Fold(
        a.servers() + b.servers(),
        a.troubled() + b.troubled(),
        a.worst().compareTo(b.worst()) < 0 ? b.worst() : a.worst());
  }

  // ---- folding

  /** Hides what hangs below a server, or shows it again. */
  void toggle(InstanceKey key) {
    if (!folded.remove(key)) {
      folded.add(key);
    }
  }

  /** Shows a server that is folded away; whether it was. */
  boolean uncover(InstanceKey key, Topology topology) {
    return folded.removeAll(Set.copyOf(topology.sourcesOf(key)));
  }

  /** The card that stands for a server: its own, or that of the fold it is in. */
  InstanceKey standing(InstanceKey key, Topology topology) {
    InstanceKey standing = key;
    for (InstanceKey source : topology.sourcesOf(key)) {
      if (folded.contains(source)) {
        standing = source;
      }
    }
    return standing;
  }
}
