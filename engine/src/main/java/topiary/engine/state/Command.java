package topiary.engine.state;

import java.util.Optional;
import topiary.engine.intent.PlanId;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;

/** One entry of the replicated log: the only way durable state changes. */
public sealed interface Command {

  /**
   * A server is to be looked after.
   *
   * @param key its address
   * @param cluster the tree it belongs to
   */
  record RegisterInstance(InstanceKey key, ClusterId cluster) implements Command {}

  /**
   * A name was proven to reach a server that is known by another. It is no server of its own from
   * now on, if it was one.
   *
   * @param alias the name
   * @param server the name that server is known by
   */
  record AddAlias(InstanceKey alias, InstanceKey server) implements Command {}

  /**
   * A name does not reach the server any more that it was a name of.
   *
   * @param alias the name
   */
  record DropAlias(InstanceKey alias) implements Command {}

  /**
   * A server is not to be looked after any more, by any of its names.
   *
   * @param key its address
   */
  record ForgetInstance(InstanceKey key) implements Command {}

  /**
   * A tree has this head now; its id stays.
   *
   * @param cluster the tree
   * @param head the server at its root
   */
  record NameHead(ClusterId cluster, InstanceKey head) implements Command {}

  /**
   * A plan begins. From here to its end its servers are its own.
   *
   * @param id the name it goes by
   * @param plan what will be done
   */
  record OpenPlan(PlanId id, Plan plan) implements Command {}

  /**
   * A step is about to be done. Committed before the deed: what is not in the log was not begun.
   *
   * @param id the plan
   * @param number of the step, counted through the plan from 1
   * @param step what is done
   */
  record BeginStep(PlanId id, int number, Step step) implements Command {}

  /**
   * A step ended.
   *
   * @param id the plan
   * @param number of the step
   * @param step what was done
   * @param failure why it failed; empty when it was done
   */
  record EndStep(PlanId id, int number, Step step, Optional<String> failure) implements Command {}

  /**
   * A plan ended.
   *
   * @param id the plan
   * @param end how
   * @param report what was done, and how it stands now, in sentences
   */
  record ClosePlan(PlanId id, PlanEnd end, String report) implements Command {}

  /**
   * A plan was taken back by another.
   *
   * @param id the plan that is undone
   * @param by the plan that did it
   */
  record MarkUndone(PlanId id, PlanId by) implements Command {}

  /**
   * A replica that a plan of ours had left stopped was seen running: whoever stops it from now on
   * does so on purpose.
   *
   * @param key the replica
   */
  record ReleaseHeld(InstanceKey key) implements Command {}
}
