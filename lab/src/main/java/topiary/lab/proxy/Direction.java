package topiary.lab.proxy;

/** A direction on a link. */
public enum Direction {
  /** What the client says: a login, a query. */
  TO_SERVER,
  /** What the server says: a greeting, rows, the events of its binary log. */
  TO_CLIENT;

  /** In words, as on the command line. */
  @Override
  public String toString() {
    return this == TO_SERVER ? "to-server" : "to-client";
  }
}
