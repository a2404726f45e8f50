package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.state.Command;
import topiary.engine.state.RecoveryEnd;
import topiary.lab.sim.Kind;

/** The manager recovers simulated servers, in their own time. */
class RecoveryTest {

  private static final By DBA = new By("dba", "test");

  private static void everywhere(Scene scene) throws RequestRefused {
    scene.manager.request(
        new Command.SwitchRecovery(Optional.empty(), Optional.empty(), true), DBA);
  }

  private static Command.CloseRecovery awaitEnd(Scene scene, int which) {
    scene.await(() -> ends(scene).size() >= which, "no recovery has ended");
    return ends(scene).get(which - 1);
  }

  private static List<Command.CloseRecovery> ends(Scene scene) {
    return scene.log.log().accepted().stream()
        .filter(Command.CloseRecovery.class::isInstance)
        .map(Command.CloseRecovery.class::cast)
        .toList();
  }

  private static List<Command.OpenRecovery> opened(Scene scene) {
    return scene.log.log().accepted().stream()
        .filter(Command.OpenRecovery.class::isInstance)
        .map(Command.OpenRecovery.class::cast)
        .toList();
  }

  private static Instance seen(Scene scene, InstanceKey key) throws RequestRefused {
    return scene.manager.refresh(key);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aDeadPrimaryIsReplacedAndTheOthersGoBelowItsSuccessor(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 1)) {
      scene.run(
          () -> {
            everywhere(scene);
            scene.servers.server(scene.p).kill(scene.world.micros());
            Command.CloseRecovery end = awaitEnd(scene, 1);
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            Command.OpenRecovery open = opened(scene).getFirst();
            assertEquals(scene.p, open.failed());
            assertEquals(RecoveryKind.PRIMARY, open.kind());
            InstanceKey head = scene.manager.state().heads().get(open.cluster());
            Instance successor = seen(scene, head);
            assertTrue(List.of(scene.a, scene.b, scene.c).contains(head));
            assertTrue(successor.source().isEmpty());
            assertFalse(successor.facts().orElseThrow().settings().readOnly());
            for (InstanceKey key : List.of(scene.a, scene.b, scene.c)) {
              if (!key.equals(head)) {
                Instance other = seen(scene, key);
                assertEquals(Optional.of(head), other.source());
                assertTrue(other.facts().orElseThrow().settings().readOnly());
                assertTrue(other.primaryChannel().orElseThrow().replicating());
              }
            }
            assertEquals(Optional.of(scene.a), seen(scene, scene.d).source());
            assertEquals(java.util.Map.of(), scene.manager.state().held());
            assertEquals(open.cluster(), scene.manager.state().instances().get(head));
            return null;
          });
    }
  }
}
