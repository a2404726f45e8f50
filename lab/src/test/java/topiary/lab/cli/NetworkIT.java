package topiary.lab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;
import topiary.lab.Fault;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.MemberStatus;
import topiary.lab.Scratch;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.ServerView;
import topiary.lab.junit.LabExtension;
import topiary.lab.process.Commands;

/** A fleet on a network of its own, in which packets are lost: by Java and by commands. */
class NetworkIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Cache CACHE = Scratch.cache();

  @RegisterExtension
  static final LabExtension LAB =
      LabExtension.of(
          () -> LabSpec.of(CACHE, Lab.freeName(CACHE, "netns"), "p(r1,r2)").ownNetwork());

  private final Terminal terminal = new Terminal(Optional.of(CACHE));

  @Test
  void oneReplicaHearsNothingOfItsSourceUntilPacketsPassAgain() throws SQLException {
    assertEquals("10.99.0.1:3306", LAB.lab().member("p").address());
    assertEquals("10.99.0.3", one("r2", "SELECT @@report_host"));
    Fault lost = LAB.faults().partition("r2", "p");
    try (lost) {
      assertEquals("no packet passes between r2 and p", lost.sentence());
      write("CREATE TABLE lab.t (id INT PRIMARY KEY)");
      assertTrue(level("r1", LIMIT));
      // Nobody tells r2; it misses the heartbeats, of which slave_net_timeout allows 4 s.
      assertTrue(Await.holds(LIMIT, () -> !receives("r2")), "r2 gives up its connection");
      assertTrue(Await.holds(LIMIT, () -> !status("r2").fault().isEmpty()), "r2 names an error");
      assertFalse(level("r2", SHORT));
      assertTrue(receives("r1"));
      assertTrue(lost.stands());
    }
    assertTrue(level("r2", LIMIT));
    try (var again = LAB.faults().partition("r2", "p")) {
      lost.heal();
      assertTrue(again.stands(), "the old one is no name for the new one");
    }
  }

  @Test
  void packetsOfOneDirectionAreLostByCommandAndOthersAreOnTheNetworkToo() {
    assertEquals(0, connects("p"));
    assertEquals(0, run("partition", "--from", "p", "--to", "others", "--one-way"), terminal::err);
    String id = LAB.faults().standing().getFirst().id();
    assertEquals(
        "no packet from p reaches others\nheal it with: lab heal "
            + id
            + " --name "
            + LAB.lab().name()
            + "\n",
        terminal.out());
    assertEquals(124, connects("p"), "it waits, for nobody refuses");
    assertEquals(0, connects("r1"));
    assertEquals(0, run("partition", "--from", "r1"), terminal::err);
    assertEquals(124, connects("r1"));
    assertEquals(0, run("status", "--json"), terminal::err);
    var status = JsonMapper.shared().readTree(terminal.out());
    assertTrue(status.get("netns").asBoolean());
    assertEquals(2, status.get("faults").size());
    assertEquals(
        "no packet passes between r1 and anybody",
        status.get("faults").get(1).get("sentence").asString());
    assertEquals(0, run("heal", "p", "others"), terminal::err);
    assertEquals("healed:\n  " + id + "  no packet from p reaches others\n", terminal.out());
    assertEquals(0, connects("p"));
    assertEquals(0, run("heal"), terminal::err);
    assertEquals(0, connects("r1"));
    assertEquals(1, run("partition", "--from", "r9"));
    assertTrue(terminal.err().contains("has no member r9"), terminal.err());
    assertEquals(1, run("cut", "r1", "p"));
    assertTrue(terminal.err().contains("has no proxies"), terminal.err());
  }

  @Test
  void aKilledServerComesBackAtItsAddress() {
    try (var _ = LAB.faults().kill("r2")) {
      assertEquals(1, connects("r2"), "refused at once");
      assertEquals("not running", status("r2").fault());
    }
    assertEquals(0, connects("r2"));
    assertTrue(Await.holds(LIMIT, () -> receives("r2")));
  }

  /** Over a Unix socket MySQL wants the password itself, which goes there under TLS alone. */
  @Test
  void mySqlIsAskedByItsSocketToo() throws SQLException {
    Cache cache = Scratch.cacheOfFetched();
    Flavor flavor = Flavors.named("mysql-9.7");
    Flavors.absent(flavor, cache).ifPresent(Assumptions::abort);
    var spec = LabSpec.of(cache, Lab.freeName(cache, "netns-mysql"), "p").flavor(flavor);
    try (Lab lab = Lab.start(spec.ownNetwork());
        var connection = lab.connection("p");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW STATUS LIKE 'Ssl_version'")) {
      row.next();
      assertTrue(row.getString(2).startsWith("TLS"), row.getString(2));
    }
  }

  /** The exit code of a command there that connects by TCP: 0 done, 1 refused, 124 never came. */
  private static int connects(String member) {
    return Commands.run(
            LAB.lab()
                .within(
                    List.of(
                        "timeout",
                        "1",
                        "bash",
                        "-c",
                        "read -n 1 <>/dev/tcp/" + LAB.lab().member(member).host() + "/3306")))
        .status();
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--name", LAB.lab().name()));
    return terminal.run(all.toArray(String[]::new));
  }

  private static MemberStatus status(String member) {
    return LAB.lab().status(LIMIT).stream()
        .filter(s -> s.member().name().equals(member))
        .findFirst()
        .orElseThrow();
  }

  private static boolean receives(String member) {
    return status(member).view().stream()
        .flatMap(v -> v.replication().stream())
        .anyMatch(ServerView.Replication::receiving);
  }

  private static boolean level(String member, Duration limit) throws SQLException {
    return LAB.lab().awaitPosition(member, status("p").view().orElseThrow().position(), limit);
  }

  private static void write(String sql) throws SQLException {
    try (var connection = LAB.lab().connection("p");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(String member, String sql) throws SQLException {
    try (var connection = LAB.lab().connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
