package topiary.engine.gtid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GtidSetTest {

  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "a1b2c3d4-0000-11e1-9e33-c80aa9429562";

  /** The forms a 9.7 server gives back for these, as it said itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A:1 | A:1",
        "A:5:1-3 | A:1-3:5",
        "A:1-3:4:6 | A:1-4:6",
        "A:3-9:1-5 | A:1-9",
        "' A : 1 - 3 , B:7' | A:1-3,B:7",
        "B:7,A:1 | A:1,B:7",
        "A:1,A:2 | A:1-2",
        "A:1-3:blue:4-5:9 | A:1-3:blue:4-5:9",
        "A:blue:1:green:1:blue:2 | A:blue:1-2:green:1",
        "A:Blue:1 | A:blue:1",
        "A:1,A:_x9:1 | A:1:_x9:1",
        "A:1,,B:1, | A:1,B:1",
      })
  void everyFormIsReadAndWrittenAsTheServerDoes(String text, String written) {
    assertEquals(full(written), GtidSet.parse(full(text)).toString());
  }

  @Test
  void lettersOfAServerMayBeGreatOrSmallAndLinesMayBreak() {
    assertEquals(
        A + ":1-2," + B + ":1",
        GtidSet.parse(A.toUpperCase(Locale.ROOT) + ":1-2,\n" + B + ":1").toString());
    assertEquals(GtidSet.EMPTY, GtidSet.parse("  "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "A:",
        "A:0",
        "A:3-1",
        "A:1-2-3",
        "A:1:",
        "A:blue",
        "A:1:blue",
        "A:-1",
        "x:1",
        "0-1-5",
        "A:9223372036854775807",
        "A:99999999999999999999",
        "A:1-x",
        "A:9lives:1",
        "1:A"
      })
  void whatIsNoGtidIsRefusedWithItsText(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> GtidSet.parse(full(text)));
    assertTrue(e.getMessage().contains("GTID"), e.getMessage());
  }

  @Test
  void aTagIsANumberingOfItsOwn() {
    GtidSet plain = GtidSet.parse(A + ":1-5");
    GtidSet tagged = GtidSet.parse(A + ":blue:1-5");
    assertFalse(plain.covers(tagged));
    assertFalse(tagged.covers(plain));
    assertEquals(10, plain.plus(tagged).count());
    assertEquals(tagged, plain.plus(tagged).minus(plain));
    assertEquals(plain.plus(tagged), plain.plus(tagged).from(A::equals));
    assertEquals(GtidSet.EMPTY, plain.from(B::equals));
  }

  @Test
  void anotherFamilyHasNothingOfIt() {
    assertFalse(GtidSet.parse(A + ":1").covers(MariaPosition.parse("0-1-1")));
    assertFalse(MariaPosition.parse("0-1-1").covers(GtidSet.parse(A + ":1")));
    assertTrue(GtidSet.EMPTY.covers(MariaPosition.EMPTY));
    assertTrue(MariaPosition.EMPTY.covers(GtidSet.EMPTY));
  }

  /** Against sets of single transactions, which cannot be got wrong. */
  @Test
  void algebraIsThatOfSets() {
    for (long seed = 0; seed < 3000; seed++) {
      var random = new Random(seed);
      Set<String> a = some(random);
      Set<String> b = some(random);
      GtidSet x = set(a, random);
      GtidSet y = set(b, random);
      String why = "seed " + seed + ": " + x + " and " + y;
      assertEquals(x, GtidSet.parse(x.toString()), why);
      assertEquals(a.size(), x.count(), why);
      var both = new HashSet<>(a);
      both.addAll(b);
      assertEquals(set(both, random), x.plus(y), why);
      var rest = new HashSet<>(a);
      rest.removeAll(b);
      assertEquals(set(rest, random), x.minus(y), why);
      assertEquals(a.containsAll(b), x.covers(y), why);
      assertEquals(a.isEmpty(), x.isEmpty(), why);
    }
  }

  private static Set<String> some(Random random) {
    Set<String> gtids = new HashSet<>();
    int many = random.nextInt(30);
    for (int i = 0; i < many; i++) {
      String tag = random.nextInt(3) == 0 ? "t" + random.nextInt(2) + ":" : "";
      gtids.add((random.nextBoolean() ? A : B) + ":" + tag + (1 + random.nextInt(12)));
    }
    return gtids;
  }

  private static GtidSet set(Set<String> gtids, Random random) {
    List<String> shuffled = new ArrayList<>(gtids);
    Collections.shuffle(shuffled, random);
    return GtidSet.parse(String.join(",", shuffled));
  }

  private static String full(String text) {
    return text.replaceAll("\\bA\\b", A).replaceAll("\\bB\\b", B);
  }
}
