package topiary.engine.planner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Version;

/**
 * Which of several replicas of one source suits best as the source of the others.
 *
 * <p>First comes who can serve most of the others; of those, who has received the most, as nobody
 * who is further can go below somebody who is behind; then who is not held back on purpose; then
 * who runs the oldest version, as it can serve all that are newer; then the first by address.
 */
final class Candidates {

  private final List<Candidate> ranked;
  private final Map<InstanceKey, String> whyNot;

  /**
   * One of them.
   *
   * @param serves how many of the others it can serve
   * @param ahead of how many of the others it has all that they received
   */
  private record Candidate(Sight sight, int serves, int ahead, int delay) {}

  private Candidates(List<Candidate> ranked, Map<InstanceKey, String> whyNot) {
    this.ranked = ranked;
    this.whyNot = whyNot;
  }

  static Candidates among(Topology topology, List<InstanceKey> members) {
    List<Sight> seen =
        members.stream()
            .flatMap(key -> topology.instance(key).stream())
            .filter(Instance::seen)
            .map(i -> new Sight(i, i.facts().orElseThrow()))
            .toList();
    var ranked = new ArrayList<Candidate>();
    var whyNot = new TreeMap<InstanceKey, String>();
    members.stream()
        .filter(key -> seen.stream().noneMatch(s -> s.key().equals(key)))
        .forEach(key -> whyNot.put(key, key + " cannot be seen"));
    for (Sight sight : seen) {
      Optional<Channel> detached = sight.facts().primaryChannel().filter(Channel::detached);
      if (detached.isPresent()) {
        whyNot.put(sight.key(), sight.detached(detached.get()));
        continue;
      }
      List<Sight> others = seen.stream().filter(o -> o != sight).toList();
      List<String> refusals =
          others.stream()
              .flatMap(other -> Eligibility.refusal(topology, other, sight).stream())
              .toList();
      if (!others.isEmpty() && refusals.size() == others.size()) {
        whyNot.put(sight.key(), refusals.getFirst());
        continue;
      }
      int ahead = (int) others.stream().filter(other -> has(sight, other)).count();
      int delay = sight.facts().primaryChannel().map(Channel::delaySeconds).orElse(0);
      ranked.add(new Candidate(sight, others.size() - refusals.size(), ahead, delay));
    }
    ranked.sort(
        Comparator.comparing((Candidate c) -> -c.serves())
            .thenComparing(c -> -c.ahead())
            .thenComparing(Candidate::delay)
            .thenComparing(c -> c.sight().facts().identity().version())
            .thenComparing(c -> c.sight().key()));
    return new Candidates(ranked, whyNot);
  }

  /** Whether one has received all that another has. */
  private static boolean has(Sight one, Sight other) {
    return has(one.facts(), other.facts());
  }

  /**
   * Whether one has received all that another has: where both go by file and position in one log,
   * by their places there.
   */
  static boolean has(Facts one, Facts other) {
    Optional<InstanceKey> source = one.primaryChannel().map(Channel::source);
    Optional<BinlogPosition> its = source.flatMap(s -> received(one, s));
    Optional<BinlogPosition> others = source.flatMap(s -> received(other, s));
    return its.isPresent() && others.isPresent()
        ? !its.get().isBefore(others.get())
        : received(one).covers(received(other));
  }

  /** Up to where a replica that goes by file and position has received the log of another. */
  static Optional<BinlogPosition> received(Facts facts, InstanceKey source) {
    return facts
        .primaryChannel()
        .filter(c -> c.gtid() == GtidUse.NONE && c.source().equals(source))
        .map(c -> c.progress().read());
  }

  /** All that a replica has: what it has applied, and what it has received. */
  static GtidPosition received(Facts facts) {
    String executed = facts.positions().executedGtid();
    String received = facts.primaryChannel().map(c -> c.progress().receivedGtid()).orElse("");
    var flavor = facts.identity().flavor();
    GtidPosition applied = flavor.position(executed);
    GtidPosition got = flavor.position(received);
    if (applied instanceof GtidSet a && got instanceof GtidSet b) {
      return a.plus(b);
    }
    return got.covers(applied) ? got : applied;
  }

  /** The best; empty when none of them can serve any other. */
  Optional<InstanceKey> best() {
    return ranked.stream().findFirst().map(c -> c.sight().key());
  }

  /** Of everybody but the best, why it is not that one. */
  Map<InstanceKey, String> whyNotTheBest() {
    var why = new TreeMap<>(whyNot);
    if (!ranked.isEmpty()) {
      ranked.stream().skip(1).forEach(c -> why.put(c.sight().key(), less(c, ranked.getFirst())));
    }
    return why;
  }

  private static String less(Candidate c, Candidate best) {
    InstanceKey key = c.sight().key();
    InstanceKey first = best.sight().key();
    if (c.serves() < best.serves()) {
      return key
          + " can serve "
          + c.serves()
          + " of the others, and "
          + first
          + " "
          + best.serves();
    }
    if (c.ahead() < best.ahead()) {
      return key + " has received less than " + first;
    }
    if (c.delay() > best.delay()) {
      return key + " is held back by " + c.delay() + " s, and " + first + " by " + best.delay();
    }
    Version its = c.sight().facts().identity().version();
    Version oldest = best.sight().facts().identity().version();
    return its.compareTo(oldest) > 0
        ? key + " runs " + its.text() + ", and the older " + oldest.text() + " can serve more"
        : key + " suits as well as " + first + ", whose address comes first";
  }

  /** Why those that cannot serve any other cannot, in sentences. */
  String whyNot() {
    return whyNot.isEmpty()
        ? "there is none"
        : whyNot.values().stream().distinct().collect(Collectors.joining("; "));
  }
}
