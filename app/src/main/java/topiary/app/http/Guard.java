package topiary.app.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Role;
import topiary.app.face.Sender;
import topiary.app.json.Json;
import topiary.app.security.Certificates;
import topiary.app.security.ReloadingKeys;
import topiary.app.security.Tries;
import topiary.app.security.Users;
import topiary.app.v1.Failure;

/**
 * Asks everybody who they are, by a certificate or a password, and lets in who may what they ask
 * for. Load balancers, who cannot say, get the state of the node and nothing else.
 */
public final class Guard implements Handler {

  private static final String BASIC = "basic ";
  private static final String API = "api";

  /** What load balancers ask, below {@code /api}. */
  private static final List<String> HEALTH = List.of("health", "status");

  private static final List<String> LEADER =
      List.of("lb-check", "leader-check", "routed-leader-check");

  private final Handler inside;
  private final Optional<ReloadingKeys> keys;
  private final Users users;
  private final Function<Request, Role> needed;
  private final Tries tries;

  /**
   * A guard.
   *
   * @param inside whom it guards
   * @param keys say whose certificate counts; without them none does
   * @param users whose password counts
   * @param needed what one must be to have a request answered
   */
  public Guard(
      Handler inside,
      Optional<ReloadingKeys> keys,
      Users users,
      Function<Request, Role> needed,
      InstantSource clock) {
    this.inside = inside;
    this.keys = keys;
    this.users = users;
    this.needed = needed;
    this.tries = new Tries(clock);
  }

  /** Somebody who said who they are and is not believed; the answer says why. */
  private static final class NotLetIn extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Reply answer;

