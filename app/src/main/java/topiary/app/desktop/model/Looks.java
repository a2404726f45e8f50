package topiary.app.desktop.model;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/** Light or dark: what was chosen, what the computer has, and what comes of it. */
public final class Looks {

  private final ObjectProperty<Appearance> chosen = new SimpleObjectProperty<>(Appearance.SYSTEM);
  private final BooleanProperty system = new SimpleBooleanProperty();
  private final BooleanProperty dark = new SimpleBooleanProperty();

  /** As the computer has it, until something is chosen. */
  public Looks() {
    chosen.subscribe(c -> decide());
    system.subscribe(s -> decide());
  }

  private void decide() {
    dark.set(chosen.get().dark(system.get()));
  }

  /** What was chosen. */
  public ObjectProperty<Appearance> chosen() {
    return chosen;
  }

  /** Whether this computer's other windows are dark. */
  public BooleanProperty system() {
    return system;
  }

  /** Whether this window is. */
  public BooleanProperty dark() {
    return dark;
  }

  void toggle() {
    chosen.set(dark.get() ? Appearance.LIGHT : Appearance.DARK);
  }
}
