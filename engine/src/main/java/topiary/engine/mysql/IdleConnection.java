package topiary.engine.mysql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connection that may be at rest: nobody waits for anything over it then, and whoever watches it
 * hears when something comes that nobody asked for. Only a hail is sent meanwhile, and its answer
 * read: of anything else nothing is, so that all of it is there for whoever uses it next, be it
 * encrypted or not. Thread-safe.
 */
final class IdleConnection {

  /** Before what is encrypted stand a kind, a version and a length; else a length and a number. */
  private static final int HEADER = 5;

  private static final int PLAIN_HEADER = 4;

  private final IdleConnections all;
  private final SocketChannel channel;
  private boolean encrypted;

  /** Who hears of it; null while it is used. */
  private Runnable stirred;

  /** Null as long as nothing hears what comes. */
  private SelectionKey key;

  /** Reads the answer to a hail; null when none is owed. */
  private Deed answer;

  /** By what whoever hailed knows which of them is owed. */
  private long stamp;

  /** What came in answer to a hail and is not used yet; null for nothing. */
  private byte[] taken;

  private int from;
  private int to;

  /** Something done with the connection. */
  interface Deed {
    /**
     * Does it, without waiting for anything.
     *
     * @throws IOException or a fault of the driver's when it does not work
     */
    void done() throws IOException;
  }

  IdleConnection(IdleConnections all, SocketChannel channel) {
    this.all = all;
    this.channel = channel;
  }

  /** What goes over it is encrypted from now on. */
  synchronized void encrypts() {
    encrypted = true;
  }

  /** It is at rest from now on, and watched within moments. */
  void rest(Runnable whoHears) {
    synchronized (this) {
      stirred = whoHears;
    }
    all.comes(this);
  }

  /**
   * It is used again.
   *
   * @return whether the answer to a hail is still to be read
   */
  synchronized boolean wake() throws IOException {
    stirred = null;
    boolean owed = answer != null;
    answer = null;
    if (key != null) {
      key.cancel();
      key = null;
      channel.configureBlocking(true);
    }
    return owed;
  }

  /**
   * Sends something over it while it is at rest.
   *
   * @param sends it
   * @param reads the answer, when it has come
   * @return false when it is not watched just now, or an answer is owed still
   */
  synchronized boolean hail(long by, Deed sends, Deed reads) throws IOException {
    if (key == null || answer != null) {
      return false;
    }
    stamp = by;
    answer = reads;
    sends.done();
    return true;
  }

  /** Whether the answer to this hail has not come. */
  synchronized boolean owes(long by) {
    return answer != null && stamp == by;
  }

  /**
   * Has it watched, if it is still at rest.
   *
   * @return false when it was used since it was watched last, and the selector has to let go of it
   *     first
   * @throws IOException when it has ended meanwhile
   */
  synchronized boolean watched(Selector selector) throws IOException {
    if (stirred == null || key != null) {
      return true;
    }
    channel.configureBlocking(false);
    try {
      key = channel.register(selector, SelectionKey.OP_READ, this);
      return true;
    } catch (CancelledKeyException e) {
      return false;
    }
  }

  /**
   * Something has come: who hears of it, if it is still at rest and it is no answer. It is not
   * watched any more then.
   */
  synchronized Optional<Runnable> stirs() throws IOException {
    if (key == null || answers()) {
      return Optional.empty();
    }
    Optional<Runnable> told = Optional.of(stirred);
    if (wake()) {
      // It has ended in the middle of an answer, or gives one that is none.
      channel.close();
    }
    return told;
  }

  /** It cannot be watched any more, and is closed: who hears of it, if it is still at rest. */
  synchronized Optional<Runnable> grief() throws IOException {
    Optional<Runnable> told = Optional.ofNullable(stirred);
    stirred = null;
    answer = null;
    key = null;
    channel.close();
    return told;
  }

  /** Whether what has come is the answer to a hail, or the beginning of it. */
  private boolean answers() throws IOException {
    if (answer == null) {
      return false;
    }
    if (taken == null) {
      taken = Buffers.take();
      from = 0;
      to = 0;
    }
    int count = channel.read(ByteBuffer.wrap(taken, to, taken.length - to));
    if (count < 0) {
      return false;
    }
    to += count;
    if (!whole()) {
      return to < taken.length;
    }
    Deed reads = answer;
    answer = null;
    reads.done();
    // Whatever comes with it was not asked for.
    return taken == null;
  }

  private boolean whole() {
    int header = encrypted ? HEADER : PLAIN_HEADER;
    if (to < header) {
      return false;
    }
    int length =
        encrypted
            ? (taken[3] & 0xff) << 8 | taken[4] & 0xff
            : taken[0] & 0xff | (taken[1] & 0xff) << 8 | (taken[2] & 0xff) << 16;
    return to - header >= length;
  }

  /**
   * What came in answer to a hail comes before all else.
   *
   * @return how much of it there was, 0 for nothing
   * @throws IOException when it is at rest, and whoever reads would wait
   */
  synchronized int taken(byte[] into, int offset, int length) throws IOException {
    if (taken == null) {
      if (stirred != null && length > 0) {
        throw new IOException("only a part of an answer has come");
      }
      return 0;
    }
    int count = Math.min(length, to - from);
    System.arraycopy(taken, from, into, offset, count);
    from += count;
    if (from == to) {
      Buffers.giveBack(taken);
      taken = null;
    }
    return count;
  }
}
