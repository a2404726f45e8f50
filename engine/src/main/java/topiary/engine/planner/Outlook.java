package topiary.engine.planner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.finding.Finding;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;

/**
 * What would come of it if a server died now. Pure: nothing is asked and nothing done.
 *
 * @param server which
 * @param finding what would be found; empty when nobody would miss it
 * @param silence how long it would have to be silent if it did not die but hang
 * @param successor who would take its place; empty when nobody could, or it has no replicas
 * @param whyNot of everybody else, why not
 * @param moves who would be moved below whom
 * @param left those that could not follow the successor, and why
 * @param drain how long the successor would have to apply what it has received
 * @param lost what would be lost, as far as it is known, in a sentence
 * @param after the tree that would result
 */
public record Outlook(
    InstanceKey server,
    Optional<Finding> finding,
    Duration silence,
    Optional<InstanceKey> successor,
    Map<InstanceKey, String> whyNot,
    Map<InstanceKey, InstanceKey> moves,
    Map<InstanceKey, String> left,
    Duration drain,
    String lost,
    Topology after) {

  /** What a replica says of a source that is not there. */
  private static final ReplicationError GONE =
      new ReplicationError(2003, "error connecting to master: nothing listens there");

  /**
   * The outlook on a server's death.
   *
   * @throws Questions.Unanswerable when the server is not known
   */
  public static Outlook on(World world, InstanceKey server) throws Questions.Unanswerable {
    Optional<Instance> instance = world.topology().instance(server);
    if (instance.isEmpty()) {
      throw new Questions.Unanswerable(new Refusal(server + " is not known; discover it first"));
    }
    World without = world.with(dead(world, instance.get()));
    Optional<Finding> finding =
        Judgement.of(without, without.topology().instance(server).orElseThrow()).failure();
    Optional<InstanceKey> source = instance.get().source();
    Successors successors = Successors.of(world, server);
    // Below another source its replicas stay what they are, and it is they that move up.
    Optional<InstanceKey> target =
        source.filter(s -> world.topology().instance(s).filter(Instance::seen).isPresent());
    Optional<InstanceKey> head = target.or(successors::chosen);
    var moves = new LinkedHashMap<InstanceKey, InstanceKey>();
    var left = new LinkedHashMap<InstanceKey, String>();
    head.ifPresent(to -> sort(world, server, to, moves, left));
    Topology after = without.topology();
    for (Map.Entry<InstanceKey, InstanceKey> move : moves.entrySet()) {
      after = after.moved(move.getKey(), move.getValue());
    }
    Optional<InstanceKey> promoted = target.isPresent() ? Optional.empty() : successors.chosen();
    if (promoted.isPresent()) {
      after = headed(after, promoted.get());
    }
    return new Outlook(
        server,
        finding,
        world.patience(server),
        promoted,
        target.isPresent() ? Map.of() : successors.whyNot(),
        moves,
        left,
        promoted
            .flatMap(world.topology()::instance)
            .flatMap(Instance::facts)
            .map(f -> Duration.ofSeconds(f.late()))
            .orElse(Duration.ZERO),
        target.isPresent()
            ? "nothing: it takes no writes of its own"
            : lost(world, instance.get(), promoted),
        after);
  }

  private static void sort(
      World world,
      InstanceKey server,
      InstanceKey to,
      Map<InstanceKey, InstanceKey> moves,
      Map<InstanceKey, String> left) {
    Instance target = world.topology().instance(to).orElseThrow();
    for (InstanceKey key : world.topology().replicasOf(server)) {
      if (key.equals(to)) {
        continue;
      }
      Instance replica = world.topology().instance(key).orElseThrow();
      if (!replica.seen()) {
        left.put(key, "does not answer");
        continue;
      }
      Optional<String> no =
          target.seen()
              ? Eligibility.refusal(
                  world.topology(),
                  new Sight(replica, replica.facts().orElseThrow()),
                  new Sight(target, target.facts().orElseThrow()))
              : Optional.of(to + " does not answer");
      no.ifPresentOrElse(why -> left.put(key, why), () -> moves.put(key, to));
    }
  }

  /** The servers as they would be seen a moment after its death. */
  private static Topology dead(World world, Instance server) {
    var changed = new ArrayList<Instance>();
    changed.add(
        server.after(
            Observation.failed(
                server.key(), world.now(), Duration.ZERO, Condition.ABSENT, "it would be dead")));
    for (InstanceKey key : world.topology().replicasOf(server.key())) {
      Instance replica = world.topology().instance(key).orElseThrow();
      changed.add(replica.knowing(replica.facts().map(f -> cutOff(f, server.key()))));
    }
    return world.topology().next(world.topology().revision(), List.of(), changed);
  }

  private static Facts cutOff(Facts f, InstanceKey source) {
    return f.channelled(
        c ->
            c.source().equals(source) && c.io() != ThreadState.STOPPED
                ? c.receiving(ThreadState.CONNECTING, GONE)
                : c);
  }

  private static Topology headed(Topology of, InstanceKey key) {
    Instance head = of.instance(key).orElseThrow();
    return of.next(
        of.revision(), List.of(), List.of(head.knowing(head.facts().map(Facts::unattached))));
  }

  private static String lost(World world, Instance primary, Optional<InstanceKey> successor) {
    Optional<Facts> own = primary.facts();
    Optional<Facts> next = successor.flatMap(world.topology()::instance).flatMap(Instance::facts);
    if (own.isEmpty() || next.isEmpty()) {
      return successor.isEmpty()
          ? "all that it takes from then on, as nobody could take its place"
          : "what it has written and " + successor.get() + " has not received, which is not known";
    }
    SemiSync.Source waits = own.get().semiSync().source();
    boolean acknowledged =
        waits.enabled()
            && waits.active()
            && waits.waitFor() > 0
            && next.get().semiSync().replica().active();
    if (acknowledged) {
      return "nothing that was acknowledged: commits wait for "
          + waits.waitFor()
          + " of the semi-synchronous replicas";
    }
    String known = missing(own.get(), next.get());
    return (known.isEmpty() ? "" : "by the last looks " + known + ", and ")
        + "what is written in the moment before "
        + successor.get()
        + " receives it: replication does not wait";
  }

  /** What the successor had not received when both were looked at; empty for nothing. */
  private static String missing(Facts primary, Facts successor) {
    Optional<BinlogPosition> read =
        successor.primaryChannel().flatMap(c -> Candidates.received(successor, c.source()));
    if (read.isPresent()) {
      BinlogPosition end = primary.positions().logEnd();
      return read.get().isBefore(end) ? "its log after " + read.get() + " up to " + end : "";
    }
    try {
      GtidPosition written =
          primary.identity().flavor().position(primary.positions().executedGtid());
      GtidPosition has = Candidates.received(successor);
      if (written instanceof GtidSet a && has instanceof GtidSet b) {
        return a.minus(b).toString();
      }
      return has.covers(written) ? "" : "what came after " + has + " up to " + written;
    } catch (IllegalArgumentException e) {
      // Positions of two families, or in no form that is known: then it is not known.
      return "";
    }
  }
}
