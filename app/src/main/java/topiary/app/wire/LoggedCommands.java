package topiary.app.wire;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;
import topiary.raft.api.LogListener;
import topiary.raft.api.NotLeading;
import topiary.raft.api.ReplicatedLog;
import topiary.store.Store;
import topiary.store.json.JsonCodec;

/**
 * The engine's command log, over a log of bytes, of one node or of several, and the store that
 * applies them.
 */
final class LoggedCommands implements CommandLog {

  private final ReplicatedLog log;
  private final Store store;
  private final JsonCodec codec;
  private final Function<String, String> names;
  private final Followers followers = new Followers();

  /**
   * A command log; the log below it is to be started afterwards.
   *
   * @param names what people call a node, by its id
   */
  LoggedCommands(ReplicatedLog log, Store store, JsonCodec codec, Function<String, String> names) {
    this.log = log;
    this.store = store;
    this.codec = codec;
    this.names = names;
    log.listen(new Listening());
  }

  /** What the log says, as the engine is told. */
  private final class Listening implements LogListener {

    @Override
    public void applied() {
      ManagerState state = store.state();
      followers.tell(follower -> follower.applied(state));
    }

    @Override
    public void leads(long term) {
      followers.tell(follower -> follower.leads(term));
    }

    @Override
    public void stopsLeading() {
      followers.tell(Follower::stopsLeading);
    }
  }

  @Override
  public CompletableFuture<Verdict> submit(Entry entry) {
    return told(log.submit(codec.encode(entry)).thenApply(codec::decodeVerdict));
  }

  @Override
  public ManagerState state() {
    return store.state();
  }

  @Override
  public Leadership leadership() {
    var now = log.leadership();
    Optional<String> leader = now.leader().map(names);
    return new Leadership(now.leading(), now.term(), leader);
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    return told(log.confirm(term));
  }

  /** In the engine's own words, who does not lead. */
  private <T> CompletableFuture<T> told(CompletableFuture<T> answer) {
    return answer.exceptionallyCompose(
        fault -> {
          Throwable cause =
              fault instanceof CompletionException && fault.getCause() != null
                  ? fault.getCause()
                  : fault;
          return CompletableFuture.failedFuture(
              cause instanceof NotLeading ? notLeading(cause) : cause);
        });
  }

  private CommandLog.NotLeading notLeading(Throwable cause) {
    Leadership now = leadership();
    return now.leading() ? new CommandLog.NotLeading(cause.getMessage()) : now.notLeading();
  }

  @Override
  public void follow(Follower follower) {
    followers.add(follower);
  }
}
