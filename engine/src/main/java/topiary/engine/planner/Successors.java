package topiary.engine.planner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import topiary.engine.analysis.Promotable;
import topiary.engine.analysis.World;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Version;

/**
 * Who would take a primary's place, and of everybody else why not. Pure.
 *
 * <p>Sought are they among the primary's replicas, and below those of them that do not answer.
 * Whoever may not or cannot be promoted is out. Of the others comes first who can serve most of the
 * rest; of those, who has received the most, as what nobody else has is lost; then who is wanted
 * most by its promotion rule; then who stands in the primary's data centre; then who runs the
 * oldest version; then who stood right below the primary; then who has least left to apply; then
 * the first by address.
 */
public final class Successors {

  private final List<Candidate> ranked;
  private final Map<InstanceKey, String> out;

  /**
   * One who could.
   *
   * @param serves how many of the others
   * @param ahead of how many of the others it has all that they received
   * @param wish its promotion rule's rank, least first
   * @param elsewhere whether it stands in another data centre than the primary
   * @param deeper whether it stood below another replica
   * @param late in seconds
   */
  private record Candidate(
      Sight sight,
      int siblings,
      int serves,
      int ahead,
      int wish,
      boolean elsewhere,
      boolean deeper,
      long late) {

    InstanceKey key() {
      return sight.key();
    }

    Version version() {
      return sight.facts().identity().version();
    }
  }

  /** A criterion: the smaller number is better, and what to say of whoever has the larger. */
  private record Criterion(Comparator<Candidate> order, Function<Pair, String> why) {}

  private record Pair(Candidate of, Candidate chosen) {}

  private static final List<Criterion> CRITERIA =
      List.of(
          new Criterion(
              Comparator.comparing(c -> -c.serves()),
              p ->
                  "can serve "
                      + p.of().serves()
                      + " of the other replicas, and "
                      + p.chosen().key()
                      + " "
                      + p.chosen().serves()),
          new Criterion(
              Comparator.comparing(c -> -c.ahead()),
              p -> "has received less than " + p.chosen().key()),
          new Criterion(
              Comparator.comparing(Candidate::wish),
              p -> "is wanted less than " + p.chosen().key() + ", by their promotion rules"),
          new Criterion(
              Comparator.comparing(Candidate::elsewhere),
              p -> "stands in another data centre than the primary"),
          new Criterion(
              Comparator.comparing(Candidate::version),
              p ->
                  "runs "
                      + p.of().version().text()
                      + ", and the older "
                      + p.chosen().version().text()
                      + " can serve more"),
          new Criterion(
              Comparator.comparing(Candidate::deeper),
              p -> "stood below a replica that is dead as well"),
          new Criterion(
              Comparator.comparing(Candidate::late),
              p ->
                  "is "
                      + p.of().late()
                      + " s late, and "
                      + p.chosen().key()
                      + " "
                      + p.chosen().late()),
          new Criterion(
              Comparator.comparing(Candidate::key),
              p -> "suits as well as " + p.chosen().key() + ", whose address comes first"));

  private Successors(List<Candidate> ranked, Map<InstanceKey, String> out) {
    this.ranked = ranked;
    this.out = out;
  }

  /** The successors of a server. */
  public static Successors of(World world, InstanceKey primary) {
    return of(world, primary, List.of());
  }

  /**
   * The same in the midst of a recovery.
   *
   * @param begun who was moved below others by it, to get what those had more; the first of them
   *     that still suits comes before all others
   */
  public static Successors of(World world, InstanceKey primary, List<InstanceKey> begun) {
    var replicas = new LinkedHashSet<InstanceKey>(below(world.topology(), primary));
    replicas.addAll(begun);
    var out = new TreeMap<InstanceKey, String>();
    var able = new ArrayList<Sight>();
    var seen = new ArrayList<Sight>();
    for (InstanceKey key : replicas) {
      Optional<Sight> sight =
          world
              .topology()
              .instance(key)
              .filter(i -> i.seen())
              .map(i -> new Sight(i, i.facts().orElseThrow()));
      sight.ifPresent(seen::add);
      Optional<String> why =
          Promotable.whyNot(world, key)
              .or(() -> errant(world, key).map(gtids -> "has errant transactions: " + gtids))
              .or(() -> sight.flatMap(Successors::failsAt));
      why.ifPresentOrElse(words -> out.put(key, words), () -> able.add(sight.orElseThrow()));
    }
    String place = place(world, primary);
    var ranked = new ArrayList<Candidate>();
    for (Sight sight : able) {
      boolean direct =
          sight.facts().primaryChannel().filter(c -> c.source().equals(primary)).isPresent();
      candidate(world, sight, seen, place, !direct)
          .ifPresentOrElse(
              ranked::add, () -> out.put(sight.key(), "can serve none of the other replicas"));
    }
    ranked.sort(
        CRITERIA.stream().map(Criterion::order).reduce(Comparator::thenComparing).orElseThrow());
    begun.stream()
        .flatMap(key -> ranked.stream().filter(c -> c.key().equals(key)))
        .findFirst()
        .ifPresent(
            first -> {
              ranked.remove(first);
              ranked.addFirst(first);
            });
    return new Successors(ranked, out);
  }

