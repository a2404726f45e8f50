package topiary.app.gateway;

import java.time.Instant;
import java.util.Map;

/**
 * The cluster of nodes as it is seen from this computer.
 *
 * @param at when
 * @param view what the node says that was asked
 * @param own what each node says that answered this computer, by its id
 */
public record NodesSeen(Instant at, NodesView view, Map<String, NodesView> own) {

  public NodesSeen {
    own = Map.copyOf(own);
  }
}
