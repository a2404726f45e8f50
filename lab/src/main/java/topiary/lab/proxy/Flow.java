package topiary.lab.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One direction of a connection: what was read and not yet passed on, at most {@value #ROOM} bytes.
 * When that is full nothing more is read, which the sender feels as it would feel a full network.
 * An end, in order or by reset, is passed on after the bytes before it, under the same rules.
 */
final class Flow {
  static final int ROOM = 32 * 1024;

  /** Bytes that came at one time. */
  private static final class Piece {
    final long arrived;
    int left;

    Piece(long arrived, int left) {
      this.arrived = arrived;
      this.left = left;
    }
  }

  private static final long SAME_TIME_NANOS = 1_000_000;

  /** How much of a second's bytes may pass at once. */
  private static final int BURSTS_PER_SECOND = 20;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private enum End {
    NONE,
    ORDERLY,
    RESET
  }

  private final Direction direction;
  private final long opened;
  private ByteBuffer bytes = NOTHING;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private End end = End.NONE;
  private boolean endPassed;
  private boolean dropped;
  private long notBefore;

  Flow(Direction direction, long opened) {
    this.direction = direction;
    this.opened = opened;
    this.notBefore = opened;
  }

  boolean wantsToRead() {
    return end == End.NONE && !dropped && (bytes == NOTHING || bytes.hasRemaining());
  }

  /** Whether its sender has ended, in whichever way. */
  boolean ended() {
    return end != End.NONE;
  }

  /** Whether the receiver has been told of the end, or is gone. */
  boolean done() {
    return endPassed || dropped;
  }

  boolean hasSomething() {
    return !done() && (!pieces.isEmpty() || end != End.NONE);
  }

  /** Forgets what it holds and takes no more: there is no receiver any more. */
  void drop() {
    dropped = true;
    pieces.clear();
    bytes = NOTHING;
  }

  /** Takes what there is from the sender. */
  void read(SocketChannel from, long now) {
    if (bytes == NOTHING) {
      bytes = ByteBuffer.allocate(ROOM);
    }
    try {
      int count = from.read(bytes);
      if (count < 0) {
        end = End.ORDERLY;
      } else if (count > 0) {
        Piece last = pieces.peekLast();
        if (last != null && now - last.arrived < SAME_TIME_NANOS) {
          last.left += count;
        } else {
          pieces.add(new Piece(now, count));
        }
      }
    } catch (IOException e) {
      end = End.RESET;
    }
  }

  /** The sender is found to be gone. */
  void reset() {
    if (!done()) {
      end = End.RESET;
    }
  }

  /**
   * From when on the next byte, or the end, may pass: a time of {@code nanoTime}. Only to be asked
   * when there is something and the direction is open.
   */
  long passesFrom(Effect effect) {
    long from = notBefore;
    if (direction == Direction.TO_CLIENT) {
      from = later(from, opened + effect.greetingNanos());
    }
    return pieces.isEmpty() ? from : later(from, pieces.peek().arrived + effect.delayNanos());
  }

  private static long later(long a, long b) {
    return a - b >= 0 ? a : b;
  }

  /**
   * Passes on what may pass now.
   *
   * @return false when the receiver takes no more now
   * @throws IOException when the receiver is gone
   */
  boolean write(SocketChannel to, Effect effect, long now) throws IOException {
    while (!pieces.isEmpty() && now - passesFrom(effect) >= 0) {
      Piece piece = pieces.peek();
      long rate = effect.bytesPerSecond();
      int allowed = rate == 0 ? piece.left : (int) Math.min(piece.left, burst(rate));
      bytes.flip();
      int limit = bytes.limit();
      bytes.limit(allowed);
      int written;
      try {
        written = to.write(bytes);
      } finally {
        bytes.limit(limit);
        bytes.compact();
      }
      piece.left -= written;
      if (piece.left == 0) {
        pieces.remove();
      }
      if (rate > 0) {
        notBefore = now + written * 1_000_000_000L / rate;
      }
      if (written < allowed) {
        return false;
      }
    }
    if (pieces.isEmpty() && end == End.ORDERLY && !endPassed) {
      to.shutdownOutput();
      endPassed = true;
    }
    return true;
  }

  private static long burst(long rate) {
    return Math.max(1, rate / BURSTS_PER_SECOND);
  }

  /** Whether a reset has come through: everything before it has passed. */
  boolean resetArrives(Effect effect) {
    return end == End.RESET && !dropped && effect.passes(direction) && pieces.isEmpty();
  }
}
