package topiary.engine.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Cloud;
import topiary.engine.model.Events;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.model.Settings;
import topiary.engine.model.Startup;

class AskedTest {

  private static final InstanceKey SOURCE = new InstanceKey("source", 3307);

  private static List<InstanceKey> dumpers(List<String> clients, InstanceKey... reported) {
    return Asked.dumpers(clients, SOURCE, List.of(reported));
  }

  @Test
  void whoReadsTheLogAndHasNotReportedIsAHint() {
    assertEquals(
        List.of(
            new InstanceKey("10.0.0.7", 3307),
            new InstanceKey("2001:db8::7", 3307),
            new InstanceKey("::1", 3307),
            new InstanceKey("db9.example", 3307)),
        dumpers(List.of("10.0.0.7:40123", "2001:db8::7:40124", "[::1]:5", "db9.example:1")));
  }

  @Test
  void whoHasReportedIsNoHint() {
    var r1 = new InstanceKey("10.0.0.7", 3306);
    assertEquals(List.of(), dumpers(List.of("10.0.0.7:40123", "10.0.0.7:40124"), r1));
    var byName = new InstanceKey("r1.example", 3306);
    assertEquals(List.of(), dumpers(List.of("10.0.0.7:40123"), byName), "as many as have names");
    assertEquals(
        List.of(new InstanceKey("10.0.0.8", 3307)),
        dumpers(List.of("10.0.0.7:40123", "10.0.0.8:4"), r1));
  }

  @Test
  void whatIsNoOtherServerIsNoHint() {
    assertEquals(List.of(), dumpers(List.of("localhost", "source:40123", "", "o dd:1", "a;b:3")));
  }

  @Test
  void cloudsAreKnownByTheirMarks() {
    assertEquals(Optional.of(Cloud.AURORA), cloud("aurora_version", "3.08.0", "8.0.39"));
    assertEquals(Optional.of(Cloud.RDS), cloud("datadir", "/rdsdbdata/db/", "8.0.40"));
    assertEquals(
        Optional.of(Cloud.RDS), cloud("basedir", "/rdsdbbin/mariadb-11/", "11.4.5-MariaDB"));
    assertEquals(Optional.of(Cloud.AZURE), cloud("aad_auth_only", "OFF", "8.0.40-azure"));
    assertEquals(Optional.of(Cloud.CLOUD_SQL), cloud("datadir", "/mysql/", "8.0.37-google"));
    assertEquals(Optional.empty(), cloud("datadir", "/var/lib/mysql/rdsdbdata/", "8.0.37"));
    assertEquals(
        Optional.of(Cloud.AURORA),
        Asked.cloud(Map.of("aurora_version", "3", "datadir", "/rdsdbdata/db/"), "8.0.39"));
  }

  private static Optional<Cloud> cloud(String variable, String value, String version) {
    return Asked.cloud(Map.of(variable, value), version);
  }

  private static Optional<Startup> starts(boolean superReadOnly, String... rows) {
    return Asked.startup(
        Stream.of(rows).map(row -> row(List.of(row.split(" ")))).toList(),
        new Settings(true, superReadOnly, true, true, BinlogFormat.ROW, "FULL", false, "ON"));
  }

  private static Map<String, String> row(List<String> words) {
    Map<String, String> row = new HashMap<>(Map.of("name", words.get(0), "origin", words.get(1)));
    row.put("persisted", words.size() > 2 ? words.get(2) : null);
    return row;
  }

  @Test
  void aServerStartsAsWhatIsWrittenDownSays() {
    Optional<Startup> readOnly = Optional.of(Startup.READ_ONLY);
    assertEquals(readOnly, starts(true, "read_only EXPLICIT", "super_read_only EXPLICIT"));
    assertEquals(readOnly, starts(false, "read_only COMMAND_LINE", "super_read_only COMPILED"));
    assertEquals(readOnly, starts(true, "read_only COMPILED", "super_read_only GLOBAL"));
    assertEquals(readOnly, starts(true, "read_only EXPLICIT", "super_read_only DYNAMIC"));
    assertEquals(readOnly, starts(true, "read_only DYNAMIC", "super_read_only DYNAMIC ON"));
    assertEquals(readOnly, starts(false, "READ_ONLY CONFIG"));
    assertEquals(readOnly, starts(false, "READ_ONLY COMMAND-LINE"));
  }

  @Test
  void whatWasSetWhileItRanIsForgotten() {
    Optional<Startup> unsaid = Optional.of(Startup.UNSAID);
    assertEquals(unsaid, starts(true, "read_only COMPILED", "super_read_only DYNAMIC"));
    assertEquals(unsaid, starts(false, "read_only DYNAMIC", "super_read_only EXPLICIT"));
    assertEquals(unsaid, starts(true, "read_only COMPILED", "super_read_only DYNAMIC OFF"));
    assertEquals(unsaid, starts(true, "read_only COMPILED", "super_read_only PERSISTED"));
    assertEquals(unsaid, starts(false, "READ_ONLY SQL"));
    Optional<Startup> writable = Optional.of(Startup.WRITABLE);
    assertEquals(writable, starts(true, "read_only EXPLICIT OFF", "super_read_only DYNAMIC OFF"));
  }

  @Test
  void whoDoesNotTellHowItStartsIsNotGuessedAt() {
    assertEquals(Optional.empty(), starts(false));
    assertEquals(Optional.empty(), starts(false, "READ_ONLY COMPILE-TIME"));
    assertEquals(Optional.empty(), starts(false, "read_only COMPILED", "super_read_only COMPILED"));
  }

  private static Map<String, String> event(String name, String status, String scheduler) {
    return Map.ofEntries(
        Map.entry("event_schema", "shop"),
        Map.entry("event_name", name),
        Map.entry("definer", "o'ne@home@%"),
        Map.entry("event_status", status),
        Map.entry("originator", "1"),
        Map.entry("altered", "1795938761"),
        Map.entry("client_charset", "latin1"),
        Map.entry("event_collation", "latin1_swedish_ci"),
        Map.entry("session_charset", "utf8mb4"),
        Map.entry("session_collation", "utf8mb4_general_ci"),
        Map.entry("server", "2"),
        Map.entry("scheduler", scheduler));
  }

  @Test
  void ofEventsItIsKnownWhichRun() {
    assertEquals(Optional.empty(), Asked.events(List.of()));
    assertEquals(
        Optional.of(
            new Events(
                true,
                List.of(
                    new ScheduledEvent("shop", "a`b", 1795938761, true),
                    new ScheduledEvent("shop", "off", 1795938761, false),
                    new ScheduledEvent("shop", "elsewhere", 1795938761, false)))),
        Asked.events(
            List.of(
                event("a`b", "ENABLED", "ON"),
                event("off", "DISABLED", "ON"),
                event("elsewhere", "SLAVESIDE_DISABLED", "ON"))));
  }

  @Test
  void anEventIsOfAnAccountWhoseNameMayHoldAnything() {
    EventRow row = EventRow.of(event("e", "REPLICA_SIDE_DISABLED", "off"));
    assertEquals("o'ne@home", row.user());
    assertEquals("%", row.host());
    assertTrue(row.isOfReplica());
    assertFalse(row.isOwn());
    assertEquals("OFF", row.scheduler());
  }
}
