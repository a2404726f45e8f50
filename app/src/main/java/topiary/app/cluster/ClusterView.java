package topiary.app.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The cluster at one moment, as one node sees it.
 *
 * @param cluster its id
 * @param self this node's id
 * @param role of this node: {@code leader}, {@code follower}, {@code candidate}, {@code outside}
 *     (starting, or no member yet) or {@code ended}
 * @param leading whether this node decides: it leads, and has applied all that was committed before
 * @param term the reign this is said of
 * @param leader the id of whoever leads; empty when nobody is known to
 * @param members who has a vote, by id
 * @param level the feature level the cluster is at
 * @param firstIndex where the log on this node's disk begins
 * @param committed as far as this node knows
 * @param applied as far as this node has come
 * @param snapshotIndex where the newest snapshot on this node's disk stands; 0 when there is none
 * @param snapshotAge how old it is; empty when there is none
 * @param stateHash equal on nodes that stand at the same place
 * @param trouble what is wrong with this node's part, in a sentence; empty when nothing is
 */
public record ClusterView(
    String cluster,
    String self,
    String role,
    boolean leading,
    long term,
    Optional<String> leader,
    List<ClusterMember> members,
    int level,
    long firstIndex,
    long committed,
    long applied,
    long snapshotIndex,
    Optional<Duration> snapshotAge,
    String stateHash,
    Optional<String> trouble) {

  public ClusterView {
    members = List.copyOf(members);
  }

  /** Whoever leads, with what is known of it. */
  public Optional<ClusterMember> leaderMember() {
    return members.stream().filter(ClusterMember::leads).findFirst();
  }

  /** A member by its id, or by its name when only one has that. */
  public Optional<ClusterMember> member(String idOrName) {
    Optional<ClusterMember> byId =
        members.stream().filter(m -> m.id().equals(idOrName)).findFirst();
    if (byId.isPresent()) {
      return byId;
    }
    List<ClusterMember> named = members.stream().filter(m -> m.name().equals(idOrName)).toList();
    return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
  }

  /** How many committed entries are not applied here. */
  public long lag() {
    return Math.max(0, committed - applied);
  }
}
