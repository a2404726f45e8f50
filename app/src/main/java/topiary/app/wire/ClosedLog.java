package topiary.app.wire;

import java.util.concurrent.CompletableFuture;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/**
 * A log that takes nothing: of a node that shows what was stored.
 *
 * @param inner what has the state
 */
record ClosedLog(CommandLog inner) implements CommandLog {

  private static <T> CompletableFuture<T> no() {
    return CompletableFuture.failedFuture(new NotLeading(Leadership.SHOWN));
  }

  @Override
  public CompletableFuture<Verdict> submit(Entry entry) {
    return no();
  }

  @Override
  public ManagerState state() {
    return inner.state();
  }

  @Override
  public Leadership leadership() {
    return Leadership.NOBODY;
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    return no();
  }

  @Override
  public void follow(Follower follower) {
    // The state stays as it is.
  }
}
