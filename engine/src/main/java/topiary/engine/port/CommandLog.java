package topiary.engine.port;

import java.util.concurrent.CompletableFuture;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/** The one way to change durable state: a log of commands, of one node or of a cluster. */
public interface CommandLog {

  /**
   * Proposes a command. The answer comes when it is durable and applied; it fails when it could not
   * be made durable, and then nothing may be assumed of it.
   */
  CompletableFuture<Verdict> submit(Entry entry);

  /** The state after the last applied command. */
  ManagerState state();
}
