package topiary.store.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.finding.Code;

/** What judgement finds in a situation it finds in the same one as orchestrator has stored it. */
class StoredSituationsTest {

  /** The engine's own. */
  private static final Path SITUATIONS =
      Path.of("../engine/src/test/resources/topiary/engine/analysis/situations.txt");

  /** What the tables cannot tell, and why. */
  private static final Map<String, String> UNTOLD =
      Map.of(
          "DeadIntermediateMasterWithSingleReplica",
          "that a process is gone is not stored: such a server is as one that is silent, and no"
              + " replica confirms it",
          "nobody is called dead by what was seen before this node slept",
          "whoever has stored it was awake, and judges what it has",
          "BootsWritable: made read-only while it ran",
          "how a server will start is not stored",
          "BootsWritable: persisted writable",
          "how a server will start is not stored");

  @TempDir Path folder;

  static Stream<StoredSituation> told() {
    return all().filter(s -> !UNTOLD.containsKey(s.name()));
  }

  private static Stream<StoredSituation> all() {
    try (var in = StoredSituationsTest.class.getResourceAsStream("stored.txt")) {
      return Stream.concat(
          StoredSituation.all(Files.readString(SITUATIONS)).stream(),
          StoredSituation.all(new String(in.readAllBytes(), StandardCharsets.UTF_8)).stream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("told")
  void everySituationIsJudgedAsWhenItIsSeen(StoredSituation situation) {
    Stored stored = situation.through(folder.resolve("orchestrator.db"));
    assertEquals(List.of(), situation.wrong(stored));
    assertEquals(StoredSituation.NOW, stored.now());
  }

  @Test
  void whatIsSaidToBeUntoldIs() {
    List<StoredSituation> untold = all().filter(s -> UNTOLD.containsKey(s.name())).toList();
    assertEquals(UNTOLD.size(), untold.size());
    for (StoredSituation situation : untold) {
      Stored stored = situation.through(folder.resolve(untold.indexOf(situation) + ".db"));
      assertFalse(situation.wrong(stored).isEmpty(), situation.name());
    }
  }

  @Test
  void everyCodeIsFoundInSomethingStored() {
    Set<String> shown =
        told()
            .flatMap(s -> s.expected().stream())
            .filter(line -> !line.startsWith("!"))
            .map(line -> line.split(" ")[2])
            .collect(Collectors.toSet());
    assertEquals(
        List.of(),
        Stream.of(Code.values())
            .filter(code -> code != Code.BOOTS_WRITABLE)
            .map(Code::word)
            .filter(word -> !shown.contains(word))
            .toList());
    assertFalse(shown.contains(Code.BOOTS_WRITABLE.word()), "it is told after all");
  }
}
