package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import topiary.app.main.Main;

/**
 * Random requests and command lines by the thousand against a node that is a process of its own. CI
 * sends a sample; docs/testing.md has the command for all. Again: {@code -Dtopiary.fuzz.seed}; each
 * request is made from the seed and its own number alone, but for the plans that it names, which
 * are those that there are by then.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FuzzIT {

  private static final long SEED = Long.getLong("topiary.fuzz.seed", System.nanoTime() >>> 8);
  private static final int REQUESTS = Integer.getInteger("topiary.fuzz.requests", 1_500);
  private static final int LINES = Integer.getInteger("topiary.fuzz.lines", 600);
  private static final int PROCESSES = Integer.getInteger("topiary.fuzz.processes", 6);
  private static final int CLIENTS = 6;

  /** Longer than any answer may take, a deed that is waited for included. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than any answer may take that waits for no deed. */
  private static final Duration QUICK = Duration.ofSeconds(15);

  /** What no answer and no log may have in it: our insides. */
  private static final Pattern INSIDES =
      Pattern.compile(
          "\\tat |Exception|\\bjava\\.|javax\\.|topiary\\.(app|engine|store|raft)\\."
              + "|io\\.helidon|tools\\.jackson|com\\.fasterxml|org\\.(mariadb|sqlite)"
              + "|java\\.base|StackOverflow|OutOfMemory|\\bnull pointer");

  /** As the documentation has them. */
  private static final List<Integer> STATUSES =
      List.of(200, 202, 400, 403, 404, 405, 409, 413, 414, 421, 422, 431, 502);

  private static Rig rig;
  private static Program node;
  private static Measure measure;
  private static Caller http;
  private static String address;
  private static FuzzWords.World world;
  private static Map<String, String> before;

  @BeforeAll
  static void up() throws Exception {
    System.out.println("FuzzIT: again with -Dtopiary.fuzz.seed=" + SEED);
    rig = Rig.of("fuzz", "p(r1(r2))");
    Path file = rig.configFile(rig.data, "r2");
    node = Program.start("node", "--config", file.toString());
    address = node.ready();
    measure = new Measure(node.pid());
    http = new Caller(address);
    Until.holds("all are seen", () -> tree().equals(Map.of("p", "", "r1", "p", "r2", "r1")));
    world =
        new FuzzWords.World(
            Stream.of("p", "r1", "r2").map(rig::address).toList(),
            rig.address("r2"),
            List.of(rig.address("p"), rig.address("r1")),
            new CopyOnWriteArrayList<>());
    before = servers();
  }

  @AfterAll
  static void down() {
    if (node != null) {
      node.close();
    }
    if (rig != null) {
      rig.close();
    }
  }

  /** Of each member its source, as the node sees it; those it does not see are left out. */
  private static Map<String, String> tree() throws IOException, InterruptedException {
    var tree = new TreeMap<String, String>();
    for (String name : List.of("p", "r1", "r2")) {
      Caller.Got got = http.get("instance?instance=" + rig.address(name));
      if (got.status() == 200 && "SEEN".equals(got.json().get("condition"))) {
        Object source = source(got.json());
        tree.put(
            name,
            Stream.of("p", "r1", "r2")
                .filter(n -> rig.address(n).equals(source))
                .findFirst()
                .orElse(""));
      }
    }
    return tree;
  }

  private static Object source(Map<String, Object> instance) {
    List<Map<String, Object>> channels = Caller.list(instance.get("channels"));
    return channels == null || channels.isEmpty() ? "" : channels.getFirst().get("source");
  }

  /** What of the servers must be as it was: of those that no deed was allowed on, everything. */
  private static Map<String, String> servers() throws Exception {
    var all = new TreeMap<String, String>();
    for (String name : List.of("p", "r1")) {
      all.put(name + " follows", name.equals("p") ? "" : rig.follows(name));
      all.put(name + " read only", Boolean.toString(rig.readOnly(name)));
    }
    // Whatever is written anywhere would be in the binary log.
    try (var connection = rig.lab.connection("p");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT @@gtid_binlog_pos, @@gtid_slave_pos")) {
      row.next();
      all.put("p wrote", row.getString(1) + " " + row.getString(2));
    }
    return all;
  }

  // ---- requests

  @Test
  @Order(1)
  void everyRequestIsAnsweredInTimeWithAStatusAndASentenceAndNothingIsLeftBehind()
      throws Exception {
    var times = new Times();
    int half = REQUESTS / 2;
    requests(0, half, times);
    Measure.Level middle = settled(Measure.Level.NONE);
    requests(half, REQUESTS, times);
    Measure.Level end = settled(middle);
    System.out.println("FuzzIT: requests " + times + "; " + middle + ", then " + end);
    assertTrue(
        end.heap() - middle.heap() < (2 << 20),
        "the second half left memory behind: " + middle + ", then " + end + ", seed " + SEED);
    well();
  }

  private static void requests(int from, int to, Times times) throws Exception {
    var next = new AtomicInteger(from);
    var failures = new Failures();
    everybody(
        () -> {
          try (var wire = new Wire(address, PATIENCE)) {
            for (int i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
              int number = i;
              failures.guard(() -> request(number, wire, times));
            }
          }
        });
    failures.check();
  }

  /** All that fail are told together, up to a number. */
  private static final class Failures {
    private static final int MOST = 20;
    private final List<AssertionError> all = new CopyOnWriteArrayList<>();

    void guard(Runnable work) {
      try {
        if (all.size() < MOST) {
          work.run();
        }
      } catch (AssertionError e) {
        all.add(e);
      }
    }

    void check() {
      if (!all.isEmpty()) {
        var error =
            new AssertionError(
                all.stream().map(Throwable::getMessage).collect(Collectors.joining("\n---\n")));
        all.forEach(error::addSuppressed);
        throw error;
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** All clients at once; the first failure ends the test. */
  private static void everybody(Work work) throws Exception {
    try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        all.add(
            clients.submit(
                () -> {
                  work.run();
                  return null;
                }));
      }
      for (Future<?> client : all) {
        client.get();
      }
    }
  }

  private static Random random(int number) {
    return new Random(SEED * 1_000_003 + number);
  }

  private static void request(int number, Wire wire, Times times) {
    var words = new FuzzWords(random(number), world);
    FuzzRequests.Made made = new FuzzRequests(words, address.substring("http://".length())).next();
    String what = "seed " + SEED + ", request " + number + ": " + shown(made.line());
    try {
      long began = System.nanoTime();
      Wire.Back back = wire.send(made.sending());
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      times.took(took, made.line());
      assertTrue(made.slow() || took.compareTo(QUICK) < 0, () -> "it took " + took);
      assertFalse(
          made.proper() && !made.sending().leave() && back.answers().isEmpty(),
          () -> "no answer, but: " + back.end());
      for (Wire.Answer answer : back.answers()) {
        check(made, answer);
        times.status(answer.status());
        remember(answer);
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  private static String shown(String line) {
    return line.length() < 300 ? line : line.substring(0, 300) + "… (" + line.length() + ")";
  }

  private static void check(FuzzRequests.Made made, Wire.Answer answer) {
    String said = answer.status() + " " + answer.headers() + "\n" + shown(answer.body());
    // orchestrator's status for whatever is refused; an answer to HEAD has no body to tell by.
    boolean orchestrators =
        answer.status() == 500
            && made.slow()
            && (made.sending().head()
                || answer.body().startsWith("{\"Code\":\"ERROR\",\"Message\":\""));
    assertTrue(STATUSES.contains(answer.status()) || orchestrators, () -> said);
    assertFalse(INSIDES.matcher(answer.body()).find(), () -> said);
    assertEquals(
        "no-store", answer.headers().getOrDefault("cache-control", "no-store"), () -> said);
    if (made.sending().head()) {
      return;
    }
    boolean json = answer.type().startsWith("application/json");
    boolean text = answer.type().startsWith("text/plain");
    if (json) {
      Object body = Caller.object("{\"all\":" + answer.body() + "}").get("all");
      if (answer.status() >= 400) {
        sentence(orchestrators, body, said);
      }
    } else if (answer.status() >= 400) {
      assertTrue(text && answer.body().strip().length() > 5, () -> "no sentence: " + said);
    }
  }

  private static void sentence(boolean orchestrators, Object body, String said) {
    Object message =
        orchestrators
            ? ((Map<?, ?>) body).get("Message")
            : body instanceof Map<?, ?> map && map.get("error") instanceof Map<?, ?> error
                ? error.get("message")
                : "";
    assertTrue(message instanceof String words && words.length() > 5, () -> "no sentence: " + said);
  }

  /** Runs, and plans for the free server, are named again by requests to come. */
  private static void remember(Wire.Answer answer) {
    String run = answer.headers().get("topiary-run");
    String plan = answer.headers().get("topiary-plan");
    if (run != null) {
      known(run);
    }
    if (plan != null && answer.type().startsWith("application/json")) {
      Object intent = Caller.object(answer.body()).get("intent");
      if (intent instanceof Map<?, ?> map
          && Stream.of("instance", "replica", "server", "plan")
              .anyMatch(
                  n -> n.equals("plan") ? map.get(n) != null : world.free().equals(map.get(n)))) {
        known(plan);
      }
    }
  }

  private static void known(String plan) {
    if (world.plans().size() < 500) {
      world.plans().add(plan);
    }
  }

  /** What the node holds when everything it had to do is done, which may take a moment. */
  private static Measure.Level settled(Measure.Level before) throws Exception {
    Until.holds("plans end", () -> http.get("health").json().get("plansUnderWay").equals(0));
    var last = new AtomicReference<>(measure.level());
    if (before != Measure.Level.NONE) {
      Until.holds(
          "threads and sockets end, seed " + SEED,
          () -> {
            last.set(measure.level());
            if (last.get().threads() > before.threads() + 3
                || last.get().files() > before.files() + 3) {
              throw new IllegalStateException(before + ", then " + last.get() + measure.threads());
            }
            return true;
          });
    } else {
      // Connections of ours that have just been closed may not have been seen as such.
      Until.holds(
          "it comes to rest",
          () -> {
            Measure.Level earlier = last.getAndSet(measure.level());
            return Math.abs(earlier.threads() - last.get().threads()) <= 2
                && Math.abs(earlier.files() - last.get().files()) <= 2;
          });
    }
    return last.get();
  }

  /** The node is well, has said nothing it should not, and the servers are as they were. */
  private static void well() throws Exception {
    assertTrue(node.alive());
    Caller.Got health = http.get("health");
    assertEquals(200, health.status(), health.body());
    assertEquals(true, health.json().get("healthy"));
    assertEquals(3, health.json().get("instances"), health.body());
    for (String line : node.err().lines().toList()) {
      // Who says it is a class, what is said must not be.
      String said = line.replaceFirst("^\\S+ \\S+ WARNING \\S+: ", "");
      assertFalse(INSIDES.matcher(said).find() || line.contains("SEVERE"), node.err());
    }
    // By deeds that are legal, the free server comes back to where it was. Somebody may have begun
    // the maintenance of any of them, which plans of others leave alone.
    for (String name : List.of("p", "r1", "r2")) {
      Caller.Got ended = http.post("end-maintenance", Map.of("instance", rig.address(name)));
      assertEquals(200, ended.status(), ended.body());
    }
    deed("delay-replication", Map.of("instance", world.free(), "seconds", "0"));
    deed("enable-gtid", Map.of("instance", world.free()));
    deed("start-replication", Map.of("instance", world.free()));
    deed("relocate", Map.of("replica", world.free(), "below", rig.address("r1")));
    Until.holds(
        "the tree is as it was", () -> tree().equals(Map.of("p", "", "r1", "p", "r2", "r1")));
    assertEquals("r1 Yes Yes", rig.follows("r2"));
    assertEquals(before, servers(), "seed " + SEED);
    for (String plan : world.plans()) {
      if (plan.matches("p[0-9a-z]{12}")) {
        Caller.Got run = http.get("run?plan=" + plan);
        assertEquals(200, run.status(), run.body());
        assertTrue(run.json().get("end") != null, run.body());
      }
    }
  }

  private static void deed(String operation, Map<String, String> with) throws Exception {
    Caller.Got got = http.post(operation, with);
    if (got.status() == 202) {
      Map<String, Object> end = http.follow(got.header("Topiary-Run"));
      assertEquals("DONE", end.get("end"), end.toString());
    } else {
      assertTrue(got.status() == 422 && got.body().contains(" already\""), got.body());
    }
  }

  // ---- command lines

  @Test
  @Order(2)
  void everyCommandLineEndsWithADocumentedStatusAndASentence() throws Exception {
    var times = new Times();
    var next = new AtomicInteger();
    var failures = new Failures();
    everybody(
        () -> {
          for (int i = next.getAndIncrement(); i < LINES; i = next.getAndIncrement()) {
            int number = i;
            failures.guard(() -> inProcess(number, times));
          }
        });
    System.out.println("FuzzIT: command lines " + times);
    failures.check();
    settled(Measure.Level.NONE);
    well();
  }

  private static void inProcess(int number, Times times) {
    List<String> line = line(number);
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    String what = "seed " + SEED + ", line " + number + ": " + line;
    long began = System.nanoTime();
    int status;
    try {
      status = Main.run(line, stream(out), stream(err));
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + ": " + e, e);
    }
    times.took(Duration.ofNanos(System.nanoTime() - began), line.toString());
    times.status(status);
    check(what, status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream into) {
    return new PrintStream(into, true, StandardCharsets.UTF_8);
  }

  private static List<String> line(int number) {
    return new FuzzLines(new FuzzWords(random(-1 - number), world), address).next();
  }

  private static void check(String what, int status, String out, String err) {
    String said = shown(what) + "\nended with " + status + "\n" + out + "\n" + err;
    assertTrue(status >= 0 && status <= 6, said);
    assertFalse(INSIDES.matcher(out).find() || INSIDES.matcher(err).find(), said);
    if (status == 0) {
      assertTrue(err.isEmpty(), said);
    } else {
      // Of a plan that ran and failed, the report is what it printed.
      assertTrue(err.strip().length() > 5 || status == 1 && out.contains("plan"), said);
    }
  }

  @Test
  @Order(3)
  void asProcessesTheyEndTheSameWay() throws Exception {
    int run = 0;
    for (int i = 0; run < PROCESSES; i++) {
      List<String> line = line(i);
      // No argument of a process has such a sign in it.
      if (line.stream().noneMatch(word -> word.indexOf('\0') >= 0 || word.length() > 10_000)) {
        run++;
        Program.Ended ended = Program.run(line.toArray(String[]::new));
        check(
            "seed " + SEED + ", line " + i + " as a process: " + line,
            ended.status(),
            ended.out(),
            ended.err());
      }
    }
  }

  /** How long things took, and how they ended. */
  private static final class Times {
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private long longest;
    private String slowest = "";

    synchronized void took(Duration took, String what) {
      count.incrementAndGet();
      sum.addAndGet(took.toMillis());
      if (took.toMillis() > longest) {
        longest = took.toMillis();
        slowest = what;
      }
    }

    synchronized void status(int status) {
      statuses.merge(status, 1, Integer::sum);
    }

    @Override
    public synchronized String toString() {
      return String.format(
          "%d, mean %d ms, longest %d ms (%s), ended with %s",
          count.get(), sum.get() / Math.max(1, count.get()), longest, shown(slowest), statuses);
    }
  }
}
