package topiary.app.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import topiary.app.cluster.Cluster;
import topiary.app.cluster.ClusterMember;
import topiary.app.cluster.ClusterRefused;
import topiary.app.cluster.ClusterView;
import topiary.app.cluster.Quorum;
import topiary.app.face.Answerer;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.face.Sender;
import topiary.app.json.Json;
import topiary.app.legacy.LegacyHandler;
import topiary.app.v1.Failure;
import topiary.app.v1.V1Api;

/**
 * Lets each request be answered by the node of the cluster that has to: what changes anything, and
 * what shows what a change would do, by the one that leads, wherever it is asked; everything else
 * here, with what there is to know of how far behind this node is.
 *
 * <p>A request is passed on once. It goes as a POST when it changes anything, whatever it was:
 * nothing on the way may send a POST again by itself.
 */
public final class Forwarder implements Handler {

  /** On a request that another node passes on: that node's id. */
  public static final String FORWARDED_HEADER = "Topiary-Forwarded";

  /** On a request that a node passes on: the role and the name of whoever asked it. */
  public static final String FOR_HEADER = "Topiary-For";

  /** On a request that is to be answered by this one node, or not at all: {@code true}. */
  public static final String LOCAL_HEADER = V1Api.LOCAL_HEADER;

  /** On a request that is to see all that was committed before it: {@code true}. */
  public static final String FRESH_HEADER = "Topiary-Fresh";

  /** On an answer: the node that gave it. */
  public static final String NODE_HEADER = "Topiary-Node";

  /** On an answer: whom that node knew to lead. */
  public static final String LEADER_HEADER = "Topiary-Leader";

  /** On an answer: up to where the log was applied on that node, at the least. */
  public static final String APPLIED_HEADER = "Topiary-Applied-Index";

  /** On a refusal: nothing was begun, and another node may be able to: {@code true}. */
  public static final String ELSEWHERE_HEADER = V1Api.ELSEWHERE_HEADER;

  private static final String METHOD_HEADER = "X-HTTP-Method-Override";
  private static final String API = "api";
  private static final String V1 = "v1";
  private static final String YES = "true";
  private static final String POST = "POST";
  private static final int OLD_ERROR = 500;

  private final Handler inside;
  private final Cluster cluster;
  private final Function<Request, Answerer> answerer;
  private final Predicate<Request> writes;
  private final LeaderLink link;

  /**
   * A forwarder.
   *
   * @param inside answers what is answered here
   * @param answerer who answers a request, by its whole path
   * @param writes whether a request changes anything
   * @param link the way to the node that leads
   */
  public Forwarder(
      Handler inside,
      Cluster cluster,
      Function<Request, Answerer> answerer,
      Predicate<Request> writes,
      LeaderLink link) {
    this.inside = inside;
    this.cluster = cluster;
    this.answerer = answerer;
    this.writes = writes;
    this.link = link;
  }

  /**
   * A forwarder before both APIs of a node.
   *
   * @param inside both
   * @param legacy orchestrator's
   */
  public static Forwarder of(
      Handler inside, Cluster cluster, LegacyHandler legacy, LeaderLink link) {
    return new Forwarder(
        inside,
        cluster,
        r -> v1(r) ? V1Api.answerer(r.below(2)) : legacy.answerer(r),
        r -> v1(r) ? V1Api.writes(r.below(2)) : legacy.writes(r),
        link);
  }

  private static boolean v1(Request request) {
    List<String> path = request.segments();
    return path.size() > 1 && path.get(0).equals(API) && path.get(1).equals(V1);
  }

  @Override
  public Reply handle(Request given) {
    if (given.segments().isEmpty() || !given.segments().getFirst().equals(API)) {
      return inside.handle(given);
    }
    boolean forwarded = has(given, FORWARDED_HEADER);
    Request request = forwarded ? asItWas(given) : given;
    return switch (way(request)) {
      case ASKED -> here(request);
      case LEADER -> byLeader(request, forwarded);
      case ASKED_ELSE_LEADER -> {
        Reply own = here(request);
        boolean found = !(own instanceof Reply.Whole whole) || whole.status() != 404;
        yield found || forwarded || cluster.view().leading() ? own : pass(request);
      }
    };
  }

  private Answerer way(Request request) {
    Answerer way = answerer.apply(request);
    boolean local = yes(request, LOCAL_HEADER);
    return local && !(way == Answerer.LEADER && writes.test(request)) ? Answerer.ASKED : way;
  }

  // ---- here

  private Reply here(Request request) {
    if (YES.equals(request.query().get("fresh")) || yes(request, FRESH_HEADER)) {
      try {
        cluster.catchUp();
      } catch (ClusterRefused e) {
        return no(request, 503, "not_leading", e.getMessage(), true);
      }
    }
    return told(inside.handle(request), cluster.view());
  }

  private static Reply told(Reply reply, ClusterView view) {
    var said = new HashMap<String, String>();
    said.put(NODE_HEADER, view.self());
    said.put(APPLIED_HEADER, Long.toString(view.applied()));
    view.leader().ifPresent(id -> said.put(LEADER_HEADER, id));
    return with(reply, said);
  }

