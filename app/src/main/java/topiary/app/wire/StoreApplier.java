package topiary.app.wire;

import java.nio.file.Path;
import java.util.List;
import topiary.raft.api.Applier;
import topiary.raft.api.LogEntry;
import topiary.raft.api.LogPosition;
import topiary.raft.api.NotApplied;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.StoreException;
import topiary.store.json.JsonCodec;
import topiary.store.sqlite.SqliteStore;

/** The seam between the log, which knows bytes, and the store, which knows commands. */
final class StoreApplier implements Applier {

  private final SqliteStore store;
  private final JsonCodec codec;
  private final StoreTrouble trouble;

  StoreApplier(SqliteStore store, JsonCodec codec, StoreTrouble trouble) {
    this.store = store;
    this.codec = codec;
    this.trouble = trouble;
  }

  @Override
  public List<byte[]> apply(List<LogEntry> batch) {
    // Known already, and looked after: whoever puts back what a plan has moved is not to wait for
    // the store each time before he may.
    trouble
        .now()
        .ifPresent(
            why -> {
              throw new NotApplied(why, null);
            });
    List<Numbered> entries =
        batch.stream()
            .map(e -> new Numbered(here(e.position()), codec.decodeEntry(e.command())))
            .toList();
    try {
      return store.apply(entries).stream().map(codec::encode).toList();
    } catch (StoreException e) {
      if (!StoreTrouble.passing(e)) {
        throw e;
      }
      trouble.met(e);
      throw new NotApplied(e.getMessage(), e);
    }
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
