package topiary.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import topiary.app.json.Json;

/** Asks a node over HTTP. */
final class Caller {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final String address;

  Caller(String address) {
    this.address = address;
  }

  String address() {
    return address;
  }

  /** An answer. */
  record Got(int status, String type, String body, HttpResponse<?> from) {

    Map<String, Object> json() {
      return object(body);
    }

    /** An answer that is a list. */
    List<Map<String, Object>> list() {
      return Caller.list(object("{\"all\":" + body + "}").get("all"));
    }

    String header(String name) {
      return from.headers().firstValue(name).orElse("");
    }

    /** The code and the sentence of an error; fails when it is no error as ours are. */
    String error() {
      Map<String, Object> json = json();
      if (!List.copyOf(json.keySet()).equals(List.of("error"))
          || !(json.get("error") instanceof Map<?, ?> error)
          || !List.copyOf(error.keySet()).equals(List.of("code", "message"))) {
        throw new AssertionError("not an error of ours: " + status + " " + body);
      }
      return error.get("code") + ": " + error.get("message");
    }
  }

  static Map<String, Object> object(String json) {
    try {
      return Json.object(json.getBytes(StandardCharsets.UTF_8));
    } catch (Json.BadJson e) {
      throw new AssertionError("not an object: " + json, e);
    }
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(Object json) {
    return (List<Map<String, Object>>) json;
  }

  Got get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Got post(String path, Map<String, ?> values) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(values))));
  }

  /** A request to a path below {@code /api/v1/}, or to any other when it begins with a slash. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create(address + (path.startsWith("/") ? path : "/api/v1/" + path)))
        .timeout(Duration.ofSeconds(60));
  }

  Got send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Got(
        response.statusCode(),
        response.headers().firstValue("content-type").orElse(""),
        response.body(),
        response);
  }

  static HttpClient client() {
    return CLIENT;
  }

  /** Follows a run to its end. */
  Map<String, Object> follow(String run) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    Object version = -1;
    while (System.nanoTime() - end < 0) {
      Got got = get("runs/" + run + "?wait=5000&after=" + version);
      if (got.status() != 200) {
        throw new AssertionError(got.status() + " " + got.body());
      }
      if (got.json().get("end") != null) {
        return got.json();
      }
      version = got.json().get("version");
    }
    throw new AssertionError("run " + run + " does not end");
  }
}
