package topiary.app.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLinesTest {

  private final EventLines lines = new EventLines();
  private final AtomicLong wanted = new AtomicLong();

  EventLinesTest() {
    lines.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            wanted.addAndGet(n);
          }

          @Override
          public void cancel() {
            wanted.set(-1);
          }
        });
  }

  private static List<ByteBuffer> buffers(byte[] bytes, int size) {
    var buffers = new ArrayList<ByteBuffer>();
    for (int i = 0; i < bytes.length; i += size) {
      buffers.add(ByteBuffer.wrap(bytes, i, Math.min(size, bytes.length - i)));
    }
    return buffers;
  }

  @Test
  void linesAreWholeHoweverTheyArrive() throws Exception {
    byte[] bytes = "id: 1\n\ndata: “é”\n".getBytes(StandardCharsets.UTF_8);
    for (int size = 1; size <= bytes.length; size++) {
      lines.onNext(buffers(bytes, size));
      assertEquals(Optional.of("id: 1"), lines.next(0));
      assertEquals(Optional.of(""), lines.next(0));
      assertEquals(Optional.of("data: “é”"), lines.next(0));
    }
    assertEquals(Optional.empty(), lines.next(0));
  }

  @Test
  void moreIsAskedForWhenAllIsTaken() throws Exception {
    assertEquals(1, wanted.get());
    lines.onNext(buffers("begun".getBytes(StandardCharsets.UTF_8), 100));
    assertEquals(2, wanted.get());
    lines.onNext(buffers("\nsecond\n".getBytes(StandardCharsets.UTF_8), 100));
    assertEquals(2, wanted.get());
    lines.next(0);
    assertEquals(2, wanted.get());
    lines.next(0);
    assertEquals(3, wanted.get());
    lines.onComplete();
    assertEquals(Optional.empty(), lines.next(1_000));
    lines.close();
    assertEquals(-1, wanted.get());
  }

  @Test
  void aLineOfManyMegabytesIsNoTrouble() throws Exception {
    byte[] bytes = "x".repeat(30_000_000).getBytes(StandardCharsets.UTF_8);
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (ByteBuffer buffer : buffers(bytes, 16_384)) {
            lines.onNext(List.of(buffer));
          }
        });
    lines.onNext(buffers(new byte[] {'\n'}, 1));
    assertEquals(30_000_000, lines.next(0).orElseThrow().length());
  }
}
