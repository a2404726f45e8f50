package topiary.engine.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/**
 * All servers known, folded from their observations into one immutable value. Rings and sources
 * outside of it are possible; every walk here ends. The next one costs as much as what is other in
 * it, however many servers there are.
 */
public final class Topology {

  public static final Topology EMPTY =
      new Topology(0, TreePMap.empty(), InstanceTable.EMPTY, new Shape(null, List.of()));

  private final long revision;

  /**
   * Shares with its predecessor all that is the same: a fleet of 10,000 is not copied for a look.
   */
  private final TreePMap<InstanceKey, Instance> instances;

  /** The same, to find one. */
  private final InstanceTable table;

  /** Shared with every topology before and after it in which nobody stands elsewhere. */
  private final Shape shape;

  /**
   * What follows from who replicates from whom, made by whichever of the topologies it is the same
   * in is asked for it first: there may be many more before it is made.
   */
  private static final class Shape {

    /** So many moves are followed, or the replicas of everybody found anew. */
    private static final int FOLLOWED = 64;

    private volatile Map<InstanceKey, List<InstanceKey>> replicas;
    private volatile List<Tree> trees;

    /** The replicas as they were some moves ago; null when that is not known. */
    private final Map<InstanceKey, List<InstanceKey>> before;

    private final List<Move> since;

    Shape(Map<InstanceKey, List<InstanceKey>> before, List<Move> since) {
      this.before = before;
      this.since = since;
    }

    /** The shape after this one. */
    Shape after(List<Move> moves) {
      Map<InstanceKey, List<InstanceKey>> known = replicas;
      if (known != null) {
        return new Shape(known, moves);
      }
      if (before == null || since.size() + moves.size() > FOLLOWED) {
        return new Shape(null, List.of());
      }
      var all = new ArrayList<>(since);
      all.addAll(moves);
      return new Shape(before, all);
    }
  }

  /**
   * A server that stands elsewhere.
   *
   * @param from its source before; null for none, and for a newcomer
   * @param to its source now; null for none, and for one that is gone
   */
  private record Move(InstanceKey key, InstanceKey from, InstanceKey to) {}

  /**
   * A topology.
   *
   * @param revision counts the changes on this node; never compared between nodes
   * @param instances by address
   */
  public Topology(long revision, SortedMap<InstanceKey, Instance> instances) {
    this(
        revision,
        TreePMap.from(instances),
        InstanceTable.of(instances),
        new Shape(null, List.of()));
  }

  private Topology(
      long revision, TreePMap<InstanceKey, Instance> instances, InstanceTable table, Shape shape) {
    this.revision = revision;
    this.instances = instances;
    this.table = table;
    this.shape = shape;
  }

  /**
   * The topology after this one.
   *
   * @param revision of the next one
   * @param removed servers that are gone
   * @param changed servers that are new, or other than here
   */
  public Topology next(
      long revision, Collection<InstanceKey> removed, Collection<Instance> changed) {
    TreePMap<InstanceKey, Instance> next = instances;
    InstanceTable there = table;
    boolean sameShape = true;
    var moves = new ArrayList<Move>();
    for (InstanceKey key : removed) {
      Instance before = there.get(key);
      sameShape &= before == null;
      noteMove(key, sourceOf(before), null, moves);
      next = next.minus(key);
      there = there.with(key, null);
    }
    for (Instance now : changed) {
      Instance before = there.get(now.key());
      sameShape &= before != null && sameShape(before, now);
      noteMove(now.key(), sourceOf(before), sourceOf(now), moves);
      next = next.plus(now.key(), now);
      there = there.with(now.key(), now);
    }
    return new Topology(revision, next, there, sameShape ? shape : shape.after(moves));
  }

  private static InstanceKey sourceOf(Instance instance) {
    return instance == null ? null : instance.source().orElse(null);
  }

  private static void noteMove(
      InstanceKey key, InstanceKey from, InstanceKey to, List<Move> moves) {
    if (!Objects.equals(from, to)) {
      moves.add(new Move(key, from, to));
    }
  }

  /** Whether everything a tree is made of is the same. */
  private static boolean sameShape(Instance before, Instance now) {
    return before.source().equals(now.source()) && refusesWrites(before) == refusesWrites(now);
  }

