package topiary.app.wire;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import topiary.engine.port.CommandLog;

/**
 * Whoever hears of the log's changes. A fault of one ends nothing: what was applied stays applied,
 * and the next state that is told makes good for the one that was missed.
 */
final class Followers {

  private static final System.Logger LOG = System.getLogger(Followers.class.getName());

  private final List<CommandLog.Follower> all = new CopyOnWriteArrayList<>();

  void add(CommandLog.Follower follower) {
    all.add(follower);
  }

  /** Tells everybody; called by the log's thread only. */
  void tell(Consumer<CommandLog.Follower> news) {
    for (CommandLog.Follower follower : all) {
      try {
        news.accept(follower);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a change of the log was not taken in", e);
      }
    }
  }
}
