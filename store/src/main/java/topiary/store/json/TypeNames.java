package topiary.store.json;

import java.util.LinkedHashMap;
import java.util.Map;
import topiary.engine.intent.Intent;
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

    NAMES.put(Intent.Relocate.class, "relocate");
    NAMES.put(Intent.StartReplication.class, "start-replication");
    NAMES.put(Intent.StopReplication.class, "stop-replication");
    NAMES.put(Intent.SetReadOnly.class, "set-read-only");
    NAMES.put(Intent.Undo.class, "undo");

    NAMES.put(Step.StopReplication.class, "stop-replication");
    NAMES.put(Step.StartReplication.class, "start-replication");
    NAMES.put(Step.AwaitDrained.class, "await-drained");
    NAMES.put(Step.ReadExecuted.class, "read-executed");
    NAMES.put(Step.AwaitLogged.class, "await-logged");
    NAMES.put(Step.ReadPending.class, "read-pending");
    NAMES.put(Step.AwaitSendable.class, "await-sendable");
    NAMES.put(Step.PointAt.class, "point-at");
    NAMES.put(Step.AwaitReplicating.class, "await-replicating");
    NAMES.put(Step.SetReadOnly.class, "set-read-only");

    NAMES.put(Slot.Kind.Executed.class, "executed");
    NAMES.put(Slot.Kind.Pending.class, "pending");

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
