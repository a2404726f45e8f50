package topiary.store.json;

import java.util.LinkedHashMap;
import java.util.Map;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;
import topiary.engine.state.Command;
import topiary.engine.state.Verdict;

/**
 * The name of every type that is one of several in its place. Written in logs and rows: a name may
 * be added, none may ever be changed.
 */
final class TypeNames {

  private static final Map<Class<?>, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(Command.RegisterInstance.class, "register-instance");
    NAMES.put(Command.RegisterInstances.class, "register-instances");
    NAMES.put(Command.AddAlias.class, "add-alias");
    NAMES.put(Command.DropAlias.class, "drop-alias");
    NAMES.put(Command.ForgetInstance.class, "forget-instance");
    NAMES.put(Command.NameHead.class, "name-head");
    NAMES.put(Command.OpenPlan.class, "open-plan");
    NAMES.put(Command.BeginStep.class, "begin-step");
    NAMES.put(Command.EndStep.class, "end-step");
    NAMES.put(Command.ClosePlan.class, "close-plan");
    NAMES.put(Command.MarkUndone.class, "mark-undone");
    NAMES.put(Command.ReleaseHeld.class, "release-held");
    NAMES.put(Command.AnnounceNode.class, "announce-node");
    NAMES.put(Command.DropNode.class, "drop-node");
    NAMES.put(Command.RaiseLevel.class, "raise-level");
    NAMES.put(Command.PurgeAudit.class, "purge-audit");
    NAMES.put(Command.NoteFinding.class, "note-finding");
    NAMES.put(Command.SwitchRecovery.class, "switch-recovery");
    NAMES.put(Command.HaltRecoveries.class, "halt-recoveries");
    NAMES.put(Command.OpenRecovery.class, "open-recovery");
    NAMES.put(Command.ChooseSuccessor.class, "choose-successor");
    NAMES.put(Command.CloseRecovery.class, "close-recovery");
    NAMES.put(Command.AcknowledgeRecoveries.class, "acknowledge-recoveries");
    NAMES.put(Command.OweHooks.class, "owe-hooks");
    NAMES.put(Command.SkipHooks.class, "skip-hooks");
    NAMES.put(Command.BeginHook.class, "begin-hook");
    NAMES.put(Command.EndHook.class, "end-hook");
    NAMES.put(Command.TellPrimary.class, "tell-primary");
    NAMES.put(Command.SetPromotion.class, "set-promotion");
    NAMES.put(Command.BeginDowntime.class, "begin-downtime");
    NAMES.put(Command.EndDowntime.class, "end-downtime");
    NAMES.put(Command.BeginMaintenance.class, "begin-maintenance");
    NAMES.put(Command.EndMaintenance.class, "end-maintenance");
    NAMES.put(Command.EndMaintenanceById.class, "end-maintenance-by-id");
    NAMES.put(Command.PutTag.class, "put-tag");
    NAMES.put(Command.DropTag.class, "drop-tag");
    NAMES.put(Command.DropTags.class, "drop-tags");
    NAMES.put(Command.SetPool.class, "set-pool");
    NAMES.put(Command.SetClusterAlias.class, "set-cluster-alias");
    NAMES.put(Command.SetClusterDomain.class, "set-cluster-domain");
    NAMES.put(Command.BeginFreeze.class, "begin-freeze");
    NAMES.put(Command.EndFreeze.class, "end-freeze");
    NAMES.put(Command.SetJudgementRule.class, "set-judgement-rule");
    NAMES.put(Command.SetAttribute.class, "set-attribute");
    NAMES.put(Command.ForgetEnded.class, "forget-ended");

    NAMES.put(Intent.Relocate.class, "relocate");
    NAMES.put(Intent.StartReplication.class, "start-replication");
    NAMES.put(Intent.StopReplication.class, "stop-replication");
    NAMES.put(Intent.SetReadOnly.class, "set-read-only");
    NAMES.put(Intent.OnServer.class, "on-server");
    NAMES.put(Intent.InTree.class, "in-tree");
    NAMES.put(Intent.Moves.class, "moves");
    NAMES.put(Intent.CannotBeUndone.class, "cannot-be-undone");
    NAMES.put(Intent.Undo.class, "undo");
    NAMES.put(Intent.RelocateBy.class, "relocate-by");
    NAMES.put(Intent.OnChannel.class, "on-channel");
    NAMES.put(Intent.Replace.class, "replace");

    NAMES.put(Doing.Restart.class, "restart");
    NAMES.put(Doing.Reconnect.class, "reconnect");
    NAMES.put(Doing.StopNicely.class, "stop-nicely");
    NAMES.put(Doing.Reset.class, "reset");
    NAMES.put(Doing.SkipTransaction.class, "skip-transaction");
    NAMES.put(Doing.Delay.class, "delay");
    NAMES.put(Doing.UseGtid.class, "use-gtid");
    NAMES.put(Doing.SemiSync.class, "semi-sync");
    NAMES.put(Doing.InjectEmpty.class, "inject-empty");
    NAMES.put(Doing.ForgetErrant.class, "forget-errant");
    NAMES.put(Doing.FlushLogs.class, "flush-logs");
    NAMES.put(Doing.PurgeLogs.class, "purge-logs");
    NAMES.put(Doing.KillQuery.class, "kill-query");
    NAMES.put(Doing.Detach.class, "detach");
    NAMES.put(Doing.Reattach.class, "reattach");

