package topiary.app.wire;

import java.nio.file.Path;
import java.util.List;
import topiary.raft.api.Applier;
import topiary.raft.api.LogEntry;
import topiary.raft.api.LogPosition;
import topiary.raft.api.NotApplied;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Store;
import topiary.store.StoreException;
import topiary.store.json.JsonCodec;

/** The seam between the log, which knows bytes, and the store, which knows commands. */
class StoreApplier implements Applier {

  private final Store store;
  private final JsonCodec codec;

  /**
   * Of a member of a cluster: whatever cannot be applied here was, or will be, applied by others,
   * so this node ends.
   */
  StoreApplier(Store store, JsonCodec codec) {
    this.store = store;
    this.codec = codec;
  }

  /** Of a node that is alone: trouble that may pass is told to whoever asks, and waited out. */
  static StoreApplier patient(Store store, JsonCodec codec, StoreTrouble trouble) {
    return new StoreApplier(store, codec) {
      @Override
      public List<byte[]> apply(List<LogEntry> batch) {
        // Known already, and looked after: whoever puts back what a plan has moved is not to wait
        // for the store each time before he may.
        trouble
            .now()
            .ifPresent(
                why -> {
                  throw new NotApplied(why, null);
                });
        try {
          return super.apply(batch);
        } catch (StoreException e) {
          if (!StoreTrouble.passing(e)) {
            throw e;
          }
          trouble.met(e);
          throw new NotApplied(e.getMessage(), e);
        }
      }
    };
  }

  @Override
  public List<byte[]> apply(List<LogEntry> batch) {
    List<Numbered> entries =
        batch.stream()
            .map(e -> new Numbered(here(e.position()), codec.decodeEntry(e.command())))
            .toList();
    return store.apply(entries).stream().map(codec::encode).toList();
  }

  @Override
  public LogPosition lastApplied() {
    return there(store.lastApplied());
  }

  @Override
  public LogPosition writeSnapshot(Path file) {
    return there(store.writeSnapshot(file));
  }

  @Override
  public void restore(Path file) {
    store.restore(file);
  }

  private static Position here(LogPosition position) {
    return new Position(position.term(), position.index());
  }

  private static LogPosition there(Position position) {
    return new LogPosition(position.term(), position.index());
  }
}
