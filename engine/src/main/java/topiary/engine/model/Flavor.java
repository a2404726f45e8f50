package topiary.engine.model;

import java.util.Locale;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.gtid.MariaPosition;

/** Whose server it is; what it can do is told by its capabilities, not by this. */
public enum Flavor {
  MARIADB("MariaDB"),
  MYSQL("MySQL"),
  PERCONA("Percona"),
  UNKNOWN("unknown");

  private final String label;

  Flavor(String label) {
    this.label = label;
  }

  /** The name users know, as orchestrator prints it too. */
  public String label() {
    return label;
  }

  /**
   * Reads a position in this family's notation.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public GtidPosition position(String text) {
    return this == MARIADB ? MariaPosition.parse(text) : GtidSet.parse(text);
  }

  /** Reads it from the server's own {@code @@version} and {@code @@version_comment}. */
  public static Flavor of(String version, String comment) {
    if (version.toLowerCase(Locale.ROOT).contains("mariadb")) {
      return MARIADB;
    }
    if (comment.toLowerCase(Locale.ROOT).contains("percona")) {
      return PERCONA;
    }
    return version.isEmpty() || !Character.isDigit(version.charAt(0)) ? UNKNOWN : MYSQL;
  }
}
