package topiary.engine.model;

/**
 * The address of a database server: host and port, as it is reached and as the tree names it.
 *
 * @param host a host name, an IPv4 or an IPv6 address (without brackets); letters, digits and
 *     {@code . _ - : %} only, so that no name can carry SQL
 * @param port 1 to 65535
 */
public record InstanceKey(String host, int port) implements Comparable<InstanceKey> {

  public static final int DEFAULT_PORT = 3306;

  private static final int LONGEST_HOST = 255;

  public InstanceKey {
    if (!isHost(host)) {
      throw new IllegalArgumentException("not a host name: \"" + printable(host) + "\"");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port (1 to 65535): " + port);
    }
  }

  private static boolean isHost(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean fits =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '-' && c <= ':' && c != '/'
              || c == '_'
              || c == '%';
      if (!fits) {
        return false;
      }
    }
    return length > 0 && length <= LONGEST_HOST;
  }

  /**
   * Reads {@code host:port}, {@code host} (port 3306), {@code [v6]:port} or a bare IPv6 address.
   *
   * @throws IllegalArgumentException with a sentence, when it is none of these
   */
  public static InstanceKey parse(String text) {
    String trimmed = text.strip();
    String host = trimmed;
    String port = null;
    int bracket = trimmed.indexOf(']');
    if (trimmed.startsWith("[") && bracket > 0) {
      host = trimmed.substring(1, bracket);
      String rest = trimmed.substring(bracket + 1);
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        throw new IllegalArgumentException("not a server address: \"" + printable(text) + "\"");
      }
      port = rest.isEmpty() ? null : rest.substring(1);
    } else if (trimmed.indexOf(':') >= 0 && trimmed.indexOf(':') == trimmed.lastIndexOf(':')) {
      host = trimmed.substring(0, trimmed.indexOf(':'));
      port = trimmed.substring(trimmed.indexOf(':') + 1);
    }
    return new InstanceKey(host, port == null ? DEFAULT_PORT : portOf(port, text));
  }

  private static int portOf(String digits, String whole) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "not a server address (host:port expected): \"" + printable(whole) + "\"", e);
    }
  }

  private static String printable(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  // These three are asked thousands of times for each answer about a fleet, and a record's own, or
  // a
  // comparator made of functions, are calls of calls where code is compiled quickly only.

  @Override
  public int compareTo(InstanceKey other) {
    int byHost = host.compareTo(other.host);
    return byHost != 0 ? byHost : Integer.compare(port, other.port);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof InstanceKey key && port == key.port && host.equals(key.host);
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
