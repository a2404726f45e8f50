package topiary.engine.state;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.finding.Evidence;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.RecoveryId;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.ClusterId;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Step;
import topiary.engine.policy.HookList;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.said.Rule;

/** One entry of the replicated log: the only way durable state changes. */
public sealed interface Command {

  /**
   * The feature level a node must have to understand it. A command that is new gets a level that is
   * new, and none ever gets another.
   */
  default int level() {
    return 1;
  }

  /**
   * A server is to be looked after.
   *
   * @param key its address
   * @param cluster the tree it belongs to
   */
  record RegisterInstance(InstanceKey key, ClusterId cluster) implements Command {}

  /**
   * Servers are to be looked after, each as by a {@link RegisterInstance}; all of them or none.
   *
   * @param servers at least one
   */
  record RegisterInstances(List<RegisterInstance> servers) implements Command {

    public RegisterInstances {
      servers = List.copyOf(servers);
      if (servers.isEmpty()) {
        throw new IllegalArgumentException("no servers to look after");
      }
    }

    @Override
    public int level() {
      return 6;
    }
  }

  /**
   * A name was proven to reach a server that is known by another. It is no server of its own from
   * now on, if it was one.
   *
   * @param alias the name
   * @param server the name that server is known by
   */
  record AddAlias(InstanceKey alias, InstanceKey server) implements Command {
    @Override
    public int level() {
      return 2;
    }
  }

  /**
   * A name does not reach the server any more that it was a name of.
   *
   * @param alias the name
   */
  record DropAlias(InstanceKey alias) implements Command {
    @Override
    public int level() {
      return 2;
    }
  }

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
  record OpenPlan(PlanId id, Plan plan) implements Command {
    @Override
    public int level() {
      // Stages side by side came with what is done with several servers.
      int stages = plan.oneAfterTheOther() ? 0 : 4;
      int steps =
          plan.stages().stream()
              .flatMap(stage -> stage.steps().stream())
              .mapToInt(OpenPlan::level)
              .max()
              .orElse(0);
      return Math.max(plan.intent().level(), Math.max(stages, steps));
    }

    private static int level(Step step) {
      return switch (step) {
        case Step.TryConnect s -> 9;
        case Step.NotePlace s -> 10;
        case Step.DisableEvents s -> 11;
        case Step.EnableEvents s -> 11;
        default -> 0;
      };
    }
  }

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

  /**
   * A node says who it is and what it supports; said again whenever that is different.
   *
   * @param id its name for good
   * @param name what people call it
   * @param http where it serves
   * @param supports the highest feature level it understands
   * @param version of its program, for people
   */
  record AnnounceNode(NodeId id, String name, URI http, int supports, String version)
      implements Command {}

  /**
   * A node is none of the cluster any more.
   *
   * @param id its name
   */
  record DropNode(NodeId id) implements Command {}

  /**
   * From now on commands of this level may stand in the log.
   *
   * @param to the level, higher than before
   */
  record RaiseLevel(int to) implements Command {}

  /**
   * What the audit tells of before a moment is not kept any more; a hash of it is. Nor are the
   * plans that had ended before, but for those that hold a replica, and those of the last week that
   * can be taken back.
   *
   * @param before rows stamped from then on are kept, and those that follow one of them
   */
  record PurgeAudit(Instant before) implements Command {
    @Override
    public int level() {
      return 3;
    }
  }

  /**
   * A server is judged otherwise than before. Nothing follows from it but that it can be read
   * later.
   *
   * @param subject which server
   * @param cluster the tree it belongs to; empty when that is not known
   * @param was how it failed before, as {@link topiary.engine.finding.Code#word}; empty for not at
   *     all
   * @param is how it fails now; empty for not at all
   * @param replicas who replicates from it
   * @param evidence who says so
   */
  record NoteFinding(
      InstanceKey subject,
      Optional<ClusterId> cluster,
      Optional<String> was,
      Optional<String> is,
      List<InstanceKey> replicas,
      List<Evidence> evidence)
      implements Command {

    public NoteFinding {
      replicas = List.copyOf(replicas);
      evidence = List.copyOf(evidence);
    }

    @Override
    public int level() {
      return 6;
    }
  }

  /** What has to do with recoveries. */
  sealed interface Recovering extends Command {
    @Override
    default int level() {
      return 7;
    }
  }

