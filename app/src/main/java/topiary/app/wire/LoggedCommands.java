package topiary.app.wire;

import java.util.concurrent.CompletableFuture;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;
import topiary.raft.api.ReplicatedLog;
import topiary.store.json.JsonCodec;
import topiary.store.sqlite.SqliteStore;

/** The engine's command log, over a replicated log of bytes and the store that applies them. */
final class LoggedCommands implements CommandLog {

  private final ReplicatedLog log;
  private final SqliteStore store;
  private final JsonCodec codec;

  LoggedCommands(ReplicatedLog log, SqliteStore store, JsonCodec codec) {
    this.log = log;
    this.store = store;
    this.codec = codec;
  }

  @Override
  public CompletableFuture<Verdict> submit(Entry entry) {
    return log.submit(codec.encode(entry)).thenApply(codec::decodeVerdict);
  }

  @Override
  public ManagerState state() {
    return store.state();
  }
}
