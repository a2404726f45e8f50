package topiary.engine.gtid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MariaPositionTest {

  @Test
  void aGtidIsReadAndPrintedAlike() {
    assertEquals(new MariaGtid(0, 1, 42), MariaGtid.parse(" 0-1-42 "));
    String greatest = "4294967295-4294967295-9223372036854775807";
    assertEquals(greatest, MariaGtid.parse(greatest).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0-1",
        "0-1-",
        "-1-2",
        "0-1-2-3",
        "a-1-2",
        "0-1-2x",
        "0--1-2",
        "4294967296-1-2",
        "0-4294967296-2",
        "0-1-9223372036854775808",
        "3E11FA47-71CA-11E1-9E33-C80AA9429562:23"
      })
  void whatIsNoGtidIsRefusedWithItsText(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> MariaGtid.parse(text));
    assertEquals("not a MariaDB GTID: " + text, e.getMessage());
  }

  @Test
  void negativeNumbersMakeNoGtid() {
    assertThrows(IllegalArgumentException.class, () -> new MariaGtid(-1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new MariaGtid(0, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new MariaGtid(0, 1, -1));
  }

  @Test
  void aPositionIsPrintedInOrderOfDomains() {
    assertEquals("0-1-42,7-2-3", MariaPosition.parse("7-2-3, 0-1-42").toString());
    assertEquals(MariaPosition.EMPTY, MariaPosition.parse("  "));
    assertTrue(MariaPosition.parse("").isEmpty());
    assertFalse(MariaPosition.parse("0-1-1").isEmpty());
  }

  @Test
  void brokenPositionsAreRefused() {
    for (String text : new String[] {"0-1-1,", ",0-1-1", "0-1-1;1-1-1", "0-1-1,x"}) {
      assertThrows(IllegalArgumentException.class, () -> MariaPosition.parse(text), text);
    }
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> MariaPosition.parse("3-1-1,0-1-1,3-2-9"));
    assertEquals("domain 3 comes twice in the position 3-1-1,0-1-1,3-2-9", e.getMessage());
  }

  @Test
  void coveringComparesSequencesDomainByDomain() {
    MariaPosition mine = MariaPosition.parse("0-1-10,1-1-5");
    assertTrue(mine.covers(MariaPosition.parse("0-9-10")));
    assertFalse(mine.covers(MariaPosition.parse("0-1-11")));
    assertFalse(mine.covers(MariaPosition.parse("2-1-1")));
    assertTrue(mine.covers(MariaPosition.EMPTY));
    assertFalse(MariaPosition.EMPTY.covers(mine));
    assertTrue(MariaPosition.EMPTY.covers(MariaPosition.parse("5-1-0")));
  }

  @Test
  void coveringIsAnOrderWithJoins() {
    var random = new Random(7);
    int chains = 0;
    for (int i = 0; i < 5_000; i++) {
      MariaPosition a = random(random);
      MariaPosition b = random(random);
      MariaPosition c = random(random);
      assertTrue(a.covers(a));
      assertEquals(a, MariaPosition.parse(a.toString()));
      if (a.covers(b) && b.covers(c)) {
        chains++;
        assertTrue(a.covers(c), a + " | " + b + " | " + c);
      }
      MariaPosition both = join(a, b);
      assertTrue(both.covers(a) && both.covers(b));
      // The least of all that cover both.
      assertEquals(c.covers(a) && c.covers(b), c.covers(both), a + " | " + b + " | " + c);
    }
    assertTrue(chains > 100, "too few chains were tried: " + chains);
  }

  private static MariaPosition join(MariaPosition a, MariaPosition b) {
    var last = new TreeMap<>(a.last());
    b.last()
        .forEach(
            (domain, gtid) ->
                last.merge(domain, gtid, (x, y) -> x.sequence() >= y.sequence() ? x : y));
    return new MariaPosition(last);
  }

  private static MariaPosition random(Random random) {
    var last = new TreeMap<Long, MariaGtid>();
    for (long domain = 0; domain < 3; domain++) {
      if (random.nextInt(3) > 0) {
        last.put(domain, new MariaGtid(domain, random.nextInt(3), random.nextInt(4)));
      }
    }
    return new MariaPosition(last);
  }
}