  /**
   * Recoveries begin by themselves from now on, or do not.
   *
   * @param cluster in this one; empty for all of which nothing is said
   * @param kind of dead servers of this kind; empty for all kinds
   * @param on whether they do
   */
  record SwitchRecovery(Optional<ClusterId> cluster, Optional<RecoveryKind> kind, boolean on)
      implements Recovering {}

  /**
   * No recovery begins by itself anywhere, whatever else is said; or not any more.
   *
   * @param halted whether that is so
   */
  record HaltRecoveries(boolean halted) implements Recovering {}

  /**
   * A recovery begins. Committed before its first deed.
   *
   * @param id the name it goes by
   * @param cluster the tree
   * @param failed whose place is to be taken
   * @param kind whether that was the primary
   * @param code how it failed, as {@link topiary.engine.finding.Code#word}
   * @param forced whether somebody asked for it
   * @param wanted who is to take the place; empty for whoever suits best
   * @param replicas who replicated from it
   * @param evidence who says that it failed
   */
  record OpenRecovery(
      RecoveryId id,
      ClusterId cluster,
      InstanceKey failed,
      RecoveryKind kind,
      String code,
      boolean forced,
      Optional<InstanceKey> wanted,
      List<InstanceKey> replicas,
      List<Evidence> evidence)
      implements Recovering {

    public OpenRecovery {
      replicas = List.copyOf(replicas);
      evidence = List.copyOf(evidence);
    }

    @Override
    public int level() {
      return kind == RecoveryKind.TAKEOVER ? 8 : 7;
    }
  }

  /**
   * It is decided who takes the place of the dead one. Committed before it is done: whoever goes on
   * with the recovery later never takes another, as long as this one lives.
   *
   * @param id the recovery
   * @param successor who
   * @param lost what is lost by it, in a sentence
   * @param why this one, and of everybody else why not, in sentences
   */
  record ChooseSuccessor(RecoveryId id, InstanceKey successor, String lost, String why)
      implements Recovering {}

  /**
   * A recovery ended.
   *
   * @param id which
   * @param end how
   * @param report what was done, and how it stands now, in sentences
   * @param plans those that were carried out for it by the node that ended it, in order
   */
  record CloseRecovery(RecoveryId id, RecoveryEnd end, String report, List<PlanId> plans)
      implements Recovering {

    public CloseRecovery {
      plans = List.copyOf(plans);
    }
  }

  /**
   * Somebody has seen to what recoveries have left: they keep no other from beginning any more.
   *
   * @param ids which
   * @param comment what there is to say
   */
  record AcknowledgeRecoveries(List<RecoveryId> ids, String comment) implements Recovering {

    public AcknowledgeRecoveries {
      ids = List.copyOf(ids);
    }
  }

  /** What has to do with hooks: what an operator has a node run when something happens. */
  sealed interface Hooking extends Recovering {
    @Override
    default int level() {
      return 8;
    }
  }

  /**
   * Hooks are to be run, by whichever node leads.
   *
   * @param id for which recovery, or for what else that has a name of the same form
   * @param list which
   * @param facts what they are told, by the names of orchestrator's placeholders
   */
  record OweHooks(RecoveryId id, HookList list, SortedMap<String, String> facts)
      implements Hooking {

    public OweHooks {
      facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
      if (facts.isEmpty()) {
        throw new IllegalArgumentException("hooks are told nothing");
      }
    }
  }

  /**
   * No hooks are run for a recovery, as whoever asked for it wants none.
   *
   * @param id which
   */
  record SkipHooks(RecoveryId id) implements Hooking {}

  /**
   * A hook is about to be run. Committed before it is.
   *
   * @param id for what
   * @param list of which list
   * @param number its place in that, from 1
   * @param attempt how often it was begun, with this one
   */
  record BeginHook(RecoveryId id, HookList list, int number, int attempt) implements Hooking {}

  /**
   * A hook has ended.
   *
   * @param id for what
   * @param list of which list
   * @param number its place in that, from 1
   * @param attempt which attempt; 0 when it was not run
   * @param failure why it failed; empty when it did not
   * @param output what it wrote, the middle of much left out
   * @param last whether none of the list is run after it
   */
  record EndHook(
      RecoveryId id,
      HookList list,
      int number,
      int attempt,
      Optional<String> failure,
      String output,
      boolean last)
      implements Hooking {}

  /**
   * Applications are told where to write.
   *
   * @param cluster of which cluster
   * @param told what they are told
   */
  record TellPrimary(ClusterId cluster, ToldPrimary told) implements Recovering {
    @Override
    public int level() {
      return 8;
    }
  }

