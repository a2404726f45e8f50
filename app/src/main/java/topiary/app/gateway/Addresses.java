package topiary.app.gateway;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the nodes of one cluster are: as they were given, and as the nodes themselves say. Safe for
 * threads.
 */
final class Addresses {

  private final List<URI> given;
  private List<URI> learned;
  private Optional<URI> current = Optional.empty();

  /** Those that did not answer last, the latest at the end. */
  private final Set<URI> down = new LinkedHashSet<>();

  /**
   * Addresses.
   *
   * @param given at least one
   * @param learned what the nodes said of each other an earlier time
   */
  Addresses(List<URI> given, List<URI> learned) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("no address of a node is given");
    }
    this.given = List.copyOf(given);
    this.learned = List.copyOf(learned);
  }

  /** The one that is listened to, else the one to begin with, then all others; the dead at last. */
  synchronized List<URI> all() {
    Set<URI> all = new LinkedHashSet<>();
    current.ifPresent(all::add);
    all.addAll(given);
    all.addAll(learned);
    var order = new ArrayList<>(all);
    order.removeAll(down);
    down.stream().filter(all::contains).forEach(order::add);
    return order;
  }

  /** The one that is listened to. */
  synchronized Optional<URI> current() {
    return current;
  }

  /** What the nodes say now; whether it is news. */
  synchronized boolean learn(List<URI> members) {
    boolean fresh = !members.equals(learned);
    learned = List.copyOf(members);
    return fresh;
  }

  /** This one is listened to. */
  synchronized void listening(URI to) {
    current = Optional.of(to);
    down.remove(to);
  }

  /** This one does not answer, or not as it should. */
  synchronized void failed(URI node) {
    down.remove(node);
    down.add(node);
  }

  /** This one answers. */
  synchronized void answered(URI node) {
    down.remove(node);
  }

  /** All of them, for people. */
  static String words(List<URI> of) {
    String last = of.getLast().toString();
    return of.size() == 1
        ? last
        : String.join(", ", of.subList(0, of.size() - 1).stream().map(URI::toString).toList())
            + " and "
            + last;
  }
}
