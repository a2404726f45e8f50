package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.CLUSTER;
import static topiary.engine.catalogue.Argument.Type.DURATION;
import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.MOMENT;
import static topiary.engine.catalogue.Argument.Type.TEXT;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.optional;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.COMMAND;
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

  public static final Operation RULES =
      new Operation(
          "judgement-rules",
          QUERY,
          "List by what servers are judged, for all clusters or for one",
          List.of(ONE));

  public static final Operation SET_RULE =
      new Operation(
          "set-judgement-rule",
          COMMAND,
          "Set by what servers are judged, for all clusters or for one",
          List.of(
              required(
                  "rule",
                  TEXT,
                  "patience, reasonable-lag, locked-after, exact-semi-sync, recover-read-only or"
                      + " ignored-hosts"),
              optional("value", TEXT, "how; when left out as shipped, or for a cluster as for all"),
              option("cluster", CLUSTER, false, "for this cluster; for all when left out")));

  public static final Operation BEGIN_FREEZE =
      new Operation(
          "begin-freeze",
          COMMAND,
          "Have nothing done by itself about a cluster's failures for a time",
          List.of(
              required("cluster", CLUSTER, "the cluster"),
              option("reason", TEXT, true, "why"),
              option("owner", TEXT, false, "who; whoever asks when left out"),
              option("from", MOMENT, false, "from when on; at once when left out"),
              option("duration", DURATION, false, "how long; 1h when left out")));

  public static final Operation END_FREEZE =
      new Operation(
          "end-freeze",
          COMMAND,
          "Let a cluster's failures be acted on again",
          List.of(required("cluster", CLUSTER, "the cluster")));

  public static final Operation FROZEN =
      new Operation(
          "frozen", QUERY, "List the clusters that are frozen, or are going to be", List.of());

  public static final List<Operation> ALL =
      List.of(
          ANALYSIS,
          WHAT_IF_DEAD,
          READINESS,
          WHY_NOT,
          RULES,
          SET_RULE,
          BEGIN_FREEZE,
          END_FREEZE,
          FROZEN);

  private Judging() {}
}
