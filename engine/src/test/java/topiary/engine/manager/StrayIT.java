package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Intent;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Tree;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/** Replicas that are led in a circle or to nobody, on real servers, and the way back. */
@Execution(ExecutionMode.SAME_THREAD)
class StrayIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(10),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  private Ground ground;
  private Manager manager;
  private InstanceKey p;
  private InstanceKey r1;
  private InstanceKey r2;

  static List<Flavor> flavors() {
    return Stream.of("mariadb-11.4", "mysql-5.6").map(Flavors::named).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whoIsLedAstrayIsShownAndFindsBack(Flavor flavor) throws Exception {
    try (Ground here = Ground.up("stray", "p(r1(r2))", flavor);
        Ground.Topiary topiary = here.topiary(new MemoryLog(), QUICK)) {
      ground = here;
      manager = topiary.manager();
      p = here.key("p");
      r1 = here.key("r1");
      r2 = here.key("r2");
      topiary.discover(p, 3);
      Ground.await(() -> manager.state().heads().size() == 1, "the tree has no name");
      coMasters();
      ringOfThree();
      belowItself();
      nowhere();
      foreign();
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void coMasters() throws Exception {
    pointAt("p", r1);
    Ground.await(() -> manager.topology().inRing(p), "no ring is seen");
    assertEquals(List.of(p), heads());
    assertEquals(List.of(), complaints("p"));
    done(new Intent.Relocate(r2, p));
    done(new Intent.Relocate(r2, r1));
    refused("both stand in a ring (" + p + " -> " + r1 + " -> " + p + ")", p, r1);
    forgetSource("p");
  }

  private void ringOfThree() throws Exception {
    pointAt("p", r2);
    String ring = "replicates in a ring (" + r1 + " -> " + p + " -> " + r2 + " -> " + r1 + "): ";
    Ground.await(
        () -> complaints("r1").stream().anyMatch(c -> c.startsWith(ring)),
        "the ring is not said, but " + complaints("r1"));
    assertEquals(List.of(p), heads());
    assertEquals(3, manager.topology().trees().getFirst().members().size());
    refused("a move among them leaves a ring", r2, p);
    forgetSource("p");
    Ground.await(
        () -> Stream.of("p", "r1", "r2").allMatch(m -> complaints(m).isEmpty()),
        "the ring is still said");
  }

  private void belowItself() throws Exception {
    pointAt("r1", r2);
    Ground.await(
        () -> complaints("r1").stream().anyMatch(c -> c.contains("in which nobody takes writes")),
        "the ring is not said, but " + complaints("r1"));
    // Nobody takes writes there: the ring is headed by the first by name, and ports fall as they
    // may.
    InstanceKey first = Stream.of(r1, r2).sorted().findFirst().orElseThrow();
    assertEquals(Stream.of(p, first).sorted().toList(), heads());
    done(new Intent.Relocate(r1, p));
    assertEquals("p Yes Yes", ground.stands("r1"));
    assertEquals("r1 Yes Yes", ground.stands("r2"));
    Ground.await(
        () -> Stream.of("r1", "r2").allMatch(m -> complaints(m).isEmpty()),
        "the ring is still said");
  }

  private void nowhere() throws Exception {
    var nowhere = new InstanceKey("nowhere.invalid", 3306);
    pointAt("r1", nowhere);
    head(nowhere, Condition.UNREACHABLE);
    assertEquals(
        List.of(nowhere, r1, r2),
        manager.topology().treeOf(r2).orElseThrow().places().stream()
            .map(Tree.Place::key)
            .toList());
    done(new Intent.Relocate(r1, p));
    assertEquals("p Yes Yes", ground.stands("r1"));
    manager.forget(nowhere, DBA);
    assertEquals(List.of(p), heads());
  }

  private void foreign() throws Exception {
    try (var alien = new Alien()) {
      pointAt("r2", alien.key());
      head(alien.key(), Condition.ALIEN);
      PlanResult result = manager.plan(new Intent.Relocate(r2, alien.key()));
      var no = assertInstanceOf(PlanResult.Refused.class, result);
      assertTrue(no.reason().startsWith(alien.key() + " is not a database server"), no.reason());
      done(new Intent.Relocate(r2, r1));
      assertEquals("r1 Yes Yes", ground.stands("r2"));
    }
  }

  /** Something that listens and is no database server. */
  private static final class Alien implements AutoCloseable {
    private final ServerSocket socket;

    Alien() throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::greet);
    }

    private void greet() {
      while (!socket.isClosed()) {
        try (Socket guest = socket.accept()) {
          guest.getOutputStream().write("220 mail ready\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          if (!socket.isClosed()) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    InstanceKey key() {
      return new InstanceKey("127.0.0.1", socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private void head(InstanceKey key, Condition condition) {
    Ground.await(
        () ->
            heads().contains(key)
                && manager.topology().instance(key).map(Instance::condition).orElseThrow()
                    == condition,
        key + " is no head that is " + condition + ": " + manager.topology().instance(key));
    assertTrue(!manager.topology().instance(key).orElseThrow().sentence().isBlank());
  }

  private List<InstanceKey> heads() {
    return manager.topology().trees().stream().map(Tree::head).toList();
  }

  private List<String> complaints(String member) {
    Optional<Facts> facts =
        manager.topology().instance(ground.key(member)).flatMap(Instance::facts);
    return facts.map(Facts::complaints).orElseThrow();
  }

  private void pointAt(String member, InstanceKey source) {
    String account =
        ", MASTER_USER='"
            + ground.lab().credentials().user()
            + "', MASTER_PASSWORD='"
            + ground.lab().credentials().password()
            + "'";
    boolean maria = ground.ask(member, "SELECT VERSION() AS v").get("v").contains("MariaDB");
    ground.tell(
        member,
        "STOP SLAVE",
        "CHANGE MASTER TO MASTER_HOST='"
            + source.host()
            + "', MASTER_PORT="
            + source.port()
            + account
            + (maria ? ", MASTER_USE_GTID=slave_pos" : ", MASTER_AUTO_POSITION=1"),
        "START SLAVE");
  }

  private void forgetSource(String member) {
    ground.tell(member, "STOP SLAVE", "RESET SLAVE ALL");
    Ground.await(
        () -> manager.topology().instance(ground.key(member)).flatMap(Instance::source).isEmpty(),
        member + " still has a source");
  }

  private void refused(String reason, InstanceKey replica, InstanceKey below) throws Exception {
    PlanResult result = manager.plan(new Intent.Relocate(replica, below));
    var refused = assertInstanceOf(PlanResult.Refused.class, result);
    assertTrue(refused.reason().contains(reason), refused.reason());
  }

  private void done(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(PlanEnd.DONE, outcome.end(), outcome.report());
  }
}
