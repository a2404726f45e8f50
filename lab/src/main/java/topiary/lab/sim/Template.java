package topiary.lab.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables and the status of a kind of server, as a real one that had just been started told
 * them: all that a single server has not got an own value of.
 */
final class Template {

  /**
   * A variable.
   *
   * @param name as it is shown
   * @param shown its value in {@code SHOW VARIABLES}
   * @param type {@code b} ON or OFF, which is 1 or 0 when selected; {@code n} a whole number;
   *     {@code d} a decimal one; {@code s} a text; with a 0 behind when it is NULL
   * @param where {@code session} when only a session has it, {@code plugin} when only with its
   *     plugin
   * @param plugin what a server notes of having that plugin; empty for what needs none
   * @param selected its value as {@code SELECT @@name} gives it
   */
  record Entry(
      String name, String shown, String type, String where, String plugin, Object selected) {

    private static final String SOURCE = "rpl_semi_sync_source";
    private static final String REPLICA = "rpl_semi_sync_replica";

    Entry(String name, String shown, String type, String where) {
      this(
          name,
          shown,
          type,
          where,
          where.equals("plugin")
              ? installed(lower(name).startsWith(SOURCE) ? SOURCE : REPLICA)
              : "",
          selected(type, shown));
    }

    /** What a server notes of having a plugin. */
    static String installed(String plugin) {
      return "plugin " + plugin;
    }

    /** Some value as {@code SELECT @@name} gives it. */
    Object selected(String text) {
      // Most have the value they were made with.
      return text.equals(shown) ? selected : selected(type, text);
    }

    private static Object selected(String type, String text) {
      return switch (type.charAt(0)) {
        case 'b' -> text.equals("ON") ? 1L : 0L;
        case 'n' -> whole(text) ? (Object) Long.valueOf(text) : text;
        default -> type.endsWith("0") && text.isEmpty() ? null : text;
      };
    }
  }

  /** Whether a text is a whole number that a {@code long} can hold. */
  static boolean whole(String text) {
    int from = text.startsWith("-") ? 1 : 0;
    if (text.length() == from || text.length() > 18) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static final Map<Kind, Template> ALL = new EnumMap<>(Kind.class);

  static {
    for (Kind kind : Kind.values()) {
      ALL.put(kind, new Template(kind));
    }
  }

  private final Map<String, Entry> variables = new LinkedHashMap<>();
  private final Map<String, Entry> status = new LinkedHashMap<>();

  private Template(Kind kind) {
    var sorted = new TreeMap<String, Entry>();
    for (String line : lines(kind.id() + "-variables.tsv")) {
      String[] p = line.split("\t", -1);
      String value = p[1].replace("\\n", "\n");
      sorted.put(p[0], new Entry(p[0], value, p[2], p.length > 3 ? p[3] : ""));
    }
    variables.putAll(sorted);
    sorted.clear();
    for (String line : lines(kind.id() + "-status.tsv")) {
      String[] p = line.split("\t", -1);
      sorted.put(lower(p[0]), new Entry(p[0], p[1], "s", p.length > 2 ? p[2] : ""));
    }
    status.putAll(sorted);
  }

  static Template of(Kind kind) {
    return ALL.get(kind);
  }

  /** By names in small letters, in their order. */
  Map<String, Entry> variables() {
    return variables;
  }

  /** By names in small letters, in their order. */
  Map<String, Entry> status() {
    return status;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static List<String> lines(String file) {
    try (InputStream in = Template.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the program's file " + file + " cannot be read", e);
    }
  }
}
