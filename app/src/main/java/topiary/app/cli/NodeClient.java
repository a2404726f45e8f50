package topiary.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import topiary.app.face.Reply;
import topiary.app.security.NodeLogin;
import topiary.app.security.WhyNot;
import topiary.app.v1.V1Api;

/**
 * Asks a node, or one of several of a cluster: the one that answered last, and when it does not,
 * the next. What changes something is not sent again once it may have arrived.
 *
 * <p>The plain URL connection, because a new process that only asks one question should not pay for
 * loading a larger client.
 */
final class NodeClient {

  private static final int CONNECT_MILLIS = 2_000;

  /** Longer than any wait a node is asked for. */
  private static final int READ_MILLIS = 60_000;

  /** As long, of what may be asked of another node as well. */
  private static final int READ_SEVERAL_MILLIS = 30_000;

  private final List<URI> nodes;
  private final NodeLogin login;
  private final String accept;
  private final boolean local;
  private int first;

  static {
    // Else it sends a POST again by itself when the connection ends before an answer comes: read
    // when the first connection is made.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  /**
   * A client.
   *
   * @param nodes the nodes' addresses, without {@code /api}
   * @param login shows who asks
   * @param json whether answers are wanted as JSON, else as text
   * @param local whether only the node that is asked may answer
   */
  NodeClient(List<URI> nodes, NodeLogin login, boolean json, boolean local) {
    this.nodes = List.copyOf(nodes);
    this.login = login;
    this.accept = json ? "application/json" : "text/plain";
    this.local = local;
  }

  /** An answer. */
  record Answer(int status, String body, HttpURLConnection from) {
    Optional<String> header(String name) {
      return Optional.ofNullable(from.getHeaderField(name));
    }

    boolean ok() {
      return status / 100 == 2;
    }

    /** Whether nothing was begun there, and another node may be able to. */
    boolean elsewhere() {
      return header(V1Api.ELSEWHERE_HEADER).isPresent();
    }
  }

  /** No node answers, and none has got the request; the message says why of each. */
  static final class Nobody extends IOException {
    private static final long serialVersionUID = 1L;

    private Nobody(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /** The connection was lost when the request may have arrived, so that it may have been done. */
  static final class Lost extends IOException {
    private static final long serialVersionUID = 1L;

    private Lost(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  Answer get(String path, Map<String, String> query) throws IOException {
    return each("GET", path + query(query), null, true);
  }

  /** What changes something. */
  Answer post(String path, Map<String, String> query, String json) throws IOException {
    return each("POST", path + query(query), json, false);
  }

  /** What only shows what would be changed. */
  Answer show(String path, Map<String, String> query, String json) throws IOException {
    return each("POST", path + query(query), json, true);
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

  private Answer each(String method, String path, String json, boolean harmless)
      throws IOException {
    Optional<Answer> no = Optional.empty();
    var why = new LinkedHashMap<URI, IOException>();
    for (URI node : inOrder()) {
      HttpURLConnection connection = prepared(node, method, path, json, harmless);
      try {
        connection.connect();
      } catch (IOException e) {
        why.put(node, e);
        continue;
      }
      try {
        Answer answer = exchange(connection, json);
        first = nodes.indexOf(node);
        if (!answer.elsewhere()) {
          return answer;
        }
        no = Optional.of(answer);
      } catch (IOException e) {
        if (!harmless) {
          throw new Lost(
              "the connection to the node at "
                  + node
                  + " was lost after the request was sent ("
                  + e.getMessage()
                  + "): it may have been done; see \"topiary runs\" and \"topiary topology\" before"
                  + " you try again",
              e);
        }
        why.put(node, e);
      }
    }
    if (no.isPresent()) {
      return no.get();
    }
    throw new Nobody(nobody(why), why.values().iterator().next());
  }

  private List<URI> inOrder() {
    var order = new ArrayList<URI>(nodes.subList(first, nodes.size()));
    order.addAll(nodes.subList(0, first));
    return order;
  }

  private static String nobody(Map<URI, IOException> why) {
    if (why.size() == 1) {
      var only = why.entrySet().iterator().next();
      Optional<String> words = WhyNot.words(only.getKey(), only.getValue());
      if (words.isPresent()) {
        return words.get() + ".";
      }
    }
    String each =
        why.entrySet().stream()
            .map(
                e ->
                    why.size() == 1
                        ? e.getKey() + ": " + e.getValue().getMessage()
                        : e.getKey()
                            + " ("
                            + WhyNot.words(e.getKey(), e.getValue())
                                .orElseGet(e.getValue()::getMessage)
                            + ")")
            .collect(Collectors.joining(", nor at "));
    return "no node answers at "
        + each
        + ". Start one (topiary demo, topiary node), or set TOPIARY_API to its address.";
  }

  private HttpURLConnection prepared(
      URI node, String method, String path, String json, boolean harmless) throws IOException {
    var connection = (HttpURLConnection) node.resolve("/api/v1/" + path).toURL().openConnection();
    if (connection instanceof HttpsURLConnection tls) {
      login.context().ifPresent(context -> tls.setSSLSocketFactory(context.getSocketFactory()));
    }
    login.authorization().ifPresent(word -> connection.setRequestProperty("Authorization", word));
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(harmless && nodes.size() > 1 ? READ_SEVERAL_MILLIS : READ_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", accept);
    connection.setRequestProperty("User-Agent", "topiary/cli");
    if (local) {
      connection.setRequestProperty(V1Api.LOCAL_HEADER, "true");
    }
    if (json != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
    }
    return connection;
  }

  private static Answer exchange(HttpURLConnection connection, String json) throws IOException {
    if (json != null) {
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
