package topiary.app.v1;

import java.util.Map;
import java.util.function.Function;
import topiary.app.text.Ink;

/**
 * What an operation answers, before it is known how it is to be read.
 *
 * @param status the HTTP status
 * @param json a tree of maps and lists
 * @param text the same for people
 * @param headers for machines, whichever of the two they read
 */
record Answer(int status, Object json, Function<Ink, String> text, Map<String, String> headers) {

  static Answer ok(Object json, Function<Ink, String> text) {
    return new Answer(200, json, text, Map.of());
  }
}
