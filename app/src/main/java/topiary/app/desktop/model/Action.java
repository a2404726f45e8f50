package topiary.app.desktop.model;

import java.util.List;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableStringValue;
import topiary.engine.catalogue.Operation;
import topiary.icons.Symbol;

/**
 * Something a person can do, declared once for menu, palette, button and key.
 *
 * @param id for style sheets and tests
 * @param group what it belongs to
 * @param icon its sign
 * @param text as it is shown
 * @param keys in JavaFX's notation, the first as shown; a single sign, or a name without a
 *     modifier, counts in the tree only
 * @param operation what it asks of a node, when it does
 * @param obstacle why it cannot be done now, a sentence; empty when it can
 * @param deed what it does
 */
public record Action(
    String id,
    Group group,
    Symbol icon,
    String text,
    List<String> keys,
    Optional<Operation> operation,
    ObservableStringValue obstacle,
    Runnable deed) {

  public Action {
    keys = List.copyOf(keys);
  }

  /** Does it, if it can be done now. */
  public void run() {
    if (possible()) {
      deed.run();
    }
  }

  /** Whether it can be done now. */
  public boolean possible() {
    return obstacle.get().isEmpty();
  }

  /** The same, to be bound to. */
  public ObservableBooleanValue enabled() {
    return Bindings.createBooleanBinding(this::possible, obstacle);
  }

  /** Why it cannot be done now, a sentence; empty when it can. */
  public String whyNot() {
    return obstacle.get();
  }

  /** What it is for, without a full stop: what the catalogue says, where it is about a node. */
  public String help() {
    return operation.map(Operation::summary).orElse(text);
  }

  /** The key that is shown, as it is written for people; empty for none. */
  public String key() {
    return keys.isEmpty() ? "" : Keys.words(keys.getFirst());
  }
}
