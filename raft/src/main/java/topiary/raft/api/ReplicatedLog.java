package topiary.raft.api;

import java.util.concurrent.CompletableFuture;

/** A log of commands, of one node or of several. */
public interface ReplicatedLog extends AutoCloseable {

  /**
   * Proposes a command. Never blocks.
   *
   * @param command not to be changed afterwards
   * @return the applier's answer, once it is durable; fails with {@link NotLeading} when another
   *     node is to be asked, with another {@link LogException} when the command was not taken or
   *     its fate is not known. What depends on it without an executor of its own runs on the log's
   *     thread, and must be short and wait for nothing
   */
  CompletableFuture<byte[]> submit(byte[] command);

  /** Who leads now, as far as this node knows. */
  Leadership leadership();

  /**
   * Has a majority say that this node leads still. Never blocks.
   *
   * @param term the reign in which it is to lead
   * @return done when a majority has said so after this call; fails with {@link NotLeading}
   */
  CompletableFuture<Void> confirm(long term);

  /** Has somebody hear what becomes of the log. To be called before it is started. */
  void listen(LogListener listener);

  /** Begins, right behind what the applier has applied. */
  void start();

  /** Applies what was taken, then takes nothing more. May be called twice. */
  @Override
  void close();
}
