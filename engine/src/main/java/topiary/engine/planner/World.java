package topiary.engine.planner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.model.Channel;
import topiary.engine.model.ClusterId;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.Step;

/**
 * What a planner looks at.
 *
 * @param topology what is seen
 * @param held replicas of which a plan of ours stopped threads and did not start them again,
 *     because it was interrupted; what anybody else stopped was stopped on purpose and stays so
 * @param sourceNames replicas that call their source by another name than it is known by, and that
 *     name: a replica that is put back is put back to what it was told
 * @param clusters the tree each server was last known to be of
 * @param logins whom replicas log in as at a server, where the operator has said so
 * @param equivalences places that earlier plans have found to be one moment, the latest first
 * @param skipped what plans of ours may have had replicas leave out without starting them since
 * @param succeeded former primaries, and who has taken their place
 * @param replaced primaries whose place somebody has taken, or is about to take
 */
public record World(
    Topology topology,
    Map<InstanceKey, Left> held,
    Map<InstanceKey, InstanceKey> sourceNames,
    Map<InstanceKey, ClusterId> clusters,
    Map<InstanceKey, String> logins,
    List<Equivalence> equivalences,
    List<Step.SkipTransaction> skipped,
    Map<InstanceKey, InstanceKey> succeeded,
    Set<InstanceKey> replaced) {

  /** A world in which nobody has taken anybody's place. */
  public World(
      Topology topology,
      Map<InstanceKey, Left> held,
      Map<InstanceKey, InstanceKey> sourceNames,
      Map<InstanceKey, ClusterId> clusters,
      Map<InstanceKey, String> logins,
      List<Equivalence> equivalences,
      List<Step.SkipTransaction> skipped) {
    this(topology, held, sourceNames, clusters, logins, equivalences, skipped, Map.of(), Set.of());
  }

  /** A world in which nothing was left half skipped. */
  public World(
      Topology topology,
      Map<InstanceKey, Left> held,
      Map<InstanceKey, InstanceKey> sourceNames,
      Map<InstanceKey, ClusterId> clusters,
      Map<InstanceKey, String> logins,
      List<Equivalence> equivalences) {
    this(topology, held, sourceNames, clusters, logins, equivalences, List.of());
  }

  /** A world in which no places are noted. */
  public World(
      Topology topology,
      Map<InstanceKey, Left> held,
      Map<InstanceKey, InstanceKey> sourceNames,
      Map<InstanceKey, ClusterId> clusters,
      Map<InstanceKey, String> logins) {
    this(topology, held, sourceNames, clusters, logins, List.of());
  }

  /** A world in which nobody has said whom replicas log in as. */
  public World(
      Topology topology,
      Map<InstanceKey, Left> held,
      Map<InstanceKey, InstanceKey> sourceNames,
      Map<InstanceKey, ClusterId> clusters) {
    this(topology, held, sourceNames, clusters, Map.of());
  }

  /** A world in which nothing is known but what is seen. */
  public World(Topology topology, Map<InstanceKey, Left> held) {
    this(topology, held, Map.of(), Map.of());
  }

  /**
   * How an interrupted plan left a replica.
   *
   * @param source the one it had before that plan
   * @param threads those that it was to start again
   */
  public record Left(InstanceKey source, Threads threads) {}

  public World {
    held = Map.copyOf(held);
    sourceNames = Map.copyOf(sourceNames);
    clusters = Map.copyOf(clusters);
    logins = Map.copyOf(logins);
    equivalences = List.copyOf(equivalences);
    skipped = List.copyOf(skipped);
    succeeded = Map.copyOf(succeeded);
    replaced = Set.copyOf(replaced);
  }

  /** Those of a replica's threads that an interrupted plan was to start; empty for none. */
  private Optional<Threads> left(InstanceKey replica) {
    return Optional.ofNullable(held.get(replica)).map(Left::threads);
  }

  /**
   * Those of a replica's threads that stand still, and are to run, as only an interrupted plan of
   * ours has stopped them; empty for none.
   *
   * @param c its channel
   */
  Optional<Threads> standing(InstanceKey replica, Channel c) {
    return left(replica)
        .flatMap(
            t ->
                Threads.of(
                    t.io() && c.io() == ThreadState.STOPPED,
                    t.sql() && c.sql() == ThreadState.STOPPED));
  }

  /**
   * Those of a replica's threads that are to run: those that do, and those that only an interrupted
   * plan of ours has stopped; empty for none.
   *
   * @param c its channel
   */
  Optional<Threads> toRun(InstanceKey replica, Channel c) {
    Optional<Threads> standing = standing(replica, c);
    return Threads.of(
        c.io() != ThreadState.STOPPED || standing.filter(Threads::io).isPresent(),
        c.sql() != ThreadState.STOPPED || standing.filter(Threads::sql).isPresent());
  }

  /**
   * Those of a replica's threads that are to run where a move is put back: it is not to receive
   * again from a primary that is being replaced, or was.
   *
   * @param c its channel, as it is before the move
   */
  Optional<Threads> again(InstanceKey replica, Channel c) {
    Optional<Threads> toRun = toRun(replica, c);
    return receivesFromReplaced(c) ? toRun.filter(Threads::sql).map(t -> Threads.SQL) : toRun;
  }

  /** Whether it comes from a primary that is being replaced, or was. */
  boolean receivesFromReplaced(Channel c) {
    return replaced.contains(c.source())
        && topology.instance(c.source()).flatMap(Instance::source).isEmpty();
  }

  /** The source that a replica had before an interrupted plan moved it. */
  Optional<InstanceKey> formerSource(InstanceKey replica) {
    return Optional.ofNullable(held.get(replica)).map(Left::source);
  }

  /** The world once a replica is below another server, and nothing else has changed. */
  World moved(InstanceKey replica, InstanceKey below) {
    return seeing(topology.moved(replica, below));
  }

  /**
   * The world once a replica finds its place another way, those of its threads that are to run do,
   * and nothing else has changed.
   */
  World using(InstanceKey replica, Channel c, GtidUse use) {
    return seeing(topology.using(replica, use, toRun(replica, c)));
  }

  /** The same world with another topology. */
  private World seeing(Topology other) {
    return new World(
        other, held, sourceNames, clusters, logins, equivalences, skipped, succeeded, replaced);
  }

  /**
   * The world in which a replica has one channel only, whose source it calls so, if that is known.
   */
  World only(Instance replica, Optional<InstanceKey> named) {
    var names = new HashMap<>(sourceNames);
    names.remove(replica.key());
    named.ifPresent(name -> names.put(replica.key(), name));
    return new World(
        topology.next(topology.revision(), List.of(), List.of(replica)),
        held,
        names,
        clusters,
        logins,
        equivalences,
        skipped,
        succeeded,
        replaced);
  }

  /**
   * The transaction that a plan of ours may have had a replica leave out already, by an empty one
   * in its place, and did not start it since; empty for none.
   *
   * @param c its channel
   */
  Optional<String> skipped(InstanceKey replica, Channel c) {
    return skipped.stream()
        .filter(s -> s.target().equals(replica) && s.channel().equals(c.name()))
        .map(Step.SkipTransaction::transaction)
        .filter(transaction -> !transaction.isEmpty())
        .findFirst();
  }

  /** Whether two servers were last known to be of one tree. */
  boolean wereTogether(InstanceKey one, InstanceKey other) {
    ClusterId cluster = clusters.get(one);
    return cluster != null && cluster.equals(clusters.get(other));
  }
}
