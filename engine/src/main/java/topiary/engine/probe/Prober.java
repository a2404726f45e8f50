package topiary.engine.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import topiary.engine.dialect.Dialect;
import topiary.engine.dialect.Grants;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.dialect.Optionals;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Capability;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Observation;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Looks at one server at a time, over a connection that is kept open. Thread-safe. */
public final class Prober implements AutoCloseable {

  /** How long binary logs are searched at most. */
  private static final Duration SEARCH = Duration.ofMinutes(1);

  /** What the questions of a look depend on. */
  private static final List<String> LEARNT = List.of(Dialect.GRANTS, Optionals.present());

  private static final int LACKS_GRANT = 1227;
  private static final int UNKNOWN_VARIABLE = 1193;
  private static final int NO_SUCH_TABLE = 1146;

  /** Looks after each of which a server without replicas is not asked whether it has some. */
  private static final int SPARED = 2;

  private final Fleet fleet;
  private final Clock clock;
  private final ProbePolicy policy;
  private final Map<InstanceKey, Line> lines = new ConcurrentHashMap<>();
  private final Doors doors;
  private final Asides asides;
  private final Consumer<InstanceKey> stirred;

  /** Most servers of a fleet have given this user the same. */
  private volatile Shown lastShown;

  /**
   * What was made of a server's grants.
   *
   * @param needed what a user has to be given there
   * @param shown what it was given, as the server told it
   * @param missing what of it it was not, in sentences
   */
  private record Shown(Grants needed, List<String> shown, List<String> missing) {}

  /** A prober whose connections nobody watches between looks. */
  public Prober(Fleet fleet, Clock clock, ProbePolicy policy) {
    this(fleet, clock, policy, key -> {});
  }

  /**
   * A prober.
   *
   * @param stirred hears, on any thread, when a server has ended the connection that is kept to it,
   *     or said something unasked over it
   */
  public Prober(Fleet fleet, Clock clock, ProbePolicy policy, Consumer<InstanceKey> stirred) {
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
    this.stirred = stirred;
    doors = new Doors(clock, policy.opening());
    asides = new Asides(clock, policy.detection());
  }

  /**
   * Looks at a server. Never throws: what goes wrong is what is seen.
   *
   * <p>Two probes of one server go one after the other, each with a time limit of its own.
   */
  public Observation look(InstanceKey key) {
    return look(key, policy.opening());
  }

  /**
   * Looks at a server, as above, and takes no longer than this.
   *
   * @param most for the conversation, with or without connecting first
   */
  public Observation look(InstanceKey key, Duration most) {
    Line line = lines.computeIfAbsent(key, k -> new Line(() -> stirred.accept(k)));
    line.turn.lock();
    try {
      // Those that were silent have a lane of their own, and are not to stand in anybody's way.
      boolean inside = !line.kept() && !line.silent && doors.enter();
      try {
        Observation seen = look(key, line, most);
        line.silent = !seen.condition().answering();
        line.rest();
        return seen;
      } finally {
        if (inside) {
          doors.leave();
        }
      }
    } finally {
      line.turn.unlock();
    }
  }

  private Observation look(InstanceKey key, Line line, Duration most) {
    Instant at = clock.now();
    long began = clock.nanos();
    try {
      Facts facts = ask(key, line, most);
      return Observation.seen(key, at, since(began), facts);
    } catch (ServerTrouble trouble) {
      line.drop();
      return Observation.failed(key, at, since(began), condition(trouble), trouble.getMessage());
    } catch (IllegalArgumentException e) {
      line.drop();
      return Observation.failed(
          key, at, since(began), Condition.HALF, key + " answers oddly: " + e.getMessage());
    }
  }

  /**
   * Asks a server for the statements that run for so long, the longest first. Over a connection of
   * its own, so that looks do not wait for it.
   *
   * @param seconds for so long or longer
   * @throws ServerTrouble when it cannot be asked
   */
  public List<LongQuery> longQueries(InstanceKey key, int seconds) throws ServerTrouble {
    Deadline deadline = Deadline.in(policy.opening(), clock);
    try (Fleet.Session session = fleet.open(key, deadline)) {
      Dialect dialect = Introduction.to(key, session, deadline).dialect();
      return session.ask(dialect.longQueries(seconds), deadline).rows().stream()
          .map(Asked::longQuery)
          .toList();
    }
  }

