package topiary.app.legacy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import topiary.app.json.JsonBytes;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.OfServer;

/**
 * Every server's JSON as it was written last, in the order of a search's answer; it holds for a
 * second at the most, as ages are told in seconds, and as long as the server, all above it, and
 * what people say are the same values. Who asks again within that second has the others copied;
 * nothing is kept for those who ask every few seconds. Thread-safe: of two who write one server at
 * once, either's is kept.
 */
final class Whole {

  /** Beyond so many servers nothing is kept here, some 30 MB. */
  private static final int MOST = 12_000;

  private final List<InstanceKey> order;

  /** Of each in the order of a search, its place in the order of addresses. */
  private final int[] places;

  /**
   * The same of those from the head down to it; null for whom it cannot be told so simply, as it
   * replicates from itself through others.
   */
  private final int[][] lines;

  private final Known[] known;
  private volatile long lastAsked;

  /**
   * What was written.
   *
   * @param line it and those above it; null for whom nobody knows
   * @param second of the moment it was written for
   * @param said of everybody
   */
  private record Known(
      Instance[] line, long second, Map<InstanceKey, OfServer> said, byte[] json) {}

  /**
   * Nothing yet.
   *
   * @param keys everybody, in order of their address
   */
  Whole(Layout layout, Iterable<InstanceKey> keys) {
    order = layout.searchOrder();
    var byKey = new HashMap<InstanceKey, Integer>();
    for (InstanceKey key : keys) {
      byKey.put(key, byKey.size());
    }
    places = new int[order.size()];
    lines = new int[order.size()][];
    known = new Known[order.size() > MOST ? 0 : order.size()];
    for (int i = 0; i < places.length; i++) {
      Layout.Spot spot = layout.spot(order.get(i));
      places[i] = byKey.get(order.get(i));
      lines[i] = line(spot, layout.head(spot.cluster()), byKey);
    }
  }

  private static int[] line(Layout.Spot spot, InstanceKey head, Map<InstanceKey, Integer> byKey) {
    // A stranger may stand above a head.
    boolean simple = spot.line().contains(head) && !spot.coMaster();
    return simple
        ? spot.line().stream().mapToInt(key -> byKey.getOrDefault(key, -1)).toArray()
        : null;
  }

  /**
   * Somebody asks for everybody.
   *
   * @param second of the moment that is told of
   * @return whether somebody has lately, so that what is written now is worth being kept
   */
  boolean asked(long second) {
    long last = lastAsked;
    lastAsked = second;
    return second - last <= 1;
  }

  /** One server's JSON, made anew. */
  interface Writing {
    /** Writes it. */
    void write(Instance server) throws IOException;
  }

  /**
   * Writes one server.
   *
   * @param index in the order of a search's answer
   * @param all everybody, in order of their address
   * @param second of the moment that is told of
   * @param said of everybody; another map whenever anything is another
   * @param keeps whether it is kept for others
   */
  void write(
      int index,
      Instance[] all,
      long second,
      Map<InstanceKey, OfServer> said,
      boolean keeps,
      JsonBytes out,
      Writing anew)
      throws IOException {
    Instance server = all[places[index]];
    Known last = index < known.length ? known[index] : null;
    if (last != null && last.second == second && last.said == said && same(index, all, last.line)) {
      out.written(last.json);
      return;
    }
    long begun = out.begin();
    anew.write(server);
    if (keeps && index < known.length && lines[index] != null && plain(said.get(server.key()))) {
      Instance[] line = line(index, all);
      byte[] json = single(line) ? out.since(begun) : null;
      known[index] = json == null ? null : new Known(line, second, said, json);
    }
  }

  private boolean same(int index, Instance[] all, Instance[] line) {
    int[] now = lines[index];
    for (int i = 0; i < line.length; i++) {
      if (line[i] != (now[i] < 0 ? null : all[now[i]])) {
        return false;
      }
    }
    return true;
  }

  private Instance[] line(int index, Instance[] all) {
    var line = new Instance[lines[index].length];
    for (int i = 0; i < line.length; i++) {
      line[i] = lines[index][i] < 0 ? null : all[lines[index][i]];
    }
    return line;
  }

  /** What ends within a second, whole or not, is not kept. */
  private static boolean plain(OfServer said) {
    return said == null || said.downtime().isEmpty() && said.promotion().isEmpty();
  }

  /** Whether nobody stands above it but those: none has a second source. */
  private static boolean single(Instance[] line) {
    for (Instance one : line) {
      if (one != null && one.facts().map(Facts::channels).filter(c -> c.size() > 1).isPresent()) {
        return false;
      }
    }
    return true;
  }
}
