package topiary.engine.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;

/** Servers that replicate from one another in a circle, and what to say of it. Pure. */
public final class Ring {

  private Ring() {}

  /** The ring a server stands in, from it on, each followed by its source; empty for no ring. */
  public static List<InstanceKey> of(Topology topology, InstanceKey key) {
    if (!topology.inRing(key)) {
      return List.of();
    }
    var ring = new ArrayList<InstanceKey>(List.of(key));
    ring.addAll(topology.sourcesOf(key));
    return List.copyOf(ring);
  }

  /**
   * What is wrong with the ring a server stands in, with the server as its subject. Two that
   * replicate from each other are a way to run two primaries, and nothing is wrong with it while
   * one of them takes writes.
   */
  public static Optional<String> complaint(Topology topology, InstanceKey key) {
    List<InstanceKey> ring = of(topology, key);
    if (ring.isEmpty()) {
      return Optional.empty();
    }
    boolean writes = ring.stream().anyMatch(member -> writeable(topology, member));
    if (ring.size() == 2 && writes) {
      return Optional.empty();
    }
    return Optional.of(
        "replicates in a ring ("
            + words(ring)
            + ")"
            + (writes ? "" : " in which nobody takes writes")
            + ": nothing new comes in from outside; move one of them below a server outside of the"
            + " ring, or have the one that is to be the head forget its source");
  }

  /** A ring in words: {@code a -> b -> a}, each replicating from the next. */
  public static String words(List<InstanceKey> ring) {
    return ring.stream().map(InstanceKey::toString).collect(Collectors.joining(" -> "))
        + " -> "
        + ring.getFirst();
  }

  private static boolean writeable(Topology topology, InstanceKey key) {
    return topology
        .instance(key)
        .flatMap(i -> i.facts())
        .map(f -> !f.settings().readOnly())
        .orElse(true);
  }
}