  /** What people say of servers and clusters; its times count from the header's. */
  sealed interface Saying extends Command {
    @Override
    default int level() {
      return 3;
    }
  }

  /**
   * How much a server is wanted as a primary.
   *
   * @param server by any of its names
   * @param rule how much
   * @param span how long it holds unless it is said again
   */
  record SetPromotion(InstanceKey server, Rule rule, Duration span) implements Saying {}

  /**
   * A server's trouble is known.
   *
   * @param server by any of its names
   * @param owner who says so
   * @param reason why
   * @param span how long
   */
  record BeginDowntime(InstanceKey server, String owner, String reason, Duration span)
      implements Saying {}

  /**
   * A server's trouble counts again.
   *
   * @param server by any of its names
   */
  record EndDowntime(InstanceKey server) implements Saying {}

  /**
   * Somebody works on a server.
   *
   * @param server by any of its names
   * @param owner who
   * @param reason on what
   * @param span how long
   */
  record BeginMaintenance(InstanceKey server, String owner, String reason, Duration span)
      implements Saying {}

  /**
   * Nobody works on a server any more.
   *
   * @param server by any of its names
   */
  record EndMaintenance(InstanceKey server) implements Saying {}

  /**
   * A maintenance is over.
   *
   * @param id which
   */
  record EndMaintenanceById(long id) implements Saying {}

  /**
   * A server has a tag, with this value from now on.
   *
   * @param server by any of its names
   * @param name of the tag
   * @param value of it, may be empty
   */
  record PutTag(InstanceKey server, String name, String value) implements Saying {}

  /**
   * A server has a tag no more.
   *
   * @param server by any of its names
   * @param name of the tag
   * @param value only when it has this; empty when any will do
   */
  record DropTag(InstanceKey server, String name, Optional<String> value) implements Saying {}

  /**
   * No server has a tag of this value any more.
   *
   * @param name of the tag
   * @param value of it
   */
  record DropTags(String name, String value) implements Saying {}

  /**
   * A pool consists of these servers and no others.
   *
   * @param pool its name
   * @param servers by any of their names; none when there is no such pool any more
   * @param span how long it holds unless it is said again
   */
  record SetPool(String pool, List<InstanceKey> servers, Duration span) implements Saying {

    public SetPool {
      servers = List.copyOf(servers);
    }
  }

  /**
   * What people call a cluster.
   *
   * @param cluster which
   * @param alias what; empty when only by its own name
   */
  record SetClusterAlias(ClusterId cluster, Optional<String> alias) implements Saying {}

  /**
   * The name by which applications find the primary of a cluster.
   *
   * @param cluster which
   * @param domain what; empty when there is none
   */
  record SetClusterDomain(ClusterId cluster, Optional<String> domain) implements Saying {}

  /**
   * Something said of a host. It is kept in rows only: no decision reads it.
   *
   * @param host of which
   * @param name what
   * @param value how; empty when it is not said any more
   */
  record SetAttribute(String host, String name, String value) implements Saying {}

  /**
   * Nothing is done by itself about a cluster's failures for a time.
   *
   * @param cluster which
   * @param owner who says so
   * @param reason why
   * @param from from when on; from the entry's time on when empty
   * @param span how long
   */
  record BeginFreeze(
      ClusterId cluster, String owner, String reason, Optional<Instant> from, Duration span)
      implements Saying {
    @Override
    public int level() {
      return 7;
    }
  }

  /**
   * A cluster is frozen no more.
   *
   * @param cluster which
   */
  record EndFreeze(ClusterId cluster) implements Saying {
    @Override
    public int level() {
      return 7;
    }
  }

  /**
   * By what servers are judged, or recovered.
   *
   * @param cluster for which cluster; empty for all that have no value of their own
   * @param name of the rule, as {@link topiary.engine.policy.JudgementRule#word} or {@link
   *     RecoveryRule#word}, none of which is in both
   * @param value of it; empty when it is as shipped, or as for all
   */
  record SetJudgementRule(Optional<ClusterId> cluster, String name, Optional<String> value)
      implements Saying {
    @Override
    public int level() {
      return RecoveryRule.named(name).isPresent() ? 8 : 7;
    }
  }

  /**
   * What has ended by a moment is forgotten. Proposed by the node that leads, whose clock it is.
   *
   * @param moment up to which
   */
  record ForgetEnded(Instant moment) implements Saying {}
}
