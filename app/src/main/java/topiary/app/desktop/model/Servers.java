package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.OfServer;

/** Every server that is seen, as it is looked for. */
final class Servers {

  /**
   * One of them.
   *
   * @param key its address
   * @param card what is said of it
   * @param cluster the id of its cluster in the list of clusters
   * @param name its address in lower case
   * @param spoken what else it is found by, in lower case, with a space before each word
   * @param text name and words
   * @param letters which letters and digits are in the text, a bit for each
   */
  record Server(
      InstanceKey key,
      ServerCard card,
      String cluster,
      String name,
      String spoken,
      String text,
      long letters) {

    /** What is said of it in a list. */
    String detail() {
      return String.join(
          "  ·  ",
          List.of(card.role(), card.version(), card.state()).stream()
              .filter(s -> !s.isEmpty())
              .toList());
    }

    /**
     * How far it is from a word that was typed: 0 for the beginning of its address, 1 for a part of
     * it, 2 for the beginning of any word said of it; -1 when it does not fit.
     *
     * @param word in lower case
     */
    int rank(String word) {
      int place = name.indexOf(word);
      if (place >= 0) {
        return place == 0 ? 0 : 1;
      }
      for (int at = spoken.indexOf(word); at >= 0; at = spoken.indexOf(word, at + 1)) {
        if (at > 0 && spoken.charAt(at - 1) == ' ') {
          return 2;
        }
      }
      return -1;
    }
  }

  static final Servers NONE = new Servers(List.of(), ShortNames.of(List.of()));

  private final List<Server> all;
  private final Map<InstanceKey, Server> byKey;
  private final ShortNames names;

  /**
   * All of these.
   *
   * @param all in order of their addresses
   * @param names how they are called where there is little room
   */
  Servers(List<Server> all, ShortNames names) {
    this.all = List.copyOf(all);
    this.byKey = HashMap.newHashMap(all.size());
    all.forEach(server -> byKey.put(server.key(), server));
    this.names = names;
  }

  /** In order of their addresses. */
  List<Server> all() {
    return all;
  }

  /** How they are called where there is little room. */
  ShortNames names() {
    return names;
  }

  /** What is said of one; empty for a stranger. */
  Optional<ServerCard> card(InstanceKey key) {
    return server(key).map(Server::card);
  }

  Optional<Server> server(InstanceKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** A server as it is looked for. */
  static Server server(ServerCard card, OfServer said, String cluster) {
    var words = new ArrayList<String>();
    words.add(card.state());
    words.add(card.mood().word());
    if (card.mood().troubled()) {
      words.add("trouble");
    }
    if (card.mood() == Mood.LATE) {
      words.add("lag");
    }
    words.add(card.role());
    words.add(card.writes());
    words.add(card.version());
    words.addAll(card.marks());
    words.addAll(said.tags().values());
    words.addAll(said.pools());
    words.add(said.clusterAlias());
    words.removeIf(String::isEmpty);
    String name = lower(card.key().toString());
    String spoken = " " + lower(String.join(" ", words));
    return new Server(
        card.key(), card, cluster, name, spoken, name + spoken, letters(name + spoken));
  }

  /**
   * What was typed, word by word, to be asked of many servers.
   *
   * @param words in lower case
   * @param letters all that are in them
   */
  record Typed(List<String> words, long letters) {

    static Typed of(String text) {
      String typed = lower(text.strip());
      return new Typed(
          typed.isEmpty() ? List.of() : List.of(typed.split("\\s+")), Servers.letters(typed));
    }

    /** How far a server is from the word that fits it least; -1 when one does not fit. */
    int rank(Server server) {
      if ((server.letters() & letters) != letters) {
        return -1;
      }
      int worst = 0;
      for (String word : words) {
        int rank = server.rank(word);
        if (rank < 0) {
          return rank;
        }
        worst = Math.max(worst, rank);
      }
      return worst;
    }
  }

  /** Which letters and digits are in a text in lower case: without one of them, nothing fits. */
  static long letters(String text) {
    long letters = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'a' && c <= 'z') {
        letters |= 1L << (c - 'a');
      } else if (c >= '0' && c <= '9') {
        letters |= 1L << (26 + c - '0');
      }
    }
    return letters;
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
