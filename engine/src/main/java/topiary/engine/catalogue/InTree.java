package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.MOVES;
import static topiary.engine.catalogue.Argument.Type.TEXT;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.INTENT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.InstanceKey;

/** The operations that move several servers, or one by its place, each with the intent it is. */
public final class InTree {

  private static final Argument SERVER = required("instance", INSTANCE, "the server");
  private static final Argument REPLICA = required("instance", INSTANCE, "the replica");
  private static final Argument PATTERN =
      option("pattern", TEXT, false, "only those whose host:port this regular expression is in");

  static final Argument WAY =
      option(
          "way",
          Argument.Type.WAY,
          false,
          "how it finds its place there; as it replicates now, when left out");

  public static final Operation RELOCATE_REPLICAS =
      intent(
          "relocate-replicas",
          "Move the replicas of a server below another one, side by side",
          SERVER,
          option("below", INSTANCE, true, "their new source"),
          PATTERN,
          WAY);

  public static final Operation RELOCATE_SEVERAL =
      new Operation(
          "relocate-several",
          INTENT,
          "Move several replicas, side by side, each below a server of its own",
          List.of(
              required(
                  "moves",
                  MOVES,
                  "each with its new source, as in r1:3306=p:3306,r2:3306=p:3306")));

  public static final Operation TAKE_SIBLINGS =
      intent("take-siblings", "Move the other replicas of a replica's source below it", REPLICA);

  public static final Operation MOVE_UP =
      intent("move-up", "Move a replica below the source of its source", REPLICA);

  public static final Operation MOVE_UP_REPLICAS =
      intent("move-up-replicas", "Move the replicas of a server below its source", SERVER, PATTERN);

  public static final Operation MOVE_BELOW =
      intent(
          "move-below",
          "Move a replica below one that has the same source",
          REPLICA,
          option("below", INSTANCE, true, "its sibling"));

  public static final Operation TAKE_SOURCE =
      intent(
          "take-source",
          "Have a replica and its source, itself a replica, change places",
          REPLICA,
          option("source", INSTANCE, false, "that source; the one it has, when left out"));

  public static final Operation MAKE_CO_SOURCE =
      intent(
          "make-co-source",
          "Have the source of a replica, a head, replicate from it, too",
          REPLICA,
          option("source", INSTANCE, false, "that source; the one it has, when left out"));

  public static final Operation TAKE_OVER =
      intent(
          "take-over",
          "Have a replica take over from its primary, which lives, and the others follow it",
          REPLICA,
          option("source", INSTANCE, false, "that primary; the source it has, when left out"),
          option(
              "leave",
              Argument.Type.INSTANCES,
              false,
              "siblings that stay below the former primary"),
          option(
              "end-statements",
              Argument.Type.SWITCH,
              false,
              "whether statements are ended that keep the primary from refusing writes,"
                  + " and its clients are disconnected then"));

  public static final Operation REJOIN =
      intent(
          "rejoin",
          "Have a former primary that is back replicate from the one in its place",
          SERVER,
          option(
              "source",
              INSTANCE,
              false,
              "from whom; from the one that has taken its place, when left out"));

  public static final Operation MOVE_EQUIVALENT =
      intent(
          "move-equivalent",
          "Move a replica below a server in whose log an earlier move has noted its place",
          REPLICA,
          option("below", INSTANCE, true, "its new source"));

  public static final Operation REPOINT =
      intent(
          "repoint",
          "Point a replica anew at its source, or at one that may not be there",
          REPLICA,
          option("source", INSTANCE, false, "the source; the one it has, when left out"),
          Argument.CHANNEL);

  public static final Operation REPOINT_REPLICAS =
      intent("repoint-replicas", "Point the replicas of a server at it anew", SERVER, PATTERN);

  public static final Operation REGROUP_REPLICAS =
      intent(
          "regroup-replicas",
          "Move the replicas of a server below the one of them that suits best",
          SERVER);

  public static final List<Operation> ALL =
      List.of(
          RELOCATE_REPLICAS,
          RELOCATE_SEVERAL,
          TAKE_SIBLINGS,
          MOVE_UP,
          MOVE_UP_REPLICAS,
          MOVE_BELOW,
          TAKE_SOURCE,
          MAKE_CO_SOURCE,
          TAKE_OVER,
          REJOIN,
          MOVE_EQUIVALENT,
          REPOINT,
          REPOINT_REPLICAS,
          REGROUP_REPLICAS);

  private InTree() {}

  private static Operation intent(String name, String help, Argument server, Argument... more) {
    var arguments = new ArrayList<Argument>();
    arguments.add(server);
    arguments.addAll(List.of(more));
    return new Operation(name, INTENT, help, arguments);
  }