    NAMES.put(Reshaping.Replicas.class, "replicas");
    NAMES.put(Reshaping.Siblings.class, "siblings");
    NAMES.put(Reshaping.Up.class, "up");
    NAMES.put(Reshaping.ReplicasUp.class, "replicas-up");
    NAMES.put(Reshaping.BelowSibling.class, "below-sibling");
    NAMES.put(Reshaping.TakeSource.class, "take-source");
    NAMES.put(Reshaping.Repoint.class, "repoint");
    NAMES.put(Reshaping.RepointReplicas.class, "repoint-replicas");
    NAMES.put(Reshaping.Regroup.class, "regroup");
    NAMES.put(Reshaping.ReplicasBy.class, "replicas-by");
    NAMES.put(Reshaping.CoSource.class, "co-source");
    NAMES.put(Reshaping.Rejoin.class, "rejoin");
    NAMES.put(Reshaping.TakeOver.class, "take-over");
    NAMES.put(Reshaping.Equivalent.class, "equivalent");

    NAMES.put(Step.StopReplication.class, "stop-replication");
    NAMES.put(Step.StartReplication.class, "start-replication");
    NAMES.put(Step.TryConnect.class, "try-connect");
    NAMES.put(Step.AwaitDrained.class, "await-drained");
    NAMES.put(Step.ReadExecuted.class, "read-executed");
    NAMES.put(Step.AwaitLogged.class, "await-logged");
    NAMES.put(Step.ReadPending.class, "read-pending");
    NAMES.put(Step.AwaitSendable.class, "await-sendable");
    NAMES.put(Step.PointAt.class, "point-at");
    NAMES.put(Step.AwaitReplicating.class, "await-replicating");
    NAMES.put(Step.ReadLogged.class, "read-logged");
    NAMES.put(Step.QuietDown.class, "quiet-down");
    NAMES.put(Step.SetReadOnly.class, "set-read-only");
    NAMES.put(Step.ApplyPending.class, "apply-pending");
    NAMES.put(Step.ReadCoordinates.class, "read-coordinates");
    NAMES.put(Step.PointAtFile.class, "point-at-file");
    NAMES.put(Step.ForgetSource.class, "forget-source");
    NAMES.put(Step.SetDelay.class, "set-delay");
    NAMES.put(Step.SetSemiSync.class, "set-semi-sync");
    NAMES.put(Step.SkipTransaction.class, "skip-transaction");
    NAMES.put(Step.InjectEmpty.class, "inject-empty");
    NAMES.put(Step.ForgetTransactions.class, "forget-transactions");
    NAMES.put(Step.FlushLogs.class, "flush-logs");
    NAMES.put(Step.PurgeLogs.class, "purge-logs");
    NAMES.put(Step.KillQuery.class, "kill-query");
    NAMES.put(Step.ReadLogEnd.class, "read-log-end");
    NAMES.put(Step.ReadReceived.class, "read-received");
    NAMES.put(Step.AwaitPlace.class, "await-place");
    NAMES.put(Step.ApplyUpTo.class, "apply-up-to");
    NAMES.put(Step.PointBack.class, "point-back");
    NAMES.put(Step.Detach.class, "detach");
    NAMES.put(Step.DetachAtFile.class, "detach-at-file");
    NAMES.put(Step.Attach.class, "attach");
    NAMES.put(Step.Follow.class, "follow");
    NAMES.put(Step.FollowAtFile.class, "follow-at-file");
    NAMES.put(Step.AwaitLoggedOf.class, "await-logged-of");
    NAMES.put(Step.PointAtPlace.class, "point-at-place");
    NAMES.put(Step.NotePlace.class, "note-place");
    NAMES.put(Step.DisableEvents.class, "disable-events");
    NAMES.put(Step.EnableEvents.class, "enable-events");

    NAMES.put(Slot.Kind.Executed.class, "executed");
    NAMES.put(Slot.Kind.Pending.class, "pending");
    NAMES.put(Slot.Kind.Coordinates.class, "coordinates");

    NAMES.put(Verdict.Accepted.class, "accepted");
    NAMES.put(Verdict.Rejected.class, "rejected");
  }

  private TypeNames() {}

  /** All of them. */
  static Map<Class<?>, String> all() {
    return Map.copyOf(NAMES);
  }

  /** The name of a value's type. */
  static String of(Object value) {
    String name = NAMES.get(value.getClass());
    if (name == null) {
      throw new IllegalArgumentException(
          value.getClass().getName() + " has no name in " + TypeNames.class.getName());
    }
    return name;
  }
}
