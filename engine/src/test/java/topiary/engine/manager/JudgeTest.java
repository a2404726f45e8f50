package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.engine.analysis.Judgement;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.InstanceKey;
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

  /** Most looks have nobody judged; nobody may be missed for it. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsFoundIsWhatJudgingEverybodyFinds(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 6)) {
      scene.run(
          () -> {
            var deeds =
                List.<Consumer<Long>>of(
                    now -> scene.servers.server(scene.d).errant(1, now),
                    now -> scene.servers.server(scene.b).errant(2, now),
                    now -> scene.servers.server(scene.c).threads(false, false, true, now),
                    now -> scene.servers.server(scene.a).errant(1, now),
                    now -> scene.servers.server(scene.p).kill(now),
                    now -> scene.servers.server(scene.d).kill(now),
                    now -> scene.servers.server(scene.p).revive(now),
                    now -> scene.servers.server(scene.c).threads(true, false, true, now),
                    now -> scene.servers.server(scene.d).revive(now));
            var errant = new HashSet<InstanceKey>();
            for (Consumer<Long> deed : deeds) {
              deed.accept(scene.world.micros());
              // Everybody is looked at once more, and judged with the next tick.
              scene.world.pause(Duration.ofSeconds(35));
              assertEquals(all(scene), codes(scene.manager.findings().values().stream()));
              scene.manager.findings().values().stream()
                  .filter(j -> found(j).contains(Code.ERRANT_GTID))
                  .forEach(j -> errant.add(j.subject()));
            }
            // On MariaDB that is told only where its source's history reaches back before them.
            assertEquals(kind == Kind.MYSQL ? Set.of(scene.p, scene.a) : Set.of(), errant);
            return null;
          });
    }
  }

  private static Map<InstanceKey, List<Code>> all(Scene scene) {
    var world = scene.manager.world();
    return codes(world.topology().instances().values().stream().map(i -> Judgement.of(world, i)));
  }

  private static Map<InstanceKey, List<Code>> codes(Stream<Judgement> all) {
    return all.filter(j -> !j.well())
        .collect(Collectors.toMap(Judgement::subject, JudgeTest::found));
  }

  private static List<Code> found(Judgement j) {
    return j.findings().stream().map(Finding::code).toList();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoIsWorkedOnIsJudgedAgainAfterwards(Kind kind) throws Exception {
    try (var scene = new Scene(kind, 7)) {
      scene.run(
          () -> {
            scene.servers.server(scene.d).errant(1, scene.world.micros());
            scene.await(() -> scene.manager.findings().containsKey(scene.a), "nothing is errant");
            Instant now = scene.world.now();
            scene
                .manager
                .registry()
                .beginMaintenance(
                    scene.a, "dba", "disk", Optional.of(Duration.ofMinutes(1)), new By("dba", "t"));
            scene.await(() -> !scene.manager.findings().containsKey(scene.a), "it is judged");
            scene.await(() -> scene.manager.findings().containsKey(scene.a), "it is not judged");
            Duration after = Duration.between(now, scene.world.now());
            assertTrue(after.compareTo(Duration.ofSeconds(62)) < 0, after::toString);
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
