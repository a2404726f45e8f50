package topiary.app.gateway;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.app.config.Version;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.http.Forwarder;
import topiary.app.json.BadField;
import topiary.app.json.Fields;
import topiary.app.json.Json;
import topiary.app.security.NodeLogin;
import topiary.app.security.WhyNot;
import topiary.app.v1.V1Api;
import topiary.engine.catalogue.Catalogue;

/**
 * A cluster of nodes over its HTTP API: the first that answers, and another when that one dies. The
 * stream of changes is taken up again by itself, for ever; what changes something is never asked
 * twice.
 */
public final class HttpGateway extends ApiGateway {

  private static final System.Logger LOG = System.getLogger(HttpGateway.class.getName());
  private static final String CLUSTER = Catalogue.CLUSTER_VIEW.name();

  /** What a node answers to that has no others, and one that has not heard of clusters. */
  private static final Set<Integer> ALONE = Set.of(422, 404);

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(45);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 4_000;

  /** How long the others are asked what they say of themselves. */
  private static final Duration ASIDE = Duration.ofSeconds(3);

  /** So long a node that answered waits for one that stands before it. */
  private static final long GRACE_MILLIS = 200;

  private final Addresses addresses;
  private final Consumer<List<URI>> members;
  private final Executor background;
  private final InstantSource clock;
  private final long silenceMillis;
  private final NodeLogin login;
  private final HttpClient client;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The streams that are read. */
  private final Set<EventLines> streams = ConcurrentHashMap.newKeySet();

  /** A way to one node, and whichever others it tells of. */
  public HttpGateway(URI base, Executor background, InstantSource clock, Duration silence) {
    this(base, NodeLogin.NONE, background, clock, silence);
  }

  /**
   * The same, where a node wants to know who asks.
   *
   * @param login shows it
   */
  public HttpGateway(
      URI base, NodeLogin login, Executor background, InstantSource clock, Duration silence) {
    this(List.of(base), List.of(), known -> {}, login, background, clock, silence);
  }

  /**
   * A way to the nodes of a cluster.
   *
   * @param given their addresses, without {@code /api}; at least one, the others are learned
   * @param known where the others were an earlier time
   * @param members told where all members serve, whenever that has changed
   * @param login shows who asks
   * @param background runs what waits
   * @param silence after how long without a word a node counts as gone; longer than the pause
   *     between two signs of life, which is 15 s
   */
  public HttpGateway(
      List<URI> given,
      List<URI> known,
      Consumer<List<URI>> members,
      NodeLogin login,
      Executor background,
      InstantSource clock,
      Duration silence) {
    this.addresses = new Addresses(given, known);
    this.members = members;
    this.login = login;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    login.context().ifPresent(builder::sslContext);
    this.client = builder.build();
    this.background = background;
    this.clock = clock;
    this.silenceMillis = silence.toMillis();
  }

