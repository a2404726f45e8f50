package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LeanStreamsTest {

  private static final int LENGTH = 100_000;

  private static byte[] bytes(Random random) {
    byte[] all = new byte[LENGTH];
    random.nextBytes(all);
    return all;
  }

  /** Hands out what there is in pieces, as a network does. */
  private static InputStream inPieces(byte[] all, Random random) {
    return new ByteArrayInputStream(all) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1 + random.nextInt(3_000)));
      }
    };
  }

  @Test
  void whatIsPutBackIsReadOnceMore() throws IOException {
    byte[] all = {1, 2, 3, 4, 5, 6};
    var in = new LeanInput(new ByteArrayInputStream(all));
    byte[] some = in.readNBytes(4);
    in.unread(some);
    assertThrows(IllegalStateException.class, () -> in.unread(some));
    assertEquals(1, in.read());
    assertEquals(1, in.skip(1));
    assertArrayEquals(new byte[] {3, 4, 5, 6}, in.readNBytes(9));
    in.unread(new byte[0]);
    assertEquals(-1, in.read());
  }

  @Test
  void whatIsReadIsWhatWasSentInWhateverPieces() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      byte[] all = bytes(random);
      var in = new LeanInput(inPieces(all, random));
      int at = 0;
      while (at < LENGTH) {
        int length = Math.min(LENGTH - at, 1 + random.nextInt(random.nextBoolean() ? 10 : 10_000));
        switch (random.nextInt(3)) {
          case 0 -> {
            assertEquals(all[at] & 0xff, in.read(), "seed " + seed);
            at++;
          }
          case 1 -> at += (int) in.skip(length);
          default -> {
            byte[] part = new byte[length];
            int count = in.read(part, 0, length);
            assertArrayEquals(
                Arrays.copyOfRange(all, at, at + count),
                Arrays.copyOf(part, count),
                "seed " + seed);
            at += count;
          }
        }
      }
      assertEquals(-1, in.read());
      assertThrows(EOFException.class, () -> in.skip(1));
    }
  }

  @Test
  void twoThatReadAtTheSameTimeHaveNothingInCommon() throws IOException {
    byte[] some = bytes(new Random(1));
    byte[] others = bytes(new Random(2));
    var one = new LeanInput(new ByteArrayInputStream(some));
    var other = new LeanInput(new ByteArrayInputStream(others));
    for (int i = 0; i < LENGTH; i++) {
      assertEquals(some[i] & 0xff, one.read());
      assertEquals(others[i] & 0xff, other.read());
    }
  }

  @Test
  void whatIsWrittenIsSentWhenItIsToldTo() throws IOException {
    var random = new Random(3);
    byte[] all = bytes(random);
    var sent = new ByteArrayOutputStream();
    var out = new LeanOutput(sent);
    int at = 0;
    while (at < LENGTH) {
      int length = Math.min(LENGTH - at, 1 + random.nextInt(20_000));
      out.write(all[at]);
      out.write(all, at + 1, length - 1);
      at += length;
      if (random.nextBoolean()) {
        out.flush();
        assertArrayEquals(Arrays.copyOf(all, at), sent.toByteArray());
      }
    }
    out.flush();
    assertArrayEquals(all, sent.toByteArray());
  }
}
