package topiary.app.desktop.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import topiary.app.desktop.model.BeforeAfter.Branch;
import topiary.engine.intent.Intent.Relocate;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/**
 * A few servers of a topology: those that are moved, the sources they are moved from and to, and
 * the heads of their trees. Of many that are moved from one source to one other a few are shown.
 */
final class SmallTrees {

  /** So many that go the same way are shown one by one. */
  private static final int MOST = 4;

  private final Topology in;
  private final Set<InstanceKey> moved = new LinkedHashSet<>();

  /** In the order in which they are drawn below one another. */
  private final Set<InstanceKey> shown = new LinkedHashSet<>();

  /** How many go the same way as one that is shown, and are not. */
  private final Map<InstanceKey, Integer> more = new HashMap<>();

  /** Who is dead afterwards; empty for nobody. */
  private Optional<InstanceKey> dead = Optional.empty();

  /**
   * What is shown of a server's death.
   *
   * @param moves of its replicas
   * @param successor who takes its place
   * @param left those that stay below it
   */
  static SmallTrees dying(
      Topology in,
      List<Relocate> moves,
      InstanceKey dead,
      Optional<InstanceKey> successor,
      Collection<InstanceKey> left) {
    var trees = new SmallTrees(in, moves);
    var around = new LinkedHashSet<InstanceKey>();
    List<InstanceKey> above = in.sourcesOf(dead);
    if (!above.isEmpty()) {
      around.add(above.getLast());
    }
    around.add(dead);
    around.addAll(trees.shown);
    successor.ifPresent(around::add);
    left.stream().filter(key -> in.instance(key).isPresent()).limit(MOST).forEach(around::add);
    trees.shown.clear();
    trees.shown.addAll(around);
    successor.ifPresent(trees.moved::add);
    trees.dead = Optional.of(dead);
    return trees;
  }

  /**
   * Chooses what is shown.
   *
   * @param in the topology now
   * @param moves of servers that have a source, each to another one
   */
  SmallTrees(Topology in, List<Relocate> moves) {
    this.in = in;
    Set<InstanceKey> ends = new LinkedHashSet<>();
    moves.forEach(m -> ends.add(source(in, m.replica()).orElseThrow()));
    moves.forEach(m -> ends.add(m.below()));
    moves.forEach(m -> moved.add(m.replica()));
    for (InstanceKey end : ends) {
      List<InstanceKey> above = in.sourcesOf(end);
      if (!above.isEmpty() && !moved.contains(above.getLast())) {
        shown.add(above.getLast());
      }
    }
    ends.stream().filter(end -> !moved.contains(end)).forEach(shown::add);
    var ways = new LinkedHashMap<List<InstanceKey>, List<InstanceKey>>();
    for (Relocate m : moves) {
      if (ends.contains(m.replica())) {
        shown.add(m.replica());
      } else {
        ways.computeIfAbsent(
                List.of(source(in, m.replica()).orElseThrow(), m.below()), k -> new ArrayList<>())
            .add(m.replica());
      }
    }
    for (List<InstanceKey> way : ways.values()) {
      List<InstanceKey> some = way.size() > MOST ? way.subList(0, MOST - 1) : way;
      shown.addAll(some);
      if (some.size() < way.size()) {
        more.put(some.getLast(), way.size() - some.size());
      }
    }
  }

  static Optional<InstanceKey> source(Topology in, InstanceKey key) {
    return in.instance(key).flatMap(Instance::source);
  }

  /**
   * The trees of those that are shown; empty where they stand in a ring that has no head.
   *
   * @param then the topology now, or as it will be
   */
  Optional<List<Branch>> of(Topology then) {
    var below = new LinkedHashMap<InstanceKey, List<InstanceKey>>();
    var heads = new ArrayList<InstanceKey>();
    for (InstanceKey key : shown) {
      above(then, key)
          .ifPresentOrElse(
              above -> below.computeIfAbsent(above, k -> new ArrayList<>()).add(key),
              () -> heads.add(key));
    }
    var drawn = new HashSet<InstanceKey>();
    List<Branch> branches = heads.stream().map(head -> grow(then, head, below, drawn)).toList();
    return drawn.equals(shown) ? Optional.of(branches) : Optional.empty();
  }

  private Branch grow(
      Topology then,
      InstanceKey key,
      Map<InstanceKey, List<InstanceKey>> below,
      Set<InstanceKey> drawn) {
    drawn.add(key);
    Optional<InstanceKey> above = above(then, key);
    return new Branch(
        key,
        moved.contains(key),
        then != in && dead.filter(key::equals).isPresent(),
        moved.contains(key) ? along(then, key) : 0,
        more.getOrDefault(key, 0),
        above.isPresent() && !source(then, key).equals(above),
        below.getOrDefault(key, List.of()).stream()
            .map(other -> grow(then, other, below, drawn))
            .toList());
  }

  /** Who of those that are shown stands above one of them; of a ring, whoever is moved hangs. */
  private Optional<InstanceKey> above(Topology then, InstanceKey key) {
    if (moved.contains(key)) {
      return source(then, key).filter(shown::contains);
    }
    return then.sourcesOf(key).stream()
        .filter(above -> shown.contains(above) && !then.isBelow(above, key))
        .findFirst();
  }

  /** How many servers hang below one that is moved, and are neither moved nor shown. */
  private int along(Topology then, InstanceKey key) {
    var seen = new HashSet<InstanceKey>();
    var open = new ArrayDeque<InstanceKey>(List.of(key));
    while (!open.isEmpty()) {
      for (InstanceKey replica : then.replicasOf(open.pop())) {
        if (!moved.contains(replica) && !shown.contains(replica) && seen.add(replica)) {
          open.add(replica);
        }
      }
    }
    return seen.size();
  }

  /** All moves in a sentence. */
  static String sentence(Topology in, List<Relocate> moves) {
    var ways = new LinkedHashMap<List<InstanceKey>, List<InstanceKey>>();
    for (Relocate m : moves) {
      ways.computeIfAbsent(
              List.of(source(in, m.replica()).orElseThrow(), m.below()), k -> new ArrayList<>())
          .add(m.replica());
    }
    return ways.entrySet().stream()
        .map(
            way ->
                "Now "
                    + names(in, way.getValue())
                    + (way.getValue().size() == 1 ? " replicates from " : " replicate from ")
                    + way.getKey().getFirst()
                    + "; afterwards from "
                    + way.getKey().getLast()
                    + ".")
        .collect(Collectors.joining(" "));
  }

  private static String names(Topology in, List<InstanceKey> replicas) {
    if (replicas.size() == 1) {
      InstanceKey only = replicas.getFirst();
      long along =
          in.instances().keySet().stream()
              .filter(key -> !key.equals(only) && in.isBelow(key, only))
              .count();
      return only + (along == 0 ? "" : " with " + Human.many(along, "server") + " below it");
    }
    List<String> some =
        new ArrayList<>(
            replicas.stream()
                .limit(replicas.size() > MOST ? MOST - 1 : MOST)
                .map(k -> k + "")
                .toList());
    String last =
        replicas.size() > some.size() ? replicas.size() - some.size() + " more" : some.removeLast();
    return String.join(", ", some) + " and " + last;
  }
}
