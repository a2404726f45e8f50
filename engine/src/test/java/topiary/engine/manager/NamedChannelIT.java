package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.engine.execute.Outcome;
import topiary.engine.fake.Ground;
import topiary.engine.fake.MemoryLog;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.engine.plan.PlanResult;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.state.PlanEnd;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Operations on one of two channels of a replica, {@code m} of {@code p} and {@code q}, both of
 * which are written to: what the server says of each, that the other goes on, and that all that was
 * written on either is there.
 */
@Execution(ExecutionMode.SAME_THREAD)
class NamedChannelIT {

  private static final By DBA = new By("dba", "test");
  private static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10)));

  /** Rows a second. */
  private static final int RATE = 50;

  private static final List<String> ALL = List.of("p", "q", "m", "r1", "r2");

  private static final Pattern CONNECTING = Pattern.compile(" (Preparing|Connecting) ");

  private Ground ground;
  private Manager manager;
  private MemoryLog journal;
  private boolean maria;
  private boolean byGtid;

  static List<topiary.lab.flavor.Flavor> flavors() {
    return Ground.oneFlavor().stream().filter(topiary.lab.flavor.Flavor::multiSource).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void byGtid(topiary.lab.flavor.Flavor flavor) throws Exception {
    try (Ground here = Ground.up("channels", "p(m,r1),q(m,r2)", flavor)) {
      byGtid = true;
      eachIsDoneUndoneAndRefused(here, flavor);
    }
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void byFileAndPosition(topiary.lab.flavor.Flavor flavor) throws Exception {
    try (Ground here = Ground.withoutGtid("channelsfile", "p(m,r1),q(m,r2)", flavor)) {
      eachIsDoneUndoneAndRefused(here, flavor);
    }
  }

  private void eachIsDoneUndoneAndRefused(Ground here, topiary.lab.flavor.Flavor flavor)
      throws Exception {
    ground = here;
    maria = flavor.id().startsWith("mariadb");
    journal = new MemoryLog();
    try (Ground.Topiary topiary = here.topiary(journal, QUICK)) {
      manager = topiary.manager();
      topiary.discover(ground.key("m"), 5);
      try (Load load = Load.start(ground.lab(), RATE);
          Other other = new Other()) {
        Ground.await(() -> load.acknowledged() > 20 && other.rows.get() > 20, "nothing is written");
        assertEquals(Optional.of("p"), load.target());
        refusals();
        startedAndStopped();
        delayedAndDetached();
        moved();
        pointed();
        ledByGtid();
        skipped();
        forgotten();
        other.stop();
        load.stop();
        List<Check.Result> results =
            load.check(Ground.LIMIT).stream()
                .filter(r -> List.of("p", "m", "r1").contains(r.member()))
                .toList();
        assertEquals(3, results.size());
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
      }
      assertEquals(List.of(), topiary.threads().deaths());
    }
  }

  private void refusals() throws Exception {
    refused(
        new Intent.StopReplication(ground.key("m"), Threads.BOTH), "say which with \"channel\"");
    refused(
        new Intent.OnServer(ground.key("m"), new Doing.SkipTransaction()), " channel \"q\" from ");
    refused(on("x", new Intent.StopReplication(ground.key("m"), Threads.BOTH)), "has no channel");
    refused(on("q", move("r1")), " is not in the tree of ");
    refused(on("q", move("p")), " by channel without a name already");
    refused(on("", move("r2")), " is not in the tree of ");
  }

  private void startedAndStopped() throws Exception {
    for (String channel : List.of("q", "")) {
      String one = channel.isEmpty() ? "p" : "q";
      done(on(channel, new Intent.StopReplication(ground.key("m"), Threads.BOTH)));
      stands(channel, one + " No No");
      otherStands(channel);
      refused(
          on(channel, new Intent.StopReplication(ground.key("m"), Threads.BOTH)),
          "stopped already");
      undone();
      stands(channel, one + " Yes Yes");
      done(on(channel, new Intent.OnServer(ground.key("m"), new Doing.Restart())));
      stands(channel, one + " Yes Yes");
      done(on(channel, new Intent.OnServer(ground.key("m"), new Doing.StopNicely())));
      stands(channel, one + " No No");
      otherStands(channel);
      undone();
      stands(channel, one + " Yes Yes");
    }
  }

  private void delayedAndDetached() throws Exception {
    done(on("q", new Intent.OnServer(ground.key("m"), new Doing.Delay(2))));
    stands("q", "q Yes Yes");
    assertEquals(2, channel("q").delaySeconds());
    assertEquals(0, channel("").delaySeconds());
    undone();
    assertEquals(0, channel("q").delaySeconds());
    done(on("q", new Intent.OnServer(ground.key("m"), new Doing.Detach())));
    assertTrue(channel("q").detached());
    otherStands("q");
    undone();
    stands("q", "q Yes Yes");
  }

  private void moved() throws Exception {
    done(on("q", move("r2")));
    stands("q", "r2 Yes Yes");
    otherStands("q");
    undone();
    stands("q", "q Yes Yes");
    done(on("", move("r1")));
    stands("", "r1 Yes Yes");
    stands("q", "q Yes Yes");
    undone();
    stands("", "p Yes Yes");
  }

  private void pointed() throws Exception {
    done(on("q", new Intent.InTree(ground.key("m"), new Reshaping.Repoint(Optional.empty()))));
    stands("q", "q Yes Yes");
    otherStands("q");
    InstanceKey r2 = ground.key("r2");
    done(on("q", new Intent.InTree(ground.key("m"), new Reshaping.Repoint(Optional.of(r2)))));
    stands("q", "r2 Yes Yes");
    undone();
    stands("q", "q Yes Yes");
  }

  private void ledByGtid() throws Exception {
    Intent other = on("q", new Intent.OnServer(ground.key("m"), new Doing.UseGtid(!byGtid)));
    if (!maria && !byGtid) {
      refused(other, " has gtid_mode OFF");
      return;
    }
    GtidUse was = channel("q").gtid();
    done(other);
    stands("q", "q Yes Yes");
    assertEquals(byGtid, channel("q").gtid() == GtidUse.NONE);
    assertEquals(was, channel("").gtid());
    otherStands("q");
    undone();
    stands("q", "q Yes Yes");
    assertEquals(was, channel("q").gtid());
  }

  /** Somebody has written to the replica what is to come by one of its channels. */
  private void skipped() throws Exception {
    Intent skip = on("q", new Intent.OnServer(ground.key("m"), new Doing.SkipTransaction()));
    refused(skip, "has not failed at a transaction");
    done(new Intent.SetReadOnly(ground.key("m"), false));
    long twice = rows("q") + 3L * RATE;
    ground.tell("m", "SET SESSION sql_log_bin = 0", "INSERT INTO side.t VALUES (" + twice + ")");
    Ground.await(() -> standing("q").equals("q Yes No"), "m applies what it cannot");
    refresh();
    // MySQL's empty transaction and MariaDB's counter are about the one, its position and MySQL's
    // counter about both.
    boolean alone = maria != byGtid;
    if (!alone) {
      refused(skip, "ask again, and start it afterwards");
      done(on("", new Intent.OnServer(ground.key("m"), new Doing.StopNicely())));
    }
    if (maria && !byGtid) {
      // Our account may not do everything; the plan has said that it takes one that may.
      Outcome outcome = manager.applyNow(skip, DBA).await();
      assertEquals(PlanEnd.FAILED, outcome.end());
      assertTrue(outcome.report().contains("SUPER"), outcome::report);
      assertTrue(
          journal.latest(1).getFirst().plan().warnings().toString().contains("SUPER"),
          () -> journal.latest(1).toString());
      ground.tell("m", "SET SESSION sql_log_bin = 0", "DELETE FROM side.t WHERE id = " + twice);
      done(on("q", new Intent.StartReplication(ground.key("m"), Threads.SQL)));
    } else {
      done(skip);
    }
    stands("q", "q Yes Yes");
    if (!alone) {
      done(on("", new Intent.StartReplication(ground.key("m"), Threads.BOTH)));
    }
    otherStands("q");
    done(new Intent.SetReadOnly(ground.key("m"), true));
    Ground.await(() -> rows("m") > twice + RATE, "m does not go on");
  }

  /** What was received is applied; then it is gone, and the other goes on. */
  private void forgotten() throws Exception {
    Ground.await(() -> rows("m") > 20, "m gets nothing from q");
    done(on("q", new Intent.OnServer(ground.key("m"), new Doing.Reset())));
    assertEquals(1, channels().size());
    stands("", "p Yes Yes");
    long left = rows("m");
    Ground.await(() -> rows("q") > left + 20, "q is not written to any more");
    assertEquals(left, rows("m"));
    refused(
        on("q", new Intent.OnServer(ground.key("m"), new Doing.Reset())), " has no channel \"q\"");
    // Every row once, from the first one on.
    assertEquals(left, number("m", "SELECT MAX(id) AS n FROM side.t"));
  }

  private long rows(String member) {
    return number(member, "SELECT COUNT(*) AS n FROM side.t");
  }

  private long number(String member, String sql) {
    return Long.parseLong(ground.ask(member, sql).get("n"));
  }

  private List<Channel> channels() {
    return manager
        .topology()
        .instance(ground.key("m"))
        .flatMap(i -> i.facts())
        .orElseThrow()
        .channels();
  }

  private Channel channel(String name) {
    return channels().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /** What the server itself says of a channel; while it connects it says so, for a moment. */
  private void stands(String channel, String expected) {
    if (!expected.equals(standing(channel))) {
      Ground.await(
          () -> !CONNECTING.matcher(standing(channel)).find(), "channel " + channel + " connects");
    }
    assertEquals(expected, standing(channel));
  }

  private String standing(String channel) {
    Map<String, String> row =
        ground.ask(
            "m",
            maria
                ? "SHOW SLAVE '" + channel + "' STATUS"
                : "SHOW REPLICA STATUS FOR CHANNEL '" + channel + "'");
    String words = maria ? "Slave" : "Replica";
    int port = Integer.parseInt(row.get(maria ? "Master_Port" : "Source_Port"));
    String source =
        ALL.stream().filter(name -> ground.key(name).port() == port).findFirst().orElseThrow();
    return source + " " + row.get(words + "_IO_Running") + " " + row.get(words + "_SQL_Running");
  }

  private void otherStands(String channel) {
    stands(channel.isEmpty() ? "q" : "", (channel.isEmpty() ? "q" : "p") + " Yes Yes");
  }

  private Intent move(String below) {
    return new Intent.Relocate(ground.key("m"), ground.key(below));
  }

  private static Intent on(String channel, Intent wanted) {
    return new Intent.OnChannel(wanted, channel);
  }

  private void undone() throws Exception {
    done(new Intent.Undo(manager.undoable().orElseThrow()));
  }

  private void done(Intent intent) throws Exception {
    Outcome outcome = manager.applyNow(intent, DBA).await();
    assertEquals(
        PlanEnd.DONE,
        outcome.end(),
        () -> intent.words() + ": " + outcome.report() + " " + journal.latest(1).getFirst());
    refresh();
  }

  private void refused(Intent intent, String why) throws Exception {
    PlanResult result = manager.plan(intent);
    assertTrue(
        result instanceof PlanResult.Refused r && r.reason().contains(why),
        () -> intent.words() + ": " + result);
  }

  private void refresh() {
    try {
      for (String member : ALL) {
        manager.refresh(ground.key(member));
      }
    } catch (RequestRefused e) {
      throw new AssertionError(e);
    }
  }

  /** Writes on {@code q} as {@link Load} does on {@code p}: rows 1, 2, 3, … of {@code side.t}. */
  private final class Other implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000_000;
    private final AtomicInteger rows = new AtomicInteger();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    Other() {
      ground.tell("q", "CREATE DATABASE side", "CREATE TABLE side.t (id INT PRIMARY KEY)");
      Thread.ofVirtual().start(this::write);
    }

    private void write() {
      try (Connection connection = ground.lab().connection("q");
          var statement = connection.createStatement()) {
        while (!stopping.get()) {
          statement.execute("INSERT INTO side.t VALUES (" + (rows.get() + 1) + ")");
          rows.incrementAndGet();
          // What a replica of both can apply while it is asked: more would test the machine.
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        over.complete(null);
      } catch (SQLException e) {
        over.completeExceptionally(e);
      }
    }

    void stop() {
      stopping.set(true);
      over.join();
    }

    @Override
    public void close() {
      stop();
    }
  }
}
