package topiary.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.store.history.Histories.BEGIN;
import static topiary.store.history.Histories.SMALL;
import static topiary.store.history.Histories.everybody;
import static topiary.store.history.Histories.key;
import static topiary.store.history.Histories.news;
import static topiary.store.history.Histories.noise;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.History;
import topiary.store.StoreException;
import topiary.store.history.Entry;

class HistoryFileTest {

  @TempDir Path folder;

  private final Random random = new Random(7);

  private HistoryFile open() {
    return HistoryFile.open(folder, SMALL);
  }

  private static Instant at(long seconds) {
    return BEGIN.plusSeconds(seconds);
  }

  private static Object value(HistoryFile file, int server, String field, Instant at) {
    return file.at(at).orElseThrow().servers().get(key(server)).get(field);
  }

  private static List<History.Event> changes(
      HistoryFile file, Optional<InstanceKey> of, int limit) {
    return file.changes(new History.Asked(BEGIN, at(100_000), of, limit));
  }

  @Test
  void anyMomentIsReadAgainAlsoAfterARestart() {
    try (HistoryFile file = open()) {
      assertFalse(file.begun());
      assertTrue(file.due(at(0)));
      assertEquals(Optional.empty(), file.extent().from());
      file.begin(at(0), List.of());
      assertEquals(Map.of(), file.at(at(0)).orElseThrow().servers());
      file.append(at(10), everybody(2, 100, random, at(10)));
      file.append(
          at(20),
          List.of(
              news(0, "condition", "HUNG", at(20)),
              new Entry(at(21).toEpochMilli(), key(0), Entry.Kind.SAMPLE, Map.of("offset", 7))));
      file.append(
          at(30), List.of(new Entry(at(30).toEpochMilli(), key(1), Entry.Kind.GONE, Map.of())));
    }
    try (HistoryFile file = open()) {
      file.begin(at(3600), List.of());
      assertEquals(Optional.empty(), file.at(at(-1)));
      assertEquals(0, file.at(at(9)).orElseThrow().servers().size());
      assertEquals(2, file.at(at(10)).orElseThrow().servers().size());
      assertEquals("SEEN", value(file, 0, "condition", at(20).minusMillis(1)));
      assertEquals("HUNG", value(file, 0, "condition", at(20)));
      assertEquals(null, value(file, 0, "offset", at(20)));
      assertEquals(7, value(file, 0, "offset", at(21)));
      assertEquals(2, file.at(at(29)).orElseThrow().servers().size());
      assertEquals(1, file.at(at(31)).orElseThrow().servers().size());
      History.Moment down = file.at(at(1800)).orElseThrow();
      assertFalse(down.running());
      assertEquals(at(30), down.recorded());
      assertTrue(file.at(at(31)).orElseThrow().running());
      assertEquals(at(0), file.extent().from().orElseThrow());

      List<History.Event> all = changes(file, Optional.empty(), 9);
      assertEquals(
          List.of(History.Kind.GONE, History.Kind.CHANGED, History.Kind.CAME, History.Kind.CAME),
          all.stream().map(History.Event::kind).toList());
      assertEquals(Map.of("condition", new History.Different("SEEN", "HUNG")), all.get(1).fields());
      assertEquals(2, changes(file, Optional.of(key(0)), 9).size());
      assertEquals(at(30), changes(file, Optional.empty(), 1).getFirst().at());
    }
  }

  private static History.Asked of(String cluster, int from, int to, int skip, int limit) {
    return new History.Asked(
        at(from), at(to), Optional.empty(), Map.of("cluster", cluster), skip, limit);
  }

  @Test
  void whatChangedOfAClusterIsReadPageByPageAndCounted() {
    try (HistoryFile file = open()) {
      file.begin(at(0), List.of());
      file.append(
          at(1),
          List.of(
              new Entry(at(1).toEpochMilli(), key(0), Entry.Kind.CAME, Map.of("cluster", "a")),
              new Entry(at(1).toEpochMilli(), key(1), Entry.Kind.CAME, Map.of("cluster", "b"))));
      for (int i = 2; i < 20; i++) {
        file.append(at(i), List.of(news(0, "number", i, at(i)), news(1, "number", i, at(i))));
        if (i == 10) {
          file.begin(
              at(10),
              List.of(
                  new Entry(
                      at(10).toEpochMilli(),
                      key(0),
                      Entry.Kind.CAME,
                      Map.of("cluster", "a", "number", 10)),
                  new Entry(
                      at(10).toEpochMilli(),
                      key(1),
                      Entry.Kind.CAME,
                      Map.of("cluster", "b", "number", 10))));
        }
      }
      file.append(at(20), List.of(news(0, "cluster", "b", at(20))));
      file.append(
          at(21),
          List.of(
              news(0, "number", 21, at(21)),
              new Entry(at(21).toEpochMilli(), key(1), Entry.Kind.GONE, Map.of())));

      // It came, changed eighteen times, and left for the other, which both were told of.
      List<History.Event> a = file.changes(of("a", 0, 99, 0, 99));
      assertEquals(20, a.size());
      assertTrue(a.stream().allMatch(e -> e.server().equals(key(0))));
      assertEquals(Map.of("cluster", new History.Different("a", "b")), a.getFirst().fields());
      assertEquals(History.Kind.CAME, a.getLast().kind());
      List<History.Event> b = file.changes(of("b", 0, 99, 0, 99));
      assertEquals(22, b.size());
      assertTrue(b.stream().anyMatch(e -> e.kind() == History.Kind.GONE));

      // Pages, also over the border of two segments, are the whole.
      for (int skip = 0; skip <= 20; skip++) {
        assertEquals(
            a.subList(skip, Math.min(20, skip + 3)), file.changes(of("a", 0, 99, skip, 3)));
      }
      assertEquals(List.of(), file.changes(of("a", 0, 99, 20, 3)));
      assertEquals(List.of(), file.changes(of("c", 0, 99, 0, 3)));
      assertEquals(List.of(), file.changes(of("a", 0, 99, 0, 0)));

      List<History.Count> counts = file.counts(of("a", 0, 20, 0, 0), 3);
      assertEquals(3, counts.size());
      assertEquals(20, counts.stream().mapToInt(History.Count::changes).sum());
      assertEquals(at(0), counts.getFirst().at());
      assertEquals(6, counts.getFirst().changes(), "those of the seconds 1 to 6");
      assertEquals(List.of(new History.Count(at(5), 1)), file.counts(of("a", 5, 5, 0, 0), 4));
      assertEquals(List.of(), file.counts(of("c", 0, 99, 0, 0), 3));
    }
  }

