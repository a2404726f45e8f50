package topiary.lab.proxy;

/**
 * Who connects to whom. A replica is the client of its source.
 *
 * @param from a member's name, {@link #OTHERS}, or {@link #ANYBODY}
 * @param to a member's name, or {@link #ANYBODY} for every server that {@code from} connects to
 */
public record Link(String from, String to) {
  /** Whoever is not a member of the lab: Topiary, the load, a person. */
  public static final String OTHERS = "others";

  /** Every client, or every server. */
  public static final String ANYBODY = "*";

  /** The client's side of a link. */
  public record From(String client) {
    /** The link from there to this server. */
    public Link to(String server) {
      return new Link(client, server);
    }

    /** All links from there. */
    public Link toAnybody() {
      return new Link(client, ANYBODY);
    }
  }

  /** Begins a link: {@code Link.from("r1").to("p")}. */
  public static From from(String client) {
    return new From(client);
  }

  /** All links to a server. */
  public static Link to(String server) {
    return new Link(ANYBODY, server);
  }

  boolean covers(String client, String server) {
    return (from.equals(ANYBODY) || from.equals(client))
        && (to.equals(ANYBODY) || to.equals(server));
  }

  /** In words, for example {@code r1 to p}. */
  @Override
  public String toString() {
    return (from.equals(ANYBODY) ? "everybody" : from)
        + " to "
        + (to.equals(ANYBODY) ? "everybody" : to);
  }
}
