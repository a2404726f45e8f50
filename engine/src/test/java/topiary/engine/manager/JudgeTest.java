package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.state.Command;
import topiary.lab.sim.Kind;

/** The manager judges simulated servers, in their own time. */
class JudgeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPrimaryWhoseProcessDiesIsDeadAsSoonAsItsReplicasSaySo(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 1)) {
      scene.run(
          () -> {
            scene.servers.server(scene.p).kill(scene.world.micros());
            Duration took = scene.await(scene.p, Code.DEAD_MASTER);
            assertTrue(took.compareTo(Duration.ofSeconds(11)) < 0, () -> "took " + took);
            Finding finding = scene.manager.findings().get(scene.p).failure().orElseThrow();
            assertEquals(
                "refuses connections: nothing listens there",
                finding.evidence().getFirst().words());
            assertEquals(4, finding.evidence().size());
            assertEquals(Optional.empty(), scene.code(scene.d));
            scene.world.pause(Duration.ofSeconds(2));
            assertEquals("DeadMaster", last(scene));
            return null;
          });
    }
  }

  private static String last(Scene scene) {
    List<Command.NoteFinding> of =
        scene.notes.stream().filter(n -> n.subject().equals(scene.p)).toList();
    return of.isEmpty() ? "nothing" : of.getLast().is().orElse("well");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPrimaryThatHangsIsSuspectedAndNotDeadWhileItsReplicasAreConnected(Kind kind)
      throws Exception {
    try (var scene = new Scene(kind, 2)) {
      scene.run(
          () -> {
            scene.servers.server(scene.p).hang(scene.world.micros());
            scene.await(scene.p, Code.UNREACHABLE_MASTER);
            scene.servers.server(scene.p).revive(scene.world.micros());
            scene.awaitWell();
            return null;
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSourceBelowThePrimaryThatDiesIsFound(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 3)) {
      scene.run(
          () -> {
            scene.servers.server(scene.a).kill(scene.world.micros());
            scene.await(
                scene.a, Code.DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT);
            assertEquals(Optional.empty(), scene.code(scene.p));
            return null;
          });
    }
  }

  /** What is silent to this node alone is no failure: its replicas are connected. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aNodeThatIsCutOffFromThePrimaryOnlySuspectsIt(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 4)) {
      scene.run(
          () -> {
            scene.servers.lose(scene.p, true);
            scene.await(scene.p, Code.UNREACHABLE_MASTER);
            scene.world.pause(PATIENCE.multipliedBy(20));
            assertEquals(Optional.of(Code.UNREACHABLE_MASTER), scene.code(scene.p));
            scene.servers.lose(scene.p, false);
            scene.awaitWell();
            assertEquals("well", last(scene));
            return null;
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aNodeThatIsCutOffFromAllFindsNothingToRecover(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 5)) {
      scene.run(
          () -> {
            scene.servers.keys().forEach(key -> scene.servers.lose(key, true));
            scene.await(scene.p, Code.DEAD_MASTER_AND_REPLICAS);
            scene.world.pause(PATIENCE.multipliedBy(20));
            scene.servers.keys().forEach(key -> scene.servers.lose(key, false));
            scene.awaitWell();
            assertEquals(List.of(), actionable(scene));
            return null;
          });
    }
  }

  /** What was found that a recovery would have been due for. */
  static List<Command.NoteFinding> actionable(Scene scene) {
    return scene.notes.stream()
        .filter(n -> n.is().flatMap(Code::of).filter(Code::actionable).isPresent())
        .toList();
  }
}
