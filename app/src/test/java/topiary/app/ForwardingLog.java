package topiary.app;

import java.util.concurrent.CompletableFuture;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/** A command log that leaves everything to another, but for what a test does differently. */
interface ForwardingLog extends CommandLog {

  /** The other. */
  CommandLog inner();

  @Override
  default CompletableFuture<Verdict> submit(Entry entry) {
    return inner().submit(entry);
  }

  @Override
  default ManagerState state() {
    return inner().state();
  }

  @Override
  default Leadership leadership() {
    return inner().leadership();
  }

  @Override
  default CompletableFuture<Void> confirm(long term) {
    return inner().confirm(term);
  }

  @Override
  default void follow(Follower follower) {
    inner().follow(follower);
  }
}
