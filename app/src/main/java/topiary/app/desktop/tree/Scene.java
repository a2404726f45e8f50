package topiary.app.desktop.tree;

import java.util.Optional;
import java.util.Set;
import topiary.app.desktop.model.PickUp;
import topiary.engine.model.InstanceKey;

/**
 * What to paint besides the tree.
 *
 * @param selected the chosen card
 * @param also the cards that are chosen besides it
 * @param hover the card under the pointer
 * @param handle whether the pointer is on that card's handle
 * @param hand what is being moved
 * @param pointerX where it is held
 * @param pointerY where it is held
 * @param focused whether keys come here
 * @param stale how old everything is, when the node is gone
 * @param zooming whether the next picture will be of another size
 */
record Scene(
    Optional<InstanceKey> selected,
    Set<InstanceKey> also,
    Optional<InstanceKey> hover,
    boolean handle,
    Optional<PickUp> hand,
    double pointerX,
    double pointerY,
    boolean focused,
    Optional<String> stale,
    boolean zooming) {

  boolean selected(Figure figure) {
    return selected.isPresent() && selected.get().equals(figure.card.key());
  }

  /** Whether a card is chosen besides the selected one. */
  boolean also(Figure figure) {
    return !also.isEmpty() && also.contains(figure.card.key());
  }

  boolean hovered(Figure figure) {
    return hover.isPresent() && hover.get().equals(figure.card.key());
  }
}
