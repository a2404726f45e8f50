package topiary.app.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.security.WhyNot;

/** The way to the node that leads, over HTTP. */
public final class HttpLeaderLink implements LeaderLink, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Longer than any wait a node is asked for. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** What whoever asked says of themselves and of what they want. */
  private static final List<String> ALONG = List.of("accept", "content-type", "user-agent");

  /** What an answer says beside our own headers. */
  private static final List<String> BACK = List.of("www-authenticate", "retry-after");

  private static final String OURS = "topiary-";

  private final HttpClient client;
  private final boolean shown;
  private final Duration answer;

  /**
   * A way over connections made by a context.
   *
   * @param tls shows this node's certificate and knows those of the others; empty where nodes speak
   *     plain HTTP
   */
  public HttpLeaderLink(Optional<SSLContext> tls) {
    this(tls, CONNECT, ANSWER);
  }

  HttpLeaderLink(Optional<SSLContext> tls, Duration connect, Duration answer) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connect);
    tls.ifPresent(builder::sslContext);
    this.client = builder.build();
    this.shown = tls.isPresent();
    this.answer = answer;
  }

  @Override
  public boolean shown() {
    return shown;
  }

  @Override
  public Reply.Whole ask(URI node, Request request, Map<String, String> headers)
      throws Failed, InterruptedException {
    HttpRequest.Builder asked =
        HttpRequest.newBuilder(node.resolve(path(request)))
            .timeout(answer)
            .method(
                request.method(),
                request.body().length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body()));
    for (String name : ALONG) {
      request.header(name).ifPresent(value -> asked.header(name, value));
    }
    headers.forEach(asked::header);
    try {
      HttpResponse<byte[]> response =
          client.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
      HttpHeaders said = response.headers();
      if (!said.firstValue("server").equals(Optional.of(Reply.SERVER))) {
        throw new Failed(true, "what answers there is no Topiary", null);
      }
      return new Reply.Whole(
          response.statusCode(),
          said.firstValue("content-type").orElse("application/octet-stream"),
          response.body(),
          back(said));
    } catch (Failed e) {
      throw e;
    } catch (IOException e) {
      throw new Failed(!early(e), why(node, e), e);
    }
  }

  /** Whether the connection did not even come about. */
  private static boolean early(IOException e) {
    return e instanceof ConnectException
        || e instanceof HttpConnectTimeoutException
        || e instanceof SSLHandshakeException;
  }

  private String why(URI node, IOException e) {
    if (e instanceof HttpConnectTimeoutException || e instanceof ConnectException) {
      return "nothing answers there";
    }
    if (e instanceof HttpTimeoutException) {
      return "there was no answer within " + answer.toSeconds() + " s";
    }
    // Of plain HTTP it would ask the node whether it speaks TLS; nodes say themselves what they do.
    Optional<String> words =
        "https".equals(node.getScheme()) ? WhyNot.words(node, e) : Optional.empty();
    return words.orElse("the connection was lost");
  }

  private static Map<String, String> back(HttpHeaders said) {
    var back = new HashMap<String, String>();
    said.map()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (lower.startsWith(OURS) || BACK.contains(lower)) {
                back.put(name, values.getFirst());
              }
            });
    return back;
  }

  private static String path(Request request) {
    String path =
        request.segments().stream()
            .map(HttpLeaderLink::encoded)
            .collect(Collectors.joining("/", "/", ""));
    return request.query().isEmpty()
        ? path
        : path
            + request.query().entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
