package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;

/** A cluster at a glance, its servers as a list, and one server in one breath. */
class OverviewTest {

  private static final Topology ILL =
      Samples.topology(
          7,
          Samples.primary("a"),
          Samples.replica(
              "late",
              Samples.channel(
                  "a",
                  ThreadState.RUNNING,
                  ThreadState.RUNNING,
                  11_520,
                  ReplicationError.NONE,
                  ReplicationError.NONE)),
          Samples.replica("halted", Samples.channel("a", ThreadState.STOPPED, ThreadState.STOPPED)),
          Samples.replica(
              "broken",
              Samples.channel(
                  "late",
                  ThreadState.RUNNING,
                  ThreadState.STOPPED,
                  0,
                  ReplicationError.NONE,
                  new ReplicationError(1062, "Duplicate entry"))),
          Samples.lost(
              Samples.replica("gone", "late"), Condition.UNREACHABLE, "connection refused"));

  private static Tree tree(Topology in) {
    return in.trees().getFirst();
  }

  @Test
  void everyProblemIsListedTheWorstFirst() {
    Overview o = Overview.of(tree(ILL), ILL);
    assertEquals(
        List.of(
            "gone:3306 GONE Unreachable: connection refused",
            "broken:3306 BROKEN Error 1062 applying: Duplicate entry",
            "halted:3306 HALTED Stopped"),
        o.problems().stream().map(p -> p.key() + " " + p.mood() + " " + p.sentence()).toList());
    assertEquals(
        List.of(
            "Servers: 5",
            "Version: MariaDB 11.4.5",
            "Replicating: 1 of 4",
            "Behind: 1",
            "Largest lag: 3 h 12 min, late:3306",
            "In trouble: 3"),
        o.rows().stream().map(r -> r.name() + ": " + r.value()).toList());
  }

  @Test
  void oneServerThatIsWellHasNothingToTell() {
    Topology alone = Samples.topology(7, Samples.primary("a"));
    Overview o = Overview.of(tree(alone), alone);
    assertEquals(List.of(), o.problems());
    assertEquals(Optional.empty(), o.largestLag());
    assertEquals(
        List.of("Servers", "Version", "In trouble"),
        o.rows().stream().map(Details.Row::name).toList());
  }

  @Test
  void anOutlineKeepsWhatMatchesAndWhatLeadsToIt() {
    InstanceKey late = Samples.key("late");
    Outline whole = Outline.of(tree(ILL), "");
    assertEquals(Optional.of(Samples.key("a")), whole.head());
    assertEquals(List.of(Samples.key("broken"), Samples.key("gone")), whole.replicasOf(late));
    Outline narrow = Outline.of(tree(ILL), " GON ");
    assertEquals(List.of(late), narrow.replicasOf(Samples.key("a")));
    assertEquals(List.of(Samples.key("gone")), narrow.replicasOf(late));
    assertEquals(Optional.empty(), Outline.of(tree(ILL), "nobody").head());
  }

  @Test
  void aServerIsSpokenWhole() {
    assertEquals(
        "gone:3306, replica, MariaDB 11.4.5, read-only, GTID, unreachable, connection refused",
        Spoken.of(ServerCard.of(ILL.instance(Samples.key("gone")).orElseThrow(), ILL)));
    assertEquals(
        "late:3306, intermediate source, MariaDB 11.4.5, read-only, GTID, 11520 s behind",
        Spoken.of(ServerCard.of(ILL.instance(Samples.key("late")).orElseThrow(), ILL)));
  }
}
