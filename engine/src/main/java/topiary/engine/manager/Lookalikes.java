package topiary.engine.manager;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import topiary.engine.analysis.Ring;
import topiary.engine.model.Facts;
import topiary.engine.model.Identity;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * Who answers where, who answered there before, and who says to be whom; so that what is wrong with
 * it is said. Seen by this node, not replicated. Thread-safe.
 */
final class Lookalikes {

  /** How long it is said that another server has taken an address. */
  private static final Duration SAID = Duration.ofHours(24);

  /** Servers with one server_id beyond so many are not told one by one. */
  private static final int ENOUGH = 3;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private record Takeover(Identity was, Instant since) {}

  private record Pair(InstanceKey one, InstanceKey other) {
    static Pair of(InstanceKey a, InstanceKey b) {
      return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }

    boolean has(InstanceKey key) {
      return one.equals(key) || other.equals(key);
    }
  }

  private final Map<InstanceKey, Identity> known = new HashMap<>();
  private final Map<String, SortedSet<InstanceKey>> byMark = new HashMap<>();
  private final Map<Long, SortedSet<InstanceKey>> byId = new HashMap<>();
  private final Map<InstanceKey, Takeover> takeovers = new HashMap<>();
  private final Map<Pair, Instant> different = new HashMap<>();

  /**
   * Takes in what was seen, and says what is wrong with it.
   *
   * @param topology as it was before this look
   * @param facts what was seen of a server that is looked after
   * @return sentences without their subject, which is the server
   */
  synchronized List<String> seen(Topology topology, InstanceKey key, Facts facts, Instant at) {
    Identity now = facts.identity();
    Identity before = known.put(key, now);
    if (before == null || !before.equals(now)) {
      if (before != null) {
        unlist(key, before);
      }
      byMark.computeIfAbsent(now.mark(), m -> new TreeSet<>()).add(key);
      byId.computeIfAbsent(now.serverId(), id -> new TreeSet<>()).add(key);
    }
    if (before != null && changed(before, now)) {
      Takeover last = takeovers.get(key);
      if (last != null && !changed(last.was(), now)) {
        takeovers.remove(key);
      } else {
        takeovers.put(key, new Takeover(before, at));
      }
      different.keySet().removeIf(pair -> pair.has(key));
    }
    var complaints = new ArrayList<String>();
    takeover(key, now, at).ifPresent(complaints::add);
    for (InstanceKey other : different.isEmpty() ? List.<InstanceKey>of() : namesakes(now)) {
      if (different.containsKey(Pair.of(key, other))) {
        complaints.add("has the same server_uuid as " + other + ", and is another server");
      }
    }
    sameId(topology, key, facts).ifPresent(complaints::add);
    Ring.complaint(topology, key).ifPresent(complaints::add);
    return complaints;
  }

  /** Those that have a server's uuid, and itself; nobody where there are none. */
  private Collection<InstanceKey> namesakes(Identity identity) {
    return identity.uuid().isPresent() ? byMark.get(identity.mark()) : List.of();
  }

  private static boolean changed(Identity before, Identity now) {
    return !now.continues(before) || now.serverId() != before.serverId();
  }

  private Optional<String> takeover(InstanceKey key, Identity now, Instant at) {
    Takeover last = takeovers.get(key);
    if (last == null) {
      return Optional.empty();
    }
    if (last.since().plus(SAID).isBefore(at)) {
      takeovers.remove(key);
      return Optional.empty();
    }
    Identity was = last.was();
    String since = " since " + TIME.format(last.since()) + ": its ";
    if (now.continues(was)) {
      return Optional.of(
          "has another server_id"
              + since
              + "server_id was "
              + was.serverId()
              + ", now it is "
              + now.serverId());
    }
    boolean uuids = was.uuid().isPresent() && now.uuid().isPresent();
    return Optional.of(
        "is another server"
            + since
            + (uuids
                ? "server_uuid was " + was.uuid().get() + ", now it is " + now.uuid().get()
                : was.flavor() != now.flavor()
                    ? "software was " + was.flavor().label() + ", now it is " + now.flavor().label()
                    : "server_id was " + was.serverId() + ", now it is " + now.serverId()));
  }

  /** Replicas of one source that have one server_id throw each other off it. */
  private Optional<String> sameId(Topology topology, InstanceKey key, Facts facts) {
    SortedSet<InstanceKey> all = byId.get(facts.identity().serverId());
    if (all.size() == 1) {
      return Optional.empty();
    }
    Optional<InstanceKey> source = facts.primaryChannel().map(c -> c.source());
    List<InstanceKey> same =
        all.stream()
            .filter(other -> !other.equals(key) && !maybeSame(key, other))
            .filter(
                other ->
                    source.filter(other::equals).isPresent()
                        || source.equals(topology.instance(other).flatMap(i -> i.source()))
                            && source.isPresent()
                        || topology
                            .instance(other)
                            .flatMap(i -> i.source())
                            .filter(key::equals)
                            .isPresent())
            .limit(ENOUGH)
            .toList();
    return same.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "has the same server_id as "
                + String.join(", ", same.stream().map(InstanceKey::toString).toList())
                + ", "
                + facts.identity().serverId()
                + ": they cannot replicate side by side or from one another");
  }

  /** Whether two look like one and nobody has tried yet whether they are. */
  private boolean maybeSame(InstanceKey one, InstanceKey other) {
    return known.get(one).mark().equals(known.get(other).mark())
        && !different.containsKey(Pair.of(one, other));
  }

  /** The servers that look like this one, tried or not, without it. */
  synchronized List<InstanceKey> of(InstanceKey key, Identity identity) {
    SortedSet<InstanceKey> all = byMark.get(identity.mark());
    // Asked at each look, and hardly ever is there another.
    return all == null || all.size() == 1 && all.contains(key)
        ? List.of()
        : all.stream().filter(other -> !other.equals(key)).toList();
  }

  /** Another server that has the {@code server_uuid} of this one, as was proven. */
  synchronized Optional<InstanceKey> twin(InstanceKey key) {
    Identity identity = known.get(key);
    return identity == null || identity.uuid().isEmpty()
        ? Optional.empty()
        : of(key, identity).stream()
            .filter(other -> different.containsKey(Pair.of(key, other)))
            .findFirst();
  }

  /** Whether two look like one and were not tried since a time. */
  synchronized boolean untried(InstanceKey one, InstanceKey other, Instant since) {
    Instant tried = different.get(Pair.of(one, other));
    return tried == null || tried.isBefore(since);
  }

  /** Two names were tried and reach two servers. */
  synchronized void areDifferent(InstanceKey one, InstanceKey other, Instant at) {
    different.put(Pair.of(one, other), at);
  }

  /** A person has looked: whoever answers there now is the one that is meant. */
  synchronized void accept(InstanceKey key) {
    takeovers.remove(key);
  }

  synchronized void forget(InstanceKey key) {
    Identity last = known.remove(key);
    if (last != null) {
      unlist(key, last);
    }
    takeovers.remove(key);
    different.keySet().removeIf(pair -> pair.has(key));
  }

  private void unlist(InstanceKey key, Identity identity) {
    remove(byMark, identity.mark(), key);
    remove(byId, identity.serverId(), key);
  }

  private static <T> void remove(Map<T, SortedSet<InstanceKey>> index, T under, InstanceKey key) {
    index.computeIfPresent(
        under,
        (k, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }
}
