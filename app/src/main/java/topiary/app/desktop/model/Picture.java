package topiary.app.desktop.model;

import java.util.Map;
import topiary.app.desktop.layout.Layout;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * The tree that is shown: where each card lies, and what it says.
 *
 * @param tree its shape
 * @param layout the cards' places
 * @param cards what they say
 */
public record Picture(Tree tree, Layout layout, Map<InstanceKey, ServerCard> cards) {

  public static final Picture EMPTY =
      new Picture(
          new Tree(new InstanceKey("none", 1), java.util.List.of()), Layout.EMPTY, Map.of());

  public Picture {
    cards = Map.copyOf(cards);
  }
}
