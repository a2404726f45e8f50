package topiary.lab.sim;

/** Where a server is reached: {@code 127.77.0.1:13306}. */
public record Address(String host, int port) implements Comparable<Address> {

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("not an address, host:port: " + text);
    }
    return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public int compareTo(Address other) {
    int byHost = host.compareTo(other.host);
    return byHost != 0 ? byHost : Integer.compare(port, other.port);
  }

  /** Written out, as every answer of a replica asks for its source. */
  @Override
  public boolean equals(Object other) {
    return this == other || other instanceof Address a && port == a.port && host.equals(a.host);
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
