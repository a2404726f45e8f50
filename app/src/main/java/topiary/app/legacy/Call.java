package topiary.app.legacy;

import java.util.Map;
import topiary.engine.manager.By;

/**
 * One request that found its route.
 *
 * @param path the values of the route's names
 * @param query what followed the question mark
 * @param headers of the request, by lower-case name
 * @param by on whose behalf
 */
record Call(
    Map<String, String> path, Map<String, String> query, Map<String, String> headers, By by) {

  /** The value of a name in the path; empty when this route has no such name. */
  String path(String name) {
    return path.getOrDefault(name, "");
  }
}
