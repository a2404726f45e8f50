package topiary.app.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.Json;
import topiary.app.v1.V1Api;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;

/** A node over its HTTP API. The stream of changes is taken up again by itself, for ever. */
public final class HttpGateway implements Gateway {

  private static final System.Logger LOG = System.getLogger(HttpGateway.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(45);
  private static final long FOLLOW_MILLIS = 10_000;
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

  @Override
  public PlanView plan(Intent intent) throws GatewayException {
    return post("plan", call(intent), Decoder::plan);
  }

  private static Map<String, Object> call(Intent intent) {
    var call = new LinkedHashMap<String, Object>();
    switch (intent) {
      case Intent.Relocate(var replica, var below) -> {
        call.put("operation", Catalogue.RELOCATE.name());
        call.put("replica", replica.toString());
        call.put("below", below.toString());
      }
      case Intent.StartReplication(var replica, _) ->
          on(call, Catalogue.START_REPLICATION, replica.toString());
      case Intent.StopReplication(var replica, _) ->
          on(call, Catalogue.STOP_REPLICATION, replica.toString());
      case Intent.SetReadOnly(var server, var readOnly) ->
          on(call, readOnly ? Catalogue.SET_READ_ONLY : Catalogue.SET_WRITEABLE, server.toString());
      case Intent.Undo(var plan) -> {
        call.put("operation", Catalogue.UNDO.name());
        call.put("plan", plan.text());
      }
    }
    return call;
  }

  private static void on(Map<String, Object> call, Operation operation, String instance) {
    call.put("operation", operation.name());
    call.put("instance", instance);
  }

  @Override
  public RunView apply(String fingerprint) throws GatewayException {
    return post(Catalogue.APPLY.name(), Map.of("plan", fingerprint), Decoder::run);
  }

  @Override
  public RunView follow(PlanId run, int after) throws GatewayException {
    String path = "runs/" + run.text() + "?after=" + after + "&wait=" + FOLLOW_MILLIS;
    return answer(request(path).GET(), Decoder::run);
  }

  @Override
  public RunView cancel(PlanId run) throws GatewayException {
    return post(Catalogue.CANCEL.name(), Map.of("plan", run.text()), Decoder::run);
  }

  private <T> T post(String path, Map<String, Object> body, Fields.Reader<T> reader)
      throws GatewayException {
    return answer(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body))),
        reader);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve("/api/v1/" + path))
        .header("User-Agent", V1Api.DESKTOP_AGENT);
  }

  private <T> T answer(HttpRequest.Builder request, Fields.Reader<T> reader)
      throws GatewayException {
    try {
      HttpResponse<String> response =
          client.send(
              request.timeout(ANSWER).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      Fields body = Decoder.object(response.body());
      if (response.statusCode() / 100 == 2) {
        return reader.read(body);
      }
      throw new GatewayException(
          body.object("error").text("message"),
          response.statusCode() == 409
              ? GatewayException.Kind.CHANGED
              : GatewayException.Kind.REFUSED,
          null);
    } catch (BadField | Json.BadJson e) {
      throw new GatewayException(
          "the node at " + base + " says what this version does not understand",
          GatewayException.Kind.REFUSED,
          e);
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
