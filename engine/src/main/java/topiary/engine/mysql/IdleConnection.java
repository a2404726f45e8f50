package topiary.engine.mysql;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * A connection that may be at rest: nobody reads or writes then, and whoever watches it hears when
 * something comes. Nothing is read for that, so that it is all there for whoever uses it next, be
 * it encrypted or not. Thread-safe.
 */
final class IdleConnection {

  private final IdleConnections all;
  private final SocketChannel channel;

  /** Who hears of it; null while it is used. */
  private Runnable stirred;

  /** Null as long as nothing hears what comes. */
  private SelectionKey key;

  IdleConnection(IdleConnections all, SocketChannel channel) {
    this.all = all;
    this.channel = channel;
  }

  /** It is at rest from now on, and watched within moments. */
  void rest(Runnable whoHears) {
    synchronized (this) {
      stirred = whoHears;
    }
    all.comes(this);
  }

  /** It is used again. */
  synchronized void wake() throws IOException {
    stirred = null;
    if (key != null) {
      key.cancel();
      key = null;
      channel.configureBlocking(true);
    }
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

  /** Something has come: who hears of it, if it is still at rest. It is not watched any more. */
  synchronized Optional<Runnable> stirs() throws IOException {
    if (key == null) {
      return Optional.empty();
    }
    Optional<Runnable> told = Optional.of(stirred);
    wake();
    return told;
  }
}
