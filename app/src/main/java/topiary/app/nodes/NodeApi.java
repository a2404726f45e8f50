package topiary.app.nodes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.app.json.Json;
import topiary.lab.base.LabException;

/** Asks a node on this machine. */
public final class NodeApi {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final URI node;

  /**
   * A way to a node.
   *
   * @param node where it serves, without {@code /api}
   */
  public NodeApi(URI node) {
    this.node = node;
  }

  /** What stands at a path below {@code /api/v1}; empty when it does not answer, or refuses. */
  public Optional<Map<String, Object>> get(String path) {
    return ask(request(path, "application/json").GET()).flatMap(NodeApi::object);
  }

  /** The same, where a list stands. */
  public Optional<List<Object>> list(String path) {
    return ask(request(path, "application/json").GET())
        .map(body -> ("{\"list\":" + body + "}").getBytes(StandardCharsets.UTF_8))
        .flatMap(
            bytes -> {
              try {
                return Json.object(bytes).get("list") instanceof List<?> list
                    ? Optional.of(List.copyOf(list))
                    : Optional.empty();
              } catch (Json.BadJson e) {
                throw new LabException(node + " does not answer as a node does", e);
              }
            });
  }

  /** The same as text for people. */
  public Optional<String> text(String path) {
    return ask(request(path, "text/plain").GET());
  }

  /** Has something done; whether it was. */
  public boolean post(String path, Map<String, Object> json) {
    return ask(request(path, "application/json")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(Json.bytes(json))))
        .isPresent();
  }

  private HttpRequest.Builder request(String path, String accept) {
    return HttpRequest.newBuilder(URI.create(node + "/api/v1/" + path))
        .timeout(LIMIT)
        .header("Accept", accept);
  }

  private static Optional<String> ask(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() / 100 == 2 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      // Not there yet, or not any more: whoever asks again finds out.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while asking a node", e);
    }
  }

  private static Optional<Map<String, Object>> object(String body) {
    try {
      return Optional.of(Json.object(body.getBytes(StandardCharsets.UTF_8)));
    } catch (Json.BadJson e) {
      throw new LabException("what answers there is no node", e);
    }
  }
}
