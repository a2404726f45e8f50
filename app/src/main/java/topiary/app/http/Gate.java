package topiary.app.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.v1.Failure;

/**
 * Lets in whom this node means to serve. A page of another site that a user of this machine has
 * open could send requests here as well as the user can: so the Host must be this node's (a name
 * made to point here does not help), and what changes anything must not come from another site.
 */
public final class Gate implements Handler {

  private final Handler inside;
  private final Predicate<Request> writes;
  private final Predicate<String> ours;

  /**
   * A gate.
   *
   * @param inside whom it guards
   * @param writes which requests change something, whatever their method
   * @param ours whether a header {@code Host} names this node
   */
  public Gate(Handler inside, Predicate<Request> writes, Predicate<String> ours) {
    this.inside = inside;
    this.writes = writes;
    this.ours = ours;
  }

  @Override
  public Reply handle(Request request) {
    String host = request.header("host").orElse("");
    if (!ours.test(host)) {
      return Failure.of(
          request,
          421,
          "host",
          "this node does not answer to the host \""
              + printable(host)
              + "\"; it does to those in its certificate, and in \"hosts\" of its file");
    }
    boolean changes = !request.method().equals("GET") && !request.method().equals("HEAD");
    if ((changes || writes.test(request)) && foreign(request, host)) {
      return Failure.of(
          request,
          403,
          "cross-site",
          "requests that change something are refused from other sites");
    }
    return inside.handle(request);
  }

  private static boolean foreign(Request request, String host) {
    Optional<String> site = request.header("sec-fetch-site");
    if (site.filter(s -> !s.equals("same-origin") && !s.equals("none")).isPresent()) {
      return true;
    }
    return request.header("origin").filter(origin -> !sameHost(origin, host)).isPresent();
  }

  private static boolean sameHost(String origin, String host) {
    try {
      String authority = URI.create(origin).getAuthority();
      return authority != null && authority.equals(host.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      // "null" and other things that are no address are not this node.
      return false;
    }
  }

  private static String printable(String text) {
    String shown = text.replaceAll("[^ -~]", "?");
    return shown.substring(0, Math.min(80, shown.length()));
  }
}
