package topiary.engine.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.engine.finding.Code;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;

/** Which findings a recovery is for. */
public final class Recoverable {

  /** Into so many parts of the time for which a server may be silent connecting fits. */
  private static final int CONNECTS = 3;

  private Recoverable() {}

  /** The kind of recovery that a finding is due; empty for none. */
  public static Optional<RecoveryKind> by(Code code) {
    return switch (code) {
      case DEAD_MASTER,
          DEAD_MASTER_AND_SOME_REPLICAS,
          DEAD_CO_MASTER,
          DEAD_CO_MASTER_AND_SOME_REPLICAS ->
          Optional.of(RecoveryKind.PRIMARY);
      case DEAD_INTERMEDIATE_MASTER,
          DEAD_INTERMEDIATE_MASTER_AND_SOME_REPLICAS,
          DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT ->
          Optional.of(RecoveryKind.INTERMEDIATE);
      default -> Optional.empty();
    };
  }

  /**
   * The kind of recovery that a finding would be due if the replicas came to know that their source
   * is gone; empty for none.
   */
  public static Optional<RecoveryKind> onceNoticed(Code code) {
    return switch (code) {
      case UNREACHABLE_MASTER, UNREACHABLE_MASTER_WITH_LAGGING_REPLICAS, UNREACHABLE_CO_MASTER ->
          Optional.of(RecoveryKind.PRIMARY);
      case UNREACHABLE_INTERMEDIATE_MASTER, UNREACHABLE_INTERMEDIATE_MASTER_WITH_LAGGING_REPLICAS ->
          Optional.of(RecoveryKind.INTERMEDIATE);
      default -> Optional.empty();
    };
  }

  /**
   * The co-primary of a server: the one that each of both replicates from. Only that may take its
   * place, as it may take writes of its own already.
   */
  public static Optional<InstanceKey> partner(Topology topology, InstanceKey server) {
    return topology
        .instance(server)
        .flatMap(Instance::source)
        .filter(
            other ->
                topology
                    .instance(other)
                    .flatMap(Instance::source)
                    .filter(server::equals)
                    .isPresent());
  }

  /** The replicas of a server that answer, and try to connect to it, and cannot. */
  public static List<InstanceKey> witnesses(Topology topology, InstanceKey source) {
    return topology.replicasOf(source).stream()
        .filter(
            key ->
                topology
                    .instance(key)
                    .filter(Instance::seen)
                    .flatMap(Instance::facts)
                    .filter(
                        f ->
                            f.channels().stream()
                                .anyMatch(
                                    c ->
                                        c.source().equals(source)
                                            && c.io() == ThreadState.CONNECTING))
                    .isPresent())
        .toList();
  }

  /**
   * Whether a source is dead although some of its replicas have not noticed: it has been silent for
   * as long as is waited for, and for a third of that a replica has been seen to try to connect to
   * it. One that is looked at in the midst of connecting to a source that is well is there in less.
   *
   * @param silent for how long it has not answered
   * @param trying since when a replica was seen to try
   * @param patience for how long a server may be silent
   */
  public static boolean isDead(Duration silent, Duration trying, Duration patience) {
    return silent.compareTo(patience) >= 0 && trying.compareTo(patience.dividedBy(CONNECTS)) >= 0;
  }

  /**
   * A replica that believes to be connected.
   *
   * @param key which
   * @param channel by which channel
   * @param only whether it has no other
   */
  public record Unaware(InstanceKey key, String channel, boolean only) {}

  /**
   * The replicas of a server that believe to be connected to it, and can be made to connect anew
   * without harm: they apply what they have, so that nothing received is thrown away, and they are
   * not the last of those whose acknowledgements the server waits for.
   */
  public static List<Unaware> unaware(Topology topology, InstanceKey source) {
    var all = new ArrayList<Unaware>();
    int acknowledging = 0;
    for (InstanceKey key : topology.replicasOf(source)) {
      Optional<Facts> facts =
          topology.instance(key).filter(Instance::seen).flatMap(Instance::facts);
      if (facts.isEmpty()) {
        continue;
      }
      boolean acknowledges = facts.get().semiSync().replica().active();
      if (acknowledges) {
        acknowledging++;
      }
      for (Channel c : facts.get().channels()) {
        if (c.source().equals(source)
            && c.io() == ThreadState.RUNNING
            && c.sql() == ThreadState.RUNNING) {
          all.add(new Unaware(key, c.name(), facts.get().channels().size() == 1));
        }
      }
    }
    int needed =
        topology
            .instance(source)
            .flatMap(Instance::facts)
            .map(Facts::semiSync)
            .filter(s -> s.source().enabled())
            .map(SemiSync::source)
            .map(SemiSync.Source::waitFor)
            .orElse(0);
    if (needed == 0 || acknowledging > needed) {
      return all;
    }
    return all.stream()
        .filter(
            one ->
                topology
                    .instance(one.key())
                    .flatMap(Instance::facts)
                    .filter(f -> !f.semiSync().replica().active())
                    .isPresent())
        .toList();
  }
}
