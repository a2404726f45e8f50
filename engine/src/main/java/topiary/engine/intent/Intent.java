package topiary.engine.intent;

import topiary.engine.model.InstanceKey;

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
   * Start both replication threads.
   *
   * @param replica of this server
   */
  record StartReplication(InstanceKey replica) implements Intent {
    @Override
    public String words() {
      return "start replication on " + replica;
    }
  }

  /**
   * Stop both replication threads.
   *
   * @param replica of this server
   */
  record StopReplication(InstanceKey replica) implements Intent {
    @Override
    public String words() {
      return "stop replication on " + replica;
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
