package topiary.store.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.History.Different;
import topiary.store.StoreException;

class PatchTest {

  private static final InstanceKey KEY = new InstanceKey("::1", 3306);

  @Test
  void whateverTheTwoAreThePatchLeadsFromOneToTheOther() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int small = 0;
    for (int i = 0; i < 4000; i++) {
      Map<String, Object> before = document(random, 3);
      // Half of the time it is nearly the same.
      Map<String, Object> after = new LinkedHashMap<>(before);
      if (random.nextBoolean()) {
        after = document(random, 3);
      } else {
        after.putAll(document(random, 1));
        after.remove("a");
      }
      Map<String, Object> patch = Patch.between(before, after);
      var packed = Pack.pack(List.of(new Entry(i, KEY, Entry.Kind.NEWS, patch)));
      Entry back = Pack.unpack(packed, i).getFirst();
      assertEquals(after, Patch.apply(before, back.patch()), "seed " + seed);
      assertEquals(before.equals(after), patch.isEmpty(), "seed " + seed);
      assertEquals(patch.isEmpty(), Patch.told(before, after).isEmpty(), "seed " + seed);
      small += patch.size() < after.size() ? 1 : 0;
    }
    assertTrue(small > 500, "only " + small + " were smaller than what they lead to");
  }

  private static Map<String, Object> document(Random random, int depth) {
    var document = new LinkedHashMap<String, Object>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      String name = List.of("a", "b", "c", "=", "0", "1").get(random.nextInt(6));
      document.put(name, value(random, depth));
    }
    return document;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> random.nextInt(3);
      case 1 -> "text" + random.nextInt(3);
      case 2 -> random.nextBoolean();
      case 3 -> random.nextInt(9) / 4.0 + 0.1;
      case 4 -> document(random, depth - 1);
      default -> {
        var list = new ArrayList<Object>();
        boolean maps = random.nextBoolean();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.add(maps ? document(random, depth - 1) : value(random, 0));
        }
        yield list;
      }
    };
  }

  @Test
  void aFieldMayBeCalledAsThePatchCallsPutting() {
    Map<String, Object> before = Map.of("a", Map.of("=", 1, "b", 2));
    Map<String, Object> after = Map.of("a", Map.of("=", Map.of("c", 3), "b", 2));
    assertEquals(after, Patch.apply(before, Patch.between(before, after)));
    assertEquals(before, Patch.apply(after, Patch.between(after, before)));
  }

  @Test
  void whatIsInsideAListIsToldByItsPlace() {
    Map<String, Object> before = Map.of("channels", List.of(Map.of("io", "RUNNING", "n", 1)));
    Map<String, Object> after = Map.of("channels", List.of(Map.of("io", "STOPPED", "n", 1)));
    assertEquals(
        Map.of("channels", Map.of("0", Map.of("io", "STOPPED"))), Patch.between(before, after));
    assertEquals(
        Map.of("channels.0.io", new Different("RUNNING", "STOPPED")), Patch.told(before, after));
  }

  @Test
  void aMemberThatIsNullIsNone() {
    var some = new LinkedHashMap<String, Object>();
    some.put("a", null);
    assertEquals(Map.of(), Patch.between(some, Map.of()));
    assertEquals(Map.of(), Patch.between(Map.of(), some));
  }

  @Test
  void whatIsNotWhatWasPackedIsSaidToBe() {
    byte[] good = Pack.pack(List.of(new Entry(5, KEY, Entry.Kind.GONE, Map.of())));
    for (int i = 0; i < good.length; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, i);
      assertEquals(
          StoreException.Kind.CORRUPT,
          assertThrows(StoreException.class, () -> Pack.unpack(bad, 5)).kind());
    }
    assertTrue(good.length < 30, "a change is small: " + good.length);
  }
}
