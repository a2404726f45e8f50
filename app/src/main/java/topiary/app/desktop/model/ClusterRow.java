package topiary.app.desktop.model;

import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;

/**
 * A line of the cluster list, and a tile of the clusters' page.
 *
 * @param id the cluster's id, or its head while it has none
 * @param head the server at its root
 * @param alias what people call it; empty when they do not
 * @param tree its shape
 * @param health how its servers are
 * @param text what it is found by, in lower case
 */
public record ClusterRow(
    String id, InstanceKey head, String alias, Tree tree, Health health, String text) {

  ClusterRow(String id, InstanceKey head, String alias, Tree tree, Health health) {
    this(id, head, alias, tree, health, Servers.lower(alias + " " + head + " cluster " + id));
  }

  /** What it goes by: what people call it, else its head. */
  public String name() {
    return alias.isEmpty() ? head.toString() : alias;
  }

  /** How many servers it has. */
  public int servers() {
    return tree.places().size();
  }

  /** How many of them somebody should look at. */
  public int troubled() {
    return health.troubled();
  }

  /** How many servers, in words. */
  public String size() {
    return servers() == 1 ? "1 server" : Human.count(servers()) + " servers";
  }

  /** How it is, for people. */
  public String words() {
    return size()
        + (troubled() == 0 ? ", all well" : ", " + Human.count(troubled()) + " in trouble");
  }
}
