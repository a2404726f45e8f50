package topiary.app.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a cluster can decide anything, as far as one node can tell.
 *
 * @param partOf whether this node belongs to a majority that has a leader
 * @param members how many have a vote
 * @param majority how many of them must answer
 * @param silent who has not been heard for {@link #SILENCE}; only the node that leads knows any
 */
public record Quorum(boolean partOf, int members, int majority, List<ClusterMember> silent) {

  /** A member that is not heard for longer is silent. */
  public static final Duration SILENCE = Duration.ofSeconds(3);

  private static final Set<String> WELL = Set.of("leader", "follower");

  public Quorum {
    silent = List.copyOf(silent);
  }

  /** What a view says of it. */
  public static Quorum of(ClusterView view) {
    int members = view.members().size();
    int majority = members / 2 + 1;
    List<ClusterMember> silent =
        view.members().stream().filter(m -> !m.self() && silent(m)).toList();
    boolean partOf =
        WELL.contains(view.role())
            && view.leader().isPresent()
            && members - silent.size() >= majority;
    return new Quorum(partOf, members, majority, silent);
  }

  private static boolean silent(ClusterMember member) {
    return member.heard().filter(h -> h.compareTo(SILENCE) > 0).isPresent();
  }

  /** Why a node can decide nothing, or take part in nothing; empty when it can. */
  public static Optional<String> trouble(ClusterView view) {
    Quorum quorum = of(view);
    if (view.trouble().isPresent() || quorum.partOf) {
      return view.trouble();
    }
    return Optional.of(
        switch (view.role()) {
          case "outside" -> "this node is no member of the cluster yet";
          case "ended" -> "this node's part in the cluster has ended; start it again";
          default ->
              view.leader().isEmpty()
                  ? noLeader(view)
                  : "this node leads the cluster, but only "
                      + (quorum.members - quorum.silent.size())
                      + " of its "
                      + quorum.members
                      + " nodes answer; changing waits until "
                      + quorum.majority
                      + " do";
        });
  }

  /** What is said when no node is known to lead. */
  public static String noLeader(ClusterView view) {
    Quorum quorum = of(view);
    Optional<String> answering =
        quorum.silent.isEmpty()
            ? Optional.empty()
            : Optional.of((quorum.members - quorum.silent.size()) + " of them answer now");
    return "no node leads the cluster now; reading goes on, changing waits until a majority"
        + " answers, "
        + quorum.majority
        + " of its "
        + quorum.members
        + " nodes"
        + answering.map(words -> " (" + words + ")").orElse("");
  }
}
