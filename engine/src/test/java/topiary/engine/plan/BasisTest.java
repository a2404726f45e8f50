package topiary.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static topiary.engine.fake.Trees.key;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Trees;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;

class BasisTest {

  private static Map<Field, Consumer<Trees.Server>> changes() {
    var changes = new EnumMap<Field, Consumer<Trees.Server>>(Field.class);
    changes.put(Field.CONDITION, s -> s.condition = Condition.HUNG);
    changes.put(Field.SERVER_ID, s -> s.serverId = 99);
    changes.put(Field.SERVER_UUID, s -> s.uuid = Optional.of("u"));
    changes.put(Field.VERSION, s -> s.version = "11.4.6-MariaDB");
    changes.put(Field.LOG_BIN, s -> s.logBin = false);
    changes.put(Field.LOG_UPDATES, s -> s.logUpdates = false);
    changes.put(Field.BINLOG_FORMAT, s -> s.format = BinlogFormat.MIXED);
    changes.put(Field.READ_ONLY, s -> s.readOnly = false);
    changes.put(Field.CHANNELS, s -> s.channels = 2);
    changes.put(Field.SOURCE, s -> s.source = Optional.of(key("q")));
    changes.put(Field.GTID_USE, s -> s.gtid = GtidUse.NONE);
    changes.put(Field.IO_THREAD, s -> s.io = ThreadState.STOPPED);
    changes.put(Field.SQL_THREAD, s -> s.sql = ThreadState.STOPPED);
    changes.put(Field.FILTERS, s -> s.filtered = true);
    changes.put(Field.DELAY, s -> s.delay = 60);
    changes.put(Field.APPLY_ERROR, s -> s.sqlError = "Duplicate entry");
    changes.put(Field.SEMI_SYNC_SOURCE, s -> s.semiSync = semiSync(true, false));
    changes.put(Field.SEMI_SYNC_REPLICA, s -> s.semiSync = semiSync(false, true));
    return changes;
  }

  private static SemiSync semiSync(boolean source, boolean replica) {
    return new SemiSync(
        true,
        new SemiSync.Source(true, source, 0, 0, false, 0),
        new SemiSync.Replica(true, replica, false));
  }

  @Test
  void everyFieldFollowsItsOwnChangeAndNoOther() {
    assertEquals(Field.values().length, changes().size());
    changes()
        .forEach(
            (changed, change) -> {
              Topology after = Trees.of("p(r)").with("r", change).topology();
              for (Field field : Field.values()) {
                Optional<String> broken =
                    Basis.of(server(Trees.of("p(r)").topology(), "r"), field).broken(after);
                assertEquals(
                    field == changed, broken.isPresent(), () -> field + " when " + changed);
              }
            });
  }

  @Test
  void noFieldDependsOnPositions() {
    Instance before = server(Trees.of("p(r)").topology(), "r");
    Topology after = Trees.of("p(r)").with("r", s -> s.position = 7_000).topology();
    assertNotEquals(before.facts(), server(after, "r").facts());
    for (Field field : Field.values()) {
      assertEquals(Optional.empty(), Basis.of(before, field).broken(after), field::name);
    }
  }

  @Test
  void aThreadBetweenTwoConnectionsCountsAsStarted() {
    Topology after = Trees.of("p(r)").with("r", s -> s.io = ThreadState.CONNECTING).topology();
    Instance before = server(Trees.of("p(r)").topology(), "r");
    assertEquals(Optional.empty(), Basis.of(before, Field.IO_THREAD).broken(after));
  }

  @Test
  void aHeadHasNoReplicationAndAnUnseenServerNothingKnown() {
    Instance head = server(Trees.of("p").topology(), "p");
    assertEquals("none", Field.SOURCE.of(head));
    Trees detached = Trees.of("p(r)").with("r", s -> s.detached = true);
    assertEquals("//p:3306", Field.SOURCE.of(detached.topology().instance(key("r")).orElseThrow()));
    assertEquals("none", Field.IO_THREAD.of(head));
    assertEquals("0", Field.CHANNELS.of(head));
    Instance unseen = Instance.unseen(key("x"));
    assertEquals("unknown", Field.SOURCE.of(unseen));
    assertEquals("unknown", Field.READ_ONLY.of(unseen));
    assertEquals("not looked at yet", Field.CONDITION.of(unseen));
  }

  @Test
  void whatIsBrokenIsToldInASentence() {
    Topology before = Trees.of("p(r)").topology();
    var basis = Basis.of(server(before, "r"), Field.SOURCE);
    assertEquals(
        Optional.of("source of r:3306 was \"p:3306\", now it is \"q:3306\""),
        basis.broken(Trees.of("p(r)").below("r", "q").topology()));
    assertEquals(
        Optional.of("r:3306 is not known any more"), basis.broken(Trees.of("p").topology()));
  }

  private static Instance server(Topology topology, String name) {
    InstanceKey key = key(name);
    return topology.instance(key).orElseThrow();
  }
}
