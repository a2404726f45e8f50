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
 * @param links whether the links between its servers can be disturbed
 * @param disks whether the disks of its servers can be full
 */
public record LabSpec(
    Cache cache,
    String name,
    Tree tree,
    Flavor flavor,
    Mode mode,
    Life life,
    Links links,
    Disks disks) {
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

  /** Where the servers keep their data. */
  public enum Disks {
    /** On this machine's disk, all of them. */
    SHARED,
    /** Each on one of its own, in memory, so that it can be full. */
    SMALL
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
        cache,
        name,
        Tree.parse(tree),
        Flavors.standard(),
        Mode.STANDARD,
        Life.TETHERED,
        Links.DIRECT,
        Disks.SHARED);
  }

  /** The same, of other servers; see {@link Flavors}. */
  public LabSpec flavor(Flavor other) {
    return new LabSpec(cache, name, tree, other, mode, life, links, disks);
  }

  /** The same, replicating by file and position instead of GTIDs. */
  public LabSpec withoutGtid() {
    return with(mode.withoutGtid());
  }

  /**
   * The same with commits that wait until a replica has received them, for at most 10 s; a server
   * without connected replicas does not wait.
   */
  public LabSpec semiSync() {
    return with(mode.withSemiSync());
  }

  private LabSpec with(Mode other) {
    return new LabSpec(cache, name, tree, flavor, other, life, links, disks);
  }

  /** The same, with servers that outlive this JVM. */
  public LabSpec detached() {
    return new LabSpec(cache, name, tree, flavor, mode, Life.DETACHED, links, disks);
  }

  /** The same, with a proxy before each server. */
  public LabSpec proxied() {
    return new LabSpec(cache, name, tree, flavor, mode, life, Links.PROXIED, disks);
  }

  /**
   * The same, with a disk of its own for each server, so that {@link Faults#fullDisk} can fill it.
   * It is in memory, up to 256 MB for each server, and needs a kernel that gives users namespaces.
   */
  public LabSpec smallDisks() {
    return new LabSpec(cache, name, tree, flavor, mode, life, links, Disks.SMALL);
  }
}
