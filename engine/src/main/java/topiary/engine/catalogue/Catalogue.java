package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.CLUSTER;
import static topiary.engine.catalogue.Argument.Type.FINGERPRINT;
import static topiary.engine.catalogue.Argument.Type.HASH;
import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.MOMENT;
import static topiary.engine.catalogue.Argument.Type.NAME;
import static topiary.engine.catalogue.Argument.Type.NODE;
import static topiary.engine.catalogue.Argument.Type.NUMBER;
import static topiary.engine.catalogue.Argument.Type.PLAN;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.optional;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.COMMAND;
import static topiary.engine.catalogue.Operation.Kind.INTENT;
import static topiary.engine.catalogue.Operation.Kind.QUERY;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Way;
import topiary.engine.model.Threads;

/** All operations. */
public final class Catalogue {

  public static final Operation CLUSTERS =
      new Operation("clusters", QUERY, "List the replication trees and how they are", List.of());

  public static final Operation TOPOLOGY =
      new Operation(
          "topology",
          QUERY,
          "Show the replication trees, or one of them",
          List.of(
              optional("cluster", CLUSTER, "a cluster's id, its alias, its head, or any member"),
              option("at", MOMENT, false, "as this node knew them then")));

  public static final Operation SERVER =
      new Operation(
          "instance",
          QUERY,
          "Show everything known of one server",
          List.of(required("instance", INSTANCE, "the server")));

  public static final Operation LONG_QUERIES =
      new Operation(
          "long-queries",
          QUERY,
          "List the statements that run for long, the longest first",
          List.of(
              optional("instance", INSTANCE, "on this server"),
              option("cluster", CLUSTER, false, "on every server of a cluster"),
              option("seconds", NUMBER, false, "for so long or longer; 60 when left out")));

  public static final Operation DISCOVER =
      new Operation(
          "discover",
          COMMAND,
          "Look at a server and take in its whole tree",
          List.of(required("instance", INSTANCE, "any server of the tree")));

  public static final Operation FORGET =
      new Operation(
          "forget",
          COMMAND,
          "Stop looking after a server",
          List.of(required("instance", INSTANCE, "the server")));

  public static final Operation RELOCATE =
      new Operation(
          "relocate",
          INTENT,
          "Move a replica, with all below it, below another server of its tree",
          List.of(
              required("replica", INSTANCE, "the replica to move"),
              option("below", INSTANCE, true, "its new source"),
              InTree.WAY,
              Argument.CHANNEL));

  public static final Operation START_REPLICATION =
      new Operation(
          "start-replication",
          INTENT,
          "Start replication on a replica",
          List.of(required("instance", INSTANCE, "the replica"), Argument.CHANNEL));

  public static final Operation STOP_REPLICATION =
      new Operation(
          "stop-replication",
          INTENT,
          "Stop replication on a replica",
          List.of(required("instance", INSTANCE, "the replica"), Argument.CHANNEL));

  public static final Operation SET_READ_ONLY =
      new Operation(
          "set-read-only",
          INTENT,
          "Make a server refuse writes",
          List.of(required("instance", INSTANCE, "the server")));

  public static final Operation SET_WRITEABLE =
      new Operation(
          "set-writeable",
          INTENT,
          "Make a server take writes",
          List.of(required("instance", INSTANCE, "the server")));

  public static final Operation UNDO =
      new Operation(
          "undo",
          INTENT,
          "Lead the tree back to what it was before a plan",
          List.of(optional("plan", PLAN, "the plan; the latest that can be undone when left out")));

  /** Its further arguments are those of the operation it is given. */
  public static final Operation PLAN_FOR =
      new Operation(
          "plan",
          QUERY,
          "Show what another operation would do: plan relocate …, plan undo …",
          List.of(required("operation", NAME, "the operation to plan")));

  public static final Operation APPLY =
      new Operation(
          "apply",
          COMMAND,
          "Run a plan that was shown, if it is still what would be done",
          List.of(required("plan", FINGERPRINT, "the fingerprint it was shown with")));

