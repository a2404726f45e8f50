package topiary.engine.mysql;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Room for what is being read or written just now. Thousands of connections are kept, and few of
 * them are in a conversation at any moment. Thread-safe.
 */
final class Buffers {

  /** Most questions and answers need no more; a longer one takes several turns. */
  private static final int SIZE = 8 * 1024;

  /** So many are kept while nobody needs them. */
  private static final int SPARE = 64;

  private static final ArrayBlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(SPARE);

  private Buffers() {}

  static byte[] take() {
    byte[] free = FREE.poll();
    return free == null ? new byte[SIZE] : free;
  }

  /** Whoever gives one back must not use it any more. */
  static void giveBack(byte[] buffer) {
    // More than enough: let go of it.
    FREE.offer(buffer);
  }
}