  /**
   * This topology as it will be when a replica with one source replicates from another one, and
   * nothing else has changed.
   */
  public Topology moved(InstanceKey replica, InstanceKey below) {
    return instance(replica)
        .map(i -> i.knowing(i.facts().map(f -> f.below(below))))
        .map(i -> next(revision, List.of(), List.of(i)))
        .orElse(this);
  }

  /**
   * This topology as it will be when a replica with one source finds its place another way.
   *
   * @param started the threads that run then, if they do not now
   */
  public Topology using(InstanceKey replica, GtidUse use, Optional<Threads> started) {
    return instance(replica)
        .map(i -> i.knowing(i.facts().map(f -> f.by(use, started))))
        .map(i -> next(revision, List.of(), List.of(i)))
        .orElse(this);
  }

  public long revision() {
    return revision;
  }

  public SortedMap<InstanceKey, Instance> instances() {
    return instances;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Topology t && revision == t.revision && instances.equals(t.instances);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(revision);
  }

  @Override
  public String toString() {
    return "Topology " + revision + " of " + instances.values();
  }

  public Optional<Instance> instance(InstanceKey key) {
    return Optional.ofNullable(table.get(key));
  }

  /** Whether a server is one of these. */
  public boolean has(InstanceKey key) {
    return table.get(key) != null;
  }

  /** The direct replicas of a server, in order of their address. */
  public List<InstanceKey> replicasOf(InstanceKey key) {
    return replicasBySource().getOrDefault(key, List.of());
  }

  /**
   * Everybody somebody replicates from, strangers too. The same set for every topology after this
   * one until somebody comes, goes, or stands elsewhere.
   */
  public Set<InstanceKey> sources() {
    return replicasBySource().keySet();
  }

  /** The servers a server replicates from, nearest first; ends at a head, an unknown or a ring. */
  public List<InstanceKey> sourcesOf(InstanceKey key) {
    var chain = new LinkedHashSet<InstanceKey>();
    Optional<InstanceKey> next = instance(key).flatMap(Instance::source);
    while (next.isPresent() && !next.get().equals(key) && chain.add(next.get())) {
      next = instance(next.get()).flatMap(Instance::source);
    }
    return List.copyOf(chain);
  }

  /** Whether two servers are of one tree; a stranger is of none. */
  public boolean sameTree(InstanceKey a, InstanceKey b) {
    return has(a) && has(b) && headOf(a).equals(headOf(b));
  }

  /** Whether the first replicates from the second, directly or through others. */
  public boolean isBelow(InstanceKey key, InstanceKey ancestor) {
    return sourcesOf(key).contains(ancestor);
  }

  /** Whether a server replicates, through others, from itself. */
  public boolean inRing(InstanceKey key) {
    InstanceKey at = sourceOf(key);
    if (at == null || at.equals(key)) {
      return false;
    }
    // Where the way up goes round below some ring, it meets this mark, which moves on ever later.
    InstanceKey mark = at;
    int steps = 0;
    int until = 1;
    while (at != null && !at.equals(key)) {
      at = sourceOf(at);
      if (mark.equals(at)) {
        return false;
      }
      if (++steps == until) {
        mark = at;
        steps = 0;
        until *= 2;
      }
    }
    return at != null;
  }

  /** Whom a server replicates from; null for nobody, and for a stranger. */
  private InstanceKey sourceOf(InstanceKey key) {
    return sourceOf(table.get(key));
  }

  /**
   * The trees of this topology, each once, in order of their heads. A server is a head when it has
   * no source here; in a ring, the writable member, else the first by address. The same list for
   * every topology after this one until somebody comes, goes, or stands elsewhere.
   */
  public List<Tree> trees() {
    List<Tree> known = shape.trees;
    if (known == null) {
      synchronized (shape) {
        known = shape.trees;
        if (known == null) {
          known = growAll();
          shape.trees = known;
        }
      }
    }
    return known;
  }

