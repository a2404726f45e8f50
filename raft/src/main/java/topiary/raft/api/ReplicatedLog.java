package topiary.raft.api;

import java.util.concurrent.CompletableFuture;

/** A log of commands, of one node or of several. */
public interface ReplicatedLog extends AutoCloseable {

  /**
   * Proposes a command. Never blocks.
   *
   * @param command not to be changed afterwards
   * @return the applier's answer, once it is durable; fails with a {@link LogException} when the
   *     command was not taken or its fate is not known. What depends on it without an executor of
   *     its own runs on the log's thread, and must be short and wait for nothing
   */
  CompletableFuture<byte[]> submit(byte[] command);

  /** Whether this node can put commands into the log now. */
  boolean leading();

  /** Applies what was taken, then takes nothing more. May be called twice. */
  @Override
  void close();
}
