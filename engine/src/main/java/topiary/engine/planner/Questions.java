package topiary.engine.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.Channel;
import topiary.engine.model.Flavor;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;

/** What can be asked of a tree without changing it. Pure. */
public final class Questions {

  private Questions() {}

  /** Thrown where a question has no answer; its message says why, in a sentence. */
  public static final class Unanswerable extends Exception {
    private static final long serialVersionUID = 1;

    Unanswerable(Refusal why) {
      super(why.getMessage(), why);
    }
  }

  /**
   * Who of a server's replicas suits best as the source of the others.
   *
   * @param best that one; empty when nobody can serve another
   * @param whyNot of every other, why it is not that one
   */
  public record Choice(Optional<InstanceKey> best, SortedMap<InstanceKey, String> whyNot) {
    public Choice {
      whyNot = new TreeMap<>(whyNot);
    }
  }

  /**
   * Whom {@code regroup-replicas} would choose, and why nobody else.
   *
   * @throws Unanswerable when the server is not known or has no replicas
   */
  public static Choice candidate(Topology topology, InstanceKey server) throws Unanswerable {
    try {
      known(topology, server);
      List<InstanceKey> members = topology.replicasOf(server);
      if (members.isEmpty()) {
        throw new Refusal(server + " has no replicas");
      }
      Candidates candidates = Candidates.among(topology, members);
      Map<InstanceKey, String> others = candidates.whyNotTheBest();
      return new Choice(candidates.best(), new TreeMap<>(others));
    } catch (Refusal e) {
      throw new Unanswerable(e);
    }
  }

  /**
   * Why one server cannot replicate from another, however it finds its place there; empty when it
   * can.
   *
   * @throws Unanswerable when one of them is not seen
   */
  public static Optional<String> cannotReplicate(
      Topology topology, InstanceKey replica, InstanceKey source) throws Unanswerable {
    try {
      return Eligibility.rules(topology, Sight.of(topology, replica), Sight.of(topology, source));
    } catch (Refusal e) {
      throw new Unanswerable(e);
    }
  }

  /**
   * The same of one that finds its place by GTID.
   *
   * @throws Unanswerable when one of them is not seen
   */
  public static Optional<String> cannotReplicateByGtid(
      Topology topology, InstanceKey replica, InstanceKey source) throws Unanswerable {
    Optional<String> why = cannotReplicate(topology, replica, source);
    if (why.isPresent()) {
      return why;
    }
    Sight one = Sight.of(topology, replica);
    String mode = one.facts().settings().gtidMode();
    boolean maria = one.facts().identity().flavor() == Flavor.MARIADB;
    return !maria && !mode.startsWith("ON")
        ? Optional.of(replica + " has gtid_mode " + (mode.isEmpty() ? "OFF" : mode))
        : Eligibility.byGtid(one, Sight.of(topology, source));
  }

  /**
   * What stops a replica, and what starts it again.
   *
   * @param stops in order
   * @param starts in order
   */
  public record Around(List<Step> stops, List<Step> starts) {
    public Around {
      stops = List.copyOf(stops);
      starts = List.copyOf(starts);
    }
  }

  /**
   * What stops a replica and starts it again around something else, and leaves standing what stands
   * still. Nothing is done.
   *
   * @throws Unanswerable when it is not seen, or not a replica of one source
   */
  public static Around restart(Topology topology, InstanceKey key) throws Unanswerable {
    try {
      Sight replica = Sight.of(topology, key);
      Channel c = replica.onlyChannel();
      var stops = new ArrayList<Step>();
      var starts = new ArrayList<Step>();
      if (c.io() != ThreadState.STOPPED) {
        stops.add(new Step.StopReplication(key, c.name(), Threads.IO));
      }
      if (c.sql() != ThreadState.STOPPED) {
        stops.add(new Step.StopReplication(key, c.name(), Threads.SQL));
        starts.add(new Step.StartReplication(key, c.name(), Threads.SQL));
      }
      if (c.io() != ThreadState.STOPPED) {
        starts.add(new Step.StartReplication(key, c.name(), Threads.IO));
      }
      return new Around(stops, starts);
    } catch (Refusal e) {
      throw new Unanswerable(e);
    }
  }

  private static void known(Topology topology, InstanceKey key) {
    if (topology.instance(key).isEmpty()) {
      throw new Refusal(key + " is not known; discover it first");
    }
  }
}
