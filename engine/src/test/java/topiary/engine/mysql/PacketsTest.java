package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.exceptions.CJPacketTooBigException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketsTest {

  private static final int FULL = 0xffffff;
  private static final int LONGEST = 64 << 20;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  /** What a server tells of an error. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void send(byte... packet) {
    int at = 0;
    int part;
    do {
      part = Math.min(FULL, packet.length - at);
      sent.writeBytes(new byte[] {(byte) part, (byte) (part >> 8), (byte) (part >> 16), 0});
      sent.write(packet, at, part);
      at += part;
    } while (part == FULL);
  }

  private Packets packets() {
    return new Packets(new ByteArrayInputStream(sent.toByteArray()), LONGEST);
  }

  private static void refusal(byte[] packet) {
    throw new Refused();
  }

  private static byte[] last(int length) {
    byte[] last = new byte[length];
    last[0] = (byte) 0xfe;
    return last;
  }

  private List<byte[]> rows(Packets packets, boolean marked) throws IOException {
    return packets.rows(2, marked, PacketsTest::refusal);
  }

  @Test
  void whatIsToldOfColumnsIsReadAsItCame() throws IOException {
    send((byte) 3, (byte) 4);
    send((byte) 5);
    byte[] both = sent.toByteArray();
    send((byte) 9);
    Packets packets = packets();
    Packets.Told told = packets.columns(2, 100);
    assertTrue(told.whole());
    assertArrayEquals(both, told.bytes());
    assertArrayEquals(new byte[] {9}, packets.next());
  }

  @Test
  void moreThanIsWantedOfColumnsIsLeftToBeRead() throws IOException {
    send(new byte[] {1, 2});
    send(new byte[50]);
    Packets packets = packets();
    Packets.Told told = packets.columns(2, 40);
    assertFalse(told.whole());
    assertArrayEquals(new byte[] {2, 0, 0, 0, 1, 2, 50, 0, 0, 0}, told.bytes());
  }

  @Test
  void nobodyWaitsForColumnsAfterAnError() throws IOException {
    send((byte) 0xff, (byte) 1);
    Packets.Told told = packets().columns(2, 100);
    assertFalse(told.whole());
    assertArrayEquals(sent.toByteArray(), told.bytes());
    assertThrows(EOFException.class, () -> new Packets(cut(), LONGEST).columns(2, 100));
  }

  private ByteArrayInputStream cut() {
    return new ByteArrayInputStream(new byte[] {2, 0, 0, 0, 7});
  }

  @Test
  void whatAnAnswerSaysOfItsColumnsIsPassedOver() throws IOException {
    send(new byte[40]);
    send(new byte[50]);
    send(new byte[] {1, 'a', 1, 'b'});
    send(new byte[] {(byte) 0xfb, 0});
    send(last(7));
    send(new byte[] {9});
    Packets packets = packets();
    List<byte[]> rows = rows(packets, false);
    assertEquals(2, rows.size());
    assertArrayEquals(new byte[] {1, 'a', 1, 'b'}, rows.getFirst());
    assertArrayEquals(new byte[] {9}, packets.next(), "nothing after the answer was read");
  }

  @Test
  void aMarkAfterTheColumnsIsPassedOverToo() throws IOException {
    send(new byte[40]);
    send(new byte[50]);
    send(last(5));
    send(new byte[] {1, 'a', 1, 'b'});
    send(last(5));
    assertEquals(1, rows(packets(), true).size());
  }

  @Test
  void aRowThatBeginsLikeTheEndIsNone() throws IOException {
    // A value of 16 MB and more: its length has eight bytes, after the same one.
    byte[] huge = new byte[FULL + 100];
    huge[0] = (byte) 0xfe;
    huge[FULL + 99] = 7;
    send(new byte[40]);
    send(new byte[50]);
    send(huge);
    send(last(7));
    List<byte[]> rows = rows(packets(), false);
    assertEquals(1, rows.size());
    assertArrayEquals(huge, rows.getFirst());
  }

  @Test
  void aPacketOfFullLengthGoesOnInAnEmptyOne() throws IOException {
    byte[] full = new byte[FULL];
    Arrays.fill(full, (byte) 3);
    send(full);
    send(new byte[] {9});
    Packets packets = packets();
    assertArrayEquals(full, packets.next());
    assertArrayEquals(new byte[] {9}, packets.next());
    Packets over = packets();
    over.skip(1);
    assertArrayEquals(new byte[] {9}, over.next());
  }

  @Test
  void anErrorAmongTheRowsIsOne() {
    send(new byte[40]);
    send(new byte[50]);
    send(new byte[] {1, 'a', 1, 'b'});
    send(new byte[] {(byte) 0xff, 1, 4});
    assertThrows(Refused.class, () -> rows(packets(), false));
  }

  @Test
  void aServerThatBreaksOffIsHeardToHaveEnded() {
    send(new byte[40]);
    assertThrows(EOFException.class, () -> rows(packets(), false));
    sent.writeBytes(new byte[] {50, 0, 0, 0, 1, 2, 3});
    assertThrows(EOFException.class, () -> rows(packets(), false));
    assertThrows(EOFException.class, () -> new Packets(packetsOf(50, 0), LONGEST).next());
  }

  private static ByteArrayInputStream packetsOf(int... bytes) {
    var all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return new ByteArrayInputStream(all);
  }

  @Test
  void noMoreIsTakenThanMayBe() {
    // Nobody sets so much aside because a server says so.
    var small = new Packets(packetsOf(0, 0, 16, 0, 1), 1 << 20);
    assertThrows(EOFException.class, small::next, "a megabyte, of which one byte comes");
    var large = new Packets(packetsOf(1, 0, 16, 0, 1), 1 << 20);
    assertThrows(CJPacketTooBigException.class, large::next);
  }

  @Test
  void anEmptyPacketIsNoAnswer() {
    send();
    assertThrows(IOException.class, () -> packets().next(PacketsTest::refusal));
  }
}
