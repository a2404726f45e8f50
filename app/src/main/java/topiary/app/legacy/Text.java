package topiary.app.legacy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import topiary.engine.model.InstanceKey;

/** How orchestrator writes addresses, times and quoted text. */
final class Text {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The latest few: thousands of servers were seen within the same seconds. */
  private static final AtomicReferenceArray<Stamp> STAMPS = new AtomicReferenceArray<>(64);

  private Text() {}

  /** {@code host:port}, without the brackets that {@link InstanceKey} puts around IPv6. */
  static String of(InstanceKey key) {
    return key.host() + ":" + key.port();
  }

  /** To the second, in UTC. */
  static String stamp(Instant at) {
    long second = at.getEpochSecond();
    int slot = (int) (second & (STAMPS.length() - 1));
    Stamp known = STAMPS.get(slot);
    if (known == null || known.second != second) {
      known = new Stamp(second, STAMP.format(at));
      STAMPS.set(slot, known);
    }
    return known.text;
  }

  private record Stamp(long second, String text) {}

  /** What somebody sent, fit to be shown in a sentence. */
  static String printable(String sent) {
    String shown = sent.length() > 80 ? sent.substring(0, 80) + "…" : sent;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * A Go string literal in ASCII, as the errors of replication threads are kept; empty stays so.
   */
  static String quoted(String text) {
    if (text.isEmpty()) {
      return "";
    }
    var out = new StringBuilder("\"");
    text.codePoints().forEach(c -> out.append(escaped(c)));
    return out.append('"').toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case 0x07 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 0x0b -> "\\v";
      default -> {
        if (c >= ' ' && c < 0x7f) {
          yield Character.toString(c);
        }
        if (c < 0x80) {
          yield String.format(Locale.ROOT, "\\x%02x", c);
        }
        boolean alone = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        yield c > 0xffff
            ? String.format(Locale.ROOT, "\\U%08x", c)
            : String.format(Locale.ROOT, "\\u%04x", alone ? 0xfffd : c);
      }
    };
  }
}
