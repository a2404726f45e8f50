package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import topiary.engine.port.Clock;
import topiary.lab.base.Await;

class DoorsTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration OPENING = Duration.ofMillis(20);
  private static final int DOORS = 32;

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  /** Time that goes on when it is told to. */
  private final Clock clock =
      new Clock() {
        @Override
        public Instant now() {
          return Instant.EPOCH.plusNanos(now.get());
        }

        @Override
        public long nanos() {
          asked.incrementAndGet();
          return now.get();
        }

        @Override
        public void pause(Duration duration) {
          throw new AssertionError("nobody pauses here");
        }
      };

  @Test
  void whoWaitsBehindThoseThatAreServedGoesOnWaitingAndBehindSilentOnesGoesInAnyway()
      throws Exception {
    var doors = new Doors(clock, OPENING);
    for (int i = 0; i < DOORS; i++) {
      assertTrue(doors.enter());
    }
    int before = asked.get();
    var waits = new CompletableFuture<Boolean>();
    Thread.ofVirtual().start(() -> waits.complete(doors.enter()));
    // It has woken again and again, and each time somebody had just come out.
    assertTrue(Await.holds(LIMIT, () -> asked.get() > before + 5));
    assertFalse(waits.isDone());
    now.addAndGet(OPENING.toNanos());
    assertFalse(waits.get(LIMIT.toSeconds(), TimeUnit.SECONDS), "it went in through a door");
    doors.leave();
    assertTrue(doors.enter());
  }
}
