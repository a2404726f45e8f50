package topiary.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.app.face.Reply;

/**
 * Asks a node. The plain URL connection, because a new process that only asks one question should
 * not pay for loading a larger client.
 */
final class NodeClient {

  private static final int CONNECT_MILLIS = 2_000;

  /** Longer than any wait a node is asked for. */
  private static final int READ_MILLIS = 60_000;

  private final URI base;
  private final String accept;

  /**
   * A client.
   *
   * @param base the node's address, without {@code /api}
   * @param json whether answers are wanted as JSON, else as text
   */
  NodeClient(URI base, boolean json) {
    this.base = base;
    this.accept = json ? "application/json" : "text/plain";
  }

  /** An answer. */
  record Answer(int status, String body, HttpURLConnection from) {
    Optional<String> header(String name) {
      return Optional.ofNullable(from.getHeaderField(name));
    }

    boolean ok() {
      return status / 100 == 2;
    }
  }

  Answer get(String path, Map<String, String> query) throws IOException {
    return send("GET", path + query(query), null);
  }

  Answer post(String path, Map<String, String> query, String json) throws IOException {
    return send("POST", path + query(query), json);
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Answer send(String method, String path, String json) throws IOException {
    var connection = (HttpURLConnection) base.resolve("/api/v1/" + path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", accept);
    connection.setRequestProperty("User-Agent", "topiary/cli");
    if (json != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (var out = connection.getOutputStream()) {
        out.write(json.getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    // What the web server itself refuses, before a request is one, has no such name.
    if (status != 400 && !Reply.SERVER.equals(connection.getHeaderField("Server"))) {
      throw new IOException("what answers there is no Topiary");
    }
    InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    try (InputStream body = in == null ? InputStream.nullInputStream() : in) {
      return new Answer(
          status, new String(body.readAllBytes(), StandardCharsets.UTF_8), connection);
    }
  }
}
