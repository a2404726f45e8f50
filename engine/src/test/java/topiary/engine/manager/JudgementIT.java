package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.analysis.Judgement;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.state.Command;
import topiary.lab.flavor.Flavor;

/**
 * What is found when real servers (of one kind; of all with {@code -Dtopiary.flavors=all}) die,
 * hang, stop, and lose their connections.
 */
class JudgementIT {

  private Ground ground;
  private Manager manager;

  private static List<Flavor> flavors() {
    return Ground.oneFlavor();
  }

  private Optional<Code> code(String member) {
    return Optional.ofNullable(manager.findings().get(ground.key(member)))
        .flatMap(Judgement::failure)
        .map(Finding::code);
  }

  private void await(String member, Code code) {
    Ground.await(
        () -> code(member).equals(Optional.of(code)),
        member + " is not found " + code + " but " + manager.findings().values());
  }

  private void awaitWell() {
    Ground.await(
        () -> manager.findings().values().stream().allMatch(j -> j.failure().isEmpty()),
        "somebody fails still: " + manager.findings().values());
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void whatHappensIsFoundAndNothingElse(Flavor flavor) throws Exception {
    var log = new MemoryLog();
    try (Ground up = Ground.up("judgement", "p(r1,r2(r3))", flavor);
        Ground.Topiary topiary = up.topiary(log, Policies.DEFAULT)) {
      ground = up;
      manager = topiary.manager();
      topiary.discover(up.key("p"), 4);
      topiary.awaitSeen(4);
      awaitWell();

      // A session of ours that is killed looks like a death at first, and is none.
      String id =
          up.ask(
                  "p",
                  "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '"
                      + up.lab().credentials().user()
                      + "' AND ID <> CONNECTION_ID() LIMIT 1")
              .values()
              .iterator()
              .next();
      up.tell("p", "KILL " + id);
      // A replica that restarts is missed, and nobody would recover anything for it.
      up.lab().restart("r1");
      Ground.await(() -> manager.topology().instance(up.key("r1")).orElseThrow().seen(), "no r1");
      awaitWell();
      up.lab().hang("p");
      await("p", Code.UNREACHABLE_MASTER);
      up.lab().resume("p");
      awaitWell();
      assertEquals(List.of(), found(log, Code::actionable));

      up.lab().kill("p");
      await("p", Code.DEAD_MASTER);
      up.lab().start("p");
      up.lab().makeWritable("p");
      awaitWell();
      up.lab().kill("r2");
      await("r2", Code.DEAD_INTERMEDIATE_MASTER_WITH_SINGLE_REPLICA_FAILING_TO_CONNECT);
      up.lab().start("r2");
      awaitWell();
      // Written down as they were found.
      Ground.await(
          () -> found(log, Code::actionable).contains(Code.DEAD_MASTER),
          "it is not written down, but " + found(log, code -> true));
    }
  }

  private static List<Code> found(MemoryLog log, Predicate<Code> which) {
    return log.accepted().stream()
        .filter(Command.NoteFinding.class::isInstance)
        .flatMap(c -> ((Command.NoteFinding) c).is().stream())
        .flatMap(word -> Code.of(word).stream())
        .filter(which)
        .toList();
  }
}
