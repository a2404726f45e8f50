package topiary.engine.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.fake.Trees;
import topiary.engine.finding.Code;
import topiary.engine.finding.Finding;
import topiary.engine.model.Condition;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Topology;
import topiary.engine.policy.JudgementPolicy;
import topiary.engine.said.Said;

class JudgementTest {

  static Stream<Situations> situations() {
    return Situations.all().stream();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void everySituationIsJudgedRightly(Situations situation) {
    assertEquals(List.of(), situation.wrong());
  }

  @Test
  void thereIsASituationForEveryCode() {
    Set<String> shown =
        situations()
            .flatMap(s -> s.expected().stream())
            .filter(line -> !line.startsWith("!"))
            .map(line -> line.split(" ")[2])
            .collect(Collectors.toSet());
    assertEquals(
        List.of(),
        Stream.of(Code.values()).map(Code::word).filter(word -> !shown.contains(word)).toList());
  }

  /** What takes the place of something else does so in a situation in which both are so. */
  @Test
  void thereIsASituationForEveryPrecedence() {
    Set<List<Code>> shown =
        situations().flatMap(JudgementTest::precedences).collect(Collectors.toSet());
    assertEquals(
        List.of(),
        Stream.of(true, false)
            .flatMap(group -> Failures.signs(group).stream())
            .flatMap(sign -> sign.over().stream().map(other -> List.of(sign.code(), other)))
            .filter(pair -> !shown.contains(pair))
            .toList());
  }

  /** What is found in a situation, each with everything else that is so of the same server. */
  private static Stream<List<Code>> precedences(Situations situation) {
    return situation.expected().stream()
        .filter(line -> line.startsWith("=") && !line.endsWith(" -"))
        .map(line -> line.split(" "))
        .flatMap(
            words -> {
              World world = situation.world();
              Instance server = world.topology().instance(Trees.key(words[1])).orElseThrow();
              var s = new Situation(world, server);
              return Failures.signs(s.groupMember()).stream()
                  .filter(sign -> sign.when().test(s))
                  .map(sign -> List.of(Code.of(words[2]).orElseThrow(), sign.code()));
            });
  }

  /** Whatever is so at once, one takes the place of all others: there is no order to rely on. */
  @Test
  void ofAllThatFailsAtOnceOneTakesThePlaceOfTheOthers() {
    Set<Set<Code>> pairs = new HashSet<>();
    for (int seed = 0; seed < 40_000; seed++) {
      World world = random(new Random(new SplittableRandom(seed).nextLong()));
      for (Instance i : world.topology().instances().values()) {
        var s = new Situation(world, i);
        Set<Code> so = EnumSet.noneOf(Code.class);
        Set<Code> left = EnumSet.noneOf(Code.class);
        for (Sign sign : Failures.signs(s.groupMember())) {
          if (sign.when().test(s)) {
            so.add(sign.code());
          }
        }
        left.addAll(so);
        for (Sign sign : Failures.signs(s.groupMember())) {
          if (so.contains(sign.code())) {
            left.removeAll(sign.over());
          }
        }
        assertTrue(left.size() <= 1 && left.isEmpty() == so.isEmpty(), "seed " + seed + ": " + so);
        so.forEach(a -> so.forEach(b -> pairs.add(EnumSet.of(a, b))));
      }
    }
    // Every precedence that is declared was seen to be needed, so none is there for nothing.
    for (Sign sign : Failures.signs(false)) {
      for (Code other : sign.over()) {
        assertTrue(
            pairs.contains(EnumSet.of(sign.code(), other)),
            sign.code() + " is never so together with " + other);
      }
    }
  }

  /**
   * A server whose death is certain is judged as orchestrator judges it, by the order of its table
   * of conditions.
   */
  @Test
  void whatIsCertainIsJudgedAsOrchestratorDoes() {
    for (int seed = 0; seed < 6_000; seed++) {
      World world = random(new Random(new SplittableRandom(seed).nextLong()));
      for (Instance i : world.topology().instances().values()) {
        var s = new Situation(world, i);
        if (!s.groupMember() && !s.doubtful() && s.doubt() != Doubt.UNSEEN) {
          assertEquals(
              Table.code(s),
              Failures.of(s),
              "seed " + seed + ", " + i.key() + ": " + i.condition() + " " + s.replicas());
        }
      }
    }
  }

  @Test
  void patienceSaysWhenItEnds() {
    Finding finding = found("p silent 1; a connecting");
    assertEquals(Code.UNREACHABLE_MASTER, finding.code());
    assertEquals(Optional.of(Situations.NOW.plusSeconds(2)), finding.certainAt());
    assertEquals(Optional.empty(), found("p absent; a connecting").certainAt());
  }

  private static Finding found(String words) {
    Trees trees = Trees.of("p(a)");
    Instant failing = Situations.NOW.minusSeconds(1);
    trees.with(
        "p",
        s -> {
          s.condition = words.contains("absent") ? Condition.ABSENT : Condition.UNREACHABLE;
          s.failingSince = Optional.of(failing);
        });
    trees.with("a", s -> s.io = ThreadState.CONNECTING);
    World world = World.of(trees.topology(), JudgementPolicy.DEFAULT, Situations.NOW);
    return Judgement.of(world, world.topology().instance(Trees.key("p")).orElseThrow())
        .failure()
        .orElseThrow();
  }

  private static World random(Random random) {
    Trees trees = Trees.random(random, 2 + random.nextInt(5));
    Topology shape = trees.topology();
    // What is so of all of them at once would hardly ever be drawn one by one.
    boolean late = random.nextInt(3) == 0;
    boolean wait = random.nextBoolean();
    for (InstanceKey key : shape.instances().keySet()) {
      trees.with(key.host(), s -> change(s, random, late, wait));
    }
    boolean exact = random.nextBoolean();
    boolean recover = random.nextBoolean();
    boolean still = random.nextBoolean();
    return new World(
        trees.topology(),
        Map.of(),
        Said.NOTHING,
        new JudgementPolicy(
            Duration.ofSeconds(3), 10, Duration.ofSeconds(10), exact, recover, List.of()),
        Situations.NOW,
        Instant.MIN,
        key -> still ? Optional.of(Instant.EPOCH) : Optional.empty(),
        key -> Optional.empty(),
        key -> Optional.empty());
  }

  private static void change(Trees.Server s, Random random, boolean late, boolean wait) {
    if (random.nextInt(3) == 0) {
      Condition[] all = Condition.values();
      s.condition = all[random.nextInt(all.length)];
      s.failingSince = Optional.of(Situations.NOW.minusSeconds(random.nextInt(6)));
    }
    ThreadState[] states = ThreadState.values();
    boolean often = random.nextBoolean();
    s.io = often ? ThreadState.CONNECTING : states[random.nextInt(3)];
    s.sql = random.nextInt(4) == 0 ? ThreadState.STOPPED : ThreadState.RUNNING;
    if (s.io != ThreadState.RUNNING && random.nextBoolean()) {
      s.ioError = new ReplicationError(2003, "error connecting to master");
    }
    s.behind = Optional.of(Optional.of(late || random.nextInt(5) == 0 ? 60L : 0L));
    s.delay = random.nextInt(6) == 0 ? 60 : 0;
    s.version = random.nextInt(6) == 0 ? "5.6.1-maxscale" : s.version;
    s.gtid = random.nextBoolean() ? GtidUse.NONE : s.gtid;
    if (wait || random.nextInt(4) == 0) {
      s.semiSync =
          new SemiSync(
              false,
              new SemiSync.Source(
                  true, true, 1, 1, true, random.nextBoolean() ? 0 : random.nextInt(3)),
              SemiSync.NONE.replica());
    }
  }
}
