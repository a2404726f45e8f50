package topiary.app.gateway.place;

import java.util.Optional;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;

/** Opens ways to nodes, ends them, and remembers which were chosen. */
public interface Places {

  /**
   * A way that was opened.
   *
   * @param gateway the way
   * @param notice what is worth telling all the same; empty when nothing is
   */
  record Opened(Gateway gateway, String notice) {}

  /** What is remembered. */
  Past past();

  /** The file this computer's users and passwords are taken from; empty when they are asked for. */
  Optional<String> credentials();

  /** A way to a node that was chosen before, whether it answers or not. */
  Gateway again(Place.There place);

  /**
   * A way to a node somebody chooses, who is told when it cannot be used. Waits for it. What is
   * chosen is remembered, without the password.
   */
  Opened open(Place place, String password) throws GatewayException;

  /** Ends a way, and the node with it when it is in this program. Waits for its plans to settle. */
  void end(Gateway gateway);
}
