package topiary.store;

import java.nio.file.Path;
import java.util.List;
import topiary.engine.port.Audit;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/**
 * The durable side of a node: the state, the log as rows, and what was planned and done. Safe for
 * many threads; whoever reads does not wait for whoever writes. Everything that goes wrong is a
 * {@link StoreException}.
 */
public interface Store extends PlanJournal, Audit, AutoCloseable {

  /** The state after the last entry that was applied. */
  ManagerState state();

  /** The place of the last entry that was applied. */
  Position lastApplied();

  /** How often this store was opened, this time included; survives a restore. */
  long epoch();

  /**
   * Applies entries in one transaction: all of them are durable when this returns, none has left a
   * trace when it throws. An entry at or before {@link #lastApplied} is not applied again, and one
   * whose id was seen before changes nothing; both give the verdict they had.
   *
   * @param batch in the order of the log
   * @return a verdict for each, in the same order
   * @throws StoreException when nothing was changed; only of kind {@link
   *     StoreException.Kind#BROKEN} when it may have been, after which this store must not be
   *     written any more, but opened anew
   */
  List<Verdict> apply(List<Numbered> batch);

  /**
   * Writes what is there already, and sees whether there is room for more.
   *
   * @throws StoreException when nothing can be written
   */
  void checkWritable();

  /**
   * SHA-256 over the state's rows, in hexadecimal digits; equal on nodes of equal state, whatever
   * they keep it in.
   */
  String stateHash();

  /**
   * Writes everything into one SQLite file, whole or not at all. Entries may be applied meanwhile.
   *
   * @param target the file; one that is there is replaced
   * @return the place of the last entry that is in it
   */
  Position writeSnapshot(Path target);

  /**
   * Puts a snapshot in the place of everything. When it throws, everything is as it was.
   *
   * @param snapshot a file that {@link #writeSnapshot} of any kind of store wrote; it is left as it
   *     is
   */
  void restore(Path snapshot);

  /** Lets go of everything. May be called twice. */
  @Override
  void close();
}
