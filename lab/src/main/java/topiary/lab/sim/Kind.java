package topiary.lab.sim;

import topiary.lab.base.LabException;

/** Whose words a simulated server speaks. Each was read off a real server of that name. */
public enum Kind {
  /** MySQL that knows no MASTER and no SLAVE any more. */
  MYSQL("mysql-9.7", "9.7.4-2", "MySQL"),
  /** MariaDB as the lab's default has it. */
  MARIADB("mariadb-11.4", "11.4.5-MariaDB-log", "MariaDB");

  private final String id;
  private final String version;
  private final String brand;

  Kind(String id, String version, String brand) {
    this.id = id;
    this.version = version;
    this.brand = brand;
  }

  /** The name of the flavour it is like. */
  public String id() {
    return id;
  }

  /** What it greets with. */
  public String version() {
    return version;
  }

  /** What it calls itself in errors. */
  String brand() {
    return brand;
  }

  boolean maria() {
    return this == MARIADB;
  }

  /**
   * The one of a name.
   *
   * @throws LabException when there is none
   */
  public static Kind named(String id) {
    for (Kind kind : values()) {
      if (kind.id.equals(id)) {
        return kind;
      }
    }
    throw new LabException(
        "no server like \"" + id + "\" can be simulated; there are mysql-9.7 and mariadb-11.4");
  }
}
