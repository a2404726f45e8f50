package topiary.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
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
