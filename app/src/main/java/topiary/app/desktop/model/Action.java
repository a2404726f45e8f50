package topiary.app.desktop.model;

import javafx.beans.value.ObservableBooleanValue;

/**
 * Something a person can do, declared once for menu, button and key.
 *
 * @param id for style sheets and tests
 * @param text as it is shown
 * @param key in JavaFX's notation; empty for none; one without a modifier counts in the tree only
 * @param enabled when it can be done
 * @param deed what it does
 */
public record Action(
    String id, String text, String key, ObservableBooleanValue enabled, Runnable deed) {

  /** Does it, if it can be done now. */
  public void run() {
    if (enabled.get()) {
      deed.run();
    }
  }

  /** Whether its key counts everywhere in the window. */
  public boolean everywhere() {
    return key.contains("+");
  }
}
