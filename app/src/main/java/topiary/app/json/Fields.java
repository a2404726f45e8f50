package topiary.app.json;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import topiary.engine.model.InstanceKey;

/** A JSON object that is read field by field; whatever is not as expected is named. */
public final class Fields {

  /** What stands for a field that was not written yet. */
  private static final Map<Class<?>, Object> NOTHING =
      Map.of(
          String.class,
          "",
          Number.class,
          0,
          Boolean.class,
          false,
          List.class,
          List.of(),
          Map.class,
          Map.of());

  private final Map<String, Object> object;
  private final boolean old;

  public Fields(Map<String, Object> object) {
    this(object, false);
  }

  private Fields(Map<String, Object> object, boolean old) {
    this.object = object;
    this.old = old;
  }

  /**
   * An object that may have been written by an older version: a field that is missing is as if
   * nothing had been seen, empty, 0, no, or the first of its kind.
   */
  public static Fields old(Map<String, Object> object) {
    return new Fields(object, true);
  }

  /** Reads one of several objects. */
  public interface Reader<T> {
    /** Reads it. */
    T read(Fields object) throws BadField;
  }

  /** Whether it is there and not null. */
  public boolean has(String name) {
    return object.get(name) != null;
  }

  /** Whatever it is; null when it is not there. */
  public Object value(String name) {
    return object.get(name);
  }

  /** Everything it has. */
  public Set<String> names() {
    return Collections.unmodifiableSet(object.keySet());
  }

  /** A text that must be there. */
  public String text(String name) throws BadField {
    return typed(name, String.class);
  }

  /** A text that may be missing. */
  public Optional<String> optional(String name) throws BadField {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  /** A whole number. */
  public long number(String name) throws BadField {
    return typed(name, Number.class).longValue();
  }

  /** Any number. */
  public double real(String name) throws BadField {
    return typed(name, Number.class).doubleValue();
  }

  /** A number when it is there. */
  public Optional<Integer> count(String name) throws BadField {
    return has(name) ? Optional.of((int) number(name)) : Optional.empty();
  }

  /** Yes or no. */
  public boolean flag(String name) throws BadField {
    return typed(name, Boolean.class);
  }

  /** An address that must be there. */
  public InstanceKey key(String name) throws BadField {
    return made(name, InstanceKey::parse).orElseThrow(() -> wrong(name, null));
  }

  /** A moment that may be missing. */
  public Optional<Instant> instant(String name) throws BadField {
    return made(name, Instant::parse);
  }

  /** A moment that must be there. */
  public Instant moment(String name) throws BadField {
    return instant(name).orElseThrow(() -> wrong(name, null));
  }

  /** One of an enumeration's constants. */
  public <E extends Enum<E>> E constant(String name, Class<E> of) throws BadField {
    if (old && !has(name)) {
      return of.getEnumConstants()[0];
    }
    return made(name, text -> Enum.valueOf(of, text)).orElseThrow(() -> wrong(name, null));
  }

  /** A value made of a text that may be missing. */
  public <T> Optional<T> made(String name, Function<String, T> maker) throws BadField {
    try {
      return optional(name).map(maker);
    } catch (IllegalArgumentException | DateTimeParseException | IndexOutOfBoundsException e) {
      throw wrong(name, e);
    }
  }

  /** A list of texts. */
  public List<String> texts(String name) throws BadField {
    var texts = new ArrayList<String>();
    for (Object item : typed(name, List.class)) {
      if (!(item instanceof String text)) {
        throw wrong(name, null);
      }
      texts.add(text);
    }
    return texts;
  }

  /** A list of whole numbers that an {@code int} holds. */
  public List<Integer> counts(String name) throws BadField {
    var counts = new ArrayList<Integer>();
    for (Object item : typed(name, List.class)) {
      if (!(item instanceof Number number) || number.doubleValue() != number.intValue()) {
        throw wrong(name, null);
      }
      counts.add(number.intValue());
    }
    return counts;
  }

  /** All there is, which must be texts, by name. */
  public SortedMap<String, String> allTexts() throws BadField {
    var texts = new TreeMap<String, String>();
    for (String name : object.keySet()) {
      texts.put(name, text(name));
    }
    return texts;
  }

  /** A list of addresses. */
  public List<InstanceKey> keys(String name) throws BadField {
    try {
      return texts(name).stream().map(InstanceKey::parse).toList();
    } catch (IllegalArgumentException e) {
      throw wrong(name, e);
    }
  }

  /** An object inside. */
  public Fields object(String name) throws BadField {
    return inner(name, typed(name, Map.class));
  }

  /** A list of objects. */
  public <T> List<T> objects(String name, Reader<T> reader) throws BadField {
    var objects = new ArrayList<T>();
    for (Object item : typed(name, List.class)) {
      objects.add(reader.read(inner(name, item)));
    }
    return objects;
  }

  private Fields inner(String name, Object item) throws BadField {
    if (!(item instanceof Map<?, ?> map)) {
      throw wrong(name, null);
    }
    var fields = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> fields.put(String.valueOf(key), value));
    return new Fields(fields, old);
  }

  private <T> T typed(String name, Class<T> type) throws BadField {
    Object value = object.get(name);
    if (old && value == null) {
      value = NOTHING.get(type);
    }
    if (!type.isInstance(value)) {
      throw wrong(name, null);
    }
    return type.cast(value);
  }

  private BadField wrong(String name, Throwable cause) {
    return new BadField("\"" + name + "\" is not what it should be: " + object.get(name), cause);
  }
}
