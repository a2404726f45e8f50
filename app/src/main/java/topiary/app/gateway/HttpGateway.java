package topiary.app.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.json.BadField;
import topiary.app.json.Json;
import topiary.app.v1.V1Api;
import topiary.engine.catalogue.Catalogue;

/** A node over its HTTP API. The stream of changes is taken up again by itself, for ever. */
public final class HttpGateway extends ApiGateway {

  private static final System.Logger LOG = System.getLogger(HttpGateway.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(45);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 4_000;

  private final URI base;
  private final Executor background;
  private final InstantSource clock;
  private final long silenceMillis;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * A way to a node.
   *
   * @param base its address, without {@code /api}
   * @param background runs what waits
   * @param silence after how long without a word the node counts as gone; longer than the pause
   *     between two signs of life, which is 15 s
   */
  public HttpGateway(URI base, Executor background, InstantSource clock, Duration silence) {
    this.base = base;
    this.background = background;
    this.clock = clock;
    this.silenceMillis = silence.toMillis();
  }

  @Override
  public String address() {
    return base.toString();
  }

  @Override
  public boolean here() {
    return false;
  }

  // ---- what is seen

  @Override
  public void listen(Consumer<Seen> listener) {
    background.execute(() -> new Listening(listener).run());
  }

  /** One listener's connection, through all its ends and beginnings. */
  private final class Listening {
    private final Consumer<Seen> listener;
    private Seen seen = Seen.NOTHING;
    private String lastId = "";
    private long pause = FIRST_PAUSE_MILLIS;

    Listening(Consumer<Seen> listener) {
      this.listener = listener;
    }

    void run() {
      try {
        do {
          String why = once();
          if (closed.getCount() > 0) {
            tell(seen.lost(why));
          }
        } while (!closed.await(pause(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private long pause() {
      long now = pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      return now;
    }

    private void tell(Seen next) {
      seen = next;
      listener.accept(next);
    }

    /** Listens until there is nothing more to hear, to the reason. */
    private String once() throws InterruptedException {
      HttpRequest.Builder request =
          request("events").header("Accept", "text/event-stream").timeout(ANSWER).GET();
      if (!lastId.isEmpty()) {
        request.header("Last-Event-ID", lastId);
      }
      try (var lines = new EventLines()) {
        var answer =
            client.sendAsync(
                request.build(),
                info -> {
                  if (info.statusCode() != 200) {
                    lines.onComplete();
                    return HttpResponse.BodySubscribers.replacing(null);
                  }
                  return HttpResponse.BodySubscribers.fromSubscriber(lines);
                });
        answer.exceptionally(
            fault -> {
              lines.onError(fault);
              return null;
            });
        String why = read(lines);
        if (answer.isCompletedExceptionally()) {
          return "no node answers at " + base;
        }
        answer.cancel(true);
        return why;
      } catch (BadField | Json.BadJson e) {
        LOG.log(System.Logger.Level.WARNING, "an event of " + base + " cannot be read", e);
        lastId = "";
        return "the node at " + base + " says what this version does not understand";
      }
    }

    private String read(EventLines lines) throws InterruptedException, BadField, Json.BadJson {
      String event = "";
      var data = new StringBuilder();
      String id = "";
      while (true) {
        Optional<String> next = lines.next(silenceMillis);
        if (next.isEmpty() || closed.getCount() == 0) {
          return "the node at " + base + " does not answer any more";
        }
        String line = next.get();
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).strip();
        switch (name) {
          case "event" -> event = value;
          case "data" -> data.append(value);
          case "id" -> id = value;
          default -> {
            if (line.isEmpty() && !data.isEmpty()) {
              seen = Decoder.fold(seen, event, Decoder.object(data.toString()));
              lastId = id;
              event = "";
              data.setLength(0);
            } else if (colon != 0) {
              continue;
            }
            // The end of an event, or a line beginning with a colon: a sign of life.
            if (!lastId.isEmpty()) {
              pause = FIRST_PAUSE_MILLIS;
              tell(seen.linked(Seen.Link.LIVE, clock.instant()));
            }
          }
        }
      }
    }
  }

  // ---- deeds

  /** Whether a node answers there. */
  public void check() throws GatewayException {
    get(List.of(), Map.of(), index -> index.object(Catalogue.DISCOVER.name()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve("/api/v1/" + path))
        .header("User-Agent", V1Api.DESKTOP_AGENT);
  }

  @Override
  Reply.Whole carry(Request request) throws GatewayException {
    String query =
        request.query().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("&", "?", ""));
    HttpRequest.Builder carried =
        request(String.join("/", request.segments()) + query)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    try {
      HttpResponse<byte[]> response = client.send(carried.build(), BodyHandlers.ofByteArray());
      return new Reply.Whole(response.statusCode(), "", response.body(), Map.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayException(
          "the window is being closed", GatewayException.Kind.UNREACHABLE, e);
    } catch (IOException e) {
      throw new GatewayException(
          "no node answers at " + base, GatewayException.Kind.UNREACHABLE, e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    client.shutdownNow();
  }
}
