package topiary.app.legacy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.app.face.Answerer;
import topiary.engine.manager.RequestRefused;

/**
 * One path of the API.
 *
 * @param pattern its segments; one that begins with a colon is a name and takes any value
 * @param writes whether it changes anything
 * @param answerer which node of a cluster answers it
 * @param handler what answers it
 */
record Route(List<String> pattern, boolean writes, Answerer answerer, Handler handler) {

  /** orchestrator's router matches names against the decoded path with just these left out. */
  private static final Pattern VALUE = Pattern.compile("[^/#?]+");

  /** Answers a request; every way out but the answer is a sentence for an ERROR envelope. */
  @FunctionalInterface
  interface Handler {
    Answer answer(Call call) throws Trouble, RequestRefused, InterruptedException;
  }

  Route {
    pattern = List.copyOf(pattern);
  }

  static Route read(String pattern, Handler handler) {
    return new Route(List.of(pattern.split("/")), false, Answerer.ASKED, handler);
  }

  /** What only the node that leads can tell. */
  static Route readByLeader(String pattern, Handler handler) {
    return new Route(List.of(pattern.split("/")), false, Answerer.LEADER, handler);
  }

  static Route write(String pattern, Handler handler) {
    return new Route(List.of(pattern.split("/")), true, Answerer.LEADER, handler);
  }

  /** What changes the node that is asked, and no other. */
  static Route writeHere(String pattern, Handler handler) {
    return new Route(List.of(pattern.split("/")), true, Answerer.ASKED, handler);
  }

  /** The values of the names, when the segments are this path. */
  Optional<Map<String, String>> match(List<String> segments) {
    if (segments.size() != pattern.size()) {
      return Optional.empty();
    }
    var values = new HashMap<String, String>();
    for (int i = 0; i < segments.size(); i++) {
      String expected = pattern.get(i);
      String given = segments.get(i);
      if (expected.startsWith(":") && VALUE.matcher(given).matches()) {
        values.put(expected.substring(1), given);
      } else if (!expected.equals(given)) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }
}
