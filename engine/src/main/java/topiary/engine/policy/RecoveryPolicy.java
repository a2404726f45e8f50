package topiary.engine.policy;

import java.time.Duration;

/**
 * How dead servers are recovered.
 *
 * @param acts whether this node ever begins a recovery by itself, where it leads and that is
 *     switched on; one inside of a desktop app never does
 * @param block for how long after a recovery none begins by itself in the same cluster, unless the
 *     former is acknowledged; orchestrator's {@code RecoveryPeriodBlockSeconds}
 * @param drain how long a successor may take to apply what it has received
 * @param lossPatience how long is waited, where something is known that nobody would have, for
 *     somebody who has it
 * @param acceptLoss whether it is lost then; otherwise the recovery refuses
 * @param keyPrefix what the keys begin with by which applications find a primary; orchestrator's
 *     {@code KVClusterMasterPrefix}
 * @param primaries of which clusters a dead primary is recovered by itself, where nothing is said
 *     of the cluster itself; orchestrator's {@code RecoverMasterClusterFilters}
 * @param intermediates the same of a dead source below it
 * @param rejoin whether a former primary that is back, and has nothing of its own, is made a
 *     replica of the one in its place; otherwise that is for people to do
 * @param atOnce how many recoveries that begin by themselves are under way at a time, over all
 *     clusters
 * @param neverPromote which servers never take a primary's place; orchestrator's {@code
 *     PromotionIgnoreHostnameFilters}
 */
public record RecoveryPolicy(
    boolean acts,
    Duration block,
    Duration drain,
    Duration lossPatience,
    boolean acceptLoss,
    String keyPrefix,
    ClusterFilters primaries,
    ClusterFilters intermediates,
    boolean rejoin,
    int atOnce,
    ServerFilters neverPromote) {

  public static final RecoveryPolicy DEFAULT =
      new RecoveryPolicy(
          true,
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofSeconds(10),
          false,
          "mysql/master",
          ClusterFilters.NONE,
          ClusterFilters.NONE,
          false,
          8,
          ServerFilters.NONE);

  public RecoveryPolicy {
    if (block.isNegative() || drain.isNegative() || lossPatience.isNegative()) {
      throw new IllegalArgumentException("times must not be negative");
    }
    if (atOnce < 1) {
      throw new IllegalArgumentException("none could begin");
    }
  }

  /** The same of a node that begins nothing by itself. */
  public RecoveryPolicy watching() {
    return new RecoveryPolicy(
        false,
        block,
        drain,
        lossPatience,
        acceptLoss,
        keyPrefix,
        primaries,
        intermediates,
        rejoin,
        atOnce,
        neverPromote);
  }

  /** The same with other times. */
  RecoveryPolicy with(Duration blocks, Duration drains, Duration waits) {
    return new RecoveryPolicy(
        acts,
        blocks,
        drains,
        waits,
        acceptLoss,
        keyPrefix,
        primaries,
        intermediates,
        rejoin,
        atOnce,
        neverPromote);
  }

  /** The same where it is lost, or refused. */
  RecoveryPolicy losing(boolean accept) {
    return new RecoveryPolicy(
        acts,
        block,
        drain,
        lossPatience,
        accept,
        keyPrefix,
        primaries,
        intermediates,
        rejoin,
        atOnce,
        neverPromote);
  }

  /** The same with other keys. */
  RecoveryPolicy keyed(String prefix) {
    return new RecoveryPolicy(
        acts,
        block,
        drain,
        lossPatience,
        acceptLoss,
        prefix,
        primaries,
        intermediates,
        rejoin,
        atOnce,
        neverPromote);
  }

  /** The same of other clusters. */
  RecoveryPolicy of(ClusterFilters ofPrimaries, ClusterFilters ofIntermediates) {
    return new RecoveryPolicy(
        acts,
        block,
        drain,
        lossPatience,
        acceptLoss,
        keyPrefix,
        ofPrimaries,
        ofIntermediates,
        rejoin,
        atOnce,
        neverPromote);
  }

  /** The same where a former primary is made a replica, or is not. */
  RecoveryPolicy rejoining(boolean does) {
    return new RecoveryPolicy(
        acts,
        block,
        drain,
        lossPatience,
        acceptLoss,
        keyPrefix,
        primaries,
        intermediates,
        does,
        atOnce,
        neverPromote);
  }

  /** The same with so many at a time. */
  RecoveryPolicy together(int many) {
    return new RecoveryPolicy(
        acts,
        block,
        drain,
        lossPatience,
        acceptLoss,
        keyPrefix,
        primaries,
        intermediates,
        rejoin,
        many,
        neverPromote);
  }

  /** The same where other servers are never promoted. */
  RecoveryPolicy sparing(ServerFilters servers) {
    return new RecoveryPolicy(
        acts,
        block,
        drain,
        lossPatience,
        acceptLoss,
        keyPrefix,
        primaries,
        intermediates,
        rejoin,
        atOnce,
        servers);
  }
}
