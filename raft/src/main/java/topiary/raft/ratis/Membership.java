package topiary.raft.ratis;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import topiary.raft.api.Peer;

/**
 * What a member is told when it starts.
 *
 * @param cluster of all members of one log, and of no other
 * @param self this member
 * @param first whether it makes the log, as its only member; otherwise it waits until it is added,
 *     or goes on with what its folder holds
 * @param host the address of this machine it listens on
 * @param port where it listens
 * @param folder what it keeps of the log; nobody else's
 * @param timing how long it waits for its leader
 * @param keys what connections are encrypted with; plain ones when empty
 * @param snapshotEvery so many entries after the last snapshot the next one is made
 */
public record Membership(
    UUID cluster,
    Peer self,
    boolean first,
    String host,
    int port,
    Path folder,
    Timing timing,
    Optional<LinkKeys> keys,
    int snapshotEvery) {

  /** As many entries lie between two snapshots, unless told otherwise. */
  public static final int SNAPSHOT_EVERY = 5_000;
}
