package topiary.app.face;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request.
 *
 * @param method upper case
 * @param segments the path, split at its slashes and decoded; without empty ones at the end
 * @param query the first value of each parameter, decoded
 * @param headers the first value of each, by lower-case name
 * @param body empty when there is none
 * @param sender who has sent it
 */
public record Request(
    String method,
    List<String> segments,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    Sender sender) {

  public Request {
    segments = List.copyOf(segments);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** One that somebody on this machine has sent. */
  public Request(
      String method,
      List<String> segments,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {
    this(method, segments, query, headers, body, Sender.LOCAL);
  }

  /** A header, by lower-case name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Whether whoever asks would rather read text than JSON. */
  public boolean wantsText() {
    return header("accept").filter(a -> a.startsWith("text/plain")).isPresent();
  }

  /** This request, seen from below its first segments. */
  public Request below(int count) {
    return new Request(
        method, segments.subList(count, segments.size()), query, headers, body, sender);
  }

  /** This request, when it is known who has sent it. */
  public Request from(Sender known) {
    return new Request(method, segments, query, headers, body, known);
  }
}
