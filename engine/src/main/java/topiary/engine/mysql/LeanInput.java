package topiary.engine.mysql;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads ahead, into a buffer that it has only while there is something in it. Used by one thread at
 * a time; only closing may come from another one.
 */
final class LeanInput extends InputStream {

  private final InputStream in;
  private byte[] buffer;
  private int next;
  private int end;

  /** What was read and put back; null for nothing. */
  private byte[] again;

  private int reread;

  LeanInput(InputStream in) {
    this.in = in;
  }

  /**
   * Puts back what was read, which is read once more then.
   *
   * @throws IllegalStateException when something was put back already
   */
  void unread(byte[] read) {
    if (again != null) {
      throw new IllegalStateException("something was put back already");
    }
    if (read.length > 0) {
      again = read;
      reread = 0;
    }
  }

  private void reread(int count) {
    reread += count;
    if (reread == again.length) {
      again = null;
    }
  }

  /** False at the end of the stream. */
  private boolean filled() throws IOException {
    if (next < end) {
      return true;
    }
    byte[] room = Buffers.take();
    // Not given back when that throws: the connection is at its end.
    int count = in.read(room, 0, room.length);
    if (count <= 0) {
      Buffers.giveBack(room);
      return false;
    }
    buffer = room;
    next = 0;
    end = count;
    return true;
  }

  private void used(int count) {
    next += count;
    if (next == end) {
      Buffers.giveBack(buffer);
      buffer = null;
      next = 0;
      end = 0;
    }
  }

  @Override
  public int read() throws IOException {
    if (again != null) {
      int value = again[reread] & 0xff;
      reread(1);
      return value;
    }
    if (!filled()) {
      return -1;
    }
    int value = buffer[next] & 0xff;
    used(1);
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (again != null) {
      int count = Math.min(length, again.length - reread);
      System.arraycopy(again, reread, into, offset, count);
      reread(count);
      return count;
    }
    if (next == end && length >= 2 * 1024) {
      return in.read(into, offset, length);
    }
    if (!filled()) {
      return -1;
    }
    int count = Math.min(length, end - next);
    System.arraycopy(buffer, next, into, offset, count);
    used(count);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    if (count <= 0) {
      return 0;
    }
    if (again != null) {
      int skipped = (int) Math.min(count, again.length - reread);
      reread(skipped);
      return skipped;
    }
    if (!filled()) {
      // Whoever skips in a packet would try for ever.
      throw new EOFException("the connection has ended");
    }
    int skipped = (int) Math.min(count, end - next);
    used(skipped);
    return skipped;
  }

  /**
   * Nothing, whatever was read ahead: the driver throws away what it is told here whenever a server
   * refuses something, and that may be the answers to what was asked in the same breath.
   */
  @Override
  public int available() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
