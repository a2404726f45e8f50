package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.lab.Fault;
import topiary.lab.Faults;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.base.LabException;
import topiary.lab.load.Load;
import topiary.lab.proxy.Direction;
import topiary.lab.proxy.Link;

/**
 * Every fault of the lab, and the sentence that is said of it: by the API, by the command line, and
 * in the window; and that all is well again when it is healed.
 */
class FaultsIT {

  private static final Map<String, String> TREE = Map.of("p", "", "r1", "p", "r2", "p", "r3", "r2");

  private static Rig rig;
  private static WindowRig window;
  private static Told told;

  @BeforeAll
  static void up() throws Exception {
    rig =
        Rig.of(
            LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "faults"), "p(r1,r2(r3))").proxied());
    rig.startNode();
    rig.http().post("discover", Map.of("instance", rig.address("p")));
    rig.awaitTree(TREE);
    window = new WindowRig(rig);
    told = new Told(rig, window);
  }

  @AfterAll
  static void down() throws Exception {
    if (window != null) {
      window.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  @AfterEach
  void allIsWellAgain() throws Exception {
    rig.lab.faults().healAll();
    rig.sql("p", "SET GLOBAL read_only = OFF");
    rig.awaitTree(TREE);
  }

  /**
   * A fault and what is said of it.
   *
   * @param name of the case
   * @param put lets it happen
   * @param server of which something is said
   * @param condition the word of the API
   * @param state the words in the tree
   * @param sentence the sentence, {@code @p} for the address of p
   */
  private record Case(
      String name,
      Function<Faults, Fault> put,
      String server,
      String condition,
      String state,
      String sentence) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Link fromUs = Link.from("others").to("r1");
    return Stream.of(
        new Case(
            "a dead replica",
            f -> f.kill("r1"),
            "r1",
            "ABSENT",
            "not running",
            "@r1 refuses connections: nothing listens there"),
        new Case(
            "a dead primary, as its replica says it",
            f -> f.kill("p"),
            "r1",
            "SEEN",
            "connecting|error \\d+ receiving",
            "(?i)error (re)?connecting to (master|source)|@r1 receiving: "),
        new Case(
            "a hung replica",
            f -> f.hang("r1"),
            "r1",
            "HUNG",
            "hung",
            "@r1 did not answer in time|@r1 takes the connection and says nothing in time"),
        new Case(
            "a link that is cut",
            f -> f.cut(fromUs),
            "r1",
            "UNREACHABLE",
            "unreachable",
            "@r1 ends the connection while greeting|@r1 cannot be reached|the connection to @r1 was"
                + " lost"),
        new Case(
            "a host that is cut off from everybody",
            f -> f.cut(Link.to("r1"), Link.from("r1").toAnybody()),
            "r1",
            "ABSENT",
            "not running",
            "@r1 refuses connections: nothing listens there"),
        new Case(
            "a link that swallows everything",
            f -> f.blackHole(fromUs),
            "r1",
            "HUNG",
            "hung",
            "@r1 did not answer in time|@r1 takes the connection and says nothing in time"),
        new Case(
            "a link of which only one direction passes",
            f -> f.oneWay(Direction.TO_SERVER, fromUs),
            "r1",
            "HUNG",
            "hung",
            "@r1 did not answer in time|@r1 takes the connection and says nothing in time"),
        new Case(
            "a link of which only the other direction passes",
            f -> f.oneWay(Direction.TO_CLIENT, fromUs),
            "r1",
            "HUNG",
            "hung",
            "@r1 did not answer in time|@r1 takes the connection and says nothing in time"),
        new Case(
            "a link that is far too slow",
            f -> f.slow(Duration.ofSeconds(8), fromUs),
            "r1",
            "HUNG",
            "hung",
            "@r1 did not answer in time|@r1 takes the connection and says nothing in time|@r1"
                + " answers in drips"),
        new Case(
            "a replication link that is cut",
            f -> f.cut("r1", "p"),
            "r1",
            "SEEN",
            "connecting|error \\d+ receiving",
            "(?i)error (re)?connecting to (master|source)|@r1 receiving: "),
        new Case(
            "an applier that is stopped",
            f -> f.stopApplier("r1"),
            "r1",
            "SEEN",
            "half stopped",
            ""),
        new Case(
            "a receiver that is stopped",
            f -> f.stopReceiver("r1"),
            "r1",
            "SEEN",
            "half stopped",
            ""),
        new Case(
            "a replica that takes writes",
            f -> f.writable("r1"),
            "r1",
            "SEEN",
            "ok +replica +writeable",
            ""),
        new Case(
            "a primary that takes none",
            f -> f.readOnly("p"),
            "p",
            "SEEN",
            "ok +primary +read-only",
            ""));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itIsSaidEverywhere(Case c) throws Exception {
    try (Fault fault = c.put().apply(rig.lab.faults())) {
      assertTrue(fault.stands(), fault.sentence());
      told.said(c.server(), c.condition(), c.state(), c.sentence());
    }
  }

  @Test
  void aDelayedReplicaIsSaidToBeHeldBackByHowMuch() throws Exception {
    try (Load load = Load.start(rig.lab, 50);
        Fault fault = rig.lab.faults().lag("r1", Duration.ofSeconds(30))) {
      assertTrue(fault.stands());
      told.said("r1", "SEEN", "ok +replica +read-only, held back 30 s", "");
      Until.holds(
          "the window says by how much",
          () -> {
            String rows = told.rows("r1");
            if (!Pattern.compile("Held back: (by )?30 s").matcher(rows).find()) {
              throw new IllegalStateException(rows);
            }
            return true;
          });
      load.stop();
    }
  }

  @Test
  void aServerThatTakesNoMoreConnectionsIsDenied() throws Exception {
    try (Fault cut = rig.lab.faults().cut(Link.from("others").to("r1"));
        Fault full = rig.lab.faults().tooManyConnections("r1")) {
      assertTrue(full.stands());
      // The connection that Topiary had kept is gone with the cut.
      told.said("r1", "UNREACHABLE", "unreachable", "");
      cut.heal();
      told.said(
          "r1",
          "DENIED",
          "denied",
          Pattern.quote(rig.address("r1")) + " takes no connection: .*Too many connections");
    }
  }

  @Test
  void aServerThatGreetsTooLateIsSaidToHang() throws Exception {
    try (Fault cut = rig.lab.faults().cut(Link.from("others").to("r1"));
        Fault late = rig.lab.faults().slowHandshakes("r1", Duration.ofSeconds(20))) {
      assertTrue(late.stands());
      told.said("r1", "UNREACHABLE", "unreachable", "");
      cut.heal();
      told.said("r1", "HUNG", "hung", "@r1 takes the connection and says nothing in time");
    }
  }

  @Test
  void aWrongClockOfAServerIsNoAlarm() throws Exception {
    Fault clock;
    try {
      clock = rig.lab.faults().wrongClock("r1", Duration.ofHours(3));
    } catch (LabException e) {
      Assumptions.abort("no library for a wrong clock: " + e.getMessage());
      return;
    }
    try (clock) {
      rig.sql("p", "CREATE DATABASE IF NOT EXISTS at_another_time");
      told.said("r1", "SEEN", "ok", "");
      Object lag =
          Caller.list(
                  rig.http().get("instance?instance=" + rig.address("r1")).json().get("channels"))
              .getFirst()
              .get("secondsBehind");
      assertEquals(0, ((Number) lag).intValue());
    }
  }
}
