package topiary.app.main;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeapKeeperTest {

  private static final long MB = 1 << 20;

  private final AtomicLong used = new AtomicLong();
  private final AtomicLong living = new AtomicLong();
  private final AtomicInteger collected = new AtomicInteger();
  private final HeapKeeper keeper =
      new HeapKeeper(
          used::get,
          () -> {
            used.set(living.get());
            collected.incrementAndGet();
          });

  private int after(long megabytes) {
    used.set(megabytes * MB);
    keeper.look();
    return collected.get();
  }

  @Test
  void aLittleIsLeftAlone() {
    living.set(20 * MB);
    assertEquals(0, after(48));
    assertEquals(1, after(49));
    assertEquals(1, after(68), "48 more than live");
    assertEquals(2, after(69));
  }

  @Test
  void whereMuchLivesAsMuchMayBeOfNoUse() {
    living.set(200 * MB);
    assertEquals(1, after(300));
    assertEquals(1, after(400));
    assertEquals(2, after(401));
  }

  @Test
  void itFollowsWhatLives() {
    living.set(200 * MB);
    after(300);
    living.set(10 * MB);
    assertEquals(2, after(410));
    assertEquals(3, after(60), "48 more than 10 by now");
  }
}
