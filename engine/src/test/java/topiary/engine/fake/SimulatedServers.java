package topiary.engine.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.dialect.Columns;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Introduction;
import topiary.lab.sim.Address;
import topiary.lab.sim.Answer;
import topiary.lab.sim.Kind;
import topiary.lab.sim.Server;
import topiary.lab.sim.SimFleet;

/**
 * Simulated servers without a network: the same model, and the same words, as those that can be
 * connected to, in the time of {@link OneThread}. Each question takes a while of its own, so that
 * what is done side by side is done in any order.
 */
public final class SimulatedServers implements Fleet {

  /** Hears of every statement that changes something, just before and just after. */
  public interface Witness {
    /** Is about to be told. */
    void before(InstanceKey server, String sql);

    /** Was told, and took it. */
    void after(InstanceKey server, String sql);
  }

  /** The columns there are, as a session makes them of what a server announces. */
  private static final Map<topiary.lab.sim.Columns, Columns> COLUMNS = new ConcurrentHashMap<>();

  private static final Witness NOBODY =
      new Witness() {
        @Override
        public void before(InstanceKey server, String sql) {}

        @Override
        public void after(InstanceKey server, String sql) {}
      };

  private static final int PORT = 3306;
  private static final Duration GLANCE = Duration.ofMillis(10);

  /** Until the end of a connection is noticed. */
  private static final Duration MOMENT = Duration.ofMillis(15);

  private final OneThread world;
  private final Random random;
  private final Kind kind;
  private final SimFleet model = new SimFleet();
  private final Map<InstanceKey, Server> servers = new LinkedHashMap<>();
  private final Map<InstanceKey, Introduction> known = new LinkedHashMap<>();
  private final List<Conversation> resting = new ArrayList<>();
  private final Map<InstanceKey, Integer> pings = new LinkedHashMap<>();
  private final Set<InstanceKey> lost = new HashSet<>();
  private int slowness = 1;
  private Witness witness = NOBODY;
  private long told;
  private Optional<String> replicationUser = Optional.empty();

  /**
   * No servers yet.
   *
   * @param seed draws how long each question takes
   */
  public SimulatedServers(OneThread world, Kind kind, long seed) {
    this.world = world;
    this.kind = kind;
    random = new Random(seed);
    model.watch(this::stood);
  }

  /** Who is at rest with a server that has died hears of it. */
  private void stood(Server server) {
    if (server.standing() == Server.Standing.DEAD) {
      List.copyOf(resting).stream().filter(c -> c.server == server).forEach(Conversation::ended);
    }
  }

  /** The head of the tree, which takes writes. */
  public InstanceKey head(double writesPerSecond) {
    Server head = add();
    head.head(1000, writesPerSecond, 0, world.micros());
    return key(head);
  }

  /** The head of another tree, whose transactions are told from those of the first. */
  public InstanceKey otherHead(double writesPerSecond) {
    Server head = add();
    head.head(1000, writesPerSecond, servers.size(), world.micros());
    return key(head);
  }

  /** A replica that replicates. */
  public InstanceKey replica(InstanceKey source) {
    Server replica = add();
    replica.replica("", servers.get(source), "repl", world.micros());
    return key(replica);
  }

  /** One more source of a replica. */
  public void follow(InstanceKey replica, String channel, InstanceKey source) {
    servers.get(replica).replica(channel, servers.get(source), "repl", world.micros());
  }

  /** Lets replicas log in at each of them as this user, as an operator would write it. */
  public void replicationUser(String user) {
    replicationUser = Optional.of(user);
  }

  @Override
  public Optional<String> replicationUser(InstanceKey source) {
    return replicationUser;
  }

  private Server add() {
    int number = servers.size() + 1;
    Server server =
        model.add(
            new Address("10.0.0." + number, PORT),
            kind,
            number,
            "00000000-0000-0000-0000-%012d".formatted(number),
            world.micros());
    servers.put(key(server), server);
    return server;
  }

  private static InstanceKey key(Server server) {
    return new InstanceKey(server.address().host(), server.address().port());
  }

  public List<InstanceKey> keys() {
    return List.copyOf(servers.keySet());
  }

  /** The model of one, for faults. */
  public Server server(InstanceKey key) {
    return servers.get(key);
  }

  public void watch(Witness anybody) {
    witness = anybody;
  }

