package topiary.engine.intent;

import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;

/** What somebody wants. A planner turns it into a plan or says why not. */
public sealed interface Intent {

  /** In words, as it is shown and journalled. */
  String words();

  /**
   * Make one server replicate from another of its tree, and leave its own replicas below it.
   *
   * @param replica the server to move
   * @param below its new source
   */
  record Relocate(InstanceKey replica, InstanceKey below) implements Intent {
    @Override
    public String words() {
      return "relocate " + replica + " below " + below;
    }
  }

  /**
   * Start replication threads.
   *
   * @param replica of this server
   * @param threads which
   */
  record StartReplication(InstanceKey replica, Threads threads) implements Intent {
    @Override
    public String words() {
      return "start " + threads.words() + " on " + replica;
    }
  }

  /**
   * Stop replication threads.
   *
   * @param replica of this server
   * @param threads which
   */
  record StopReplication(InstanceKey replica, Threads threads) implements Intent {
    @Override
    public String words() {
      return "stop " + threads.words() + " on " + replica;
    }
  }

  /**
   * Let a server refuse writes, or take them.
   *
   * @param server this one
   * @param readOnly whether it is to refuse
   */
  record SetReadOnly(InstanceKey server, boolean readOnly) implements Intent {
    @Override
    public String words() {
      return "make " + server + (readOnly ? " read-only" : " writeable");
    }
  }

  /**
   * Lead the tree back to what it was before a plan, if nothing that plan left has changed since.
   *
   * @param plan the plan to undo
   */
  record Undo(PlanId plan) implements Intent {
    @Override
    public String words() {
      return "undo plan " + plan;
    }
  }
}
