package topiary.raft.api;

import java.nio.file.Path;
import java.util.List;

/**
 * What the log is for: the durable state that its entries change. Called by one thread at a time.
 * Whatever is thrown here ends the log, as a node that has not applied an entry must not apply the
 * next; but {@link NotApplied}, which a log of one node, where nobody else has applied it either,
 * takes as a refusal.
 */
public interface Applier {

  /**
   * Applies entries, all of them in one transaction, together with the position of the last. An
   * entry that was applied before is not applied again.
   *
   * @param batch in order, never empty
   * @return one answer for each entry, in the same order, durable when this returns
   */
  List<byte[]> apply(List<LogEntry> batch);

  /** The position that the durable state stands at. */
  LogPosition lastApplied();

  /**
   * Writes the state whole into a file that is not there yet.
   *
   * @return the position that the written state stands at
   */
  LogPosition writeSnapshot(Path file);

  /** Puts the state of a snapshot in the place of the present one. */
  void restore(Path file);
}
