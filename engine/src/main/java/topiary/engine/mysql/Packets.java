package topiary.engine.mysql;

import com.mysql.cj.exceptions.CJPacketTooBigException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A server's packets as they come. What the driver makes of each of the sixty that tell of the
 * columns of a replication status costs more than reading it. Used by one thread at a time.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/">MySQL's protocol: packets, text
 *     result sets</a>
 */
final class Packets {

  /** A packet of this length goes on in the next one. */
  private static final int FULL = 0xffffff;

  /** What a packet begins with that tells of an error. */
  private static final int ERROR = 0xff;

  /** What the last packet of an answer begins with; a row's may too if a value of it is huge. */
  private static final int LAST = 0xfe;

  /** The last packet is shorter than this where servers say how many warnings there are in it. */
  private static final int SHORT = 9;

  /** What a server tells of columns is a few hundred bytes to some thousands. */
  private static final int EXPECTED = 4 * 1024;

  private static final byte[] NOTHING = {};

  private final InputStream in;
  private final int longest;
  private final byte[] head = new byte[4];

  /**
   * What comes from a server.
   *
   * @param longest that a packet may be, in bytes
   */
  Packets(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** What is made of an error that a server tells of. */
  interface Refusal {
    /** Throws it; the packet is a whole one. */
    void of(byte[] packet);
  }

  /** The next one. */
  byte[] next() throws IOException {
    int length = header();
    byte[] packet = part(NOTHING, length);
    while (length == FULL) {
      length = header();
      packet = part(packet, length);
    }
    return packet;
  }

  /** The next one, which is none that tells of an error. */
  byte[] next(Refusal refusal) throws IOException {
    byte[] packet = next();
    if (first(packet) == ERROR) {
      refusal.of(packet);
      throw new IOException("the server told of an error that cannot be read");
    }
    return packet;
  }

  /**
   * What a server told of columns.
   *
   * @param bytes as they came, with the length and number of each packet
   * @param whole whether it is all of it; if not, what follows is still to be read
   */
  record Told(byte[] bytes, boolean whole) {}

  /**
   * What a server tells of the columns of an answer, from after their number; up to an error.
   *
   * @param most bytes of it; it may be the head of a packet more
   */
  Told columns(int count, int most) throws IOException {
    var bytes = new ByteArrayOutputStream(EXPECTED);
    for (int i = 0; i < count; i++) {
      int length = header();
      bytes.write(head);
      if (bytes.size() + length > most) {
        return new Told(bytes.toByteArray(), false);
      }
      byte[] packet = part(NOTHING, length);
      bytes.write(packet);
      if (first(packet) == ERROR) {
        return new Told(bytes.toByteArray(), false);
      }
    }
    return new Told(bytes.toByteArray(), true);
  }

  /** Passes over some. */
  void skip(long count) throws IOException {
    for (long i = 0; i < count; i++) {
      int length = header();
      while (length == FULL) {
        in.skipNBytes(length);
        length = header();
      }
      in.skipNBytes(length);
    }
  }

  /**
   * The rows of an answer, from after the number of its columns.
   *
   * @param columns that number
   * @param marked whether the server marks where the columns end (MySQL's EOF packets, which it
   *     leaves out if both sides can do without)
   */
  List<byte[]> rows(long columns, boolean marked, Refusal refusal) throws IOException {
    skip(marked ? columns + 1 : columns);
    var rows = new ArrayList<byte[]>();
    int limit = marked ? SHORT : FULL;
    byte[] packet = next(refusal);
    while (first(packet) != LAST || packet.length >= limit) {
      rows.add(packet);
      packet = next(refusal);
    }
    return rows;
  }

  private static int first(byte[] packet) throws IOException {
    if (packet.length == 0) {
      throw new IOException("the server sent a packet with nothing in it");
    }
    return packet[0] & 0xff;
  }

  /** How long the next packet, or the next part of one, is. */
  private int header() throws IOException {
    if (in.readNBytes(head, 0, head.length) < head.length) {
      throw new EOFException("the connection has ended");
    }
    // The last is its number, which the driver does not look at either.
    return head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16;
  }

  private byte[] part(byte[] before, int length) throws IOException {
    if (length > longest - before.length) {
      throw new CJPacketTooBigException((long) before.length + length, longest);
    }
    var packet = new byte[before.length + length];
    System.arraycopy(before, 0, packet, 0, before.length);
    if (in.readNBytes(packet, before.length, length) < length) {
      throw new EOFException("the connection has ended");
    }
    return packet;
  }
}
