package topiary.app.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An object under construction; what is absent becomes null. */
final class Tree {

  private final Map<String, Object> fields = new LinkedHashMap<>();

  Tree with(String name, Object value) {
    fields.put(name, value instanceof Optional<?> o ? o.orElse(null) : value);
    return this;
  }

  Map<String, Object> done() {
    return fields;
  }
}
