package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.CLUSTER;
import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.KIND;
import static topiary.engine.catalogue.Argument.Type.NUMBER;
import static topiary.engine.catalogue.Argument.Type.RECOVERY;
import static topiary.engine.catalogue.Argument.Type.SWITCH;
import static topiary.engine.catalogue.Argument.Type.TEXT;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.optional;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.COMMAND;
import static topiary.engine.catalogue.Operation.Kind.QUERY;

import java.util.List;

/** Recoveries of dead servers. */
public final class Recovering {

  private static final Argument WHERE =
      optional("cluster", CLUSTER, "in this cluster; in all of which nothing is said if left out");
  private static final Argument OF =
      option("kind", KIND, false, "of dead servers of this kind only");
  private static final Argument COMMENT =
      option("comment", TEXT, true, "what there is to say, for whoever reads the audit");

  public static final Operation RECOVER =
      new Operation(
          "recover",
          COMMAND,
          "Recover a server that does not answer, whether or not that begins by itself",
          List.of(
              required("instance", INSTANCE, "the dead server"),
              option("candidate", INSTANCE, false, "who is to take its place"),
              option("skip-hooks", SWITCH, false, "run no hooks for it")));

  public static final Operation FORCE_FAILOVER =
      new Operation(
          "force-failover",
          COMMAND,
          "Have another take the place of a primary, as if that were dead, even if it answers",
          List.of(
              required("instance", INSTANCE, "the primary"),
              option("candidate", INSTANCE, false, "who is to take its place")));

  public static final Operation RECOVERIES =
      new Operation(
          "recoveries",
          QUERY,
          "List the recoveries, newest first",
          List.of(
              optional("cluster", CLUSTER, "of this cluster only"),
              option("limit", NUMBER, false, "at most so many, 20 when left out")));

  public static final Operation RECOVERY_REPORT =
      new Operation(
          "recovery",
          QUERY,
          "Tell all of one recovery: who said what, what was done and when, what was lost",
          List.of(required("recovery", RECOVERY, "its name")));

  public static final Operation ENABLE =
      new Operation(
          "enable-recovery",
          COMMAND,
          "Let recoveries of dead servers begin by themselves",
          List.of(WHERE, OF));

  public static final Operation DISABLE =
      new Operation(
          "disable-recovery",
          COMMAND,
          "Let no recoveries of dead servers begin by themselves any more",
          List.of(WHERE, OF));

  public static final Operation HALT =
      new Operation(
          "disable-global-recoveries",
          COMMAND,
          "Let no recovery begin by itself anywhere, whatever is switched on",
          List.of());

  public static final Operation GO_ON =
      new Operation(
          "enable-global-recoveries",
          COMMAND,
          "Let recoveries begin by themselves again, where they are switched on",
          List.of());

  public static final Operation SWITCHES =
      new Operation(
          "check-global-recoveries", QUERY, "Tell where recoveries begin by themselves", List.of());

  public static final Operation ACKNOWLEDGE =
      new Operation(
          "ack-recovery",
          COMMAND,
          "Acknowledge a recovery, so that another may begin by itself in its cluster",
          List.of(required("recovery", RECOVERY, "its name"), COMMENT));

  public static final Operation ACKNOWLEDGE_CLUSTER =
      new Operation(
          "ack-cluster-recoveries",
          COMMAND,
          "Acknowledge the latest recovery of a cluster",
          List.of(
              required("cluster", CLUSTER, "a cluster's id, its alias, or any member"), COMMENT));

  public static final Operation ACKNOWLEDGE_ALL =
      new Operation(
          "ack-all-recoveries",
          COMMAND,
          "Acknowledge the latest recovery of every cluster",
          List.of(COMMENT));

  public static final Operation RULES =
      new Operation(
          "recovery-rules",
          QUERY,
          "List how dead servers are recovered, for all clusters or for one",
          List.of(optional("cluster", CLUSTER, "of this cluster only")));

  public static final Operation SET_RULE =
      new Operation(
          "set-recovery-rule",
          COMMAND,
          "Set how dead servers are recovered, for all clusters or for one",
          List.of(
              required(
                  "rule",
                  TEXT,
                  "block, drain, loss-patience, accept-loss, key-prefix, recover-primaries,"
                      + " recover-intermediates, rejoin, at-once or never-promote"),
              optional("value", TEXT, "how; when left out as shipped, or for a cluster as for all"),
              option("cluster", CLUSTER, false, "for this cluster; for all when left out")));

  public static final Operation KEY_VALUES =
      new Operation(
          "key-values",
          QUERY,
          "List the keys and values by which applications find the primary of each cluster",
          List.of(optional("cluster", CLUSTER, "of this cluster only")));

  public static final Operation SUBMIT_PRIMARIES =
      new Operation(
          "submit-masters-to-kv-stores",
          COMMAND,
          "Write the keys and values of the primaries as they are now",
          List.of(optional("cluster", CLUSTER, "of this cluster only")));

  public static final List<Operation> ALL =
      List.of(
          RECOVER,
          FORCE_FAILOVER,
          RECOVERIES,
          RECOVERY_REPORT,
          ENABLE,
          DISABLE,
          HALT,
          GO_ON,
          SWITCHES,
          ACKNOWLEDGE,
          ACKNOWLEDGE_CLUSTER,
          ACKNOWLEDGE_ALL,
          RULES,
          SET_RULE,
          KEY_VALUES,
          SUBMIT_PRIMARIES);

  private Recovering() {}
}
