package topiary.app.face;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each may do what those before it may. */
public enum Role {
  /** May see everything, and plans. */
  READER,
  /** May change what is known, and servers. */
  OPERATOR,
  /** Another node of the cluster. */
  NODE;

  /** What it is called in configuration files and certificates. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of this name. */
  public static Optional<Role> named(String word) {
    for (Role role : values()) {
      if (role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** Whether it may do what this other may. */
  public boolean covers(Role other) {
    return compareTo(other) >= 0;
  }
}
