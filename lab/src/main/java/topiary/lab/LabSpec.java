package topiary.lab;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
 * @param links whether the links between its servers can be disturbed, and how
 * @param disks whether the disks of its servers can be full
 * @param options what stands at the end of a member's option file, lines, by its name
 */
public record LabSpec(
    Cache cache,
    String name,
    Tree tree,
    Flavor flavor,
    Mode mode,
    Life life,
    Links links,
    Disks disks,
    Map<String, String> options) {
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
    PROXIED,
    /** A network that only the lab has, so that {@link Faults#partition} can lose packets in it. */
    NETWORK
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
    options = Map.copyOf(options);
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
        Disks.SHARED,
        Map.of());
  }

  /** The same, of other servers; see {@link Flavors}. */
  public LabSpec flavor(Flavor other) {
    return new LabSpec(cache, name, tree, other, mode, life, links, disks, options);
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
    return new LabSpec(cache, name, tree, flavor, other, life, links, disks, options);
  }

  /** The same, with servers that outlive this JVM. */
  public LabSpec detached() {
    return new LabSpec(cache, name, tree, flavor, mode, Life.DETACHED, links, disks, options);
  }

  /** The same, with a proxy before each server. */
  public LabSpec proxied() {
    return new LabSpec(cache, name, tree, flavor, mode, life, Links.PROXIED, disks, options);
  }

  /**
   * The same, with servers that are hosts of a network of their own, in which {@link
   * Faults#partition} loses packets. This JVM, outside of it, reaches them by their Unix sockets,
   * that is by {@link Lab#connection}; a process on that network, by {@link Lab#within}. It needs a
   * kernel that gives users namespaces, and the program {@code ip}; see {@link #obstacle}.
   */
  public LabSpec ownNetwork() {
    return new LabSpec(cache, name, tree, flavor, mode, life, Links.NETWORK, disks, options);
  }

  /** Why this machine cannot have the lab's network, as a sentence; empty when it can. */
  public Optional<String> obstacle() {
    return links == Links.NETWORK ? Network.obstacle() : Optional.empty();
  }

  /**
   * The same, with a disk of its own for each server, so that {@link Faults#fullDisk} can fill it.
   * It is in memory, up to 256 MB for each server, and needs a kernel that gives users namespaces.
   */
  public LabSpec smallDisks() {
    return new LabSpec(cache, name, tree, flavor, mode, life, links, Disks.SMALL, options);
  }

  /**
   * The same, with more options for one of its servers: lines of an option file, which count more
   * than the lab's own.
   */
  public LabSpec options(String member, String lines) {
    Map<String, String> more = new TreeMap<>(options);
    more.merge(member, lines.stripTrailing() + "\n", String::concat);
    return new LabSpec(cache, name, tree, flavor, mode, life, links, disks, more);
  }
}
