package topiary.engine.port;

/** Looks up the addresses of hosts. It may take as long as a name server does. */
public interface HostNames {

  /** Knows none. */
  HostNames NONE = host -> new Addresses("", "");

  /** The addresses of a host; empty where it has none of a kind, or cannot be looked up. */
  Addresses of(String host);

  /**
   * A host's addresses.
   *
   * @param ipv4 the first of that kind; empty for none
   * @param ipv6 the same
   */
  record Addresses(String ipv4, String ipv6) {}
}
