package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The demo as a process; its fleets are in the folder of these tests. */
class DemoIT {

  private static final Path CACHE = Rig.cache().root();

  @AfterEach
  void nothingIsLeft() {
    Until.holds("the servers end", () -> servers().isEmpty());
  }

  @Test
  void itIsReadyWithAHealthyTreeAndCtrlCLeavesNothing() throws Exception {
    try (Program demo = Program.start("demo", "--headless")) {
      String address = demo.ready();
      wellAt(address);
      assertEquals(5, servers().size());
      assertEquals("", errors(demo));
      var said = Program.run("topology", "--api", address);
      assertEquals(0, said.status(), said.err());
      assertEquals(5, said.out().lines().count(), said.out());
      demo.interrupt();
      assertEquals("", errors(demo));
    }
    leftNothing();
  }

  @Test
  void twoDemosAtOnceDoNotMeet() throws Exception {
    try (Program one = Program.start("demo", "--headless");
        Program two = Program.start("demo", "--headless")) {
      String first = one.ready();
      String second = two.ready();
      assertNotEquals(first, second);
      wellAt(first);
      wellAt(second);
      assertEquals(10, servers().size());
      one.interrupt();
      assertTrue(two.alive());
      wellAt(second);
      two.interrupt();
    }
    leftNothing();
  }

  @Test
  void afterAKillAtTheVeryStartItStartsAgain() throws Exception {
    try (Program demo = Program.start("demo", "--headless")) {
      demo.kill();
    }
    startsAgain();
  }

  @Test
  void afterAKillWhileTheServersComeUpItStartsAgain() throws Exception {
    try (Program demo = Program.start("demo", "--headless")) {
      Until.holds("a server is there", () -> !servers().isEmpty());
      demo.kill();
    }
    startsAgain();
  }

  @Test
  void afterAKillWhenReadyItsServersEndAndItStartsAgain() throws Exception {
    try (Program demo = Program.start("demo", "--headless")) {
      wellAt(demo.ready());
      demo.kill();
      Until.holds("the servers end with it", () -> servers().isEmpty());
      assertTrue(Files.exists(CACHE.resolve("demo/demo")), "there is something to clear away");
    }
    startsAgain();
  }

  @Test
  void ctrlCWhileTheServersComeUpEndsThem() throws Exception {
    try (Program demo = Program.start("demo", "--headless")) {
      Until.holds("a server is there", () -> !servers().isEmpty());
      demo.interrupt();
      Until.holds("the servers end", () -> servers().isEmpty());
    }
    startsAgain();
  }

  @Test
  void severalNodesDecideTogetherAndEndWithIt() throws Exception {
    try (Program demo = Program.start("demo", "--headless", "--nodes", "3")) {
      String address = demo.ready();
      wellAt(address);
      assertEquals(3, nodes().size());
      var said = Program.run("cluster", "--api", address);
      assertEquals(0, said.status(), said.err());
      List<Map<String, Object>> members = members(address);
      assertEquals(3, members.size());
      for (Map<String, Object> member : members) {
        assertTrue(said.out().contains(member.get("name") + " (" + member.get("id") + ")"));
        wellAt((String) member.get("http"));
      }
      assertEquals("", errors(demo));

      nodes().getFirst().destroyForcibly();
      Until.holds("it says so", () -> demo.err().contains(" has ended; to start it again: "));
      List<String> left =
          members.stream().map(m -> (String) m.get("http")).filter(DemoIT::answers).toList();
      assertEquals(2, left.size());
      Until.holds(
          "one of the others leads", () -> leading(left.getFirst()) || leading(left.getLast()));
      demo.interrupt();
    }
    assertEquals(List.of(), nodes());
    leftNothing();
  }

  @Test
  void nodesEndWithADemoThatIsKilled() throws Exception {
    try (Program demo = Program.start("demo", "--headless", "--nodes", "2")) {
      demo.ready();
      assertEquals(2, nodes().size());
      demo.kill();
      Until.holds("the nodes end with it", () -> nodes().isEmpty());
    }
    startsAgain();
  }

  private static Map<String, Object> cluster(String address) throws Exception {
    return new Caller(address).get("cluster").json();
  }

  private static List<Map<String, Object>> members(String address) throws Exception {
    return Caller.list(cluster(address).get("members"));
  }

  private static boolean leading(String address) throws Exception {
    return Boolean.TRUE.equals(cluster(address).get("leading"));
  }

  private static boolean answers(String address) {
    try {
      cluster(address);
      return true;
    } catch (Exception e) {
      // It is the one that was killed.
      return false;
    }
  }

  /** The processes of nodes of demos of this folder, in the order they were started. */
  private static List<ProcessHandle> nodes() throws IOException {
    String proof = "--config\0" + CACHE.resolve("demo/demo");
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(
              p -> line(Path.of("/proc", Long.toString(p.pid()), "cmdline")).contains(proof))
          .filter(p -> p.info().command().filter(c -> c.endsWith("/java")).isPresent())
          .sorted()
          .toList();
    }
  }

  @Test
  void whatItDoesNotKnowItRefuses() throws Exception {
    var said = Program.run("demo", "--fast");
    assertEquals(2, said.status());
    assertEquals(
        "topiary: demo [--headless] [--flavor NAME | --bin DIR] [--nodes 1 to 5], or demo"
            + " [--headless] --simulated N\n",
        said.err());
    assertEquals(2, Program.run("demo", "--nodes", "6").status());
    assertEquals(2, Program.run("demo", "--headless", "--nodes").status());
  }

  private static void startsAgain() throws Exception {
    try (Program demo = Program.start("demo", "--headless")) {
      wellAt(demo.ready());
      demo.interrupt();
    }
    leftNothing();
  }

  private static void leftNothing() throws IOException {
    assertEquals(List.of(), servers());
    assertEquals(List.of(), below("labs"));
    assertEquals(List.of(), below("demo"));
  }

  private static List<String> below(String folder) throws IOException {
    if (!Files.exists(CACHE.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(CACHE.resolve(folder))) {
      return files.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("demo")).toList();
    }
  }

  private static void wellAt(String address) throws Exception {
    List<Map<String, Object>> clusters = new Caller(address).get("clusters").list();
    assertEquals(1, clusters.size(), clusters.toString());
    assertEquals(5, clusters.getFirst().get("instances"));
    assertEquals(0, clusters.getFirst().get("troubled"));
  }

  /** What it said beside its greeting: a demo that is well has nothing to say. */
  private static String errors(Program demo) throws IOException {
    return demo.err().replaceFirst("^Starting five servers [^\n]*\n", "");
  }

  /** The processes of demos of this folder, by their option file. */
  private static List<String> servers() throws IOException {
    String proof = "--defaults-file=" + CACHE.resolve("labs/demo");
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.map(p -> p.resolve("cmdline"))
          .map(DemoIT::line)
          .filter(line -> line.contains("mariadbd\0") && line.contains(proof))
          .filter(line -> !line.startsWith("sh\0") && !line.startsWith("/bin/sh\0"))
          .toList();
    }
  }

  private static String line(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // No process, or one that has just ended.
      return "";
    }
  }
}
