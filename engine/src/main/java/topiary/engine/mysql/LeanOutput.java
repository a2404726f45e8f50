package topiary.engine.mysql;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Gathers what is written until it is told to send it, in a buffer that it has only meanwhile. The
 * driver wants one of this kind, whose own buffer is not used. Used by one thread at a time; only
 * closing may come from another one.
 */
final class LeanOutput extends BufferedOutputStream {

  private byte[] gathered;
  private int length;

  /** Whether what is told to be sent waits for more. */
  private boolean waiting;

  LeanOutput(OutputStream out) {
    super(out, 1);
  }

  @Override
  public void write(int value) throws IOException {
    byte[] room = room();
    room[length++] = (byte) value;
  }

  @Override
  public void write(byte[] from, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, from.length);
    int at = offset;
    int left = count;
    while (left > 0) {
      byte[] room = room();
      int part = Math.min(left, room.length - length);
      System.arraycopy(from, at, room, length, part);
      length += part;
      at += part;
      left -= part;
    }
  }

  private byte[] room() throws IOException {
    if (gathered != null && length == gathered.length) {
      send();
    }
    if (gathered == null) {
      gathered = Buffers.take();
      length = 0;
    }
    return gathered;
  }

  private void send() throws IOException {
    if (gathered != null) {
      // Not given back when that throws: the connection is at its end.
      out.write(gathered, 0, length);
      Buffers.giveBack(gathered);
      gathered = null;
      length = 0;
    }
  }

  @Override
  public void flush() throws IOException {
    if (!waiting) {
      send();
      out.flush();
    }
  }

  /** From now on nothing is sent before its buffer is full. */
  void gather() {
    waiting = true;
  }

  /** Sends what was gathered, and from now on whatever it is told to. */
  void sendGathered() throws IOException {
    waiting = false;
    flush();
  }

  @Override
  public void close() throws IOException {
    // What was not sent by now is of no use to anybody.
    out.close();
  }
}
