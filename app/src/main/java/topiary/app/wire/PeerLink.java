package topiary.app.wire;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import topiary.app.cluster.Newcomer;
import topiary.app.json.ClusterJson;
import topiary.app.json.Json;
import topiary.app.security.WhyNot;

/** Asks other nodes, as a node: with this one's certificate where there is one. */
final class PeerLink {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** A newcomer's filling is waited for. */
  private static final Duration JOIN = Duration.ofSeconds(60);

  private static final Duration ASK = Duration.ofSeconds(5);

  private final HttpClient client;

  PeerLink(Optional<SSLContext> context) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT);
    context.ifPresent(builder::sslContext);
    client = builder.build();
  }

  /** A node refused, for a reason that does not pass by itself; the message is a sentence. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    Refused(String sentence) {
      super(sentence);
    }
  }

  /** The id of the cluster that a node is a member of. */
  String clusterOf(URI node) throws IOException, InterruptedException, Refused {
    Object id =
        answer(node, HttpRequest.newBuilder(api(node, "cluster/id")).timeout(ASK).GET())
            .get("cluster");
    if (id instanceof String text) {
      return text;
    }
    throw new Refused(node + " did not say which cluster it belongs to; is it a Topiary node?");
  }

  /** How many days a node keeps who did what; empty when it does not say. */
  Optional<Integer> auditDays(URI node) throws IOException, InterruptedException, Refused {
    Object days =
        answer(node, HttpRequest.newBuilder(api(node, "cluster/id")).timeout(ASK).GET())
            .get("auditDays");
    return days instanceof Number number ? Optional.of(number.intValue()) : Optional.empty();
  }

  /** Asks to be taken in. */
  void join(URI node, Newcomer newcomer) throws IOException, InterruptedException, Refused {
    post(node, "cluster/join", newcomer, JOIN);
  }

  /** Says who this node is. */
  void announce(URI node, Newcomer member) throws IOException, InterruptedException, Refused {
    post(node, "cluster/announce", member, ASK);
  }

  private void post(URI node, String path, Newcomer newcomer, Duration limit)
      throws IOException, InterruptedException, Refused {
    answer(
        node,
        HttpRequest.newBuilder(api(node, path))
            .timeout(limit)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(ClusterJson.of(newcomer)))));
  }

  private static URI api(URI node, String path) {
    return URI.create(node + "/api/v1/" + path);
  }

  private Map<String, Object> answer(URI node, HttpRequest.Builder request)
      throws IOException, InterruptedException, Refused {
    HttpResponse<byte[]> response;
    try {
      response =
          client.send(
              request.header("Accept", "application/json").build(),
              HttpResponse.BodyHandlers.ofByteArray());
    } catch (SSLException e) {
      // It does not become right by being tried again.
      throw new Refused(WhyNot.words(node, e).orElse(node + ": " + e.getMessage()));
    }
    Map<String, Object> json;
    try {
      json = response.body().length == 0 ? Map.of() : Json.object(response.body());
    } catch (Json.BadJson e) {
      throw new IOException(node + " does not answer as a Topiary node does", e);
    }
    if (response.statusCode() / 100 == 2) {
      return json;
    }
    String sentence =
        json.get("error") instanceof Map<?, ?> error
            ? String.valueOf(error.get("message"))
            : "it answered with status " + response.statusCode();
    if (response.statusCode() / 100 == 5) {
      throw new IOException(node + ": " + sentence);
    }
    throw new Refused(node + ": " + sentence);
  }
}
