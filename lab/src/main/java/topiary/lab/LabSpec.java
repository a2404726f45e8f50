package topiary.lab;

import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.MariaDb;
import topiary.lab.tree.Tree;

/**
 * What lab to start.
 *
 * @param name letters, digits, {@code _}, {@code -}; one lab of a name at a time per cache
 * @param life whether its servers end with this JVM
 * @param links whether the links between its servers can be disturbed
 */
public record LabSpec(Cache cache, String name, Tree tree, Flavor flavor, Life life, Links links) {
  /** How long the servers live. */
  public enum Life {
    /** Until the JVM that started them ends, however it ends. */
    TETHERED,
    /** Until {@link Lab#down}. */
    DETACHED
  }

  /** What is between a server and its clients. */
  public enum Links {
    /** Nothing. */
    DIRECT,
    /** A proxy, so that {@link Lab#faults} can cut, swallow and slow links. */
    PROXIED
  }

  /** Checks the name. */
  public LabSpec {
    Lab.checkName(name);
  }

  /**
   * A tethered lab of MariaDB servers in the user's cache.
   *
   * @throws LabException when the name or the tree cannot be read
   */
  public static LabSpec of(String name, String tree) {
    return of(Cache.standard(), name, tree);
  }

  /** As {@link #of(String, String)}, in another cache. */
  public static LabSpec of(Cache cache, String name, String tree) {
    return new LabSpec(cache, name, Tree.parse(tree), new MariaDb(), Life.TETHERED, Links.DIRECT);
  }

  /** The same, with servers that outlive this JVM. */
  public LabSpec detached() {
    return new LabSpec(cache, name, tree, flavor, Life.DETACHED, links);
  }

  /** The same, with a proxy before each server. */
  public LabSpec proxied() {
    return new LabSpec(cache, name, tree, flavor, life, Links.PROXIED);
  }
}
