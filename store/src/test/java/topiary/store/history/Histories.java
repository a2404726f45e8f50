package topiary.store.history;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import topiary.engine.model.InstanceKey;

/** Entries of servers that are not there. */
public final class Histories {

  public static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");
  public static final HistoryLimits SMALL =
      new HistoryLimits(Duration.ofDays(3), HistoryLimits.LEAST);

  private Histories() {}

  public static InstanceKey key(int i) {
    return new InstanceKey("db" + i, 3306);
  }

  /** So many servers, whole, each with so many bytes that no packing makes smaller. */
  public static List<Entry> everybody(int servers, int bytes, Random random, Instant at) {
    return java.util.stream.IntStream.range(0, servers)
        .mapToObj(
            i -> new Entry(at.toEpochMilli(), key(i), Entry.Kind.CAME, document(bytes, random)))
        .toList();
  }

  public static Entry news(int server, String field, Object value, Instant at) {
    return new Entry(at.toEpochMilli(), key(server), Entry.Kind.NEWS, Map.of(field, value));
  }

  private static Map<String, Object> document(int bytes, Random random) {
    var document = new LinkedHashMap<String, Object>();
    document.put("condition", "SEEN");
    document.put("noise", noise(bytes, random));
    return document;
  }

  public static String noise(int bytes, Random random) {
    var noise = new byte[bytes * 3 / 4];
    random.nextBytes(noise);
    return java.util.Base64.getEncoder().encodeToString(noise);
  }
}
