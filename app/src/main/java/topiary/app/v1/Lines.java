package topiary.app.v1;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object as lines of name and value. */
final class Lines {

  private Lines() {}

  static String of(Map<String, Object> json) {
    var flat = new LinkedHashMap<String, String>();
    flatten("", json, flat);
    int width = flat.keySet().stream().mapToInt(String::length).max().orElse(0);
    var text = new StringBuilder();
    flat.forEach(
        (name, value) ->
            text.append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(value)
                .append('\n'));
    return text.toString();
  }

  /** Nested values get the path to them as their name; what is empty is left out. */
  private static void flatten(String path, Object value, Map<String, String> into) {
    switch (value) {
      case null -> {}
      case Map<?, ?> map ->
          map.forEach(
              (name, inner) ->
                  flatten(path.isEmpty() ? name + "" : path + "." + name, inner, into));
      case List<?> list -> {
        int number = 0;
        for (Object item : list) {
          number++;
          flatten(list.size() == 1 ? path : path + "." + number, item, into);
        }
      }
      default -> {
        if (!value.toString().isEmpty()) {
          into.put(path, value.toString());
        }
      }
    }
  }
}
