package topiary.engine.manager;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import topiary.engine.execute.Mandate;
import topiary.engine.execute.Scribe;
import topiary.engine.intent.RecoveryId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Step;
import topiary.engine.recovery.Hosts;
import topiary.engine.state.Command;
import topiary.engine.state.OpenRecovery;
import topiary.engine.state.RecoveryEnd;

/** The replicas of a dead source below the primary go below another. */
final class IntermediateCourse extends RecoveryCourse {

  IntermediateCourse(Means means, RecoveryId id, Mandate mandate) {
    super(means, id, mandate);
  }

  /** Below whom it was tried to move them, by this node. */
  private final Set<InstanceKey> tried = new HashSet<>();

  @Override
  boolean next(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
    Topology seen = seen(now);
    if (!now.forced() && now.successor().isEmpty() && answers(seen, now.failed())) {
      return close(RecoveryEnd.NOT_NEEDED, now.failed() + " answers again.");
    }
    if (!now.forced() && !headAnswers(watch.topology(), now.failed())) {
      return comesFirst(now);
    }
    List<InstanceKey> hosts =
        now.wanted()
            .map(List::of)
            .orElseGet(() -> Hosts.of(judge.world().with(watch.topology()), now.failed()));
    if (hosts.isEmpty()) {
      return close(RecoveryEnd.FAILED, "Nobody could take the replicas of " + now.failed() + ".");
    }
    if (now.successor().isEmpty()) {
      choose(now, hosts.getFirst(), hosts.getFirst() + " can serve its replicas.");
      return false;
    }
    InstanceKey successor = now.successor().get();
    if (tried.add(successor)) {
      gather(now.failed(), successor);
    }
    for (InstanceKey host : hosts) {
      if (!now.forced() && !headAnswers(watch.topology(), now.failed())) {
        return comesFirst(now);
      }
      if (mandate.holds() && someAreLeft(now.failed()) && !tried.contains(host)) {
        if (tookNone(successor)) {
          choose(now, host, host + " can serve its replicas; " + successor + " took none of them.");
          return false;
        }
        tried.add(host);
        gather(now.failed(), host);
      }
    }
    if (!mandate.holds()) {
      return false;
    }
    boolean none = tookNone(successor) && someAreLeft(now.failed());
    return none
        ? close(
            RecoveryEnd.FAILED,
            "None of the replicas of " + now.failed() + " could be moved elsewhere.")
        : closeWith(now.failed(), successor, "The replicas of " + now.failed() + " were moved.");
  }

  /** Whoever replaces a primary takes along what is below a source that is dead as well. */
  private boolean comesFirst(OpenRecovery now) throws Scribe.NotCommitted, InterruptedException {
    letGoOfOwn();
    return close(
        RecoveryEnd.NOT_NEEDED,
        "The primary above "
            + now.failed()
            + " does not answer either: that comes first, and takes along what is left.");
  }

  private void choose(OpenRecovery now, InstanceKey host, String why) throws Scribe.NotCommitted {
    commit(
        new Command.ChooseSuccessor(
            id, host, "Nothing: " + now.failed() + " takes no writes of its own.", why));
  }

  private boolean someAreLeft(InstanceKey failed) {
    Topology seen = watch.topology();
    return seen.replicasOf(failed).stream().anyMatch(key -> answers(seen, key));
  }

  /** Whether no plan of this recovery has pointed anybody at one. */
  private boolean tookNone(InstanceKey host) {
    return done().stream()
        .noneMatch(
            plan ->
                isDone(
                    plan,
                    s ->
                        s instanceof Step.PointAt p && p.source().equals(host)
                            || s instanceof Step.PointAtFile f && f.source().equals(host)
                            || s instanceof Step.PointAtPlace q && q.source().equals(host)));
  }
}
