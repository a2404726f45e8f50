package topiary.engine.policy;

import java.time.Duration;

/**
 * How long what people say holds when they do not say how long.
 *
 * @param promotion a promotion rule; orchestrator's {@code CandidateInstanceExpireMinutes}
 * @param pool a pool; orchestrator's {@code InstancePoolExpiryMinutes}
 * @param downtime a downtime
 * @param maintenance a maintenance; orchestrator's {@code MaintenanceExpireMinutes}
 */
public record SaidPolicy(
    Duration promotion, Duration pool, Duration downtime, Duration maintenance) {

  /** As orchestrator has it. */
  public static final SaidPolicy DEFAULT =
      new SaidPolicy(
          Duration.ofMinutes(60),
          Duration.ofMinutes(60),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10));
}
