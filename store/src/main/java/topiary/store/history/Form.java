package topiary.store.history;

import java.util.Map;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;

/** How a server is written down. Pure. */
public interface Form {

  /**
   * A server as a document.
   *
   * @param cluster its tree, null when it has none
   */
  Map<String, Object> document(Instance server, ClusterId cluster);

  /**
   * A document in which that which moves by itself is as it was in an earlier one, so that it
   * differs from that in news only.
   */
  Map<String, Object> still(Map<String, Object> now, Map<String, Object> before);
}
