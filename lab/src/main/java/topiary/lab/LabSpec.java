package topiary.lab;

import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.Mode;
import topiary.lab.tree.Tree;

/**
 * What lab to start.
 *
 * @param name letters, digits, {@code _}, {@code -}; one lab of a name at a time per cache
 * @param mode how its servers replicate
 * @param life whether its servers end with this JVM
 */
public record LabSpec(Cache cache, String name, Tree tree, Flavor flavor, Mode mode, Life life) {
  /** How long the servers live. */
  public enum Life {
    /** Until the JVM that started them ends, however it ends. */
    TETHERED,
    /** Until {@link Lab#down}. */
    DETACHED
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
    return new LabSpec(
        cache, name, Tree.parse(tree), Flavors.standard(), Mode.STANDARD, Life.TETHERED);
  }

  /** The same, of other servers; see {@link Flavors}. */
  public LabSpec flavor(Flavor other) {
    return new LabSpec(cache, name, tree, other, mode, life);
  }

  /** The same, replicating by file and position instead of GTIDs. */
  public LabSpec withoutGtid() {
    return new LabSpec(cache, name, tree, flavor, mode.withoutGtid(), life);
  }

  /**
   * The same with commits that wait until a replica has received them, for at most 10 s; a server
   * without connected replicas does not wait.
   */
  public LabSpec semiSync() {
    return new LabSpec(cache, name, tree, flavor, mode.withSemiSync(), life);
  }

  /** The same, with servers that outlive this JVM. */
  public LabSpec detached() {
    return new LabSpec(cache, name, tree, flavor, mode, Life.DETACHED);
  }
}
