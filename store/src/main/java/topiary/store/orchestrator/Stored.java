package topiary.store.orchestrator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.analysis.Judgement;
import topiary.engine.analysis.World;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Identity;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.said.Said;

/**
 * A situation as orchestrator has stored it.
 *
 * @param now the newest of all times at which it has looked at a server: the moment it is a picture
 *     of
 * @param instances the servers as they were seen
 * @param clusters the tree each belongs to; the same whenever the same file is read
 * @param names what orchestrator calls the cluster of each
 * @param said what people say of servers and clusters
 * @param still since when the binary log of a server has not moved
 * @param errant the errant transactions of a server
 * @param odd what makes no sense in it and was left out, a sentence each
 */
public record Stored(
    Instant now,
    SortedMap<InstanceKey, Instance> instances,
    Map<InstanceKey, ClusterId> clusters,
    Map<InstanceKey, String> names,
    Said said,
    Map<InstanceKey, Instant> still,
    Map<InstanceKey, String> errant,
    List<String> odd) {

  public Stored {
    instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
    clusters = Map.copyOf(clusters);
    names = Map.copyOf(names);
    still = Map.copyOf(still);
    errant = Map.copyOf(errant);
    odd = List.copyOf(odd);
  }

  /** All that judgement rests on: the clock stands at the moment of the picture. */
  public World world(JudgementPolicy policy) {
    Map<InstanceKey, InstanceKey> twins = twins();
    return new World(
        new Topology(1, instances),
        clusters,
        said,
        policy,
        now,
        // Whoever wrote it was awake, or would not have written it.
        Instant.MIN,
        key -> Optional.ofNullable(still.get(key)),
        key -> Optional.ofNullable(errant.get(key)),
        key -> Optional.ofNullable(twins.get(key)));
  }

  /** Of any two that were seen with the same {@code server_uuid}, each by the other. */
  private Map<InstanceKey, InstanceKey> twins() {
    var first = new HashMap<String, InstanceKey>();
    var twins = new HashMap<InstanceKey, InstanceKey>();
    for (Instance i : instances.values()) {
      Optional<String> uuid =
          i.seen() ? i.facts().map(Facts::identity).flatMap(Identity::uuid) : Optional.empty();
      if (uuid.isPresent()) {
        InstanceKey other = first.putIfAbsent(uuid.get(), i.key());
        if (other != null) {
          twins.put(i.key(), other);
          twins.put(other, i.key());
        }
      }
    }
    return twins;
  }

  /**
   * What is found of every server but those somebody works on or of whom nothing is to be said: by
   * cluster, the head first, of each depth by address.
   */
  public List<Judgement> judged(JudgementPolicy policy) {
    World world = world(policy);
    var judged = new ArrayList<Judgement>();
    for (Instance i : instances.values()) {
      if (!policy.ignores(i.key().host()) && said.maintenance(i.key(), now).isEmpty()) {
        Judgement found = Judgement.of(world, i);
        if (!found.well()) {
          judged.add(found);
        }
      }
    }
    judged.sort(
        Comparator.comparing((Judgement j) -> names.getOrDefault(j.subject(), ""))
            .thenComparing(j -> world.topology().sourcesOf(j.subject()).size())
            .thenComparing(Judgement::subject));
    return judged;
  }
}