  @Override
  public String address() {
    return addresses.current().map(URI::toString).orElse(Addresses.words(addresses.all()));
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

    /** The latest no of a node that answers, since one was listened to; empty for none. */
    private String refusal = "";

    /** Whether this connection has told anything yet. */
    private boolean heard;

    Listening(Consumer<Seen> listener) {
      this.listener = listener;
    }

    void run() {
      try {
        do {
          String why = listenSomewhere();
          if (closed.getCount() > 0) {
            tell(seen.lost(why));
          }
        } while (!closed.await(pause(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Listens to one node after another, until none is left, to the reason. */
    private String listenSomewhere() throws InterruptedException {
      Map<URI, Throwable> faults = new LinkedHashMap<>();
      refusal = "";
      while (true) {
        List<URI> left = new ArrayList<>(addresses.all());
        left.removeAll(faults.keySet());
        Optional<URI> base =
            left.size() == 1 && faults.isEmpty()
                ? Optional.of(left.getFirst())
                : pick(left, faults);
        if (base.isEmpty()) {
          return refusal.isEmpty() ? none(faults) : refusal;
        }
        if (!addresses.current().equals(base)) {
          // What one node has counted says nothing to another.
          lastId = "";
        }
        heard = false;
        String why = once(base.get());
        addresses.failed(base.get());
        if (addresses.all().size() == 1 || closed.getCount() == 0) {
          return why;
        }
        if (heard) {
          faults.clear();
          refusal = "";
        }
        faults.put(base.get(), new IOException(why));
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
    private String once(URI base) throws InterruptedException {
      Optional<String> objection = login.objection(base);
      if (objection.isPresent()) {
        return objection.get();
      }
      HttpRequest.Builder request =
          request(base, "events").header("Accept", "text/event-stream").timeout(ANSWER).GET();
      if (!lastId.isEmpty()) {
        request.header("Last-Event-ID", lastId);
      }
      var refused = new AtomicReference<>(Optional.<String>empty());
      var lines = new EventLines();
      streams.add(lines);
      try (lines) {
        var answer =
            client.sendAsync(
                request.build(),
                info -> {
                  if (info.statusCode() != 200) {
                    refused.set(no(base, info.statusCode()));
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
        String why = read(base, lines);
        if (answer.isCompletedExceptionally()) {
          return none(Map.of(base, answer.exceptionNow()));
        }
        answer.cancel(true);
        refused.get().ifPresent(no -> refusal = no);
        return refused.get().orElse(why);
      } catch (BadField | Json.BadJson e) {
        LOG.log(System.Logger.Level.WARNING, "an event of " + base + " cannot be read", e);
        lastId = "";
        return "the node at " + base + " says what this version does not understand";
      } finally {
        streams.remove(lines);
      }
    }

    private String read(URI base, EventLines lines)
        throws InterruptedException, BadField, Json.BadJson {
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
              if (!heard) {
                heard = true;
                addresses.listening(base);
                background.execute(HttpGateway.this::learn);
              }
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

  @Override
  public String warnings() {
    try {
      Reply.Whole reply =
          carry(
              new Request(
                  "GET", List.of(Catalogue.HEALTH.name()), Map.of(), Map.of(), new byte[0]));
      Fields health = Decoder.answer(new String(reply.bytes(), StandardCharsets.UTF_8));
      List<String> warnings = health.has("warnings") ? health.texts("warnings") : List.of();
      return Stream.concat(
              other(health.optional("version").orElse(Version.TEXT)).stream(),
              warnings.stream().map(w -> "The node warns: " + w + "."))
          .collect(Collectors.joining(" "));
    } catch (GatewayException | BadField | Json.BadJson e) {
      LOG.log(System.Logger.Level.DEBUG, "the health of " + address() + " is not known", e);
      return "";
    }
  }

  /** What it means that a node is of another version. */
  private static Optional<String> other(String version) {
    return version.equals(Version.TEXT)
        ? Optional.empty()
        : Optional.of(
            "The node is of version "
                + version
                + ", this window of "
                + Version.TEXT
                + ": what only one of them knows is not shown, or is refused with a sentence.");
  }

  /** What a status means that says no to whoever asks. */
  private static Optional<String> no(URI base, int status) {
    return switch (status) {
      case 401 ->
          Optional.of("the node at " + base + " asks who you are, and does not know it from you");
      case 403 -> Optional.of("the node at " + base + " does not let you in");
      case 429 -> Optional.of("the node at " + base + " has had too many wrong passwords from you");
      default -> Optional.empty();
    };
  }

  private HttpRequest.Builder request(URI base, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve("/api/v1/" + path))
            .header("User-Agent", V1Api.DESKTOP_AGENT);
    login.authorization().ifPresent(word -> request.header("Authorization", word));
    return request;
  }

  @Override
  Reply.Whole carry(Request request) throws GatewayException {
    if (closed.getCount() == 0) {
      throw new GatewayException(
          "the way to " + address() + " is closed", GatewayException.Kind.UNREACHABLE, null);
    }
    Map<URI, Throwable> faults = new LinkedHashMap<>();
    Optional<Reply.Whole> no = Optional.empty();
    for (URI base : addresses.all()) {
      Optional<String> objection = login.objection(base);
      if (objection.isPresent()) {
        faults.put(base, new IOException(objection.get()));
        continue;
      }
      try {
        Reply.Whole reply = carry(base, request);
        addresses.answered(base);
        if (!reply.headers().containsKey(Forwarder.ELSEWHERE_HEADER)) {
          return reply;
        }
        no = no.or(() -> Optional.of(reply));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new GatewayException(
            "the window is being closed", GatewayException.Kind.UNREACHABLE, e);
      } catch (IOException e) {
        addresses.failed(base);
        if (!repeatable(request) && sent(base, e)) {
          throw new GatewayException(unknown(base, e), GatewayException.Kind.UNKNOWN, e);
        }
        faults.put(base, e);
      }
    }
    if (no.isPresent()) {
      return no.get();
    }
    throw new GatewayException(
        none(faults), GatewayException.Kind.UNREACHABLE, faults.values().iterator().next());
  }

  /** Whether what was asked may have arrived. */
  private static boolean sent(URI base, IOException e) {
    boolean connected =
        !(e instanceof ConnectException || e instanceof HttpConnectTimeoutException);
    return connected && WhyNot.words(base, e).isEmpty();
  }

  private Reply.Whole carry(URI base, Request request) throws IOException, InterruptedException {
    String query =
        request.query().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("&", "?", ""));
    HttpRequest.Builder carried =
        request(base, String.join("/", request.segments()) + query)
            .timeout(request.segments().equals(List.of(CLUSTER)) ? ASIDE : ANSWER)
            .header("Content-Type", "application/json")
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    HttpResponse<byte[]> response = client.send(carried.build(), BodyHandlers.ofByteArray());
    // Nothing was begun there, and another node may be able to.
    boolean elsewhere = response.headers().firstValue(Forwarder.ELSEWHERE_HEADER).isPresent();
    return new Reply.Whole(
        response.statusCode(),
        "",
        response.body(),
        elsewhere ? Map.of(Forwarder.ELSEWHERE_HEADER, "true") : Map.of());
  }

  /** Whether asking twice does no more than asking once. */
  private static boolean repeatable(Request request) {
    return request.method().equals("GET")
        || request.segments().equals(List.of(Catalogue.PLAN_FOR.name()));
  }

  private static String unknown(URI base, IOException why) {
    String end =
        why instanceof HttpTimeoutException
            ? "did not answer within " + ANSWER.toSeconds() + " s"
            : "was gone before it answered";
    return "the node at "
        + base
        + " "
        + end
        + ", so it is not known whether this was done; it is not asked a second time: see how"
        + " things are before you do it again";
  }

  /** That nobody answers, and what is known of why. */
  private String none(Map<URI, Throwable> faults) {
    List<URI> asked = List.copyOf(faults.keySet());
    Optional<String> why =
        faults.entrySet().stream()
            .flatMap(
                f ->
                    login
                        .objection(f.getKey())
                        .or(() -> WhyNot.words(f.getKey(), f.getValue()))
                        .stream())
            .findFirst();
    if (asked.size() == 1) {
      return why.orElse("no node answers at " + asked.getFirst());
    }
    return "no node answers, neither at "
        + Addresses.words(asked).replace(" and ", " nor at ")
        + why.map(words -> "; " + words).orElse("");
  }

  // ---- which node

  /** What a node said of its cluster; empty when it knows of none. */
  private record Said(URI base, int status, Optional<NodesView> view) {

    /** Whether it is as good as any. */
    boolean well() {
      return ALONE.contains(status) || view.filter(NodesView::well).isPresent();
    }
  }

  /** What came of asking; one of the two is null. */
  private record Asked(URI base, Said said, Throwable fault) {}

  private CompletableFuture<Said> ask(URI base) {
    Optional<String> objection = login.objection(base);
    if (objection.isPresent()) {
      return CompletableFuture.failedFuture(new IOException(objection.get()));
    }
    return client
        .sendAsync(request(base, CLUSTER).timeout(ASIDE).GET().build(), BodyHandlers.ofByteArray())
        .thenApply(
            answer ->
                new Said(
                    base,
                    answer.statusCode(),
                    answer.statusCode() == 200 ? view(base, answer.body()) : Optional.empty()));
  }

  private static Optional<NodesView> view(URI base, byte[] body) {
    try {
      return Optional.of(Decoder.nodes(Decoder.object(new String(body, StandardCharsets.UTF_8))));
    } catch (BadField | Json.BadJson e) {
      LOG.log(System.Logger.Level.WARNING, "what " + base + " says of its cluster is not read", e);
      return Optional.empty();
    }
  }

  /**
   * The first of several that answers and is a member that knows who leads; else the first that
   * answers.
   *
   * @param faults takes why others do not
   */
  private Optional<URI> pick(List<URI> all, Map<URI, Throwable> faults)
      throws InterruptedException {
    BlockingQueue<Asked> answers = new LinkedBlockingQueue<>();
    for (URI base : all) {
      ask(base).whenComplete((said, fault) -> answers.add(new Asked(base, said, fault)));
    }
    Optional<Said> best = Optional.empty();
    for (int left = all.size(); left > 0; left--) {
      boolean good = best.filter(Said::well).isPresent();
      Asked next = good ? answers.poll(GRACE_MILLIS, TimeUnit.MILLISECONDS) : answers.take();
      if (next == null) {
        break;
      }
      if (next.fault() != null) {
        faults.put(next.base(), next.fault());
      } else if (better(next.said(), best, all)) {
        best = Optional.of(next.said());
      }
      if (best.filter(b -> b.well() && b.base().equals(all.getFirst())).isPresent()) {
        break;
      }
    }
    return best.map(Said::base);
  }

  private static boolean better(Said next, Optional<Said> best, List<URI> order) {
    if (best.isEmpty() || next.well() != best.get().well()) {
      return best.isEmpty() || next.well();
    }
    return order.indexOf(next.base()) < order.indexOf(best.get().base());
  }

  private void learn() {
    try {
      nodes();
    } catch (GatewayException e) {
      LOG.log(System.Logger.Level.DEBUG, "where the other nodes are is not known", e);
    }
  }

  @Override
  public Optional<NodesSeen> nodes() throws GatewayException {
    Reply.Whole reply = carry(reading(List.of(CLUSTER), Map.of()));
    if (ALONE.contains(reply.status())) {
      return Optional.empty();
    }
    NodesView view = get(reply, Decoder::nodes);
    List<URI> serve =
        view.nodes().stream().flatMap(n -> n.http().stream()).distinct().sorted().toList();
    if (addresses.learn(serve)) {
      members.accept(serve);
    }
    Map<String, NodesView> own = new HashMap<>(Map.of(view.self(), view));
    Map<URI, CompletableFuture<Said>> asked = new HashMap<>();
    for (NodesView.Node node : view.nodes()) {
      if (!node.id().equals(view.self()) && node.http().isPresent()) {
        asked.put(node.http().get(), ask(node.http().get()));
      }
    }
    boolean elsewhere = false;
    for (CompletableFuture<Said> one : asked.values()) {
      Optional<NodesView> said = said(one);
      said.ifPresent(v -> own.putIfAbsent(v.self(), v));
      elsewhere |= said.filter(NodesView::well).isPresent();
    }
    if (!view.well() && elsewhere) {
      // This one has lost the others, who go on without it.
      streams.forEach(EventLines::onComplete);
    }
    return Optional.of(new NodesSeen(clock.instant(), view, own));
  }

  private static Optional<NodesView> said(CompletableFuture<Said> asked) throws GatewayException {
    try {
      return asked.get().view();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "a node does not say how it is", e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayException(
          "the window is being closed", GatewayException.Kind.UNREACHABLE, e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    client.shutdownNow();
  }
}
