package topiary.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.app.Samples.channel;
import static topiary.app.Samples.lost;
import static topiary.app.Samples.primary;
import static topiary.app.Samples.replica;
import static topiary.app.Samples.seen;
import static topiary.app.Samples.set;
import static topiary.app.Samples.topology;
import static topiary.engine.model.ThreadState.CONNECTING;
import static topiary.engine.model.ThreadState.RUNNING;
import static topiary.engine.model.ThreadState.STOPPED;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.analysis.Errant;
import topiary.engine.model.Channel;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Topology;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.OfServer;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;

class TreeTextTest {

  private static final Instant NOW = Samples.NOW.plusSeconds(75);

  @Test
  void aTreeThatIsWell() {
    Topology topology =
        topology(
            1,
            primary("p"),
            replica("a", "p"),
            replica("b", "p"),
            replica("b1", "b"),
            replica("b2", "b"),
            replica("c", "p"));
    assertEquals(
        """
        p:3306         ok  primary              writeable  11.4.5-MariaDB  GTID 0-1-42
        ├─ a:3306      ok  replica              read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ b:3306      ok  intermediate source  read-only  11.4.5-MariaDB  GTID 0-1-42
        │  ├─ b1:3306  ok  replica              read-only  11.4.5-MariaDB  GTID 0-1-42
        │  └─ b2:3306  ok  replica              read-only  11.4.5-MariaDB  GTID 0-1-42
        └─ c:3306      ok  replica              read-only  11.4.5-MariaDB  GTID 0-1-42
        """,
        text(topology, Ink.PLAIN));
    assertEquals(0, troubled(topology));
  }

  @Test
  void whoReplicatesInAnotherWaySaysSo() {
    Channel delayed = set(channel("p", RUNNING, RUNNING), GtidUse.SLAVE_POS, false, 60, 61);
    Channel plain = set(channel("p", RUNNING, RUNNING), GtidUse.NONE, true, 0, 0);
    Topology topology =
        topology(
            1,
            primary("p"),
            replica("a", delayed),
            replica("b", plain),
            seen(
                "c",
                List.of(channel("p", RUNNING, RUNNING), channel("x", RUNNING, RUNNING)),
                List.of()));
    List<String> lines = text(topology, Ink.PLAIN).lines().toList();
    assertTrue(
        lines.get(1).startsWith("├─ a:3306  1 s behind  replica  read-only, held back 60 s "),
        lines.get(1));
    assertTrue(lines.get(2).contains("read-only, by file and position, filtered "), lines.get(2));
    assertTrue(lines.get(3).contains("read-only, also from x:3306 "), lines.get(3));
  }

  @Test
  void belowTheLastBranchNoLineIsDrawn() {
    Topology topology = topology(1, primary("p"), replica("a", "p"), replica("a1", "a"));
    List<String> lines = text(topology, Ink.PLAIN).lines().toList();
    assertTrue(lines.get(1).startsWith("└─ a:3306"), lines.get(1));
    assertTrue(lines.get(2).startsWith("   └─ a1:3306"), lines.get(2));
  }

  @Test
  void everyKindOfTroubleIsNamedAndCounted() {
    var ioError = new ReplicationError(1236, "could not find first log file");
    var sqlError = new ReplicationError(1062, "Duplicate entry '7'");
    Topology topology =
        topology(
            1,
            primary("p"),
            replica("a", channel("p", STOPPED, STOPPED)),
            replica("b", channel("p", CONNECTING, RUNNING)),
            replica("c", channel("p", RUNNING, STOPPED)),
            replica(
                "d",
                channel("p", RUNNING, RUNNING, 12, ReplicationError.NONE, ReplicationError.NONE)),
            replica("e", channel("p", STOPPED, RUNNING, 0, ioError, ReplicationError.NONE)),
            replica("f", channel("p", RUNNING, STOPPED, 0, ReplicationError.NONE, sqlError)),
            lost(replica("g", "p"), Condition.HUNG, "g:3306 says nothing"),
            seen("h", List.of(channel("p", RUNNING, RUNNING)), List.of("lacks the grant RELOAD")));
    assertEquals(
        """
        p:3306     ok                        primary  writeable  11.4.5-MariaDB  GTID 0-1-42
        ├─ a:3306  stopped                   replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ b:3306  connecting                replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ c:3306  half stopped              replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ d:3306  12 s behind               replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ e:3306  error 1236 receiving      replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ f:3306  error 1062 applying       replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        ├─ g:3306  hung, last seen 75 s ago  replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        └─ h:3306  ok                        replica  read-only  11.4.5-MariaDB  GTID 0-1-42
          ! e:3306 receiving: could not find first log file
          ! f:3306 applying: Duplicate entry '7'
          ! g:3306 says nothing
          ! h:3306 lacks the grant RELOAD
        """,
        text(topology, Ink.PLAIN));
    assertEquals(6, troubled(topology));
  }

