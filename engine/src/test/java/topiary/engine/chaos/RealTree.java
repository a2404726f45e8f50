package topiary.engine.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import topiary.engine.dialect.Dialect;
import topiary.engine.fake.Ground;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.manager.Policies;
import topiary.engine.model.InstanceKey;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Introduction;
import topiary.lab.Member;
import topiary.lab.flavor.Flavors;
import topiary.lab.load.Check;
import topiary.lab.load.Load;

/**
 * Seven real servers that are written to, {@code p(a(d(f),e),b,c)}, and what they say themselves.
 */
final class RealTree implements AutoCloseable {

  static final int SIZE = 7;

  /** Whoever is broken off everywhere must not fail before, on a machine that has much to do. */
  private static final Duration CATCH_UP =
      Duration.ofSeconds("all".equals(System.getProperty("topiary.chaos.moments")) ? 20 : 3);

  static final Policies QUICK =
      new Policies(
          new ProbePolicy(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10)),
          new PlanPolicy(
              Duration.ofSeconds(10), Duration.ofSeconds(8), CATCH_UP, Duration.ofSeconds(10)));

  /** Of which kinds: of both, or of one that is named by {@code -Dtopiary.chaos.flavor=}. */
  static List<String> flavors() {
    return Optional.ofNullable(System.getProperty("topiary.chaos.flavor"))
        .map(List::of)
        .orElse(List.of("mariadb-11.4", "mysql-9.7"));
  }

  /** Rows a second: what seven servers of one machine can apply that has more to do than that. */
  private static final int RATE = 50;

  /** How long everybody may take to apply what is written, on such a machine. */
  private static final Duration BACKLOG = Duration.ofMinutes(3);

  private static final long GLANCE_NANOS = 20_000_000;

  /** How often somebody who does not stand still is waited for again. */
  private static final int LOOKS = 15;

  private final Ground ground;
  private final Threads threads = new Threads();
  private final Map<InstanceKey, Fleet.Session> sessions = new LinkedHashMap<>();
  private final Map<InstanceKey, Dialect> dialects = new LinkedHashMap<>();
  private final Load load;

  /** Started, and written to. */
  RealTree(String name, String flavor) throws ServerTrouble {
    ground = Ground.up(name, "p(a(d(f),e),b,c)", Flavors.named(flavor));
    try {
      for (Member member : ground.lab().members()) {
        InstanceKey key = ground.key(member.name());
        Fleet.Session session = new JdbcFleet(ground.passwords(), threads).open(key, soon());
        sessions.put(key, session);
        dialects.put(key, Introduction.to(key, session, soon()).dialect());
      }
      load = Load.start(ground.lab(), RATE);
      Ground.await(() -> load.acknowledged() > 20, "nothing is written");
    } catch (ServerTrouble | RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  Ground ground() {
    return ground;
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), new RealClock());
  }

  Stand stand(InstanceKey key) throws ServerTrouble {
    return Stand.of(dialects.get(key), sql -> ask(key, sql));
  }

  Fleet.Rows ask(InstanceKey key, String sql) throws ServerTrouble {
    return sessions.get(key).ask(sql, soon());
  }

  Map<InstanceKey, Stand> stands() throws ServerTrouble {
    var stands = new LinkedHashMap<InstanceKey, Stand>();
    for (InstanceKey key : sessions.keySet()) {
      stands.put(key, stand(key));
    }
    return stands;
  }

  Map<InstanceKey, Stand.Shape> shapes() throws ServerTrouble {
    var shapes = new LinkedHashMap<InstanceKey, Stand.Shape>();
    stands().forEach((key, stand) -> shapes.put(key, stand.shape()));
    return shapes;
  }

  private boolean maria(InstanceKey key) {
    return sessions.get(key).version().contains("MariaDB");
  }

  private void tell(InstanceKey key, String... statements) throws ServerTrouble {
    for (String sql : statements) {
      // An applying thread waits a minute for the rest of a transaction before it can be stopped.
      sessions.get(key).tell(sql, Deadline.in(BACKLOG, new RealClock()));
    }
  }

  private void start(InstanceKey key) throws ServerTrouble {
    tell(key, "START " + (maria(key) ? "SLAVE" : "REPLICA"));
  }

  private void stop(InstanceKey key) throws ServerTrouble {
    tell(key, "STOP " + (maria(key) ? "SLAVE" : "REPLICA"));
  }

  /** Everybody is attached and runs, and is not held back any more. */
  void level() throws ServerTrouble {
    for (Map.Entry<InstanceKey, Stand> e : stands().entrySet()) {
      InstanceKey key = e.getKey();
      if (e.getValue().channel().isPresent()) {
        if (e.getValue().delay() > 0) {
          stop(key);
          tell(
              key,
              "CHANGE "
                  + (maria(key) ? "MASTER TO MASTER" : "REPLICATION SOURCE TO SOURCE")
                  + "_DELAY=0");
        }
        if (e.getValue().detached()) {
          stop(key);
          // Whoever goes by file and position has no place there; all have GTIDs.
          point(key, e.getValue().source().orElseThrow());
          tell(
              key,
              maria(key)
                  ? "CHANGE MASTER TO MASTER_USE_GTID=slave_pos"
                  : "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=1");
        }
        start(key);
      }
    }
  }

  private void point(InstanceKey key, InstanceKey source) throws ServerTrouble {
    String where = "%s='%s', %s=%d".formatted("_HOST", source.host(), "_PORT", source.port());
    tell(
        key,
        maria(key)
            ? "CHANGE MASTER TO MASTER" + where.replace(", ", ", MASTER")
            : "CHANGE REPLICATION SOURCE TO SOURCE" + where.replace(", ", ", SOURCE"));
  }

  /**
   * Brings everybody to where they stood once, from the head down. A replica that is ahead of where
   * it comes to is refused there until that has come after: it is started again.
   */
  void restore(Map<InstanceKey, Stand.Shape> wanted) throws Exception {
    for (Map.Entry<InstanceKey, Stand.Shape> e : wanted.entrySet()) {
      InstanceKey key = e.getKey();
      Stand.Shape shape = e.getValue();
      Stand now = stand(key);
      if (!now.shape().equals(shape)) {
        tell(key, "SET GLOBAL read_only = " + (shape.readOnly() ? "ON" : "OFF"));
        if (shape.source().isPresent()) {
          InstanceKey source = shape.source().get();
          stop(key);
          point(key, source);
          start(key);
        }
      }
    }
    for (InstanceKey key : wanted.keySet()) {
      if (wanted.get(key).source().isPresent()) {
        Ground.await(() -> runs(key), key + " does not come back");
      }
    }
  }

  /** Waits until everybody has what the head has now: the next one is not to pay for the last. */
  void comeAfter() throws ServerTrouble {
    GtidPosition all = stand(ground.key("p")).executed();
    Deadline deadline = Deadline.in(BACKLOG, new RealClock());
    for (InstanceKey key : sessions.keySet()) {
      while (!stand(key).executed().covers(all)) {
        if (deadline.over()) {
          throw new AssertionError(key + " does not come to " + all);
        }
        LockSupport.parkNanos(GLANCE_NANOS);
      }
    }
  }

  private boolean runs(InstanceKey key) {
    try {
      Stand now = stand(key);
      if (!now.receives()) {
        start(key);
      }
      return now.channel().orElseThrow().replicating();
    } catch (ServerTrouble e) {
      throw new AssertionError(e);
    }
  }

  /** What is missing anywhere of what was acknowledged, and what is where it should not be. */
  List<String> missing() throws Exception {
    var wrongs = new ArrayList<String>();
    load.stop();
    for (Check.Result result : checked()) {
      if (!result.complete()) {
        wrongs.add(result.toString());
      }
    }
    Map<InstanceKey, Stand> now = stands();
    GtidPosition all = now.get(ground.key("p")).executed();
    now.forEach(
        (key, stand) -> {
          if (!all.covers(stand.executed())) {
            wrongs.add(key + " has " + stand.executed() + ", its head " + all);
          }
        });
    return wrongs;
  }

  /** Who was held back for an hour has thousands to apply: as long as anybody does, all wait. */
  private List<Check.Result> checked() {
    List<Check.Result> before = List.of();
    List<Check.Result> now = load.check(Duration.ofSeconds(60));
    for (int look = 0; look < LOOKS && !whole(now) && !now.equals(before); look++) {
      before = now;
      now = load.check(Duration.ofSeconds(60));
    }
    return now;
  }

  private static boolean whole(List<Check.Result> results) {
    return results.stream().allMatch(Check.Result::complete);
  }

  private void end() {
    sessions.values().forEach(Fleet.Session::close);
    threads.close();
    ground.close();
  }

  @Override
  public void close() {
    load.close();
    end();
  }
}