  @Test
  void itDoesNotGrowBeyondItsRoomAndKeepsWhatIsNew() throws Exception {
    long most = 0;
    try (HistoryFile file = open()) {
      Instant now = BEGIN;
      for (int i = 0; i < 3000; i++) {
        now = BEGIN.plusSeconds(i);
        if (file.begun()) {
          file.append(now, List.of(news(i % 20, "noise", noise(6000, random), now)));
        }
        if (file.due(now)) {
          file.begin(now, everybody(20, 2000, random, now));
        }
        most = Math.max(most, file.extent().bytes());
      }
      assertTrue(most > SMALL.bytes() / 3, "it was filled: " + most);
      assertTrue(most <= SMALL.bytes(), most + " of " + SMALL.bytes());
      assertTrue(file.extent().from().orElseThrow().isAfter(BEGIN));
      assertEquals(20, file.at(now).orElseThrow().servers().size());
      assertEquals(Optional.empty(), file.at(BEGIN));
    }
  }

  @Test
  void whatIsTooMuchForItsRoomIsSaidAndNothingIsBroken() {
    try (HistoryFile file = open()) {
      file.begin(at(0), everybody(3, 1000, random, at(0)));
      StoreException e =
          assertThrows(
              StoreException.class, () -> file.begin(at(1), everybody(1000, 9000, random, at(1))));
      assertEquals(StoreException.Kind.FULL, e.kind());
      assertTrue(e.getMessage().contains("let it be larger"), e.getMessage());
      assertFalse(file.begun());
      assertThrows(IllegalStateException.class, () -> file.append(at(2), List.of()));
      file.begin(at(3), everybody(3, 1000, random, at(3)));
      assertEquals(3, file.at(at(3)).orElseThrow().servers().size());
    }
  }

  @Test
  void whatIsOldGoes() {
    try (HistoryFile file = open()) {
      for (int day = 0; day < 6; day++) {
        file.begin(BEGIN.plus(Duration.ofDays(day)), everybody(1, 10, random, BEGIN));
      }
      assertEquals(BEGIN.plus(Duration.ofDays(2)), file.extent().from().orElseThrow());
    }
  }

  @Test
  void oneThatIsDamagedOrNewerIsLeftAsItIs() throws Exception {
    open().close();
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("history.db"))));
    try (var connection = Connections.toWrite(folder.resolve("history.db"), Duration.ZERO)) {
      topiary.store.rows.Jdbc.execute(connection, "PRAGMA user_version = 2");
    }
    StoreException newer = assertThrows(StoreException.class, this::open);
    assertEquals(StoreException.Kind.NEWER, newer.kind());
    Path file = folder.resolve("history.db");
    byte[] bad = noise(5000, random).getBytes(StandardCharsets.US_ASCII);
    Files.write(file, bad);
    StoreException damaged = assertThrows(StoreException.class, this::open);
    assertEquals(StoreException.Kind.CORRUPT, damaged.kind(), damaged.getMessage());
    assertTrue(damaged.getMessage().contains("move it aside"), damaged.getMessage());
    assertArrayEquals(bad, Files.readAllBytes(file));
  }

  @Test
  void whoeverIsKilledLeavesAHistoryThatCanBeRead() throws Exception {
    int last = 0;
    for (int kill = 0; kill < 3; kill++) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder.toString(),
                  Integer.toString(last))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader said = child.inputReader(StandardCharsets.US_ASCII)) {
        int enough = last + 200;
        while (last < enough) {
          last = Integer.parseInt(said.readLine());
        }
        child.toHandle().destroyForcibly();
        child.waitFor();
      }
      try (HistoryFile file = open()) {
        for (int i = last - 150; i <= last; i += 30) {
          assertEquals(i, value(file, 0, "number", at(i)));
          assertEquals(i - 1, value(file, 0, "number", at(i).minusMillis(1)));
        }
        assertTrue(changes(file, Optional.of(key(0)), 10_000).size() >= 200);
      }
      // It may have written more than it said.
      last += 100_000;
    }
  }

  /** Writes a number each second of its own time until it is killed, and says which. */
  static final class Writer {

    private Writer() {}

    public static void main(String[] args) {
      try (HistoryFile file = HistoryFile.open(Path.of(args[0]), SMALL)) {
        int from = Integer.parseInt(args[1]);
        file.begin(
            at(from),
            List.of(
                new Entry(
                    at(from).toEpochMilli(), key(0), Entry.Kind.CAME, Map.of("number", from))));
        for (int i = from + 1; !System.out.checkError(); i++) {
          file.append(at(i), List.of(news(0, "number", i, at(i))));
          System.out.println(i);
        }
      }
    }
  }
}