  /** How many statements that change something replication servers were told. */
  public long told() {
    return told;
  }

  /** How often a server was pinged. */
  public int pings(InstanceKey key) {
    return pings.getOrDefault(key, 0);
  }

  // ---- what they say themselves, at once

  /** The rows a server answers with, without any time passing. */
  public Rows truth(InstanceKey key, String sql) {
    try {
      Conversation mine = new Conversation(key, false);
      try {
        return mine.answer(sql);
      } finally {
        mine.close();
      }
    } catch (ServerTrouble e) {
      throw new IllegalStateException(e);
    }
  }

  /** How a server is spoken to. */
  public Introduction introduction(InstanceKey key) {
    return known.computeIfAbsent(
        key,
        k -> {
          try (Conversation mine = new Conversation(k, false)) {
            return Introduction.to(k, mine, Deadline.in(Duration.ofSeconds(1), world));
          } catch (ServerTrouble e) {
            throw new IllegalStateException(e);
          }
        });
  }

  // ---- the fleet

  @Override
  public Session open(InstanceKey key, Deadline deadline) throws ServerTrouble {
    world.pause(Duration.ofNanos(200_000 + random.nextInt(1_000_000)));
    Server server = servers.get(key);
    if (server != null && server.standing() == Server.Standing.HUNG) {
      throw hangs(key, deadline);
    }
    if (lost.contains(key)) {
      world.pause(deadline.left());
      throw new ServerTrouble(Condition.UNREACHABLE, 0, key + " does not answer at all", null);
    }
    return new Conversation(key, true);
  }

  /** Whatever is sent to a server gets lost from now on, or arrives again. */
  public void lose(InstanceKey key, boolean all) {
    if (all) {
      lost.add(key);
    } else {
      lost.remove(key);
    }
  }

  /** Each answer takes so many times as long as usual. */
  public void slow(int times) {
    slowness = times;
  }

  private ServerTrouble hangs(InstanceKey key, Deadline deadline) {
    world.pause(deadline.left());
    return new ServerTrouble(Condition.HUNG, 0, key + " says nothing in time", null);
  }

  /**
   * A question of one conversation. What it was answered with last is remembered, as the real
   * session does: whoever hears the same again need not read it again.
   */
  private static final class Question {
    private Answer.Rows last;
    private Columns columns;

    Rows answered(Answer.Rows answer) {
      Answer.Rows before = last;
      last = answer;
      if (before == null || !before.columns().equals(answer.columns())) {
        columns = columns(answer.columns());
        return read(answer.rows());
      }
      Set<String> others = others(before.rows(), answer.rows());
      if (others == null) {
        return read(answer.rows());
      }
      return others.isEmpty()
          ? Rows.asBefore(() -> maps(answer.rows()))
          : Rows.asBeforeBut(others, () -> maps(answer.rows()));
    }

    /** In which columns they differ, of one row each; empty for none, null for another answer. */
    private Set<String> others(List<Object[]> before, List<Object[]> now) {
      if (before.size() != now.size()) {
        return null;
      }
      var others = new HashSet<String>();
      for (int row = 0; row < now.size(); row++) {
        Object[] was = before.get(row);
        Object[] is = now.get(row);
        for (int i = 0; i < is.length; i++) {
          if (!Objects.equals(was[i], is[i])) {
            others.add(columns.labels().get(i));
          }
        }
      }
      return others.isEmpty() || now.size() == 1 ? others : null;
    }

    private Rows read(List<Object[]> rows) {
      return rows.isEmpty() ? Rows.NONE : new Rows(maps(rows));
    }

    private List<Map<String, String>> maps(List<Object[]> rows) {
      var maps = new ArrayList<Map<String, String>>(rows.size());
      for (Object[] values : rows) {
        maps.add(columns.row(place -> values[place] == null ? null : values[place].toString()));
      }
      return maps;
    }

    private static Columns columns(topiary.lab.sim.Columns of) {
      return COLUMNS.computeIfAbsent(
          of, o -> new Columns(o.list().stream().map(c -> c.name()).toList()));
    }
  }

  private final class Conversation implements Session {
    private final InstanceKey key;
    private final Server server;
    private final boolean slow;
    private final topiary.lab.sim.Session session;
    private boolean usable = true;
    private Runnable stirred;
    private Optional<Long> owed = Optional.empty();
    private final Map<String, Question> questions = new HashMap<>();

