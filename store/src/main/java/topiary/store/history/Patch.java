package topiary.store.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.port.History.Different;

/**
 * What makes one document of another. A patch is a map from a field to what becomes of it: null, it
 * is gone; a map, a patch of what is there, whose fields are the places when it is a list; a map
 * with the only field {@code =}, its value is put there; anything else is put there itself. In a
 * document, a field that is null is the same as none. Pure.
 */
final class Patch {

  private static final String PUT = "=";

  private Patch() {}

  /** What makes the second of the first; empty when they are equal. */
  static Map<String, Object> between(Map<String, Object> before, Map<String, Object> after) {
    var patch = new LinkedHashMap<String, Object>();
    for (var field : after.entrySet()) {
      Object was = before.get(field.getKey());
      if (field.getValue() != null && !field.getValue().equals(was)) {
        patch.put(field.getKey(), change(was, field.getValue()));
      }
    }
    for (var field : before.entrySet()) {
      if (field.getValue() != null && after.get(field.getKey()) == null) {
        patch.put(field.getKey(), null);
      }
    }
    return patch;
  }

  private static Object change(Object was, Object is) {
    if (was instanceof Map<?, ?> a && is instanceof Map<?, ?> b) {
      Map<String, Object> inside = between(fields(a), fields(b));
      // A field may be called so itself: then all is put there.
      return puts(inside) ? Map.of(PUT, is) : inside;
    }
    if (was instanceof List<?> a && is instanceof List<?> b && a.size() == b.size()) {
      Map<String, Object> places = between(places(a), places(b));
      boolean inside = a.stream().allMatch(Map.class::isInstance);
      if (inside) {
        return places;
      }
    }
    return is instanceof Map<?, ?> ? Map.of(PUT, is) : is;
  }

  /** A document with a patch put on it, which is left as it is. */
  static Map<String, Object> apply(Map<String, Object> document, Map<String, Object> patch) {
    var next = new LinkedHashMap<>(document);
    for (var field : patch.entrySet()) {
      if (field.getValue() == null) {
        next.remove(field.getKey());
      } else {
        next.put(field.getKey(), put(next.get(field.getKey()), field.getValue()));
      }
    }
    return next;
  }

  private static Object put(Object was, Object change) {
    if (!(change instanceof Map<?, ?> map)) {
      return change;
    }
    if (puts(map)) {
      return map.get(PUT);
    }
    Map<String, Object> patch = fields(map);
    if (was instanceof List<?> list) {
      return new ArrayList<>(apply(places(list), patch).values());
    }
    return apply(was instanceof Map<?, ?> inner ? fields(inner) : Map.of(), patch);
  }

  private static boolean puts(Map<?, ?> change) {
    return change.size() == 1 && change.containsKey(PUT);
  }

  /** What a patch changes, by the path to each value. */
  static SortedMap<String, Different> told(Map<String, Object> before, Map<String, Object> after) {
    var was = new TreeMap<String, Object>();
    var is = new TreeMap<String, Object>();
    flatten("", before, was);
    flatten("", after, is);
    var told = new TreeMap<String, Different>();
    for (var each : List.of(was, is)) {
      for (String path : each.keySet()) {
        if (!Objects.equals(was.get(path), is.get(path))) {
          told.put(path, new Different(was.get(path), is.get(path)));
        }
      }
    }
    return told;
  }

  private static void flatten(String path, Object value, SortedMap<String, Object> into) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach(
          (name, inner) -> flatten(path.isEmpty() ? name + "" : path + "." + name, inner, into));
    } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
      flatten(path, places(list), into);
    } else if (value != null) {
      into.put(path, value);
    }
  }

  private static Map<String, Object> places(List<?> list) {
    var places = new LinkedHashMap<String, Object>();
    for (int i = 0; i < list.size(); i++) {
      places.put(Integer.toString(i), list.get(i));
    }
    return places;
  }

  static Map<String, Object> fields(Map<?, ?> map) {
    var fields = new LinkedHashMap<String, Object>();
    map.forEach((name, value) -> fields.put(String.valueOf(name), value));
    return fields;
  }
}
