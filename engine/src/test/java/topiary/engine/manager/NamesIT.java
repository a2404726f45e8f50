package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/** Who is who, on real servers: other names of a server, and other servers of one name. */
@Execution(ExecutionMode.SAME_THREAD)
class NamesIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(10),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private static final Policies OFTEN =
      new Policies(new ProbePolicy(Duration.ofMillis(500), Duration.ofMillis(500)), QUICK.plan());

  private Ground ground;
  private Manager manager;

  static List<Flavor> flavors() {
    return Stream.of("mariadb-11.4", "mysql-5.6").map(Flavors::named).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void twoNamesOfAServerAreOneServer(Flavor flavor) throws Exception {
    var log = new MemoryLog();
    try (Ground here = Ground.up("names", "p(r1,r2)", flavor)) {
      ground = here;
      InstanceKey p = ground.key("p");
      InstanceKey r1 = ground.key("r1");
      InstanceKey r2 = ground.key("r2");
      // The loopback address in another spelling, which servers and drivers read alike.
      InstanceKey other = new InstanceKey("127.1", p.port());
      pointAt("r1", other);
      try (Ground.Topiary topiary = here.topiary(log, QUICK)) {
        manager = topiary.manager();
        topiary.discover(r2, 3);
        Ground.await(
            () -> manager.state().aliases().equals(Map.of(other, p)), "the name is not proven");
        topiary.awaitSeen(3);
        isOneTree();
        // By whatever name: it is there already.
        PlanResult already = manager.plan(new Intent.Relocate(r1, other));
        assertEquals(new PlanResult.Refused(r1 + " is below " + p + " already"), already);
        // A wait for a source knows all its names.
        done(new Intent.StopReplication(r1, Threads.BOTH));
        done(new Intent.StartReplication(r1, Threads.BOTH));
        assertEquals("127.1", sourceHost("r1"));
        // A person's names are the same.
        InstanceKey typed = new InstanceKey("localhost", r2.port());
        assertEquals(r2, manager.discover(typed, DBA).key());
        assertEquals(Map.of(other, p, typed, r2), manager.state().aliases());
        done(new Intent.Relocate(r1, typed));
        assertEquals("r2 Yes Yes", ground.stands("r1"));
        done(new Intent.Undo(manager.undoable().orElseThrow()));
        assertEquals("127.0.0.1", sourceHost("r1"));
        assertEquals(List.of(), topiary.threads().deaths());
      }
      pointAt("r1", other);
      try (Ground.Topiary after = here.topiary(log, QUICK)) {
        manager = after.manager();
        manager.start();
        after.awaitSeen(3);
        isOneTree();
        manager.forget(new InstanceKey("localhost", r2.port()), DBA);
        assertEquals(Map.of(other, p), manager.state().aliases());
      }
    }
  }

  @Test
  void anAddressThatMovesIsANameOfWhoeverAnswers() throws Exception {
    try (Ground here = Ground.up("moving", "p(r1,r2)", Flavors.named("mysql-5.6"));
        Ground.Topiary topiary = here.topiary(new MemoryLog(), OFTEN);
        var address = new Address(here.key("p"))) {
      ground = here;
      manager = topiary.manager();
      InstanceKey p = here.key("p");
      InstanceKey r2 = here.key("r2");
      pointAt("r1", address.key());
      topiary.discover(p, 3);
      Ground.await(
          () -> manager.state().aliases().equals(Map.of(address.key(), p)),
          "the address is not known as a name of p");
      address.move(r2);
      Ground.await(
          () -> manager.state().aliases().equals(Map.of(address.key(), r2)),
          "the address is not known as a name of r2, but " + manager.state().aliases());
      Ground.await(
          () -> manager.topology().replicasOf(r2).equals(List.of(here.key("r1"))),
          "r1 is not seen below r2");
      assertEquals(3, manager.topology().instances().size());
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void isOneTree() {
    List<InstanceKey> below = Stream.of(ground.key("r1"), ground.key("r2")).sorted().toList();
    Ground.await(
        () -> manager.topology().replicasOf(ground.key("p")).equals(below),
        "not everybody is below p: " + manager.topology().trees());
    assertEquals(1, manager.topology().trees().size());
  }

  private String sourceHost(String member) {
    return ground.ask(member, "SHOW SLAVE STATUS").get("Master_Host");
  }

  @Test
  void aServerThatComesBackAsAnotherIsSaidToBeAnother() throws Exception {
    try (Ground here = Ground.up("others", "p(r1,r2)", Flavors.named("mysql-5.6"));
        Ground.Topiary topiary = here.topiary(new MemoryLog(), QUICK)) {
      ground = here;
      manager = topiary.manager();
      topiary.discover(ground.key("p"), 3);
      done(new Intent.Relocate(ground.key("r1"), ground.key("r2")));
      final String was = uuid("r1");
      // A copy of r2 is put in the place of r1, as cloning a data folder does.
      ground.lab().kill("r1");
      Files.copy(cnf("r2"), cnf("r1"), StandardCopyOption.REPLACE_EXISTING);
      ground.lab().start("r1");
      complains(
          "r1", "is another server since .* UTC: its server_uuid was " + was + ", now it is .*");
      complains(
          "r1", "has the same server_uuid as " + ground.key("r2") + ", and is another server");
      complains(
          "r2", "has the same server_uuid as " + ground.key("r1") + ", and is another server");
      assertEquals(3, manager.topology().instances().size());
      assertEquals(Map.of(), manager.state().aliases());
      var undo = new Intent.Undo(manager.undoable().orElseThrow());
      var refused = assertInstanceOf(PlanResult.Refused.class, manager.plan(undo));
      assertTrue(
          refused.reason().contains("server uuid of " + ground.key("r1") + " was"),
          refused.reason());
      // A uuid of its own ends the one, and a person who has looked the other.
      ground.lab().kill("r1");
      Files.delete(cnf("r1"));
      ground.lab().start("r1");
      Ground.await(() -> complaints("r2").isEmpty(), "r2 is still said to have a double");
      Ground.await(() -> complaints("r1").size() == 1, "r1 is still said to have a double");
      manager.discover(ground.key("r1"), DBA);
      assertEquals(List.of(), complaints("r1"));
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  @Test
  void whatWasBegunOnAFormerServerIsNotGoneOnWith() throws Exception {
    var log = new MemoryLog();
    try (Ground here = Ground.up("former", "p(r1,r2)")) {
      ground = here;
      InstanceKey r1 = here.key("r1");
      var move = new Intent.Relocate(r1, here.key("r2"));
      try (Ground.Topiary first = here.topiary(log, QUICK)) {
        manager = first.manager();
        first.discover(here.key("p"), 3);
        log.before(
            command -> {
              if (command instanceof Command.BeginStep(var _, var _, Step.PointAt _)) {
                throw new Died();
              }
            });
        manager.applyNow(move, DBA).await();
        Ground.await(() -> !first.threads().deaths().isEmpty(), "nobody died");
      }
      log.hush();
      try (Ground.Topiary second = here.topiary(log, QUICK)) {
        manager = second.manager();
        manager.start();
        second.awaitSeen(3);
        Ground.await(() -> log.state().plans().isEmpty(), "the plan is still open");
        assertTrue(starts(manager.plan(move)), "what an interrupted plan stopped is started");
        here.tell("r1", "SET GLOBAL server_id = 4711");
        complains("r1", "is another server since .* UTC: its server_id was 2, now it is 4711");
        assertFalse(starts(manager.plan(move)), "another server than the one that was stopped");
        assertEquals(List.of(), second.threads().deaths());
      }
    }
  }

  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static boolean starts(PlanResult result) {
    return assertInstanceOf(PlanResult.Planned.class, result).plan().stages().stream()
        .flatMap(stage -> stage.steps().stream())
        .anyMatch(Step.StartReplication.class::isInstance);
  }

  private void complains(String member, String pattern) {
    Ground.await(
        () -> complaints(member).stream().anyMatch(c -> c.matches(pattern)),
        member + " is not said: " + pattern + ", but " + complaints(member));
  }

  private List<String> complaints(String member) {
    return manager
        .topology()
        .instance(ground.key(member))
        .filter(Instance::seen)
        .flatMap(Instance::facts)
        .map(Facts::complaints)
        .orElse(List.of("is not seen"));
  }

  private String uuid(String member) {
    return ground.ask(member, "SELECT @@server_uuid AS u").get("u");
  }

  private Path cnf(String member) {
    return ground.lab().directory().resolve("servers/" + member + "/data/auto.cnf");
  }

  private void pointAt(String member, InstanceKey source) {
    ground.tell(
        member,
        "STOP SLAVE",
        "CHANGE MASTER TO MASTER_HOST='" + source.host() + "', MASTER_PORT=" + source.port(),
        "START SLAVE");
  }

  private void done(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome.report());
  }
}
