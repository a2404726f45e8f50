package topiary.raft.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A shared log at one moment, as one node sees it.
 *
 * @param self this node
 * @param role what this node is in it
 * @param leadership who leads
 * @param members who has a vote
 * @param heard how long ago the leader heard of each other member; empty on everybody else
 * @param firstIndex where the log on this node's disk begins
 * @param committed as far as this node knows it
 * @param applied as far as this node has come
 * @param snapshot where the newest snapshot stands; empty when there is none
 * @param snapshotAt when it was made, or came
 * @param trouble why the last try to make a snapshot failed; empty when it did not
 */
public record LogStatus(
    String self,
    Role role,
    Leadership leadership,
    List<Peer> members,
    Map<String, Duration> heard,
    long firstIndex,
    long committed,
    long applied,
    Optional<LogPosition> snapshot,
    Optional<Instant> snapshotAt,
    Optional<String> trouble) {

  public LogStatus {
    members = List.copyOf(members);
    heard = Map.copyOf(heard);
  }

  /** What a node is in a log. */
  public enum Role {
    LEADER,
    FOLLOWER,
    /** Knows of no leader, and asks for votes. */
    CANDIDATE,
    /** Starting, or not a member yet. */
    OUTSIDE,
    /** It takes no part any more. */
    ENDED
  }

  /** How many committed entries are not applied here. */
  public long lag() {
    return Math.max(0, committed - applied);
  }
}
