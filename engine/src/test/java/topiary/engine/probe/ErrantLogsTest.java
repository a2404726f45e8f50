package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.gtid.GtidSet;
import topiary.engine.port.Fleet;

class ErrantLogsTest {

  private static final String UUID = "00000000-0000-0000-0000-000000000001";

  @Test
  void eachIsInTheLogWhoseNextOneKnowsIt() {
    List<ErrantLogs.Log> logs =
        List.of(log("bin.2", "1-3"), log("bin.3", "1-3"), log("bin.4", "1-5"));
    assertEquals(
        new ErrantLogs(set("2"), List.of(log("bin.3", "4-5"), log("bin.4", "9"))),
        ErrantLogs.of(set("2:4-5:9"), set("1-3"), logs));
  }

  @Test
  void whereNoneIsLeftNoLogIsNamed() {
    assertEquals(
        new ErrantLogs(set("2"), List.of()),
        ErrantLogs.of(set("2"), set("1-3"), List.of(log("bin.2", "1-3"))));
  }

  @Test
  void aBeginningIsReadOverSeveralLines() {
    var rows =
        List.of(
            Map.of("Event_type", "Format_desc", "Info", "Server ver: 9.7.0"),
            Map.of("Event_type", "Previous_gtids", "Info", UUID + ":1-3,\n" + UUID + ":7"));
    assertEquals(set("1-3:7"), ErrantLogs.before(new Fleet.Rows(rows)));
    assertEquals(
        GtidSet.EMPTY,
        ErrantLogs.before(
            new Fleet.Rows(List.of(Map.of("Event_type", "Previous_gtids", "Info", "")))));
    assertEquals(
        "SHOW BINLOG EVENTS IN 'bin.000001' LIMIT 5", MySqlDialect.beginning("bin.000001"));
  }

  private static ErrantLogs.Log log(String file, String intervals) {
    return new ErrantLogs.Log(file, set(intervals));
  }

  private static GtidSet set(String intervals) {
    return GtidSet.parse(UUID + ":" + intervals);
  }
}