  public static final Operation CANCEL =
      new Operation(
          "cancel",
          COMMAND,
          "Stop a running plan at its next safe border",
          List.of(required("plan", PLAN, "the plan")));

  public static final Operation RUN =
      new Operation(
          "run",
          QUERY,
          "Show one plan that was run or is running, step by step",
          List.of(required("plan", PLAN, "the plan")));

  public static final Operation RUNS =
      new Operation(
          "runs",
          QUERY,
          "List the latest plans that were run",
          List.of(option("limit", NUMBER, false, "at most so many, 20 when left out")));

  public static final Operation HISTORY =
      new Operation(
          "history",
          QUERY,
          "List what changed of the servers, as this node saw it, newest first",
          List.of(
              option("instance", INSTANCE, false, "of this server only"),
              option("from", MOMENT, false, "since then, a day ago when left out"),
              option("to", MOMENT, false, "until then, now when left out"),
              option("limit", NUMBER, false, "at most so many, 100 when left out")));

  /** The same as {@link #HISTORY}, of a cluster too, and page by page. */
  public static final Operation HISTORY_CHANGES =
      new Operation(
          "history-changes",
          QUERY,
          "List what changed of a server or of a cluster, page by page (history changes)",
          List.of(
              option("instance", INSTANCE, false, "of this server only"),
              option("cluster", CLUSTER, false, "of servers that were in this cluster then"),
              option("from", MOMENT, false, "since then, a day ago when left out"),
              option("to", MOMENT, false, "until then, now when left out"),
              option("skip", NUMBER, false, "leave out so many of the newest"),
              option("limit", NUMBER, false, "at most so many, 100 when left out")));

  public static final Operation HISTORY_COUNTS =
      new Operation(
          "history-counts",
          QUERY,
          "Tell since when this node has a history, and how much changed when (history counts)",
          List.of(
              option("instance", INSTANCE, false, "of this server only"),
              option("cluster", CLUSTER, false, "of servers that were in this cluster then"),
              option("from", MOMENT, false, "since then, all there is when left out"),
              option("to", MOMENT, false, "until then, now when left out"),
              option("parts", NUMBER, false, "in so many parts of the time, 24 when left out")));

  public static final Operation AUDIT =
      new Operation(
          "audit",
          QUERY,
          "List who did what, to whom, and what came of it, newest first",
          List.of(
              option("instance", INSTANCE, false, "only what is about this server"),
              option("cluster", CLUSTER, false, "only what is about this cluster or its members"),
              option("since", MOMENT, false, "only from then on"),
              option("skip", NUMBER, false, "leave out so many of them first"),
              option("limit", NUMBER, false, "at most so many, 50 when left out")));

  public static final Operation AUDIT_VERIFY =
      new Operation(
          "audit-verify",
          QUERY,
          "Tell up to where the audit is as it was written (audit verify)",
          List.of(option("noted", HASH, false, "a hash noted elsewhere, which must be in it")));

  public static final Operation HEALTH =
      new Operation("health", QUERY, "Tell how this node is", List.of());

  public static final Operation CLUSTER_VIEW =
      new Operation(
          "cluster",
          QUERY,
          "Show the cluster of nodes this one belongs to: who leads, how far each is",
          List.of());

  public static final Operation CLUSTER_REMOVE =
      new Operation(
          "cluster-remove",
          COMMAND,
          "Remove a node from the cluster, dead or alive",
          List.of(required("node", NODE, "the node, by its id or its name")));

  public static final Operation CLUSTER_TRANSFER =
      new Operation(
          "cluster-transfer",
          COMMAND,
          "Hand the leadership of the cluster to a node",
          List.of(required("node", NODE, "the node, by its id or its name")));

  public static final Operation CLUSTER_STEP_DOWN =
      new Operation(
          "cluster-step-down", COMMAND, "Let the other nodes elect another one to lead", List.of());

  /** The only change that the node that was asked makes itself, whoever leads. */
  public static final Operation CLUSTER_SNAPSHOT =
      new Operation(
          "cluster-snapshot",
          COMMAND,
          "Write a snapshot on this node, so that its log can be cut off there",
          List.of());

