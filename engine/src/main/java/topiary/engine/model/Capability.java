package topiary.engine.model;

/**
 * What a server can do that others of its family cannot; found by asking it, never by comparing
 * versions.
 */
public enum Capability {
  /**
   * It knows the statements with SOURCE and REPLICA in them; newer ones know no others. Told by its
   * variable {@code replica_net_timeout}, which came with the last of them (MySQL 8.0.26).
   */
  REPLICA_WORDS("replica_net_timeout"),

  /** {@code SHOW BINARY LOG STATUS}; told by asking that (MySQL 8.2). */
  BINARY_LOG_STATUS(""),

  /**
   * Several channels into one server, and statements for one of them. Told by {@code
   * session_track_gtids}, which came with them (MySQL 5.7.6).
   */
  CHANNELS("session_track_gtids"),

  /** A read-only mode that holds for everybody (MySQL 5.7.8, Percona 5.6). */
  SUPER_READ_ONLY("super_read_only"),

  /**
   * Rights finer than SUPER. Told by {@code activate_all_roles_on_login}, which came with them
   * (MySQL 8.0).
   */
  DYNAMIC_PRIVILEGES("activate_all_roles_on_login"),

  /** Sets of GTIDs (MySQL 5.6). */
  GTID_SETS("gtid_mode"),

  /** It can log in formats other than ROW, and says in which it does. */
  BINLOG_FORMATS("binlog_format");

  private final String variable;

  Capability(String variable) {
    this.variable = variable;
  }

  /** The server variable that tells of it; empty when none does. */
  public String variable() {
    return variable;
  }
}
