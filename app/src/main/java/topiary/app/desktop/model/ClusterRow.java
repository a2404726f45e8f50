package topiary.app.desktop.model;

import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * A line of the cluster list.
 *
 * @param id the cluster's id, or its head while it has none
 * @param head the server at its root
 * @param servers how many
 * @param troubled how many of them somebody should look at
 * @param tree its shape
 */
public record ClusterRow(String id, InstanceKey head, int servers, long troubled, Tree tree) {

  /** How it is, for people. */
  public String words() {
    String size = servers == 1 ? "1 server" : servers + " servers";
    return size + (troubled == 0 ? ", all well" : ", " + troubled + " in trouble");
  }
}
