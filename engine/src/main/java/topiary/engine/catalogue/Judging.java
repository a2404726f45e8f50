package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.CLUSTER;
import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.optional;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.QUERY;

import java.util.List;

/** Questions about what is wrong, and what would be. */
public final class Judging {

  private static final Argument ONE = optional("cluster", CLUSTER, "of this cluster only");

  public static final Operation ANALYSIS =
      new Operation(
          "replication-analysis",
          QUERY,
          "Tell what is wrong with the servers, the worst first, and who says so",
          List.of(ONE));

  public static final Operation WHAT_IF_DEAD =
      new Operation(
          "what-if-dead",
          QUERY,
          "Tell what would come of it if a server died now: who would take its place, who not and"
              + " why, what would be lost",
          List.of(required("instance", INSTANCE, "the server")));

  public static final Operation READINESS =
      new Operation(
          "readiness",
          QUERY,
          "Tell how ready each cluster is for the death of its primary, and what it lacks",
          List.of(ONE));

  public static final Operation WHY_NOT =
      new Operation(
          "why-not",
          QUERY,
          "List what would stop a recovery of a cluster now",
          List.of(required("cluster", CLUSTER, "a cluster's id, its alias, or any member")));

  public static final List<Operation> ALL = List.of(ANALYSIS, WHAT_IF_DEAD, READINESS, WHY_NOT);

  private Judging() {}
}