  /**
   * What a call of one of these operations wants; empty for any other operation.
   *
   * @throws BadArgument when an argument is not what it should be
   */
  static Optional<Intent> intent(Operation operation, Arguments with) throws BadArgument {
    if (!ALL.contains(operation)) {
      return Optional.empty();
    }
    if (operation.equals(RELOCATE_SEVERAL)) {
      return Optional.of(with.moves("moves"));
    }
    Reshaping reshaping =
        switch (operation.name()) {
          case "relocate-replicas" ->
              replicas(
                  new Reshaping.Replicas(with.instance("below"), with.text("pattern")),
                  with.way("way"));
          case "take-siblings" -> new Reshaping.Siblings();
          case "move-up" -> new Reshaping.Up();
          case "move-up-replicas" -> new Reshaping.ReplicasUp(with.text("pattern"));
          case "move-below" -> new Reshaping.BelowSibling(with.instance("below"));
          case "take-source" -> new Reshaping.TakeSource(source(with));
          case "make-co-source" -> new Reshaping.CoSource(source(with));
          case "take-over" ->
              new Reshaping.TakeOver(
                  source(with), with.instances("leave"), with.on("end-statements"));
          case "rejoin" -> new Reshaping.Rejoin(source(with));
          case "move-equivalent" -> new Reshaping.Equivalent(with.instance("below"));
          case "repoint" -> new Reshaping.Repoint(source(with));
          case "repoint-replicas" -> new Reshaping.RepointReplicas(with.text("pattern"));
          case "regroup-replicas" -> new Reshaping.Regroup();
          default -> throw new IllegalStateException("not bound: " + operation.name());
        };
    return Optional.of(new Intent.InTree(with.instance("instance"), reshaping));
  }

  private static Reshaping replicas(Reshaping.Replicas replicas, Way way) {
    return way == Way.AUTO ? replicas : new Reshaping.ReplicasBy(replicas, way);
  }

  private static Optional<InstanceKey> source(Arguments with) throws BadArgument {
    return with.text("source").isEmpty() ? Optional.empty() : Optional.of(with.instance("source"));
  }

  /** The operation that a reshaping is. */
  public static Operation operation(Reshaping reshaping) {
    return switch (reshaping) {
      case Reshaping.Replicas r -> RELOCATE_REPLICAS;
      case Reshaping.ReplicasBy r -> RELOCATE_REPLICAS;
      case Reshaping.Siblings r -> TAKE_SIBLINGS;
      case Reshaping.Up r -> MOVE_UP;
      case Reshaping.ReplicasUp r -> MOVE_UP_REPLICAS;
      case Reshaping.BelowSibling r -> MOVE_BELOW;
      case Reshaping.TakeSource r -> TAKE_SOURCE;
      case Reshaping.CoSource r -> MAKE_CO_SOURCE;
      case Reshaping.TakeOver r -> TAKE_OVER;
      case Reshaping.Rejoin r -> REJOIN;
      case Reshaping.Equivalent r -> MOVE_EQUIVALENT;
      case Reshaping.Repoint r -> REPOINT;
      case Reshaping.RepointReplicas r -> REPOINT_REPLICAS;
      case Reshaping.Regroup r -> REGROUP_REPLICAS;
    };
  }

  /** The arguments of that operation, its server aside. */
  public static Map<String, String> arguments(Reshaping reshaping) {
    var arguments = new LinkedHashMap<String, String>();
    switch (reshaping) {
      case Reshaping.Replicas(var below, var pattern) -> {
        arguments.put("below", below.toString());
        pattern.ifPresent(p -> arguments.put("pattern", p));
      }
      case Reshaping.ReplicasBy(var replicas, var way) -> {
        arguments.putAll(arguments(replicas));
        arguments.put("way", way.word());
      }
      case Reshaping.ReplicasUp(var pattern) -> pattern.ifPresent(p -> arguments.put("pattern", p));
      case Reshaping.RepointReplicas(var pattern) ->
          pattern.ifPresent(p -> arguments.put("pattern", p));
      case Reshaping.BelowSibling(var sibling) -> arguments.put("below", sibling.toString());
      case Reshaping.TakeSource(var source) ->
          source.ifPresent(s -> arguments.put("source", s.toString()));
      case Reshaping.Equivalent(var below) -> arguments.put("below", below.toString());
      case Reshaping.CoSource(var source) ->
          source.ifPresent(s -> arguments.put("source", s.toString()));
      case Reshaping.TakeOver(var source, var staying, var ending) -> {
        source.ifPresent(s -> arguments.put("source", s.toString()));
        if (!staying.isEmpty()) {
          arguments.put(
              "leave", String.join(",", staying.stream().map(InstanceKey::toString).toList()));
        }
        if (ending) {
          arguments.put("end-statements", "true");
        }
      }
      case Reshaping.Rejoin(var source) ->
          source.ifPresent(s -> arguments.put("source", s.toString()));
      case Reshaping.Repoint(var source) ->
          source.ifPresent(s -> arguments.put("source", s.toString()));
      case Reshaping.Siblings r -> {}
      case Reshaping.Up r -> {}
      case Reshaping.Regroup r -> {}
    }
    return arguments;
  }

  /** Moves as the argument of {@link #RELOCATE_SEVERAL}. */
  public static String moves(Intent.Moves moves) {
    return String.join(
        ",", moves.moves().stream().map(m -> m.replica() + "=" + m.below()).toList());
  }
}
