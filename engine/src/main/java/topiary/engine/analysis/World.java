package topiary.engine.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.JudgementRule;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.said.Freeze;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;
import topiary.engine.said.Said;

/**
 * All that judgement rests on.
 *
 * @param topology the servers, as they were seen
 * @param clusters the tree each belongs to
 * @param said what people say of them
 * @param policy how they are judged
 * @param now when
 * @param freshFrom what was seen before that is too old to call anybody dead: this node has slept,
 *     or has just begun
 * @param still since when the binary log of a server has not moved; empty for one that moves, or of
 *     which that is not known
 * @param errant the errant transactions of a server
 * @param twin another server with the same {@code server_uuid}
 */
public record World(
    Topology topology,
    Map<InstanceKey, ClusterId> clusters,
    Said said,
    JudgementPolicy policy,
    Instant now,
    Instant freshFrom,
    Function<InstanceKey, Optional<Instant>> still,
    Function<InstanceKey, Optional<String>> errant,
    Function<InstanceKey, Optional<InstanceKey>> twin) {

  /** One in which nothing is remembered. */
  public static World of(Topology topology, JudgementPolicy policy, Instant now) {
    return new World(
        topology,
        Map.of(),
        Said.NOTHING,
        policy,
        now,
        Instant.MIN,
        key -> Optional.empty(),
        key -> Errant.of(topology, key),
        key -> Optional.empty());
  }

  /** Whether a server was looked at recently enough to say anything of it. */
  boolean fresh(Instance i) {
    return i.lastAttempt().filter(at -> !at.isBefore(freshFrom)).isPresent();
  }

  /** How a server is judged: as is set for its cluster, else for all, else as shipped. */
  public JudgementPolicy policy(InstanceKey key) {
    return said.rules().isEmpty()
        ? policy
        : JudgementRule.of(policy, said.rules(), Optional.ofNullable(clusters.get(key)));
  }

  /** How long a server may be silent. */
  public Duration patience(InstanceKey key) {
    return policy(key).patience();
  }

  /** The time in which nothing is to be done by itself about a server's cluster, if it is now. */
  public Optional<Freeze> freeze(InstanceKey key) {
    return said.freeze(clusters.get(key), now);
  }

  /** The same where people say other things. */
  public World saying(Said other) {
    return new World(topology, clusters, other, policy, now, freshFrom, still, errant, twin);
  }

  /** The same memory, at the same moment, with these servers, of whom people say this. */
  public World of(
      Topology servers, Map<InstanceKey, ClusterId> trees, Said others, JudgementPolicy by) {
    return new World(servers, trees, others, by, now, freshFrom, still, errant, twin);
  }

  /** The same with other servers. */
  public World with(Topology other) {
    return new World(
        other, clusters, said, policy, now, freshFrom, still, key -> Errant.of(other, key), twin);
  }

  /** Whether its trouble is known. */
  boolean downtimed(InstanceKey key) {
    return said.downtime(key, now).isPresent();
  }

  /** Whether a server's binary log has stood still for so long. */
  boolean standsStill(InstanceKey key, Duration atLeast) {
    return still.apply(key).filter(since -> since.plus(atLeast).isBefore(now)).isPresent();
  }

  /** Whether a server is one of those that never take a primary's place, whatever its rule. */
  public boolean neverPromoted(InstanceKey key) {
    return !said.rules().isEmpty()
        && RecoveryRule.of(
                RecoveryPolicy.DEFAULT, said.rules(), Optional.ofNullable(clusters.get(key)))
            .neverPromote()
            .match(key);
  }

  /** How much a server is wanted as a primary. */
  public Rule promotion(InstanceKey key) {
    return said.promotion(key, now)
        .map(Promotion::rule)
        .or(() -> detected(key))
        .orElse(Rule.NEUTRAL);
  }

  /** What an operator's query tells; what somebody says by hand is more. */
  private Optional<Rule> detected(InstanceKey key) {
    return topology
        .instance(key)
        .flatMap(Instance::facts)
        .flatMap(f -> f.background().detected().promotionRule())
        .flatMap(
            word -> Stream.of(Rule.values()).filter(rule -> rule.word().equals(word)).findFirst());
  }

  Optional<InstanceKey> twin(InstanceKey key) {
    return twin.apply(key);
  }

  /** The errant transactions of a server, in its own notation. */
  public Optional<String> errant(InstanceKey key) {
    return errant.apply(key);
  }
}
