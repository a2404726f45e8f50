package topiary.app.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import topiary.app.face.Handler;
import topiary.app.face.Reply;
import topiary.app.face.Request;
import topiary.app.v1.Failure;

/**
 * Lets in whom this node means to serve. A page of another site that a user of this machine has
 * open could send requests here as well as the user can: so the Host must be this machine's (a name
 * made to point here does not help), and what changes anything must not come from another site.
 */
public final class Gate implements Handler {

  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

  private final Handler inside;
  private final Predicate<Request> writes;

  /**
   * A gate.
   *
   * @param inside whom it guards
   * @param writes which requests change something, whatever their method
   */
  public Gate(Handler inside, Predicate<Request> writes) {
    this.inside = inside;
    this.writes = writes;
  }

  @Override
  public Reply handle(Request request) {
    String host = request.header("host").orElse("");
    if (!LOOPBACK.matcher(host).matches()) {
      return Failure.of(
          request,
          421,
          "host",
          "this node serves only its own machine, not the host \"" + printable(host) + "\"");
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
