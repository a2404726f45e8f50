package topiary.app.config;

import java.net.URI;

/** The address of a node's API. */
public final class NodeUri {

  private static final int LAST_PORT = 65_535;

  private NodeUri() {}

  /**
   * Reads one, as in {@code https://db1.example:3000}.
   *
   * @throws IllegalArgumentException when it is none; the message is a sentence
   */
  public static URI of(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip().replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is not the address of a node: " + e.getMessage(), e);
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    boolean bare = uri.getPath().isEmpty() && uri.getQuery() == null && uri.getUserInfo() == null;
    if (!http || uri.getHost() == null || !bare || uri.getPort() > LAST_PORT) {
      throw new IllegalArgumentException(
          "is not the address of a node, as http://127.0.0.1:3000 is: " + text);
    }
    return uri;
  }
}
