package topiary.app.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Attribute;

/**
 * The desktop's only way to a node: what is seen, live, and deeds as plans. All but {@link #listen}
 * wait for their answer, so they are called in the background.
 */
public interface Gateway extends AutoCloseable {

  /** Whom it speaks to, for people; of several nodes the one it listens to. */
  String address();

  /** Whether the node is in this program, and ends with it. */
  boolean here();

  /**
   * Tells everything seen from now on, and how the connection is, on a thread of its own. What was
   * seen is kept while the node is gone.
   */
  void listen(Consumer<Seen> listener);

  /** What the node warns of, in sentences for people; empty when nothing is, or it is not known. */
  default String warnings() {
    return "";
  }

  /** What would come of it if a server died now; does nothing. */
  OutlookView whatIfDead(InstanceKey server) throws GatewayException;

  /** How ready each cluster is for the death of its head. */
  List<ReadinessView> readiness() throws GatewayException;

  /**
   * What would stop a recovery of a cluster now.
   *
   * @param cluster its id, or any member
   */
  WhyNotView whyNot(String cluster) throws GatewayException;

  /**
   * The latest recoveries, newest first, without what was done for them.
   *
   * @param limit at most so many, up to 1,000
   */
  List<RecoveryView> recoveries(int limit) throws GatewayException;

  /**
   * One, with all that was done for it.
   *
   * @param id as a {@link RecoveryView} names it
   */
  RecoveryView recovery(String id) throws GatewayException;

  /** The plan for an intent; does nothing. */
  PlanView plan(Intent intent) throws GatewayException;

  /** Runs a plan that was shown, if it is still what would be done. */
  RunView apply(String fingerprint) throws GatewayException;

  /** A run as soon as it differs from a version of it, or after a while as it is. */
  RunView follow(PlanId run, int after) throws GatewayException;

  /** Stops a run at its next safe border. */
  RunView cancel(PlanId run) throws GatewayException;

  /** The latest plan that can be undone, whoever had it carried out. */
  Optional<Undoable> undoable() throws GatewayException;

  /**
   * Has a server looked at and taken in, with every server it leads to.
   *
   * @return the name it goes by from now on
   */
  InstanceKey discover(InstanceKey server) throws GatewayException;

  /** Stops looking after a server. */
  void forget(InstanceKey server) throws GatewayException;

  /**
   * Has something said of a server, or taken back.
   *
   * @param operation which of the catalogue
   * @param arguments of it
   */
  void say(Operation operation, Map<String, String> arguments) throws GatewayException;

  /** What is said of a host, in order of its names. */
  List<Attribute> attributes(String host) throws GatewayException;

  /** Has something said of a host no more. */
  void removeAttribute(String host, String name) throws GatewayException;

  /** What the node knew at a moment. */
  Then at(Instant moment) throws GatewayException;

  /**
   * What the node saw change of the servers of a cluster, newest first.
   *
   * @param cluster its id, or any member
   * @param skip leaves out so many of the newest
   * @param limit at most so many, up to 10,000
   */
  List<Changed> changes(String cluster, Instant from, Instant to, int skip, int limit)
      throws GatewayException;

  /**
   * When it did.
   *
   * @param cluster its id, or any member
   * @param from since when; as long as there is a history when empty
   * @param parts of the time, that are counted each
   */
  Counted counted(String cluster, Optional<Instant> from, Instant to, int parts)
      throws GatewayException;

  /**
   * The cluster of nodes; empty when there can be none, because the node is in this program, or
   * knows nothing of clusters.
   */
  Optional<NodesSeen> nodes() throws GatewayException;

  /**
   * Hands the leadership to a node.
   *
   * @param node its id
   */
  void lead(String node) throws GatewayException;

  /** Has the node that leads let another one be elected. */
  void stepDown() throws GatewayException;

  /**
   * Takes a node out of the cluster, dead or alive.
   *
   * @param node its id
   */
  void remove(String node) throws GatewayException;

  @Override
  void close();
}
