package topiary.app.wire;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Asks the other nodes now and then for what is in each one's file and counts for all when that one
 * leads: how long who did what is kept. Where it differs, what is kept depends on who leads, which
 * is worth a warning; what is cut off is cut off on every node in any case, by the log.
 */
final class Agreement {

  /** From one look to the next. */
  static final Duration LOOK = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger(Agreement.class.getName());

  /** Asks one node. */
  interface Asking {
    /** How many days it keeps who did what; empty when it is of a version that does not say. */
    Optional<Integer> auditDays(URI node)
        throws IOException, InterruptedException, PeerLink.Refused;
  }

  private final int days;
  private final Supplier<Map<String, URI>> others;
  private final Asking asking;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile SortedMap<String, Integer> said = new TreeMap<>();

  /**
   * An agreement that nobody was asked about yet.
   *
   * @param days how many this node's file says
   * @param others where each other node serves, by what people call it
   */
  Agreement(int days, Supplier<Map<String, URI>> others, Asking asking) {
    this.days = days;
    this.others = others;
    this.asking = asking;
  }

  /** Asks everybody, and waits for them; returns at once when it is at it already. */
  void look() {
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    try {
      var now = new TreeMap<String, Integer>();
      for (Map.Entry<String, URI> other : others.get().entrySet()) {
        ask(other.getKey(), other.getValue()).ifPresent(it -> now.put(other.getKey(), it));
      }
      said = now;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      busy.set(false);
    }
  }

  /** Who does not answer is as it was when it last did. */
  private Optional<Integer> ask(String name, URI node) throws InterruptedException {
    try {
      return asking.auditDays(node);
    } catch (IOException | PeerLink.Refused e) {
      LOG.log(System.Logger.Level.DEBUG, name + " does not say what is in its file", e);
      return Optional.ofNullable(said.get(name));
    }
  }

  /** What is not the same everywhere, a sentence each. */
  List<String> warnings() {
    return said.entrySet().stream()
        .filter(other -> other.getValue() != days)
        .map(
            other ->
                other.getKey()
                    + " keeps who did what for "
                    + days(other.getValue())
                    + " by its file, this node for "
                    + days(days)
                    + ": whichever leads decides for all; give both the same auditDays")
        .toList();
  }

  private static String days(int number) {
    return number + (number == 1 ? " day" : " days");
  }
}