  /**
   * Who stands right below a server: its replicas, and in the place of each that does not answer
   * also those of that one.
   */
  public static List<InstanceKey> below(Topology topology, InstanceKey primary) {
    var all = new LinkedHashSet<InstanceKey>();
    var open = new ArrayDeque<InstanceKey>(List.of(primary));
    while (!open.isEmpty()) {
      InstanceKey source = open.pop();
      for (InstanceKey key : topology.replicasOf(source)) {
        Optional<Instance> replica = topology.instance(key);
        boolean follows =
            replica
                .flatMap(Instance::primaryChannel)
                .filter(c -> c.source().equals(source) && !c.detached())
                .isPresent();
        if (follows && all.add(key) && replica.filter(Instance::seen).isEmpty()) {
          open.add(key);
        }
      }
    }
    all.remove(primary);
    return List.copyOf(all);
  }

  /** What it has of its own, or was passed on to it by a source that is dead by now. */
  private static Optional<String> errant(World world, InstanceKey key) {
    Optional<String> own = world.errant(key);
    var above = new HashSet<InstanceKey>(List.of(key));
    Optional<Instance> source = source(world.topology(), key);
    while (own.isEmpty() && source.filter(s -> !s.seen() && above.add(s.key())).isPresent()) {
      own = world.errant(source.get().key());
      source = source(world.topology(), source.get().key());
    }
    return own;
  }

  private static Optional<Instance> source(Topology topology, InstanceKey key) {
    return topology.instance(key).flatMap(Instance::source).flatMap(topology::instance);
  }

  /** One that has failed at what it received will not apply the rest by itself. */
  private static Optional<String> failsAt(Sight replica) {
    return replica
        .facts()
        .primaryChannel()
        .filter(c -> c.sql() == ThreadState.STOPPED && c.sqlError().present())
        .filter(c -> Relay.pending(replica.facts(), c).isPresent())
        .map(c -> "cannot apply what it has received: " + c.sqlError().message());
  }

  private static Optional<Candidate> candidate(
      World world, Sight sight, List<Sight> seen, String place, boolean deeper) {
    List<Sight> others = seen.stream().filter(o -> !o.key().equals(sight.key())).toList();
    int serves =
        (int)
            others.stream()
                .filter(o -> Eligibility.refusal(world.topology(), o, sight).isEmpty())
                .count();
    if (!others.isEmpty() && serves == 0) {
      return Optional.empty();
    }
    int ahead = (int) others.stream().filter(o -> Candidates.has(sight.facts(), o.facts())).count();
    String own = sight.facts().background().detected().dataCenter();
    return Optional.of(
        new Candidate(
            sight,
            others.size(),
            serves,
            ahead,
            world.promotion(sight.key()).ordinal(),
            !place.isEmpty() && !own.equals(place),
            deeper,
            sight.facts().late()));
  }

  /** All that a server has received of others and executed, as a position of its flavour. */
  public static GtidPosition received(Facts facts) {
    return Candidates.received(facts);
  }

  /**
   * Whether one has received all that another has: where both go by file and position in one log,
   * by their places there.
   */
  public static boolean has(Facts one, Facts other) {
    return Candidates.has(one, other);
  }

  /** Up to where a replica that goes by file and position has received the log of another. */
  public static Optional<BinlogPosition> received(Facts facts, InstanceKey source) {
    return Candidates.received(facts, source);
  }

  private static String place(World world, InstanceKey key) {
    return world
        .topology()
        .instance(key)
        .flatMap(i -> i.facts())
        .map(Facts::background)
        .map(b -> b.detected().dataCenter())
        .orElse("");
  }

  /** Who it would be; empty when there is nobody. */
  public Optional<InstanceKey> chosen() {
    return ranked.stream().findFirst().map(Candidate::key);
  }

  /** Who could take its place, the best first. */
  public List<InstanceKey> ranked() {
    return ranked.stream().map(Candidate::key).toList();
  }

  /** How many could take its place. */
  public int able() {
    return ranked.size();
  }

  /** How many of its siblings the chosen one can serve, and how many there are. */
  int[] served() {
    return ranked.isEmpty()
        ? new int[] {0, 0}
        : new int[] {ranked.getFirst().serves(), ranked.getFirst().siblings()};
  }

  /** Of everybody else, why not, without the name; best first, then those who could not at all. */
  public Map<InstanceKey, String> whyNot() {
    var why = new LinkedHashMap<InstanceKey, String>();
    ranked.stream().skip(1).forEach(c -> why.put(c.key(), less(c, ranked.getFirst())));
    why.putAll(out);
    return why;
  }

  private static String less(Candidate of, Candidate chosen) {
    return CRITERIA.stream()
        .filter(c -> c.order().compare(chosen, of) < 0)
        .findFirst()
        .map(c -> c.why().apply(new Pair(of, chosen)))
        .orElseGet(() -> "comes after " + chosen.key() + ", which was brought up to date already");
  }
}
