package topiary.store.history;

import java.time.Instant;
import java.util.List;
import topiary.engine.port.History;

/**
 * A history that is written. One thread writes; any may read. Everything that goes wrong is a
 * {@link topiary.store.StoreException}, after which a new segment is to be begun.
 */
public interface HistoryStore extends History, AutoCloseable {

  /** Whether a segment was begun that can be gone on with. */
  boolean begun();

  /** Whether what is written next should begin a segment, so that reading stays quick. */
  boolean due(Instant now);

  /**
   * Begins a segment.
   *
   * @param everybody each server whole; may be nobody
   */
  void begin(Instant now, List<Entry> everybody);

  /**
   * Goes on with a segment that was begun.
   *
   * @param entries in the order of their times; none as a sign of life
   */
  void append(Instant now, List<Entry> entries);

  @Override
  void close();
}
