package topiary.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTableTest {

  private record Moment(InstanceTable table, Map<InstanceKey, Instance> truth) {}

  /** Every table goes on to say what it said, whatever comes of it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 300})
  void itSaysWhatAMapSays(int servers) {
    var random = new Random(servers);
    List<InstanceKey> keys = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      keys.add(new InstanceKey("db" + i + ".example", 3306));
    }
    var moments = new ArrayList<>(List.of(new Moment(InstanceTable.EMPTY, Map.of())));
    for (int i = 0; i < 3_000; i++) {
      Moment from = moments.get(random.nextInt(10) == 0 ? random.nextInt(i + 1) : i);
      InstanceKey key = keys.get(random.nextInt(servers));
      var truth = new HashMap<>(from.truth());
      Instance instance = random.nextInt(4) == 0 ? null : Instance.unseen(key);
      if (instance == null) {
        truth.remove(key);
      } else {
        truth.put(key, instance);
      }
      moments.add(new Moment(from.table().with(key, instance), truth));
    }
    for (Moment moment : moments.subList(2_700, 3_000)) {
      for (InstanceTable table : List.of(moment.table(), InstanceTable.of(moment.truth()))) {
        keys.forEach(key -> assertSame(moment.truth().get(key), table.get(key)));
      }
    }
    assertNull(moments.getLast().table().get(new InstanceKey("nobody.example", 3306)));
    assertEquals(3_001, moments.size());
  }
}