  private List<Tree> growAll() {
    Map<InstanceKey, List<InstanceKey>> replicas = replicasBySource();
    var trees = new ArrayList<Tree>();
    var placed = new HashSet<InstanceKey>();
    for (Instance i : instances.values()) {
      if (i.source().filter(this::has).isEmpty()) {
        trees.add(grow(i.key(), replicas, placed));
      }
    }
    for (InstanceKey key : instances.keySet()) {
      if (!placed.contains(key)) {
        trees.add(grow(headOfRing(key), replicas, placed));
      }
    }
    trees.sort(Comparator.comparing(Tree::head));
    return List.copyOf(trees);
  }

  /** The tree a server belongs to; empty for a stranger. */
  public Optional<Tree> treeOf(InstanceKey key) {
    if (!has(key)) {
      return Optional.empty();
    }
    return Optional.of(grow(headOf(key), replicasBySource(), new HashSet<>()));
  }

  private InstanceKey headOf(InstanceKey key) {
    InstanceKey top = key;
    for (InstanceKey source : sourcesOf(key)) {
      if (!has(source)) {
        return top;
      }
      top = source;
    }
    boolean ring = instance(top).flatMap(Instance::source).filter(this::has).isPresent();
    return ring ? headOfRing(key) : top;
  }

  private Map<InstanceKey, List<InstanceKey>> replicasBySource() {
    Map<InstanceKey, List<InstanceKey>> known = shape.replicas;
    if (known == null) {
      // Its set of sources is made once, and known by being the same.
      known = Collections.unmodifiableMap(shape.before == null ? counted() : followed());
      shape.replicas = known;
    }
    return known;
  }

  private Map<InstanceKey, List<InstanceKey>> counted() {
    var made = new HashMap<InstanceKey, List<InstanceKey>>();
    for (Instance i : instances.values()) {
      Optional<InstanceKey> source = i.source();
      if (source.isPresent()) {
        made.computeIfAbsent(source.get(), k -> new ArrayList<>()).add(i.key());
      }
    }
    made.replaceAll((source, below) -> List.copyOf(below));
    return made;
  }

  /** The same, without going over everybody: as a fleet is found, somebody moves all the time. */
  private Map<InstanceKey, List<InstanceKey>> followed() {
    if (shape.since.isEmpty()) {
      return shape.before;
    }
    var made = new HashMap<>(shape.before);
    for (Move move : shape.since) {
      if (move.from() != null) {
        List<InstanceKey> left = new ArrayList<>(made.get(move.from()));
        left.remove(move.key());
        if (left.isEmpty()) {
          made.remove(move.from());
        } else {
          made.put(move.from(), List.copyOf(left));
        }
      }
      if (move.to() != null) {
        var joined = new ArrayList<>(made.getOrDefault(move.to(), List.of()));
        joined.add(-1 - Collections.binarySearch(joined, move.key()), move.key());
        made.put(move.to(), List.copyOf(joined));
      }
    }
    return made;
  }

  private InstanceKey headOfRing(InstanceKey inside) {
    // Walk far enough to be on the ring itself, then once around it.
    List<InstanceKey> walk = sourcesOf(inside);
    InstanceKey on = walk.isEmpty() ? inside : walk.getLast();
    var ring = new ArrayList<InstanceKey>(List.of(on));
    sourcesOf(on).stream().filter(k -> sourcesOf(k).contains(on)).forEach(ring::add);
    return ring.stream()
        .min(Comparator.comparing(this::readOnly).thenComparing(Comparator.naturalOrder()))
        .orElse(inside);
  }

  private boolean readOnly(InstanceKey key) {
    return instance(key).map(Topology::refusesWrites).orElse(true);
  }

  private static boolean refusesWrites(Instance i) {
    return i.facts().map(f -> f.settings().readOnly()).orElse(true);
  }

  private static Tree grow(
      InstanceKey head, Map<InstanceKey, List<InstanceKey>> replicas, Set<InstanceKey> placed) {
    var places = new ArrayList<Tree.Place>();
    var open = new ArrayDeque<Tree.Place>();
    open.push(new Tree.Place(head, 0));
    while (!open.isEmpty()) {
      Tree.Place place = open.pop();
      if (placed.add(place.key())) {
        places.add(place);
        replicas.getOrDefault(place.key(), List.of()).reversed().stream()
            .map(replica -> new Tree.Place(replica, place.depth() + 1))
            .forEach(open::push);
      }
    }
    return new Tree(head, places);
  }
}
