package topiary.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CiTimesTest {

  private static final Instant DURING = Instant.parse("2026-11-27T12:03:00Z");

  @TempDir Path build;

  @BeforeEach
  void reports() throws IOException {
    report("app", "surefire-reports", "a.b.FirstIT", "1,020.5", "slow", "1000.25", "quick", "0.1");
    report("app", "surefire-reports-display", "a.b.FirstIT", "9", "slow", "8.5");
    report("store", "surefire-reports", "a.StoreTest", "1.25", "x", "0.75", "y", "0.5");
    report("raft", "failsafe-reports", "a.LogIT", "2", "x", "2");
    Files.writeString(build.resolve("store/target/surefire-reports/a.StoreTest.txt"), "no report");
  }

  @Test
  void itAddsUpByModuleAndNamesTheSlowest() throws IOException {
    List<String> lines = printed();
    assertEquals("app 1 2 1020.5", words(lines.get(1)));
    assertEquals("app-display 1 1 9.0", words(lines.get(2)));
    assertEquals("raft 1 1 2.0", words(lines.get(3)));
    assertEquals("store 1 2 1.3", words(lines.get(4)));
    assertEquals("all 4 6 1032.8", words(lines.get(5)));
    assertTrue(
        lines.contains(
            "Tests alone: 17:13 min of the budget of 25:00 min (69 %);"
                + " target/ci.log of .ci/run has the rest."),
        lines::toString);
    assertEquals("1020.5 98.8 % app a.b.FirstIT", after(lines, "slowest classes"));
    assertEquals("1000.3 98.8 % FirstIT slow", after(lines, "slowest tests"));
  }

  @Test
  void ofManyItNamesFifteen() throws IOException {
    for (int i : IntStream.range(0, 30).toArray()) {
      report("engine", "surefire-reports", "a.Many" + i + "Test", "" + i, "x", "" + i);
    }
    List<String> lines = printed();
    int classes = lines.indexOf("slowest classes");
    int tests = lines.indexOf("slowest tests");
    assertEquals(15 + 2, tests - classes);
    assertEquals(15 + 1, lines.size() - tests);
  }

  @Test
  void theBuildsLogHasTheTotalAndWhatIsOlderDoesNotCount() throws IOException {
    log("BUILD SUCCESS");
    old("raft/target/failsafe-reports/TEST-a.LogIT.xml");
    List<String> lines = printed();
    assertFalse(lines.toString().contains("LogIT"), lines::toString);
    assertEquals("Maven, of 2026-11-27T12:06:45Z", after(lines, "all"));
    assertTrue(lines.stream().map(CiTimesTest::words).toList().contains("Topiary app 312.0"));
    assertTrue(lines.stream().map(CiTimesTest::words).toList().contains("Topiary icons 3.2"));
    assertTrue(
        lines.contains("CI: 6:45 min of the budget of 25:00 min (27 %), 17:11 min of it in tests."),
        lines::toString);
  }

  @Test
  void aLogThatWasCutShortIsNone() throws IOException {
    Files.createDirectories(build.resolve("target"));
    Files.writeString(build.resolve("target/ci.log"), "[INFO] Total time:  06:45 min\n");
    assertTrue(printed().toString().contains("Tests alone"));
  }

  @Test
  void whatIsNoReportIsNamed() throws IOException {
    Path file = build.resolve("app/target/surefire-reports/TEST-bad.xml");
    for (String text : List.of("", "<testsuite name='x'/>", "<testsuite name='x' time='soon'/>")) {
      Files.writeString(file, text);
      var e = assertThrows(IOException.class, () -> CiTimes.of(build));
      assertTrue(e.getMessage().startsWith(file + " is no report of tests"), e.getMessage());
    }
  }

  @Test
  void withoutAnyItSaysWhatToDo(@TempDir Path empty) {
    var e = assertThrows(IOException.class, () -> CiTimes.of(empty));
    assertTrue(e.getMessage().endsWith("run .ci/run first"), e.getMessage());
  }

  // ---- helpers

  private List<String> printed() throws IOException {
    var out = new ByteArrayOutputStream();
    CiTimes.of(build).print(new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String after(List<String> lines, String beginning) {
    for (int i = 0; i < lines.size() - 1; i++) {
      if (lines.get(i).startsWith(beginning)) {
        return words(lines.get(lines.get(i + 1).isEmpty() ? i + 2 : i + 1));
      }
    }
    throw new AssertionError(lines);
  }

  private static String words(String line) {
    return line.strip().replaceAll("\\s+", " ");
  }

  private void report(String module, String folder, String name, String seconds, String... cases)
      throws IOException {
    var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.append(String.format(Locale.ROOT, "<testsuite name=\"%s\" time=\"%s\">", name, seconds));
    text.append("<properties><property name=\"x\" value=\"y\"/></properties>");
    for (int i = 0; i < cases.length; i += 2) {
      text.append(
          String.format(
              Locale.ROOT,
              "<testcase name=\"%s\" classname=\"%s\" time=\"%s\"><failure/></testcase>",
              cases[i],
              name,
              cases[i + 1]));
    }
    Path file = build.resolve(module + "/target/" + folder + "/TEST-" + name + ".xml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text.append("</testsuite>\n"));
    Files.setLastModifiedTime(file, FileTime.from(DURING));
  }

  private void old(String file) throws IOException {
    Files.setLastModifiedTime(build.resolve(file), FileTime.from(DURING.minusSeconds(3600)));
  }

  private void log(String end) throws IOException {
    Files.createDirectories(build.resolve("target"));
    Files.writeString(
        build.resolve("target/ci.log"),
        """
        [INFO] Reactor Summary for Topiary 0.1.0-SNAPSHOT:
        [INFO]
        [INFO] Topiary ............................................ SUCCESS [  0.512 s]
        [INFO] Topiary icons ...................................... SUCCESS [  3.217 s]
        [INFO] Topiary app ........................................ SUCCESS [05:12 min]
        [INFO] ------------------------------------------------------------------------
        [INFO] %s
        [INFO] Total time:  06:45 min
        [INFO] Finished at: 2026-11-27T12:06:45Z
        """
            .formatted(end));
  }
}
