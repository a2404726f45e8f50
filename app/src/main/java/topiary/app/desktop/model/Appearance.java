package topiary.app.desktop.model;

import java.util.Locale;

/** How the window is to look. */
public enum Appearance {
  /** As everything else on this computer, also when that changes. */
  SYSTEM,
  LIGHT,
  DARK;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean dark(boolean system) {
    return this == SYSTEM ? system : this == DARK;
  }
}