  private static final List<Operation> SERVERS_AND_NODES =
      List.of(
          CLUSTERS,
          TOPOLOGY,
          SERVER,
          LONG_QUERIES,
          DISCOVER,
          FORGET,
          RELOCATE,
          START_REPLICATION,
          STOP_REPLICATION,
          SET_READ_ONLY,
          SET_WRITEABLE,
          UNDO,
          PLAN_FOR,
          APPLY,
          CANCEL,
          RUN,
          RUNS,
          HISTORY,
          HISTORY_CHANGES,
          HISTORY_COUNTS,
          AUDIT,
          AUDIT_VERIFY,
          HEALTH,
          CLUSTER_VIEW,
          CLUSTER_REMOVE,
          CLUSTER_TRANSFER,
          CLUSTER_STEP_DOWN,
          CLUSTER_SNAPSHOT);

  private static final List<Operation> ALL =
      Stream.of(
              SERVERS_AND_NODES,
              InTree.ALL,
              OneServer.ALL,
              Saying.ALL,
              Asking.ALL,
              Judging.ALL,
              Recovering.ALL)
          .flatMap(List::stream)
          .toList();

  private Catalogue() {}

  /** Every operation, in the order help lists them. */
  public static List<Operation> all() {
    return ALL;
  }

  /** The operation of this name. */
  public static Optional<Operation> named(String name) {
    return ALL.stream().filter(o -> o.name().equals(name)).findFirst();
  }

  /** Whether an argument of this name, of whatever operation, is a switch. */
  public static boolean isSwitch(String argument) {
    return ALL.stream()
        .flatMap(o -> o.argument(argument).stream())
        .anyMatch(a -> a.type() == Argument.Type.SWITCH);
  }

  /**
   * What a call of an operation of kind {@link Operation.Kind#INTENT} wants; empty for {@link
   * #UNDO} without a plan, which only the node that keeps the journal can tell.
   *
   * @throws BadArgument when an argument is not what it should be
   */
  public static Optional<Intent> intent(Operation operation, Arguments with) throws BadArgument {
    Optional<Intent> wanted = ofAll(operation, with);
    Optional<String> channel =
        operation.argument(Argument.CHANNEL.name()).isPresent()
            ? with.text(Argument.CHANNEL.name())
            : Optional.empty();
    if (wanted.isEmpty() || channel.isEmpty()) {
      return wanted;
    }
    if (wanted.get() instanceof Intent.RelocateBy) {
      throw new BadArgument(
          "of \"way\" and \"channel\" relocate takes one: a channel is moved as it replicates");
    }
    String name = channel.get().equals(Intent.OnChannel.UNNAMED) ? "" : channel.get();
    return Optional.of(new Intent.OnChannel(wanted.get(), name));
  }

  private static Optional<Intent> ofAll(Operation operation, Arguments with) throws BadArgument {
    if (operation.equals(RELOCATE)) {
      var move = new Intent.Relocate(with.instance("replica"), with.instance("below"));
      Way way = with.way("way");
      return Optional.of(way == Way.AUTO ? move : new Intent.RelocateBy(move, way));
    }
    if (operation.equals(UNDO)) {
      return with.plan("plan").map(Intent.Undo::new);
    }
    Optional<Intent> inTree = InTree.intent(operation, with);
    if (inTree.isPresent()) {
      return inTree;
    }
    var server = with.instance("instance");
    Optional<Doing> doing = OneServer.doing(operation, with);
    if (doing.isPresent()) {
      return Optional.of(new Intent.OnServer(server, doing.get()));
    }
    if (operation.equals(START_REPLICATION)) {
      return Optional.of(new Intent.StartReplication(server, Threads.BOTH));
    }
    if (operation.equals(STOP_REPLICATION)) {
      return Optional.of(new Intent.StopReplication(server, Threads.BOTH));
    }
    if (operation.equals(SET_READ_ONLY) || operation.equals(SET_WRITEABLE)) {
      return Optional.of(new Intent.SetReadOnly(server, operation.equals(SET_READ_ONLY)));
    }
    throw new IllegalArgumentException("not an intent: " + operation.name());
  }
}
