package topiary.app.gateway;

import java.util.Optional;
import java.util.function.Consumer;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.InstanceKey;

/**
 * The desktop's only way to a node: what is seen, live, and deeds as plans. All but {@link #listen}
 * wait for their answer, so they are called in the background.
 */
public interface Gateway extends AutoCloseable {

  /** Whom it speaks to, for people. */
  String address();

  /** Whether the node is in this program, and ends with it. */
  boolean here();

  /**
   * Tells everything seen from now on, and how the connection is, on a thread of its own. What was
   * seen is kept while the node is gone.
   */
  void listen(Consumer<Seen> listener);

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

  @Override
  void close();
}
