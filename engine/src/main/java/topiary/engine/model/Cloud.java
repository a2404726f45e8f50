package topiary.engine.model;

/**
 * Who manages a server that is rented as a service. Such a one is looked at and left as it is: its
 * owner's replication is set up by the service, and statements that change it are refused or undone
 * there. None of these marks could be tried on a real one.
 */
public enum Cloud {
  /** Amazon Aurora. Its mark: the variable {@code aurora_version}, as Amazon's manual says. */
  AURORA("Amazon Aurora"),

  /**
   * Amazon RDS. Its mark: programs or data below {@code /rdsdbbin/} or {@code /rdsdbdata/}, as
   * paths in Amazon's manual and in answers of {@code SHOW VARIABLES} have them.
   */
  RDS("Amazon RDS"),

  /**
   * Azure Database for MySQL. Its mark: the variable {@code aad_auth_only}, a server parameter of
   * that service in Microsoft's manual, and of no other server.
   */
  AZURE("Azure Database for MySQL"),

  /** Google Cloud SQL. Its mark: a version that ends in {@code -google}. */
  CLOUD_SQL("Google Cloud SQL");

  private final String label;

  Cloud(String label) {
    this.label = label;
  }

  /** For people. */
  public String label() {
    return label;
  }
}
