package topiary.engine.manager;

import java.util.List;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.RecoveryId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.recovery.Hosts;
import topiary.engine.state.Command;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.RecoveryEnd;

/** The replicas of a dead source below the primary go below another. */
final class IntermediateCourse extends RecoveryCourse {

  IntermediateCourse(Means means, RecoveryId id, Mandate mandate) {
    super(means, id, mandate);
  }

  @Override
  boolean next(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
    Topology seen = seen(now);
    if (!now.forced() && now.successor().isEmpty() && answers(seen, now.failed())) {
      return close(RecoveryEnd.NOT_NEEDED, now.failed() + " answers again.");
    }
    List<InstanceKey> hosts =
        now.wanted()
            .map(List::of)
            .orElseGet(() -> Hosts.of(judge.world().with(watch.topology()), now.failed()));
    if (hosts.isEmpty()) {
      return close(RecoveryEnd.FAILED, "Nobody could take the replicas of " + now.failed() + ".");
    }
    if (now.successor().isEmpty()) {
      commit(
          new Command.ChooseSuccessor(
              id,
              hosts.getFirst(),
              "Nothing: " + now.failed() + " takes no writes of its own.",
              hosts.getFirst() + " can serve its replicas."));
      return false;
    }
    for (InstanceKey host : hosts) {
      gather(now.failed(), host);
      if (watch.topology().replicasOf(now.failed()).stream()
          .noneMatch(key -> answers(watch.topology(), key))) {
        break;
      }
    }
    if (!mandate.holds()) {
      return false;
    }
    InstanceKey successor = now.successor().get();
    boolean none =
        watch.topology().replicasOf(successor).isEmpty()
            && watch.topology().replicasOf(now.failed()).stream()
                .anyMatch(key -> answers(watch.topology(), key));
    return none
        ? close(
            RecoveryEnd.FAILED,
            "None of the replicas of " + now.failed() + " could be moved elsewhere.")
        : closeWith(now.failed(), successor, "The replicas of " + now.failed() + " were moved.");
  }
}