    private Conversation(InstanceKey key, boolean slow) throws ServerTrouble {
      this.key = key;
      this.slow = slow;
      server = servers.get(key);
      if (server == null || server.standing() != Server.Standing.ALIVE) {
        throw new ServerTrouble(
            Condition.ABSENT, 0, key + " refuses connections: nothing listens there", null);
      }
      session = server.login("topiary", "10.0.1.1:40000", world.micros());
      session.onEnd(this::ended);
    }

    private void ended() {
      usable = false;
      if (resting.remove(this)) {
        world.after(MOMENT, stirred);
      }
    }

    @Override
    public void rest(Runnable whoHears) {
      stirred = whoHears;
      if (usable) {
        resting.add(this);
      } else {
        // It has ended just now: what has come is noticed when somebody listens.
        world.after(MOMENT, whoHears);
      }
    }

    private boolean answers() {
      return server.standing() == Server.Standing.ALIVE && !lost.contains(key);
    }

    /** What is asked of a dead server, or of one that hangs. */
    private void wake(Deadline deadline) throws ServerTrouble {
      resting.remove(this);
      owed = Optional.empty();
      if (server.standing() == Server.Standing.DEAD) {
        usable = false;
      } else if (server.standing() == Server.Standing.HUNG || lost.contains(key)) {
        usable = false;
        throw hangs(key, deadline);
      }
    }

    @Override
    public boolean hail(long stamp) {
      if (!resting.contains(this) || owed.isPresent()) {
        return false;
      }
      pings.merge(key, 1, Integer::sum);
      owed = answers() ? Optional.empty() : Optional.of(stamp);
      return true;
    }

    @Override
    public boolean owes(long stamp) {
      // What a thawed server owes it answers at once.
      if (answers()) {
        owed = Optional.empty();
      }
      return usable && owed.equals(Optional.of(stamp));
    }

    @Override
    public String version() {
      return kind.version();
    }

    @Override
    public Rows ask(String sql, Deadline deadline) throws ServerTrouble {
      wake(deadline);
      return answer(sql);
    }

    @Override
    public void tell(String sql, Deadline deadline) throws ServerTrouble {
      wake(deadline);
      boolean counts = slow && changes(sql);
      if (slow) {
        world.pause(Duration.ofNanos(100_000 + random.nextInt(2_000_000)));
      }
      if (counts) {
        told++;
        witness.before(key, sql);
      }
      now(sql);
      if (counts) {
        witness.after(key, sql);
      }
      if (slow) {
        // The answer is on its way.
        world.pause(Duration.ofNanos(100_000 + random.nextInt(500_000)));
      }
    }

    /** Whose password it is nobody looks at. */
    @Override
    public void tell(String sql, Password password, Deadline deadline) throws ServerTrouble {
      tell(sql, deadline);
    }

    private static boolean changes(String sql) {
      return !sql.startsWith("SET SESSION") && !sql.startsWith("KILL");
    }

    private Rows answer(String sql) throws ServerTrouble {
      if (slow) {
        world.pause(Duration.ofNanos((100_000L + random.nextInt(2_000_000)) * slowness));
      }
      return now(sql);
    }

    private Rows now(String sql) throws ServerTrouble {
      Answer answer = answered(sql);
      return switch (answer) {
        case Answer.Rows rows -> questions.computeIfAbsent(sql, q -> new Question()).answered(rows);
        case Answer.Done done -> Rows.NONE;
        case Answer.No no ->
            throw new ServerTrouble(
                Condition.SEEN, no.code(), key + " refuses: " + no.message(), null);
        case Answer.Wait wait -> throw new IllegalStateException();
      };
    }

    private Answer answered(String sql) throws ServerTrouble {
      if (!usable) {
        throw new ServerTrouble(
            Condition.UNREACHABLE, 0, "the connection to " + key + " has ended", null);
      }
      long since = world.micros();
      Answer answer = session.execute(sql, since, since);
      while (answer instanceof Answer.Wait) {
        world.pause(GLANCE);
        answer = session.execute(sql, world.micros(), since);
      }
      return answer;
    }

    @Override
    public boolean usable() {
      return usable;
    }

    @Override
    public void close() {
      usable = false;
      resting.remove(this);
      session.close();
    }
  }
}
