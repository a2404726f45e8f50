package topiary.store.orchestrator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import topiary.engine.model.InstanceKey;

/**
 * A row of orchestrator's database. Whatever stands in it is read: what is missing is empty, and so
 * is what makes no sense, which is told.
 *
 * @param subject whom it is about, for sentences
 * @param values by column; columns that its version did not have are missing
 * @param odd hears of everything that makes no sense, a sentence each
 */
record Row(String subject, Map<String, Object> values, Consumer<String> odd) {

  /** The same, about somebody. */
  Row about(Object whom) {
    return new Row(whom.toString(), values, odd);
  }

  /** A text without what surrounds it; empty for none. */
  String text(String column) {
    return switch (values.get(column)) {
      case null -> "";
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8).strip();
      case Object value -> value.toString().strip();
    };
  }

  /** A number. */
  Optional<Long> number(String column) {
    Object value = values.get(column);
    if (value instanceof Number number) {
      return Optional.of(number.longValue());
    }
    String text = text(column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      tell(column, text, "is no number");
      return Optional.empty();
    }
  }

  /** A number that fits where none is larger or less than 0; 0 for none. */
  int count(String column) {
    long number = number(column).orElse(0L);
    if (number < 0 || number > Integer.MAX_VALUE) {
      tell(column, Long.toString(number), "is out of range");
      return 0;
    }
    return (int) number;
  }

  /** Whether something is so; not so when nothing tells. */
  boolean is(String column) {
    String text = text(column);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> number(column).filter(n -> n != 0).isPresent();
    };
  }

  /** A time; empty when there was none yet. */
  Optional<Instant> time(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> time = Times.parse(text);
    if (time.isEmpty()) {
      tell(column, text, "is no time");
    }
    return time.filter(Times::happened);
  }

  /** The address in two columns; empty for none. */
  Optional<InstanceKey> key(String host, String port) {
    String name = text(host);
    long number = number(port).orElse(0L);
    // It writes an underscore where it knows no host.
    if (name.isEmpty() || name.equals("_") || number == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new InstanceKey(name, Math.toIntExact(number)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      tell(host, name + ":" + number, "is no address of a server");
      return Optional.empty();
    }
  }

  /** Says that a value makes no sense. */
  void tell(String column, String value, String how) {
    String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
    odd.accept(subject + ": " + column + " \"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" " + how);
  }
}
