package topiary.raft.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A log that several nodes share. Nothing here blocks; what fails, fails with a sentence. */
public interface SharedLog extends ReplicatedLog {

  /** How it is. */
  LogStatus status();

  /**
   * Waits until this node has applied whatever was committed anywhere before this call; on any
   * node. Fails with a {@link LogException} when there is no majority.
   */
  CompletableFuture<Void> catchUp();

  /**
   * Gives the log other members. Only where it leads.
   *
   * @param present the members as whoever wants this has seen them; when there are others by now,
   *     nothing is changed
   * @param wanted the members from then on; newcomers are filled before they get a vote
   * @return done when the change is committed
   */
  CompletableFuture<Void> change(List<Peer> present, List<Peer> wanted);

  /**
   * Hands the leadership over. Only where it leads.
   *
   * @param to whom; it must be a member that has everything, or it fails
   * @param limit how long that may take
   */
  CompletableFuture<Void> transfer(String to, Duration limit);

  /** Lets go of the leadership, to whom others elect. Only where it leads. */
  CompletableFuture<Void> stepDown();

  /**
   * Makes a snapshot now, and lets go of the log before it.
   *
   * @return where it stands
   */
  CompletableFuture<LogPosition> snapshot();
}
