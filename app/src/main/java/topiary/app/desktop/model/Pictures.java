package topiary.app.desktop.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.layout.TidyTree;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

/** Makes pictures of what is seen, and makes anew only what is not as it was. */
final class Pictures {

  private final Set<InstanceKey> folded = new HashSet<>();
  private Picture last = Picture.EMPTY;
  private Set<InstanceKey> lastFolded = Set.of();

  /** The picture of a cluster. */
  Picture of(ClusterRow row, Topology topology, Servers servers) {
    Tree tree = row.tree();
    Map<InstanceKey, ServerCard> cards = HashMap.newHashMap(tree.places().size());
    for (Tree.Place place : tree.places()) {
      servers.card(place.key()).ifPresent(card -> cards.put(place.key(), card));
    }
    boolean sameTree = tree.equals(last.tree());
    Layout layout =
        sameTree && folded.equals(lastFolded) ? last.layout() : TidyTree.of(tree, folded);
    ShortNames names = sameTree ? last.names() : ShortNames.of(tree.members());
    Link.All links = Link.of(layout, topology, key -> standing(key, topology), names);
    last = new Picture(row.id(), tree, layout, cards, folds(tree, cards), names, links);
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
