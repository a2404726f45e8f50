package topiary.engine.port;

import java.util.concurrent.CompletableFuture;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/** The one way to change durable state: a log of commands, of one node or of a cluster. */
public interface CommandLog {

  /**
   * Proposes a command. The answer comes when it is durable and applied here, and every {@link
   * Follower} of this node has heard of it; it fails when it could not be made durable, and then
   * nothing may be assumed of it.
   *
   * @return fails with {@link NotLeading} when another node decides, and with an exception whose
   *     message is a sentence for people when anything else is wrong
   */
  CompletableFuture<Verdict> submit(Entry entry);

  /** The state after the last applied command. */
  ManagerState state();

  /**
   * Whether this node decides now, and since which term: leading only once everything committed
   * before is applied here. Answers at once.
   */
  Leadership leadership();

  /**
   * Asks the others whether this node still leads.
   *
   * @param term the one it led in
   * @return completes when a majority, asked after this call began, has confirmed that this node
   *     leads in that very term; fails with {@link NotLeading}. It may take as long as an election
   */
  CompletableFuture<Void> confirm(long term);

  /**
   * Hears of every change from now on. What was before is to be asked for afterwards, and may come
   * twice then.
   */
  void follow(Follower follower);

  /**
   * Hears of changes, in order, one call at a time. Called by the log's own thread: returns at
   * once, waits for nothing, throws nothing.
   */
  interface Follower {

    /**
     * The state is another.
     *
     * @param state after one or many commands, or after a snapshot was put in its place
     */
    void applied(ManagerState state);

    /**
     * This node leads from now on. Everything that was committed before was {@link #applied}.
     *
     * @param term this reign
     */
    void leads(long term);

    /** This node leads no more. */
    void stopsLeading();
  }

  /** Another node decides, or none; the message is a sentence for people. */
  final class NotLeading extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotLeading(String sentence) {
      super(sentence);
    }
  }
}
