package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.model.Background;
import topiary.engine.model.Channel;
import topiary.engine.model.Cloud;
import topiary.engine.model.Condition;
import topiary.engine.model.Detected;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Topology;

/** What the drawer says, and how it is narrowed down. */
class DetailsTest {

  private static final ZonedDateTime NOW = Samples.NOW.plusSeconds(3).atZone(ZoneOffset.ofHours(2));
  private static final Topology TREE =
      Samples.topology(7, Samples.primary("a"), Samples.replica("b", "a"));

  private static List<Details.Group> of(String host) {
    return Details.of(TREE.instance(Samples.key(host)).orElseThrow(), TREE, Optional.empty(), NOW);
  }

  private static Details.Row row(String host, String name) {
    return of(host).stream()
        .flatMap(g -> g.rows().stream())
        .filter(r -> r.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void timesAreOfTheWallClockWithTheirAge() {
    assertEquals(
        new Details.Row(
            "Last seen", "14:00:00, 3 s ago", "2026-11-22T12:00:00Z", Details.Kind.CLOCK),
        row("b", "Last seen"));
    assertEquals(
        "21 Nov 2026 14:00:00, 1 d ago", Human.moment(Samples.NOW.minusSeconds(86_400), NOW));
  }

  @Test
  void whatWasSeenLastIsNotSaidToBeSoNow() {
    var gone = Samples.lost(Samples.replica("b", "a"), Condition.UNREACHABLE, "connection refused");
    List<Details.Group> groups = Details.of(gone, TREE, Optional.empty(), NOW);
    assertEquals(
        List.of(
            "Now ",
            "Replication as of 14:00:00",
            "Position as of 14:00:00",
            "Identity as of 14:00:00",
            "Settings as of 14:00:00",
            "Observation "),
        groups.stream().map(g -> g.title() + " " + g.seen()).toList());
    assertTrue(Details.text(gone.key(), groups).contains("Settings, as of 14:00:00\n"));
    assertEquals(
        List.of("as of 14:00:00"),
        Details.matching(groups, "strict").stream().map(Details.Group::seen).toList());
  }

  @Test
  void spansAreSaidInTwoUnitsAndKeptExactly() {
    assertEquals(
        new Details.Row("Up for", "1 min", "60 s", Details.Kind.CLOCK), row("a", "Up for"));
    assertEquals(
        List.of("0 s", "59 s", "1 min 1 s", "3 h 12 min", "4 d 3 h", "2 d"),
        List.of(0L, 59L, 61L, 11_520L, 4 * 86_400L + 3 * 3600L, 2 * 86_400L).stream()
            .map(Human::span)
            .toList());
  }

  @Test
  void whatNotEveryServerHasIsShownWhereItIs() {
    Facts plain = TREE.instance(Samples.key("b")).orElseThrow().facts().orElseThrow();
    Channel first = plain.channels().getFirst();
    var dressed =
        new Channel(
            "east",
            Samples.key("c"),
            "repl",
            first.gtid(),
            first.io(),
            first.sql(),
            true,
            true,
            30,
            first.progress(),
            first.ioError(),
            first.sqlError(),
            new Channel.Setup(
                "", new TreeMap<>(Map.of("Replicate_Do_DB", "shop")), Channel.Encryption.NONE));
    var facts =
        new Facts(
            plain.identity(),
            plain.settings(),
            List.of(first, dressed),
            List.of(),
            plain.positions(),
            List.of(),
            new SemiSync(
                true,
                new SemiSync.Source(true, true, 10_000, 2, false, 1),
                new SemiSync.Replica(true, true, true)),
            Optional.empty(),
            new Background(
                Optional.of(Cloud.RDS),
                Optional.empty(),
                List.of(),
                new Detected("dc1", "", "", "", Optional.empty(), 0, "", "")),
            Optional.of(4L));
    Instance b = Samples.seen("b", List.of(), List.of()).knowing(Optional.of(facts));
    String text = Details.text(b.key(), Details.of(b, TREE, Optional.empty(), NOW));
    for (String part :
        List.of(
            "\nReplication\nSource: a:3306\n",
            "\nReplication east\nSource: c:3306\n",
            "Held back: 30 s on purpose\n",
            "Filters: Replicate_Do_DB=shop\n",
            "\nLag\nBy heartbeat: 4 s\n",
            "\nSemi-sync\nWaits: for 2 of 1, at most 10,000 ms; not now\nAcknowledges: yes\n",
            "\nPlace\nManaged by: Amazon RDS\nData centre: dc1\n")) {
      assertTrue(text.contains(part), () -> part + " is not in " + text);
    }
  }

  @Test
  void namesAndValuesAreMatched() {
    List<Details.Group> left = Details.matching(of("b"), " GTID ");
    assertEquals(
        List.of("GTID", "Received GTID", "Executed GTID", "Logged GTID", "Strict GTID mode"),
        left.stream().flatMap(g -> g.rows().stream().map(Details.Row::name)).toList());
    assertEquals(
        List.of("Source", "Source"),
        Details.matching(of("b"), "a:3306").stream()
            .flatMap(g -> g.rows().stream().map(Details.Row::name))
            .toList());
    assertEquals(List.of(), Details.matching(of("b"), "no such thing"));
    assertEquals(of("b"), Details.matching(of("b"), ""));
  }

  @Test
  void theExactValuesAreCopied() {
    String text = Details.text(Samples.key("a"), of("a"));
    assertTrue(text.startsWith("a:3306\n\nNow\nState: ok\n"), text);
    assertTrue(text.contains("Up for: 60 s\n"), text);
    assertTrue(text.contains("Last seen: 2026-11-22T12:00:00Z\n"), text);
  }
}
