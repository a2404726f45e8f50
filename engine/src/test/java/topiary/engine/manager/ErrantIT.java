package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Errant;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Instance;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.lab.base.Disk;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/** What is errant on real servers after somebody has taken over, whoever is looked at first. */
@Execution(ExecutionMode.SAME_THREAD)
class ErrantIT {

  /** Nobody is looked at but when the test says so. */
  private static final Policies SELDOM =
      new Policies(
          new ProbePolicy(Duration.ofMinutes(10), Duration.ofSeconds(5)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(10),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;
  private boolean maria;

  static List<Flavor> flavors() {
    return Stream.of("mariadb-11.4", "mysql-9.7").map(Flavors::named).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void aFormerPrimaryIsNotBlamedForWhatItsSuccessorWasNotSeenToHave(Flavor flavor)
      throws Exception {
    maria = flavor.id().startsWith("mariadb");
    try (Ground here = Ground.up("errant", "p(r(s))", flavor);
        Ground.Topiary topiary = here.topiary(new MemoryLog(), SELDOM)) {
      ground = here;
      manager = topiary.manager();
      manager.start();
      for (String member : List.of("p", "r", "s")) {
        manager.discover(ground.key(member), new By("tester", "test"));
      }
      topiary.awaitSeen(3);
      String replica = maria ? "SLAVE" : "REPLICA";
      ground.tell("r", "STOP " + replica, "RESET " + replica + " ALL");
      look("p", "r", "s");
      // Now r is a head by all that is seen, and what comes is seen nowhere before p is looked at.
      ground.tell("p", "CREATE DATABASE a", "CREATE DATABASE b", "SET GLOBAL read_only = ON");
      follow("r", "p");
      Ground.await(() -> hasAll("r"), "r does not get all");
      ground.tell("r", "STOP " + replica, "RESET " + replica + " ALL");
      ground.tell("r", "SET GLOBAL read_only = OFF", "CREATE DATABASE by_r");
      Ground.await(() -> has("s", "by_r"), "s lags");
      follow("p", "s");
      Ground.await(() -> has("p", "by_r"), "p lags");
      look("p");
      assertEquals(
          Optional.of(ground.key("s")),
          manager.topology().instance(ground.key("p")).flatMap(Instance::source));
      assertEquals(Optional.empty(), errant("p"), "it is a replica of one that was seen before");
      look("s");
      assertEquals(Optional.empty(), errant("p"), "s has all of it");
      look("r", "s");
      for (String member : List.of("p", "r", "s")) {
        assertEquals(Optional.empty(), errant(member), member);
      }
      // What it writes now nobody else has, and that is told at the next look at it.
      ground.tell("p", "SET GLOBAL read_only = OFF", "CREATE DATABASE c");
      look("p");
      Optional<String> own = errant("p");
      assertTrue(own.isPresent(), () -> "nothing is errant on p: " + manager.topology());
      assertEquals(
          1,
          maria ? own.get().split(",").length : GtidSet.parse(own.get()).count(),
          "one and no more: " + own.get());
      look("r", "s", "p");
      assertEquals(own, errant("p"));
      assertEquals(Optional.empty(), errant("r"));
      assertEquals(Optional.empty(), errant("s"));
    }
  }

  private void follow(String member, String source) {
    Path file = ground.lab().directory().resolve("passwords/repl");
    String to =
        maria
            ? "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=%d, MASTER_USER='repl',"
                + " MASTER_PASSWORD='%s', MASTER_USE_GTID=slave_pos, MASTER_SSL=0,"
                + " MASTER_SSL_VERIFY_SERVER_CERT=0"
            : "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=%d,"
                + " SOURCE_USER='repl', SOURCE_PASSWORD='%s', SOURCE_AUTO_POSITION=1,"
                + " GET_SOURCE_PUBLIC_KEY=1";
    if (maria && member.equals("p")) {
      ground.tell(member, "SET GLOBAL gtid_slave_pos = @@gtid_binlog_pos");
    }
    ground.tell(
        member,
        to.formatted(ground.lab().member(source).port(), Disk.read(file).strip()),
        maria ? "START SLAVE" : "START REPLICA");
    Ground.await(() -> ground.follows(member, source), member + " does not follow " + source);
  }

  private boolean hasAll(String member) {
    String sql = maria ? "SELECT @@gtid_binlog_pos AS g" : "SELECT @@GLOBAL.gtid_executed AS g";
    return ground.ask(member, sql).equals(ground.ask("p", sql));
  }

  private boolean has(String member, String database) {
    return ground.ask(member, "SHOW DATABASES LIKE '" + database + "'").size() == 1;
  }

  private void look(String... members) throws RequestRefused {
    for (String member : members) {
      manager.refresh(ground.key(member));
    }
  }

  private Optional<String> errant(String member) {
    return Errant.of(manager.topology(), ground.key(member));
  }
}
