package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.finding.Code;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.RecoveryKind;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.recovery.FormerPrimary;
import topiary.engine.said.Rule;
import topiary.engine.state.Command;
import topiary.engine.state.RecoveryEnd;
import topiary.lab.sim.Kind;
import topiary.lab.sim.Server;

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
            assertEquals(Map.of(), scene.manager.state().held());
            assertEquals(open.cluster(), scene.manager.state().instances().get(head));
            scene.await(
                () -> !open.cluster().equals(scene.manager.state().instances().get(scene.p)),
                "the dead one is still of the cluster it has left");
            return null;
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothingBeginsByItselfWhereItIsNotSwitchedOnAndWhoIsAskedForTakesThePlace(Kind kind)
      throws Exception {
    try (var scene = new Scene(kind, 2)) {
      scene.run(
          () -> {
            RequestRefused alive =
                assertThrows(
                    RequestRefused.class,
                    () -> scene.manager.recover(scene.p, Optional.empty(), DBA));
            assertTrue(alive.getMessage().contains("nothing to recover"), alive::getMessage);
            scene.servers.server(scene.p).kill(scene.world.micros());
            scene.await(scene.p, Code.DEAD_MASTER);
            scene.world.pause(Duration.ofSeconds(20));
            assertEquals(List.of(), opened(scene));
            scene.manager.recover(scene.p, Optional.of(scene.b), DBA);
            Command.CloseRecovery end = awaitEnd(scene, 1);
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            assertFalse(seen(scene, scene.b).facts().orElseThrow().settings().readOnly());
            assertEquals(Optional.of(scene.b), seen(scene, scene.a).source());
            return null;
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whereNobodyMayTakeThePlaceItFailsAndSaysWhyAndAllReplicateAsBefore(Kind kind)
      throws Exception {
    try (var scene = new Scene(kind, 3)) {
      scene.run(
          () -> {
            everywhere(scene);
            for (InstanceKey key : List.of(scene.a, scene.b, scene.c)) {
              scene.manager.registry().promote(key, Rule.MUST_NOT, Optional.empty(), DBA);
            }
            scene.servers.server(scene.p).kill(scene.world.micros());
            Command.CloseRecovery end = awaitEnd(scene, 1);
            assertEquals(RecoveryEnd.FAILED, end.end(), end::report);
            assertTrue(end.report().contains("must not be promoted"), end::report);
            scene.servers.server(scene.p).revive(scene.world.micros());
            scene.awaitWell();
            assertEquals(Map.of(), scene.manager.state().held());
            return null;
          });
    }
  }

  /** What only one has that must not be promoted is fetched from it by the one that is chosen. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoMustNotBePromotedPassesOnWhatItHasMore(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 4)) {
      scene.run(
          () -> {
            everywhere(scene);
            scene.manager.registry().promote(scene.c, Rule.MUST_NOT, Optional.empty(), DBA);
            for (InstanceKey key : List.of(scene.a, scene.b)) {
              scene.servers.server(key).distance(700_000, scene.world.micros());
            }
            scene.world.pause(Duration.ofSeconds(5));
            scene.servers.server(scene.p).kill(scene.world.micros());
            Server dead = scene.servers.server(scene.p);
            long more = scene.servers.server(scene.c).received(dead);
            assertTrue(more > scene.servers.server(scene.a).received(dead), "nobody has more");
            Command.CloseRecovery end = awaitEnd(scene, 1);
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            InstanceKey head = headAfter(scene);
            assertTrue(List.of(scene.a, scene.b).contains(head), end::report);
            assertTrue(scene.servers.server(head).has(dead, more), end::report);
            assertEquals(Optional.of(head), seen(scene, scene.c).source());
            return null;
          });
    }
  }

  /** One whose source has died with the primary is as near to it as anybody. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aReplicaOfAReplicaThatDiedAsWellTakesThePlace(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 5)) {
      scene.run(
          () -> {
            everywhere(scene);
            for (InstanceKey key : List.of(scene.b, scene.c)) {
              scene.manager.registry().promote(key, Rule.MUST_NOT, Optional.empty(), DBA);
            }
            scene.servers.server(scene.a).kill(scene.world.micros());
            scene.servers.server(scene.p).kill(scene.world.micros());
            Command.CloseRecovery end = awaitEnd(scene, 1);
            assertTrue(end.end().successful(), end::report);
            assertEquals(scene.d, headAfter(scene), end::report);
            assertFalse(seen(scene, scene.d).facts().orElseThrow().settings().readOnly());
            for (InstanceKey key : List.of(scene.b, scene.c)) {
              assertEquals(Optional.of(scene.d), seen(scene, key).source(), end::report);
            }
            return null;
          });
    }
  }

  /** What was done about a source below it does not keep a primary from being replaced. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPrimaryThatDiesSoonAfterASourceBelowItIsReplaced(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 7)) {
      scene.run(
          () -> {
            everywhere(scene);
            scene.servers.server(scene.a).kill(scene.world.micros());
            Command.CloseRecovery first = awaitEnd(scene, 1);
            assertEquals(RecoveryEnd.DONE, first.end(), first::report);
            assertEquals(RecoveryKind.INTERMEDIATE, opened(scene).getFirst().kind());
            scene.servers.server(scene.p).kill(scene.world.micros());
            Command.CloseRecovery end = awaitEnd(scene, 2);
            assertTrue(end.end().successful(), end::report);
            assertEquals(scene.p, opened(scene).getLast().failed());
            return null;
          });
    }
  }

  /** Only the primary waits for acknowledgements; whoever takes its place does so then. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void commitsWaitForReplicasAsTheyDidBefore(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 6)) {
      scene.run(
          () -> {
            everywhere(scene);
            for (InstanceKey key : scene.servers.keys()) {
              scene.servers.server(key).semiSync(scene.world.micros());
            }
            scene.await(
                () ->
                    scene.manager.topology().instances().values().stream()
                        .allMatch(i -> i.facts().orElseThrow().semiSync().available()),
                "semi-sync is not seen");
            for (InstanceKey key : List.of(scene.a, scene.b, scene.c)) {
              scene
                  .manager
                  .applyNow(
                      new Intent.OnServer(key, new Doing.SemiSync(Doing.Side.SOURCE, false)), DBA)
                  .await();
            }
            assertTrue(waits(seen(scene, scene.p)));
            scene.servers.server(scene.p).kill(scene.world.micros());
            Command.CloseRecovery end = awaitEnd(scene, 1);
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            assertTrue(waits(seen(scene, headAfter(scene))), end::report);
            return null;
          });
    }
  }

  private static boolean waits(Instance server) {
    return server.facts().orElseThrow().semiSync().source().enabled();
  }

  private static InstanceKey headAfter(Scene scene) {
    return scene.manager.state().heads().get(opened(scene).getFirst().cluster());
  }

  /** It takes writes until it is made to refuse them, which are nowhere else. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatOnlyTheFormerPrimaryHasIsFoundUntilTheRecoveryIsAcknowledged(Kind kind)
      throws Exception {
    try (var scene = new Scene(kind, 5)) {
      scene.run(
          () -> {
            everywhere(scene);
            scene.servers.server(scene.p).hang(scene.world.micros());
            awaitEnd(scene, 1);
            assertFalse(errant(scene, scene.p), "it is away");
            scene.world.pause(Duration.ofSeconds(20));
            scene.servers.server(scene.p).revive(scene.world.micros());
            scene.await(() -> errant(scene, scene.p), "nothing is found of the former primary");
            Command.OpenRecovery first = opened(scene).getFirst();
            InstanceKey head = scene.manager.state().heads().get(first.cluster());
            scene.await(
                () ->
                    scene.manager.topology().instance(scene.p).flatMap(Instance::facts).stream()
                        .anyMatch(f -> f.settings().readOnly()),
                "it takes writes");
            FormerPrimary former =
                FormerPrimary.of(scene.manager.topology(), scene.p, head).orElseThrow();
            assertTrue(former.own().isPresent(), former::words);
            scene.manager.request(
                new Command.AcknowledgeRecoveries(List.of(first.id()), "seen"), DBA);
            scene.await(() -> !errant(scene, scene.p), "it is found still");
            return null;
          });
    }
  }

  private static boolean errant(Scene scene, InstanceKey key) {
    return Optional.ofNullable(scene.manager.findings().get(key)).stream()
        .flatMap(j -> j.warnings().stream())
        .anyMatch(f -> f.code() == Code.ERRANT_GTID && f.sentence().contains(key.toString()));
  }

  /** After one recovery the next has to be asked for, or the first acknowledged. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void twoInARowOnlyOnceTheFirstIsAcknowledged(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 4)) {
      scene.run(
          () -> {
            everywhere(scene);
            scene.servers.server(scene.p).kill(scene.world.micros());
            awaitEnd(scene, 1);
            Command.OpenRecovery first = opened(scene).getFirst();
            InstanceKey head = scene.manager.state().heads().get(first.cluster());
            scene.world.pause(Duration.ofSeconds(10));
            scene.servers.server(head).kill(scene.world.micros());
            scene.await(head, Code.DEAD_MASTER);
            scene.world.pause(Duration.ofSeconds(20));
            assertEquals(1, opened(scene).size());
            scene.manager.request(
                new Command.AcknowledgeRecoveries(List.of(first.id()), "seen"), DBA);
            Command.CloseRecovery end = awaitEnd(scene, 2);
            assertEquals(RecoveryEnd.DONE, end.end(), end::report);
            assertEquals(first.cluster(), opened(scene).getLast().cluster());
            return null;
          });
    }
  }
}
