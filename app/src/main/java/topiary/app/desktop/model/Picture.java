package topiary.app.desktop.model;

import java.util.List;
import java.util.Map;
import topiary.app.desktop.layout.Layout;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * The tree that is shown: where each card lies, and what it says.
 *
 * @param cluster the id of the tree's cluster
 * @param tree its shape
 * @param layout the places of the cards that are not folded away
 * @param cards what the tree's servers say, those that are folded away too
 * @param folds what each folded server hides
 * @param names how the cards call the servers
 * @param links the streams that are not edges of the tree
 */
public record Picture(
    String cluster,
    Tree tree,
    Layout layout,
    Map<InstanceKey, ServerCard> cards,
    Map<InstanceKey, Fold> folds,
    ShortNames names,
    Link.All links) {

  public static final Picture EMPTY =
      new Picture(
          "",
          new Tree(new InstanceKey("none", 1), List.of()),
          Layout.EMPTY,
          Map.of(),
          Map.of(),
          ShortNames.of(List.of()),
          Link.All.NONE);

  public Picture {
    cards = Map.copyOf(cards);
    folds = Map.copyOf(folds);
  }

  /** Whether other servers hang below one, shown or folded away. */
  public boolean source(InstanceKey key) {
    return folds.containsKey(key) || layout.sources().containsValue(key);
  }
}
