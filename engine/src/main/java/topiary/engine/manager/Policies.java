package topiary.engine.manager;

import topiary.engine.policy.JudgementPolicy;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.state.Header;

/**
 * How a manager is set.
 *
 * @param probe how servers are looked at
 * @param plan how long steps may take
 * @param judgement how they are judged
 * @param said how long what people say holds when they do not say how long
 * @param recovery how dead ones are recovered
 * @param level the highest feature level this node is to use, 1 to {@link Header#LEVEL}; lower than
 *     that for a node that is held back
 */
public record Policies(
    ProbePolicy probe,
    PlanPolicy plan,
    JudgementPolicy judgement,
    SaidPolicy said,
    RecoveryPolicy recovery,
    int level) {

  public static final Policies DEFAULT = new Policies(ProbePolicy.DEFAULT, PlanPolicy.DEFAULT);

  public Policies {
    if (level < 1 || level > Header.LEVEL) {
      throw new IllegalArgumentException(
          "there is no feature level " + level + ": this version has 1 to " + Header.LEVEL);
    }
  }

  /** With every feature of this version. */
  public Policies(ProbePolicy probe, PlanPolicy plan) {
    this(
        probe,
        plan,
        JudgementPolicy.DEFAULT,
        SaidPolicy.DEFAULT,
        RecoveryPolicy.DEFAULT,
        Header.LEVEL);
  }

  /** Judging as is usual. */
  public Policies(
      ProbePolicy probe, PlanPolicy plan, SaidPolicy said, RecoveryPolicy recovery, int level) {
    this(probe, plan, JudgementPolicy.DEFAULT, said, recovery, level);
  }
}