  @Test
  void aServerThatWasNeverSeenHasOnlyItsName() {
    Topology topology = topology(1, Instance.unseen(Samples.key("p")));
    assertEquals("p:3306  not looked at yet\n", text(topology, Ink.PLAIN));
    assertEquals(1, troubled(topology));
  }

  @Test
  void whatPeopleSayOfAServerStandsAtItsEndWhileItHolds() {
    Topology topology = topology(1, primary("p"), replica("a", "p"), replica("b", "p"));
    var tags = new TreeMap<>(Map.of("role", "backup", "old", ""));
    var said =
        new OfServer(
            "",
            Optional.of(new Promotion(Rule.PREFER_NOT, NOW, NOW.plusSeconds(1))),
            Optional.of(new Downtime("ann", "disk", NOW, NOW.plusSeconds(1))),
            Optional.of(new Maintenance(1, "bob", "upgrade", NOW, NOW.plusSeconds(1))),
            tags,
            new TreeSet<>());
    Map<InstanceKey, OfServer> of = Map.of(Samples.key("a"), said);
    assertEquals(
        """
        p:3306     ok  primary  writeable  11.4.5-MariaDB  GTID 0-1-42
        ├─ a:3306  ok  replica  read-only  11.4.5-MariaDB  GTID 0-1-42  downtimed, maintained by \
        bob, prefer_not, [old, role=backup]
        └─ b:3306  ok  replica  read-only  11.4.5-MariaDB  GTID 0-1-42
        """,
        marked(topology, NOW, of));
    assertTrue(marked(topology, NOW.plusSeconds(1), of).contains("0-1-42  [old, role=backup]\n"));
  }

  private static String marked(Topology topology, Instant at, Map<InstanceKey, OfServer> said) {
    return new TreeText(topology, Ink.PLAIN, at, key -> said.getOrDefault(key, OfServer.NOTHING))
        .of(topology.trees().getFirst());
  }

  @Test
  void colourSaysGoodWarnAndBad() {
    Topology topology =
        topology(
            1,
            primary("p"),
            replica("a", channel("p", STOPPED, STOPPED)),
            lost(replica("b", "p"), Condition.UNREACHABLE, "gone"));
    List<String> lines = text(topology, Ink.COLOUR).lines().toList();
    assertTrue(lines.get(0).contains("\u001b[32mok\u001b[0m"), lines.get(0));
    assertTrue(lines.get(0).startsWith("\u001b[1mp:3306\u001b[0m"), lines.get(0));
    assertTrue(lines.get(1).contains("\u001b[33mstopped\u001b[0m"), lines.get(1));
    assertTrue(
        lines.get(2).contains("\u001b[31munreachable, last seen 75 s ago\u001b[0m"), lines.get(2));
    assertEquals("  \u001b[33m! gone\u001b[0m", lines.get(3));
    assertEquals(
        text(topology, Ink.PLAIN),
        String.join("\n", lines).replaceAll("\u001b\\[\\d+m", "").replaceAll(" +\n", "\n") + "\n");
  }

  private static String text(Topology topology, Ink ink) {
    return new TreeText(topology, ink, NOW).of(topology.trees().getFirst());
  }

  private static long troubled(Topology topology) {
    return topology.instances().values().stream()
        .filter(
            i ->
                TreeText.troubled(
                    i, TreeText.cutOff(topology, i.key()), Errant.of(topology, i.key())))
        .count();
  }
}
