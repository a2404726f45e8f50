package topiary.lab.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words after a command: options with values ({@code --name x} or {@code --name=x}), flags, and
 * the rest.
 */
final class Arguments {
  /** A command line that cannot be meant; the message says why. */
  static final class Misuse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Misuse(String message) {
      super(message);
    }
  }

  private final Map<String, String> options = new HashMap<>();
  private final List<String> plain = new ArrayList<>();

  Arguments(List<String> words, Set<String> valued, Set<String> flags) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        plain.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value;
      if (flags.contains(name) && equals < 0) {
        value = "";
      } else if (!valued.contains(name)) {
        throw new Misuse("there is no option " + word + " here");
      } else if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (i + 1 < words.size()) {
        value = words.get(++i);
      } else {
        throw new Misuse("the option " + name + " needs a value");
      }
      if (options.put(name, value) != null) {
        throw new Misuse("the option " + name + " is given twice");
      }
    }
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  boolean flag(String name) {
    return options.containsKey(name);
  }

  int number(String name, int otherwise) {
    String text = options.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new Misuse("the option " + name + " needs a whole number, not " + text);
    }
    return Integer.parseInt(text);
  }

  /** All plain words. */
  List<String> plain() {
    return List.copyOf(plain);
  }

  /** Exactly these many plain words. */
  List<String> plain(int count, String what) {
    if (plain.size() != count) {
      throw new Misuse(
          plain.size() < count
              ? what + " is missing"
              : "\"" + plain.get(count) + "\" is one word too many");
    }
    return plain;
  }

  /** The plain words, at most these many. */
  List<String> plainUpTo(int most) {
    if (plain.size() > most) {
      throw new Misuse("\"" + plain.get(most) + "\" is one word too many");
    }
    return plain;
  }
}