  /**
   * Finds the binary logs of a MySQL server that hold errant transactions. It reads the beginnings
   * of its logs from the newest one backwards, and no more of them than it has to.
   *
   * @param errant those transactions
   * @throws ServerTrouble when it cannot be asked
   */
  public ErrantLogs errantLogs(InstanceKey key, GtidSet errant) throws ServerTrouble {
    Deadline deadline = Deadline.in(SEARCH, clock);
    try (Fleet.Session session = fleet.open(key, Deadline.in(policy.opening(), clock))) {
      List<String> files =
          session.ask(MySqlDialect.logs(), deadline).rows().stream()
              .map(row -> row.getOrDefault("Log_name", ""))
              .toList();
      var logs = new ArrayDeque<ErrantLogs.Log>();
      for (String file : files.reversed()) {
        GtidSet before = ErrantLogs.before(session.ask(MySqlDialect.beginning(file), deadline));
        logs.addFirst(new ErrantLogs.Log(file, before));
        if (errant.minus(before).equals(errant)) {
          break;
        }
      }
      String purged =
          session
              .ask("SELECT @@global.gtid_purged AS purged", deadline)
              .first()
              .map(row -> row.getOrDefault("purged", ""))
              .orElse("");
      return ErrantLogs.of(errant, GtidSet.parse(purged), List.copyOf(logs));
    }
  }

  /** Lets go of a server that is not looked after any more. */
  public void release(InstanceKey key) {
    Line line = lines.remove(key);
    if (line != null) {
      line.turn.lock();
      try {
        line.drop();
      } finally {
        line.turn.unlock();
      }
    }
  }

  @Override
  public void close() {
    List.copyOf(lines.keySet()).forEach(this::release);
  }

