package topiary.engine.gtid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A set of MySQL transactions: the numbers each origin has given. Written as the server writes it,
 * {@code uuid:1-5:7:tag:1-2,uuid:1}, where a tag (MySQL 8.3 and newer) begins a numbering of its
 * own.
 *
 * @param origins the numbers by origin; no origin is without numbers
 */
public record GtidSet(SortedMap<Origin, Intervals> origins) implements GtidPosition {

  public static final GtidSet EMPTY = new GtidSet(new TreeMap<>());

  /** Letters are lowered by the server; 32 characters at most. */
  private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,19}");

  private static final Pattern DASHED =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /**
   * Who has numbered.
   *
   * @param server the {@code server_uuid} of the server that wrote first, in small letters
   * @param tag the tag of the numbering, empty for the usual one
   */
  public record Origin(String server, String tag) implements Comparable<Origin> {

    private static final Comparator<Origin> ORDER =
        Comparator.comparing(Origin::server).thenComparing(Origin::tag);

    @Override
    public int compareTo(Origin other) {
      return ORDER.compare(this, other);
    }
  }

  public GtidSet {
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }

  /**
   * Reads a set; blanks and line breaks between the parts are allowed, blank text is the empty set.
   *
   * @throws IllegalArgumentException with the part that is no GTID
   */
  public static GtidSet parse(String text) {
    Map<Origin, List<Intervals.Interval>> found = new HashMap<>();
    for (String part : text.split(",", -1)) {
      // The server itself lets commas follow each other.
      if (!part.isBlank()) {
        read(part, found);
      }
    }
    var origins = new TreeMap<Origin, Intervals>();
    found.forEach((origin, intervals) -> origins.put(origin, Intervals.of(intervals)));
    return new GtidSet(origins);
  }

  private static void read(String part, Map<Origin, List<Intervals.Interval>> found) {
    String[] words = part.strip().split(":", -1);
    if (!DASHED.matcher(words[0].strip()).matches()) {
      throw bad(part);
    }
    var origin = new Origin(words[0].strip().toLowerCase(Locale.ROOT), "");
    boolean numbered = false;
    for (int i = 1; i < words.length; i++) {
      String word = words[i].strip();
      String tag = word.toLowerCase(Locale.ROOT);
      if (TAG.matcher(tag).matches()) {
        origin = new Origin(origin.server(), tag);
        numbered = false;
      } else {
        found.computeIfAbsent(origin, o -> new ArrayList<>()).add(interval(word, part));
        numbered = true;
      }
    }
    if (!numbered) {
      throw bad(part);
    }
  }

  private static Intervals.Interval interval(String word, String part) {
    String[] ends = word.split("-", -1);
    if (ends.length > 2) {
      throw bad(part);
    }
    return new Intervals.Interval(number(ends[0], part), number(ends[ends.length - 1], part));
  }

  private static long number(String text, String part) {
    String digits = text.strip();
    if (!NUMBER.matcher(digits).matches()) {
      throw bad(part);
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a MySQL GTID: " + part.strip(), e);
    }
  }

  private static IllegalArgumentException bad(String part) {
    return new IllegalArgumentException("not a MySQL GTID: " + part.strip());
  }

  @Override
  public boolean covers(GtidPosition other) {
    return other.isEmpty() || other instanceof GtidSet set && set.minus(this).isEmpty();
  }

  /** What this or the other has. */
  public GtidSet plus(GtidSet other) {
    var all = new TreeMap<>(origins);
    other.origins.forEach((origin, more) -> all.merge(origin, more, Intervals::plus));
    return new GtidSet(all);
  }

  /** What this has and the other has not. */
  public GtidSet minus(GtidSet other) {
    var left = new TreeMap<Origin, Intervals>();
    origins.forEach(
        (origin, mine) -> {
          Intervals rest = mine.minus(other.origins.getOrDefault(origin, Intervals.NONE));
          if (!rest.isEmpty()) {
            left.put(origin, rest);
          }
        });
    return new GtidSet(left);
  }

  /** What was first written by servers of a kind. */
  public GtidSet from(Predicate<String> servers) {
    var kept = new TreeMap<>(origins);
    kept.keySet().removeIf(origin -> !servers.test(origin.server()));
    return new GtidSet(kept);
  }

  @Override
  public boolean isEmpty() {
    return origins.isEmpty();
  }

  /**
   * All of them, one by one.
   *
   * @param most so many at most
   */
  public List<String> each(int most) {
    return origins.entrySet().stream()
        .flatMap(
            e -> {
              String tag = e.getKey().tag();
              String before = e.getKey().server() + (tag.isEmpty() ? "" : ":" + tag) + ":";
              return e.getValue().list().stream()
                  .flatMapToLong(i -> LongStream.rangeClosed(i.first(), i.last()))
                  .mapToObj(number -> before + number);
            })
        .limit(most)
        .toList();
  }

  /** The first transaction, where all were numbered by one origin; empty for several or none. */
  public Optional<String> firstOfOne() {
    if (origins.size() != 1) {
      return Optional.empty();
    }
    Origin origin = origins.firstKey();
    return Optional.of(
        origin.server()
            + (origin.tag().isEmpty() ? "" : ":" + origin.tag())
            + ":"
            + origins.get(origin).list().getFirst().first());
  }

  /** How many transactions. */
  public long count() {
    return origins.values().stream().mapToLong(Intervals::count).sum();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    String last = "";
    for (Map.Entry<Origin, Intervals> entry : origins.entrySet()) {
      Origin origin = entry.getKey();
      if (!origin.server().equals(last)) {
        text.append(last.isEmpty() ? "" : ",").append(origin.server());
        last = origin.server();
      }
      if (!origin.tag().isEmpty()) {
        text.append(':').append(origin.tag());
      }
      text.append(':').append(entry.getValue());
    }
    return text.toString();
  }
}
