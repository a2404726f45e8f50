package topiary.app.v1;

import java.util.List;
import java.util.Map;
import topiary.app.json.Json;

/** A JSON object as lines of name and value. */
final class Lines {

  private Lines() {}

  static String of(Map<String, Object> json) {
    int width = json.keySet().stream().mapToInt(String::length).max().orElse(0);
    var text = new StringBuilder();
    json.forEach(
        (name, value) -> {
          String shown = value(value);
          if (!shown.isEmpty()) {
            text.append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(shown)
                .append('\n');
          }
        });
    return text.toString();
  }

  private static String value(Object value) {
    if (value == null || value instanceof List<?> list && list.isEmpty()) {
      return "";
    }
    return value instanceof List<?> || value instanceof Map<?, ?>
        ? Json.text(value)
        : value.toString();
  }
}
