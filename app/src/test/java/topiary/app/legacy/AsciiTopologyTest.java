package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.model.Background;
import topiary.engine.model.Facts;
import topiary.engine.model.Group;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Topology;

class AsciiTopologyTest {

  @Test
  void drawsATreeWithBracketsBelowEachOther() {
    assertEquals(
        """
        p.example:3306         [0s,ok,11.4.5-MariaDB-log,rw,ROW,>>]
        - gone.example:3307    [unknown,invalid,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
        + r1.example:3306      [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
        + r2.example:3306      [15s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
          + r3.example:3306    [25s,lag,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
        - stopped.example:3306 [null,nonreplicating,11.4.5-MariaDB-log,ro,ROW,>>,GTID]\
        """,
        drawing(Samples.tree()).bracketed());
  }

  @Test
  void drawsColumns() {
    assertEquals(
        """
        p.example:3306        |     0s|ok            |11.4.5-MariaDB-log|rw|ROW|>>     \n\
        - gone.example:3307   |unknown|invalid       |11.4.5-MariaDB-log|ro|ROW|>>,GTID
        + r1.example:3306     |     0s|ok            |11.4.5-MariaDB-log|ro|ROW|>>,GTID
        + r2.example:3306     |    15s|ok            |11.4.5-MariaDB-log|ro|ROW|>>,GTID
          + r3.example:3306   |    25s|lag           |11.4.5-MariaDB-log|ro|ROW|>>,GTID
        - stopped.example:3306|   null|nonreplicating|11.4.5-MariaDB-log|ro|ROW|>>,GTID\
        """,
        drawing(Samples.tree()).tabulated());
  }

  @Test
  void aServerNeverSeenHasNoBinlogAndNothingExtra() {
    var key = new InstanceKey("new", 3306);
    AsciiTopology drawing = drawing(Samples.topology(Instance.unseen(key)));
    assertEquals("new:3306 [unknown,invalid,Unknown,rw,nobinlog]", drawing.bracketed());
    assertEquals("new:3306|unknown|invalid|Unknown|rw|nobinlog|", drawing.tabulated());
  }

  @Test
  void semiSyncAndGroupsHaveTheirMarks() {
    var p = Samples.P;
    var semiSync =
        new SemiSync(
            false,
            new SemiSync.Source(true, true, 10_000, 1, true, 1),
            new SemiSync.Replica(true, true, true));
    assertEquals(
        """
        p.example:3306      [0s,ok,11.4.5-MariaDB-log,rw,ROW,>>,semi:master,semi:replica]
        ‡ r1.example:3306   [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>]
          + r2.example:3306 [7s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]\
        """,
        drawing(
                Samples.topology(
                    with(p, false, semiSync, "PRIMARY"),
                    with(Samples.R1, true, SemiSync.NONE, "SECONDARY"),
                    Samples.seen(
                        Samples.R2,
                        Samples.facts(1, true, List.of(Samples.running(Samples.R1, 0)))
                            .late(Optional.of(7L)))))
            .bracketed());
  }

  private static Instance with(InstanceKey key, boolean readOnly, SemiSync semiSync, String role) {
    Facts plain = Samples.facts(1, readOnly, List.of());
    var group = new Group("g", true, "ONLINE", role, Optional.of(Samples.P), List.of());
    return Samples.seen(
        key,
        new Facts(
            plain.identity(),
            plain.settings(),
            plain.channels(),
            plain.reportedReplicas(),
            plain.positions(),
            plain.complaints(),
            semiSync,
            Optional.of(group),
            Background.NONE,
            Optional.empty()));
  }

  @Test
  void everyCoMasterHasItsOwnBranch() {
    assertEquals(
        """
        + p.example:3306    [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
          + r2.example:3306 [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
        + r1.example:3306   [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]\
        """,
        drawing(
                Samples.topology(
                    replica(Samples.P, Samples.R1),
                    replica(Samples.R1, Samples.P),
                    replica(Samples.R2, Samples.P)))
            .bracketed());
  }

  @Test
  void aRingOfThreeIsDrawnOnce() {
    assertEquals(
        """
        p.example:3306      [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
        + r2.example:3306   [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]
          + r1.example:3306 [0s,ok,11.4.5-MariaDB-log,ro,ROW,>>,GTID]\
        """,
        drawing(
                Samples.topology(
                    replica(Samples.P, Samples.R1),
                    replica(Samples.R1, Samples.R2),
                    replica(Samples.R2, Samples.P)))
            .bracketed());
  }

  private static Instance replica(InstanceKey key, InstanceKey source) {
    return Samples.seen(
        key, Samples.facts(key.host().hashCode(), true, List.of(Samples.running(source, 0))));
  }

  private static AsciiTopology drawing(Topology topology) {
    var picture = new Picture(topology, Samples.NOW, Duration.ofSeconds(5));
    return new AsciiTopology(picture.members(picture.clusters().firstKey()));
  }
}
