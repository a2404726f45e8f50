package topiary.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ChangeTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final InstanceKey KEY = new InstanceKey("r", 3306);
  private static final BinlogPosition HERE = new BinlogPosition("binlog.000001", 4);
  private static final BinlogPosition FURTHER = new BinlogPosition("binlog.000001", 99);

  private static final Channel CHANNEL =
      new Channel(
          "",
          new InstanceKey("p", 3306),
          "repl",
          GtidUse.SLAVE_POS,
          ThreadState.RUNNING,
          ThreadState.RUNNING,
          false,
          false,
          0,
          new Channel.Progress(HERE, HERE, HERE, "0-1-1", Optional.of(0L)),
          ReplicationError.NONE,
          ReplicationError.NONE);

  private static final Facts FACTS =
      new Facts(
          new Identity(
              1,
              Optional.of("u"),
              Flavor.MARIADB,
              Version.parse("11.4.5"),
              "MariaDB",
              "r",
              Optional.empty(),
              Set.of()),
          new Settings(true, false, true, true, BinlogFormat.ROW, "FULL", true, ""),
          List.of(CHANNEL),
          List.of(),
          new Positions(HERE, "0-1-1", "0-1-1", "", "", 60),
          List.of());

  private static final Instance SEEN = look(Instance.unseen(KEY), 0, FACTS);

  private static Instance look(Instance before, long second, Facts facts) {
    return before.after(
        Observation.seen(KEY, NOON.plusSeconds(second), Duration.ofMillis(3 + second), facts));
  }

  private static Instance fail(Instance before, long second, String sentence) {
    return before.after(
        Observation.failed(
            KEY,
            NOON.plusSeconds(second),
            Duration.ofMillis(second),
            Condition.UNREACHABLE,
            sentence));
  }

  private static Change after(UnaryOperator<Facts> what) {
    return Change.between(SEEN, look(SEEN, 5, what.apply(FACTS.upFor(65))));
  }

  private static Facts with(Facts f, Settings settings, Channel channel, Positions positions) {
    return new Facts(
        f.identity(), settings, List.of(channel), f.reportedReplicas(), positions, f.complaints());
  }

  @Test
  void anotherLookAtTheSameIsNoNews() {
    assertEquals(Change.NONE, Change.between(SEEN, SEEN));
    assertEquals(Change.LOOKED, after(f -> f));
    Instance gone = fail(SEEN, 5, "refused");
    assertEquals(Change.LOOKED, Change.between(gone, fail(gone, 10, "refused")));
  }

  @Test
  void whoeverComesFurtherHasMoved() {
    assertEquals(
        Change.MOVED,
        after(
            f ->
                with(
                    f,
                    f.settings(),
                    CHANNEL,
                    new Positions(FURTHER, "0-1-2", "0-1-2", "", "", 65))));
    var behind = new Channel.Progress(FURTHER, HERE, HERE, "0-1-2", Optional.of(7L));
    assertEquals(
        Change.MOVED, after(f -> with(f, f.settings(), CHANNEL.at(behind), f.positions())));
  }

  @Test
  void allElseIsNews() {
    assertEquals(Change.NEWS, Change.between(Instance.unseen(KEY), SEEN));
    Instance gone = fail(SEEN, 5, "refused");
    assertEquals(Change.NEWS, Change.between(SEEN, gone));
    assertEquals(Change.NEWS, Change.between(gone, fail(gone, 10, "no such name")));
    assertEquals(Change.NEWS, Change.between(gone, look(gone, 10, FACTS)));
    var writeable = new Settings(false, false, true, true, BinlogFormat.ROW, "FULL", true, "");
    assertEquals(Change.NEWS, after(f -> with(f, writeable, CHANNEL, f.positions())));
    assertEquals(Change.NEWS, after(f -> f.upFor(3)), "it has been started anew");
    var elsewhere =
        new Channel(
            "",
            new InstanceKey("q", 3306),
            "repl",
            GtidUse.SLAVE_POS,
            ThreadState.RUNNING,
            ThreadState.RUNNING,
            false,
            false,
            0,
            CHANNEL.progress(),
            ReplicationError.NONE,
            ReplicationError.NONE);
    assertEquals(Change.NEWS, after(f -> with(f, f.settings(), elsewhere, f.positions())));
  }

  @Test
  void theLargestChangeOfATopologyCounts() {
    Topology one = topology(SEEN);
    assertEquals(Change.NONE, Change.between(one, topology(SEEN)));
    assertEquals(Change.LOOKED, Change.between(one, topology(look(SEEN, 5, FACTS))));
    assertEquals(Change.NEWS, Change.between(one, Topology.EMPTY));
    Instance other = Instance.unseen(new InstanceKey("s", 3306));
    assertEquals(Change.NEWS, Change.between(one, topology(other)));
    assertEquals(
        Change.NEWS,
        Change.between(topology(SEEN, other), topology(fail(SEEN, 5, "refused"), other)));
  }

  @Test
  void whatALookChangesCanBePutOnTheOldValue() {
    Instance later = look(SEEN, 5, FACTS.upFor(65));
    assertEquals(later, SEEN.looked(later.look()));
    Instance gone = fail(SEEN, 5, "refused");
    Instance stillGone = fail(gone, 10, "refused");
    assertEquals(stillGone, gone.looked(stillGone.look()));
  }

  private static Topology topology(Instance... instances) {
    var all = new TreeMap<InstanceKey, Instance>();
    for (Instance i : instances) {
      all.put(i.key(), i);
    }
    return new Topology(1, all);
  }

  /** What is compared is written out, so whoever adds something has to think of it there. */
  @Test
  void nothingWasAddedWithoutAThoughtOfWhetherItMoves() {
    assertEquals(10, Facts.class.getRecordComponents().length, "Facts.standsAs, isAsFarAs");
    assertEquals(13, Channel.class.getRecordComponents().length, "Channel.standsAs");
    assertEquals(6, Positions.class.getRecordComponents().length, "Positions.isAsFarAs");
  }
}