    NotLetIn(Reply answer) {
      super("not let in", null, false, false);
      this.answer = answer;
    }
  }

  @Override
  public Reply handle(Request request) {
    try {
      Optional<Sender> sender = sender(request);
      if (sender.isEmpty()) {
        return forNobody(request);
      }
      Sender known = behalf(request, sender.get());
      Role needs = needed.apply(request);
      return known.role().covers(needs)
          ? inside.handle(request.from(known))
          : forbidden(request, known, needs);
    } catch (NotLetIn e) {
      return e.answer;
    }
  }

  /** Another node says on whose behalf it passes a request on; nobody else is believed that. */
  private static Sender behalf(Request request, Sender sender) throws NotLetIn {
    Optional<String> header = request.header(Forwarder.FOR_HEADER.toLowerCase(Locale.ROOT));
    if (header.isEmpty() || sender.role() != Role.NODE) {
      return sender;
    }
    String[] words = header.get().split(" ", 2);
    Optional<Role> role = Role.named(words[0]);
    if (words.length < 2 || role.isEmpty()) {
      throw new NotLetIn(
          Failure.of(
              request, 400, "request", Forwarder.FOR_HEADER + " is a role and a name, encoded"));
    }
    try {
      return sender.known(URLDecoder.decode(words[1], StandardCharsets.UTF_8), role.get());
    } catch (IllegalArgumentException e) {
      throw new NotLetIn(
          Failure.of(request, 400, "request", Forwarder.FOR_HEADER + " cannot be decoded"));
    }
  }

  private Optional<Sender> sender(Request request) throws NotLetIn {
    Optional<String> header = request.header("authorization");
    if (header.isPresent()) {
      return Optional.of(byPassword(request, header.get()));
    }
    if (keys.isEmpty() || request.sender().chain().isEmpty()) {
      return Optional.empty();
    }
    X509Certificate[] chain = request.sender().chain().toArray(X509Certificate[]::new);
    String name = Certificates.name(chain[0]);
    Role role =
        keys.get()
            .role(chain)
            .orElseThrow(
                () ->
                    new NotLetIn(
                        Failure.of(
                            request,
                            403,
                            "role",
                            "the certificate of "
                                + name
                                + " holds no longer, or has no role here: its OU is none of"
                                + " reader, operator, node")));
    return Optional.of(request.sender().known(name, role));
  }

  private Sender byPassword(Request request, String header) throws NotLetIn {
    String address = request.sender().address();
    Duration wait = tries.wait(address);
    if (!wait.isZero()) {
      throw new NotLetIn(slow(request, wait));
    }
    String[] given = basic(header);
    Optional<Role> role =
        given.length == 2 ? users.role(given[0], given[1]) : Optional.<Role>empty();
    if (role.isEmpty()) {
      tries.failed(address);
      throw new NotLetIn(unknown(request, "this node does not know this user with this password"));
    }
    tries.succeeded(address);
    return request.sender().known(given[0], role.get());
  }

  /** User and password of a header; of any other length when they are not in it. */
  private static String[] basic(String header) {
    if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return new String[0];
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes))
          .toString()
          .split(":", 2);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // Whatever it is, it is nobody's password.
      return new String[0];
    }
  }

  // ---- no

  private Reply forNobody(Request request) {
    List<String> path = request.segments();
    if (path.equals(List.of(API, "v1", "health"))) {
      return health(request);
    }
    if (path.size() == 2 && path.getFirst().equals(API) && HEALTH.contains(path.get(1))) {
      return oldHealth(request);
    }
    if (path.size() >= 2 && path.getFirst().equals(API) && LEADER.contains(path.get(1))) {
      return inside.handle(request);
    }
    return unknown(
        request,
        "this node asks who you are: "
            + (keys.isPresent()
                ? "show a certificate of its authority, or give user and password"
                : "give user and password"));
  }

  /** The status is that of the whole answer, and the sentence says no more than it. */
  private Reply health(Request request) {
    int status = status(request);
    String words =
        status / 100 == 2
            ? "this node is healthy"
            : "this node is in trouble; it tells which to whom it knows";
    if (request.wantsText()) {
      return Reply.text(status, words + "\n");
    }
    var body = new LinkedHashMap<String, Object>();
    body.put("healthy", status / 100 == 2);
    body.put("message", words);
    return Reply.json(status, Json.bytes(body));
  }

  /** In orchestrator's envelope. */
  private Reply oldHealth(Request request) {
    int status = status(request);
    boolean healthy = status / 100 == 2;
    var body = new LinkedHashMap<String, Object>();
    body.put("Code", healthy ? "OK" : "ERROR");
    body.put("Message", "Application node is " + (healthy ? "healthy" : "unhealthy"));
    body.put("Details", null);
    return Reply.json(status, Json.bytes(body));
  }

  private int status(Request request) {
    return inside.handle(request) instanceof Reply.Whole whole ? whole.status() : 200;
  }

  private Reply unknown(Request request, String sentence) {
    return with(
        Failure.of(request, 401, "unauthenticated", sentence),
        Map.of("WWW-Authenticate", "Basic realm=\"Topiary\", charset=\"UTF-8\""));
  }

  private static Reply slow(Request request, Duration wait) {
    long seconds = wait.plusMillis(999).toSeconds();
    return with(
        Failure.of(
            request,
            429,
            "slow",
            "too many wrong passwords came from your address; try again in " + seconds + " s"),
        Map.of("Retry-After", Long.toString(seconds)));
  }

  private static Reply forbidden(Request request, Sender sender, Role needs) {
    String sentence =
        sender.name() + " is a " + sender.role().word() + "; this takes an " + needs.word();
    List<String> path = request.segments();
    boolean old = path.size() > 1 && path.get(0).equals(API) && !path.get(1).equals("v1");
    if (!old) {
      return Failure.of(request, 403, "role", sentence);
    }
    // orchestrator's answer to it, word for word, which its clients know.
    var body = new LinkedHashMap<String, Object>();
    body.put("Code", "ERROR");
    body.put("Message", "Unauthorized");
    body.put("Details", sentence);
    return Reply.json(500, Json.bytes(body));
  }

  private static Reply with(Reply reply, Map<String, String> headers) {
    return reply instanceof Reply.Whole(int status, String type, var body, var before)
            && before.isEmpty()
        ? new Reply.Whole(status, type, body, headers)
        : reply;
  }
}
