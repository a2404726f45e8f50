package topiary.app.kept;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * The errant transactions of each server, kept as long as it and all servers above it are the same
 * values: they follow from nothing else.
 */
public final class Errants {

  private static final Optional<String> NONE = Optional.empty();

  private final Map<InstanceKey, Known> known = new ConcurrentHashMap<>();

  /** What was found, and of whom; the server itself first, null for whom nobody knows. */
  private record Known(InstanceKey[] keys, Instance[] of, Optional<String> errant) {

    boolean holds(Function<InstanceKey, Instance> now) {
      for (int i = 0; i < keys.length; i++) {
        if (now.apply(keys[i]) != of[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * The errant transactions of a server, in its own notation; empty for none.
   *
   * @param now the servers of the topology; null for whom it does not know
   */
  public Optional<String> of(
      Topology topology, Function<InstanceKey, Instance> now, InstanceKey key) {
    Instance instance = now.apply(key);
    if (instance == null || sources(instance).isEmpty()) {
      return NONE;
    }
    Known before = known.get(key);
    // As long as those above are the same values, nobody else can stand among them.
    if (before != null && before.holds(now)) {
      return before.errant;
    }
    InstanceKey[] keys = above(key, now).toArray(InstanceKey[]::new);
    Instance[] of = Arrays.stream(keys).map(now).toArray(Instance[]::new);
    var found = new Known(keys, of, Errant.of(topology, key));
    known.put(key, found);
    return found.errant;
  }

  /** Forgets whoever is not in it. */
  void keep(Set<InstanceKey> servers) {
    known.keySet().retainAll(servers);
  }

  void clear() {
    known.clear();
  }

  private static Set<InstanceKey> above(InstanceKey key, Function<InstanceKey, Instance> now) {
    var above = new LinkedHashSet<InstanceKey>();
    Deque<InstanceKey> open = new ArrayDeque<>(Set.of(key));
    while (!open.isEmpty()) {
      InstanceKey next = open.pop();
      Instance instance = above.add(next) ? now.apply(next) : null;
      if (instance != null) {
        sources(instance).forEach(channel -> open.push(channel.source()));
      }
    }
    return above;
  }

  private static List<Channel> sources(Instance instance) {
    return instance.facts().map(Facts::channels).orElse(List.of());
  }
}
