package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.TEXT;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.QUERY;

import java.util.List;

/** Questions about the shape of a tree and what it could be, which change nothing. */
public final class Asking {

  private static final Argument REPLICA = required("instance", INSTANCE, "the replica");
  private static final Argument BELOW = option("below", INSTANCE, true, "its source to be");

  public static final Operation CANDIDATE =
      new Operation(
          "candidate-replica",
          QUERY,
          "Tell which replica of a server suits best as the source of the others, and why no other",
          List.of(required("instance", INSTANCE, "their source")));

  public static final Operation CAN_REPLICATE =
      new Operation(
          "can-replicate-from",
          QUERY,
          "Tell whether a server can replicate from another, or which rule is against it",
          List.of(REPLICA, BELOW));

  public static final Operation CAN_REPLICATE_BY_GTID =
      new Operation(
          "can-replicate-from-gtid",
          QUERY,
          "Tell whether a server can replicate from another by GTID, or what is against it",
          List.of(REPLICA, BELOW));

  public static final Operation LOCATE_ERRANT =
      new Operation(
          "locate-errant-transactions",
          QUERY,
          "List the binary logs that hold a replica's errant transactions",
          List.of(REPLICA));

  public static final Operation STATEMENTS =
      new Operation(
          "replica-statements",
          QUERY,
          "List the statements that stop a replica and start it again around another one",
          List.of(
              REPLICA,
              option("statement", TEXT, false, "that other one, which is not executed either")));

  public static final List<Operation> ALL =
      List.of(CANDIDATE, CAN_REPLICATE, CAN_REPLICATE_BY_GTID, LOCATE_ERRANT, STATEMENTS);

  private Asking() {}
}