  // ---- by the node that leads

  private Reply byLeader(Request request, boolean forwarded) {
    if (yes(request, LOCAL_HEADER)) {
      return no(
          request,
          422,
          "refused",
          "there is no such thing as writing on one node of a cluster: all nodes have one log, and"
              + " whatever is not in it for all of them would be undone. Leave out what asks for"
              + " this one node (--ignore-raft-setup, "
              + LOCAL_HEADER
              + "); any node passes it on to the one that leads",
          false);
    }
    ClusterView view = cluster.view();
    if (!view.leading() && view.leader().filter(view.self()::equals).isPresent()) {
      view = settled(view);
    }
    if (view.leading()) {
      return told(inside.handle(request), cluster.view());
    }
    if (forwarded) {
      return no(
          request,
          503,
          "not_leading",
          "this node was taken for the one that leads, and does not; nothing was begun, try again"
              + " in a moment",
          true);
    }
    return pass(request);
  }

  /** One that has just been elected decides as soon as it has applied what came before. */
  private ClusterView settled(ClusterView elected) {
    try {
      cluster.catchUp();
      return cluster.view();
    } catch (ClusterRefused e) {
      // Then it does not decide: whoever asked is told so.
      return elected;
    }
  }

  private Reply pass(Request request) {
    ClusterView view = cluster.view();
    Optional<ClusterMember> leader = view.leaderMember().filter(m -> !m.self());
    if (leader.isEmpty()) {
      return no(request, 503, "not_leading", Quorum.noLeader(view), true);
    }
    Optional<URI> at = leader.get().http();
    if (at.isEmpty()) {
      return no(
          request,
          503,
          "not_leading",
          leader.get().name()
              + " leads the cluster, and has not said yet where it serves; nothing was begun, try"
              + " again in a moment",
          true);
    }
    try {
      return link.ask(at.get(), outgoing(request), headers(request, view));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return no(request, 503, "broken", "this node is being stopped", false);
    } catch (LeaderLink.Failed e) {
      return failed(request, leader.get().name() + ", which leads, at " + at.get(), e);
    }
  }

  private Reply failed(Request request, String who, LeaderLink.Failed e) {
    if (e.sent() && writes.test(request)) {
      return no(
          request,
          504,
          "lost",
          "the request was passed on to "
              + who
              + ", and then "
              + e.getMessage()
              + ": it may have been done; see runs before you try again",
          false);
    }
    return no(
        request,
        503,
        "not_leading",
        who + ", cannot be asked: " + e.getMessage() + "; nothing was begun",
        true);
  }

  private Request outgoing(Request request) {
    return writes.test(request) ? method(request, POST) : request;
  }

  private static Request method(Request request, String method) {
    return new Request(
        method,
        request.segments(),
        request.query(),
        request.headers(),
        request.body(),
        request.sender());
  }

  private Map<String, String> headers(Request request, ClusterView view) {
    var headers = new LinkedHashMap<String, String>();
    headers.put(FORWARDED_HEADER, view.self());
    if (writes.test(request) && !request.method().equals(POST)) {
      headers.put(METHOD_HEADER, request.method());
    }
    if (link.shown()) {
      Sender sender = request.sender();
      headers.put(
          FOR_HEADER,
          sender.role().word() + " " + URLEncoder.encode(sender.name(), StandardCharsets.UTF_8));
    } else {
      request.header("authorization").ifPresent(word -> headers.put("Authorization", word));
    }
    return headers;
  }

  private static Request asItWas(Request request) {
    return request
        .header(METHOD_HEADER.toLowerCase(Locale.ROOT))
        .filter(method -> request.method().equals(POST))
        .map(method -> method(request, method))
        .orElse(request);
  }

  // ---- no

  private static Reply no(
      Request request, int status, String code, String sentence, boolean elsewhere) {
    Reply reply = v1(request) ? Failure.of(request, status, code, sentence) : old(sentence);
    return elsewhere ? with(reply, Map.of(ELSEWHERE_HEADER, YES)) : reply;
  }

  /** In orchestrator's envelope, with its status for everything that goes wrong. */
  private static Reply old(String sentence) {
    var body = new LinkedHashMap<String, Object>();
    body.put("Code", "ERROR");
    body.put("Message", sentence);
    body.put("Details", null);
    return Reply.json(OLD_ERROR, Json.bytes(body));
  }

  private static Reply with(Reply reply, Map<String, String> more) {
    if (!(reply instanceof Reply.Whole(int status, String type, var body, var before))) {
      return reply;
    }
    var headers = new HashMap<>(before);
    headers.putAll(more);
    return new Reply.Whole(status, type, body, headers);
  }

  private static boolean has(Request request, String header) {
    return request.header(header.toLowerCase(Locale.ROOT)).isPresent();
  }

  private static boolean yes(Request request, String header) {
    return request.header(header.toLowerCase(Locale.ROOT)).filter(YES::equals).isPresent();
  }
}
