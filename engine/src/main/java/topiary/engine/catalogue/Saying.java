package topiary.engine.catalogue;

import static topiary.engine.catalogue.Argument.Type.CLUSTER;
import static topiary.engine.catalogue.Argument.Type.DURATION;
import static topiary.engine.catalogue.Argument.Type.INSTANCE;
import static topiary.engine.catalogue.Argument.Type.NUMBER;
import static topiary.engine.catalogue.Argument.Type.RULE;
import static topiary.engine.catalogue.Argument.Type.TEXT;
import static topiary.engine.catalogue.Argument.option;
import static topiary.engine.catalogue.Argument.optional;
import static topiary.engine.catalogue.Argument.required;
import static topiary.engine.catalogue.Operation.Kind.COMMAND;
import static topiary.engine.catalogue.Operation.Kind.QUERY;

import java.util.List;

/** The operations about what people say of servers and clusters, by orchestrator's names. */
public final class Saying {

  private static final Argument SERVER = required("instance", INSTANCE, "the server");
  private static final Argument OWNER =
      option("owner", TEXT, false, "who; whoever asks when left out");
  private static final Argument REASON = option("reason", TEXT, true, "why");

  public static final Operation BEGIN_DOWNTIME =
      new Operation(
          "begin-downtime",
          COMMAND,
          "Say that a server's trouble is known, so that nobody acts on it",
          List.of(
              SERVER,
              REASON,
              OWNER,
              option("duration", DURATION, false, "how long; 10m when left out")));

  public static final Operation END_DOWNTIME =
      new Operation("end-downtime", COMMAND, "Let a server's trouble count again", List.of(SERVER));

  public static final Operation DOWNTIMED =
      new Operation(
          "downtimed",
          QUERY,
          "List the servers in downtime",
          List.of(optional("cluster", CLUSTER, "only those of this cluster")));

  public static final Operation BEGIN_MAINTENANCE =
      new Operation(
          "begin-maintenance",
          COMMAND,
          "Say that you work on a server, so that plans of others leave it alone",
          List.of(
              SERVER,
              REASON,
              OWNER,
              option("duration", DURATION, false, "how long; 10m when left out")));

  public static final Operation END_MAINTENANCE =
      new Operation(
          "end-maintenance",
          COMMAND,
          "Say that nobody works on a server any more",
          List.of(
              optional("instance", INSTANCE, "the server"),
              option("id", NUMBER, false, "the maintenance, in the place of the server")));

  public static final Operation MAINTENANCE =
      new Operation("maintenance", QUERY, "List the servers somebody works on", List.of());

  public static final Operation REGISTER_CANDIDATE =
      new Operation(
          "register-candidate",
          COMMAND,
          "Say how much a server is wanted as a primary",
          List.of(
              SERVER,
              optional("rule", RULE, "prefer (when left out), neutral, prefer_not or must_not"),
              option("duration", DURATION, false, "how long unless said again; 1h when left out")));

  public static final Operation PROMOTION_RULES =
      new Operation("promotion-rules", QUERY, "List how much servers are wanted", List.of());

  public static final Operation TAG =
      new Operation(
          "tag",
          COMMAND,
          "Give a server a tag, or a tag another value",
          List.of(SERVER, required("tag", Argument.Type.TAG, "name, or name=value")));

  public static final Operation UNTAG =
      new Operation(
          "untag",
          COMMAND,
          "Take a tag from a server",
          List.of(
              SERVER,
              required(
                  "tag",
                  Argument.Type.TAG,
                  "name; or name=value, to take it only if it has this value")));

  public static final Operation UNTAG_ALL =
      new Operation(
          "untag-all",
          COMMAND,
          "Take a tag from every server that has it with this value",
          List.of(required("tag", Argument.Type.TAG, "name=value")));

  public static final Operation TAGS =
      new Operation("tags", QUERY, "List the tags of a server", List.of(SERVER));

  public static final Operation TAGGED =
      new Operation(
          "tagged",
          QUERY,
          "List the servers that have all of some tags",
          List.of(
              required(
                  "tag",
                  Argument.Type.TAG,
                  "name, name=value, ~name (without it) or ~name=value (with another value);"
                      + " several with commas between")));

  public static final Operation SUBMIT_POOL =
      new Operation(
          "submit-pool-instances",
          COMMAND,
          "Say which servers a pool consists of",
          List.of(
              required("pool", TEXT, "the pool"),
              optional("instances", TEXT, "its servers with commas between; none ends the pool"),
              option("duration", DURATION, false, "how long unless said again; 1h when left out")));

  public static final Operation POOLS =
      new Operation(
          "pools",
          QUERY,
          "List the pools and their servers",
          List.of(optional("cluster", CLUSTER, "only servers of this cluster")));

  public static final Operation POOL_INSTANCES =
      new Operation(
          "pool-instances",
          QUERY,
          "List the servers of a cluster that are in a pool and answer",
          List.of(
              required("cluster", CLUSTER, "the cluster"),
              optional("pool", TEXT, "only those of this pool")));

  public static final Operation SET_CLUSTER_ALIAS =
      new Operation(
          "set-cluster-alias",
          COMMAND,
          "Say what people call a cluster",
          List.of(
              required("cluster", CLUSTER, "the cluster"),
              optional("alias", TEXT, "what; when left out it has its own name only")));

  public static final Operation SET_CLUSTER_DOMAIN =
      new Operation(
          "set-cluster-domain",
          COMMAND,
          "Say by which name applications find a cluster's primary",
          List.of(
              required("cluster", CLUSTER, "the cluster"),
              optional("domain", TEXT, "the name; none when left out")));

  public static final Operation SET_HOST_ATTRIBUTE =
      new Operation(
          "set-host-attribute",
          COMMAND,
          "Say something of a host, to be asked for again",
          List.of(
              required("host", TEXT, "the host"),
              required("name", TEXT, "what"),
              required("value", TEXT, "how")));

  public static final Operation HOST_ATTRIBUTES =
      new Operation(
          "host-attributes",
          QUERY,
          "List what is said of hosts",
          List.of(
              optional("name", TEXT, "only what goes by this name"),
              optional("host", TEXT, "only of this host")));

  public static final Operation REMOVE_HOST_ATTRIBUTE =
      new Operation(
          "remove-host-attribute",
          COMMAND,
          "Say something of a host no more",
          List.of(required("host", TEXT, "the host"), required("name", TEXT, "what")));

  static final List<Operation> ALL =
      List.of(
          BEGIN_DOWNTIME,
          END_DOWNTIME,
          DOWNTIMED,
          BEGIN_MAINTENANCE,
          END_MAINTENANCE,
          MAINTENANCE,
          REGISTER_CANDIDATE,
          PROMOTION_RULES,
          TAG,
          UNTAG,
          UNTAG_ALL,
          TAGS,
          TAGGED,
          SUBMIT_POOL,
          POOLS,
          POOL_INSTANCES,
          SET_CLUSTER_ALIAS,
          SET_CLUSTER_DOMAIN,
          SET_HOST_ATTRIBUTE,
          REMOVE_HOST_ATTRIBUTE,
          HOST_ATTRIBUTES);

  private Saying() {}
}