  /**
   * Asks everything.
   *
   * @param most for all of it
   */
  private Facts ask(InstanceKey key, Line line, Duration most) throws ServerTrouble {
    Deadline deadline = Deadline.in(shorter(most, policy.opening()), clock);
    if (line.kept()) {
      try {
        Deadline own = Deadline.in(shorter(most, policy.deadline()), clock);
        if (asides.due(line)) {
          learn(line, own);
        }
        return questions(key, line, false, own);
      } catch (ServerTrouble trouble) {
        // A kept connection may have died of old age or with a restart; only a fresh one tells.
        if (trouble.condition() != Condition.UNREACHABLE || deadline.over()) {
          throw trouble;
        }
        line.drop();
      }
    }
    line.session = fleet.open(key, deadline);
    line.introduction = Introduction.to(key, line.session, LEARNT, deadline);
    if (line.introduction.capabilities().contains(Capability.REPLICA_WORDS)) {
      learnNow(line, deadline);
    } else {
      learn(line, deadline);
    }
    return questions(key, line, doors.crowded(), deadline);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Asks a server, over the connection that is kept to it, whether it answers at all, and waits for
   * nothing. Not while it is looked at, nor while it has not answered the last time.
   *
   * @param stamp by which this one is known
   * @return whether it was asked
   */
  public boolean hail(InstanceKey key, long stamp) {
    Line line = lines.get(key);
    if (line == null || !line.turn.tryLock()) {
      return false;
    }
    try {
      return line.kept() && line.session.hail(stamp);
    } catch (ServerTrouble trouble) {
      line.drop();
      stirred.accept(key);
      return false;
    } finally {
      line.turn.unlock();
    }
  }

  /** Whether a server has not answered a hail yet, as far as that can be told without waiting. */
  public boolean owes(InstanceKey key, long stamp) {
    Line line = lines.get(key);
    if (line == null || !line.turn.tryLock()) {
      return false;
    }
    try {
      return line.kept() && line.session.owes(stamp);
    } finally {
      line.turn.unlock();
    }
  }

  /**
   * Whether a server has not answered a hail. Its connection is closed then: the next look begins
   * with a new one. One that is looked at just now has that look tell.
   */
  public boolean silent(InstanceKey key, long stamp) {
    Line line = lines.get(key);
    if (line == null || !line.turn.tryLock()) {
      return false;
    }
    try {
      boolean silent = line.kept() && line.session.owes(stamp);
      if (silent) {
        line.drop();
      }
      return silent;
    } finally {
      line.turn.unlock();
    }
  }

  /** Asks what the later questions depend on. */
  private void learn(Line line, Deadline deadline) throws ServerTrouble {
    line.session.foretell(LEARNT, deadline);
    learnNow(line, deadline);
  }

  /** The same, where it was sent ahead. */
  private void learnNow(Line line, Deadline deadline) throws ServerTrouble {
    line.up = Optional.empty();
    line.spared = 0;
    Dialect dialect = line.introduction.dialect();
    line.missingGrants = missing(line.session, dialect, deadline);
    line.optionals = ProbeParser.byName(line.session.ask(Optionals.present(), deadline).rows());
    line.identity = dialect.identity(line.optionals.keySet());
  }

  private List<String> missing(Fleet.Session session, Dialect dialect, Deadline deadline)
      throws ServerTrouble {
    List<String> shown =
        session.ask(Dialect.GRANTS, deadline).rows().stream()
            .flatMap(row -> row.values().stream())
            .toList();
    Grants needed = dialect.needed();
    Shown last = lastShown;
    if (last == null || !last.needed().equals(needed) || !last.shown().equals(shown)) {
      last = new Shown(needed, shown, needed.missing(shown));
      lastShown = last;
    }
    return last.missing();
  }

  private Facts questions(InstanceKey key, Line line, boolean hurried, Deadline deadline)
      throws ServerTrouble {
    Fleet.Session session = line.session;
    Dialect dialect = line.introduction.dialect();
    Optional<Line.Heard> before = line.heard;
    line.heard = Optional.empty();
    var complaints = new ArrayList<>(line.missingGrants);
    session.foretell(ahead(line, before), deadline);
    Fleet.Rows identity = identity(line, deadline);
    Line.Extent extent =
        before
            .filter(b -> identity.asBefore() || identity.asBeforeBut(ProbeParser.FAR))
            .map(Line.Heard::extent)
            .orElseGet(() -> Line.Extent.of(one(identity, line)));
    int answered = 1;
    try {
      Fleet.Rows channels = session.ask(dialect.channels(), deadline);
      answered++;
      Fleet.Rows logEnd = optional(session, dialect.logEnd(), deadline, complaints);
      answered++;
      Fleet.Rows replicas = replicas(line, deadline, complaints);
      answered++;
      Map<String, String> status = status(line, extent.semiSync(), deadline);
      Fleet.Rows group =
          extent.grouped() ? group(session, dialect, deadline, complaints) : Fleet.Rows.NONE;
      boolean same =
          before
                  .filter(b -> b.replicas() == replicas || replicas.asBefore())
                  .filter(b -> ProbeParser.sameButUptime(b.status(), status))
                  .filter(b -> b.complaints().equals(complaints))
                  .isPresent()
              && identity.asBefore()
              && channels.asBefore()
              && logEnd.asBefore()
              && (group.asBefore() || !extent.grouped());
      Facts facts =
          same
              ? before.get().facts()
              : ProbeParser.parse(
                  new ProbeParser.Answers(
                      one(identity, line),
                      line.introduction.capabilities(),
                      channels.rows(),
                      logEnd.first(),
                      replicas.rows(),
                      status,
                      group.rows(),
                      complaints),
                  before.filter(Line.Heard::plain).map(b -> known(b, identity, channels)));
      Facts shared = same ? facts : before.map(b -> facts.sharing(b.facts())).orElse(facts);
      Asides.Beside beside = asides.of(key, line, shared, hurried, deadline);
      Facts whole =
          before
              .filter(b -> b.facts() == shared && b.beside().equals(beside))
              .map(Line.Heard::whole)
              .orElseGet(() -> beside.with(shared));
      line.heard =
          Optional.of(new Line.Heard(extent, replicas, status, complaints, shared, beside, whole));
      return whole.upFor(ProbeParser.uptime(status));
    } catch (ServerTrouble trouble) {
      boolean silent =
          trouble.condition() == Condition.HUNG || trouble.condition() == Condition.SEEN;
      if (!silent || trouble.code() == LACKS_GRANT) {
        throw trouble;
      }
      throw new ServerTrouble(
          Condition.HALF,
          trouble.code(),
          "answered "
              + answered
              + (answered == 1 ? " question" : " questions")
              + ", then: "
              + trouble.getMessage(),
          trouble);
    }
  }

  private static ProbeParser.Known known(
      Line.Heard before, Fleet.Rows identity, Fleet.Rows channels) {
    return new ProbeParser.Known(
        before.facts(),
        identity.asBeforeBut(ProbeParser.FAR),
        channels.asBeforeBut(ProbeParser.PROGRESS) && channels.rows().size() == 1);
  }

  /** What it will be asked for certain, in that order. */
  private static List<String> ahead(Line line, Optional<Line.Heard> before) {
    Dialect dialect = line.introduction.dialect();
    var ahead = new ArrayList<>(List.of(line.identity, dialect.channels(), dialect.logEnd()));
    if (line.spared == 0) {
      ahead.add(dialect.replicas());
    }
    // At a first look, as it was told when it was asked which of these it has.
    boolean semiSync =
        before.map(Line.Heard::extent).orElseGet(() -> Line.Extent.of(line.optionals)).semiSync();
    if (semiSync || line.up.isEmpty()) {
      ahead.add(dialect.status(semiSync));
    }
    return ahead;
  }

  /** Who it is; asked anew when a plugin was taken out since it was asked what it has. */
  private Fleet.Rows identity(Line line, Deadline deadline) throws ServerTrouble {
    try {
      return line.session.ask(line.identity, deadline);
    } catch (ServerTrouble trouble) {
      if (trouble.condition() != Condition.SEEN || trouble.code() != UNKNOWN_VARIABLE) {
        throw trouble;
      }
      learn(line, deadline);
      return line.session.ask(line.identity, deadline);
    }
  }

  private static Map<String, String> one(Fleet.Rows identity, Line line) {
    return identity
        .first()
        .orElseThrow(() -> new IllegalArgumentException("no row for " + line.identity));
  }

  /**
   * Who says to replicate from it. Most servers are replicas without any, and are asked in every
   * third look only; those who have some, and those who are new or back, in each.
   */
  private static Fleet.Rows replicas(Line line, Deadline deadline, List<String> complaints)
      throws ServerTrouble {
    if (line.spared > 0) {
      line.spared--;
      return line.replicas;
    }
    String sql = line.introduction.dialect().replicas();
    int before = complaints.size();
    line.replicas = optional(line.session, sql, deadline, complaints);
    boolean none = line.replicas.rows().isEmpty() && complaints.size() == before;
    line.spared = none ? SPARED : 0;
    return line.replicas;
  }

  /**
   * How long it is up, and how its plugins do. A connection that was kept was kept by the same
   * process: how long that is up by now need not be asked.
   */
  private Map<String, String> status(Line line, boolean semiSync, Deadline deadline)
      throws ServerTrouble {
    if (!semiSync && line.up.isPresent()) {
      Line.Up up = line.up.get();
      long now = up.seconds() + Duration.ofNanos(clock.nanos() - up.at()).toSeconds();
      return ProbeParser.status(now);
    }
    Fleet.Rows rows = line.session.ask(line.introduction.dialect().status(semiSync), deadline);
    Map<String, String> status = ProbeParser.byName(rows.rows());
    line.up = Optional.of(new Line.Up(ProbeParser.uptime(status), clock.nanos()));
    return status;
  }

  private static Fleet.Rows group(
      Fleet.Session session, Dialect dialect, Deadline deadline, List<String> complaints)
      throws ServerTrouble {
    try {
      return session.ask(dialect.group(), deadline);
    } catch (ServerTrouble trouble) {
      if (trouble.condition() != Condition.SEEN) {
        throw trouble;
      }
      if (trouble.code() != UNKNOWN_VARIABLE && trouble.code() != NO_SUCH_TABLE) {
        complaints.add(trouble.getMessage());
      }
      return Fleet.Rows.NONE;
    }
  }

  /** A question that may be refused for lack of a grant without the probe being worthless. */
  private static Fleet.Rows optional(
      Fleet.Session session, String sql, Deadline deadline, List<String> complaints)
      throws ServerTrouble {
    try {
      return session.ask(sql, deadline);
    } catch (ServerTrouble trouble) {
      if (trouble.condition() != Condition.SEEN) {
        throw trouble;
      }
      complaints.add(trouble.getMessage());
      return Fleet.Rows.NONE;
    }
  }

  private static Condition condition(ServerTrouble trouble) {
    if (trouble.condition() != Condition.SEEN) {
      return trouble.condition();
    }
    return trouble.code() == LACKS_GRANT ? Condition.DENIED : Condition.HALF;
  }

  private Duration since(long began) {
    return Duration.ofNanos(clock.nanos() - began);
  }
}
