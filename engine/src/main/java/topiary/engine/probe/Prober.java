package topiary.engine.probe;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.dialect.Dialect;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.dialect.Optionals;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Background;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Observation;
import topiary.engine.policy.Detection;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Looks at one server at a time, over a connection that is kept open. Thread-safe. */
public final class Prober implements AutoCloseable {

  /** How long binary logs are searched at most. */
  private static final Duration SEARCH = Duration.ofMinutes(1);

  private static final int LACKS_GRANT = 1227;
  private static final int UNKNOWN_VARIABLE = 1193;
  private static final int NO_SUCH_TABLE = 1146;

  /** Looks after each of which a server without replicas is not asked whether it has some. */
  private static final int SPARED = 2;

  /**
   * Servers that answered last time, or are new, to which connections are made at once. Making one
   * is most of the work there is: a thousand at once would all be late. When nobody has come out
   * for half as long as making one may last, those inside are silent, and others go in anyway, one
   * after the other; as long as somebody comes out, the machine has enough to do.
   */
  private static final int DOORS = 32;

  /** From one who goes in anyway to the next. */
  private static final Duration APART = Duration.ofMillis(20);

  private final Fleet fleet;
  private final Clock clock;
  private final ProbePolicy policy;
  private final Map<InstanceKey, Line> lines = new ConcurrentHashMap<>();
  private final Semaphore doors = new Semaphore(DOORS);

  /** When somebody came out last. */
  private final AtomicLong out;

  /** When the next may go in anyway. */
  private final AtomicLong next;

  public Prober(Fleet fleet, Clock clock, ProbePolicy policy) {
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
    out = new AtomicLong(clock.nanos());
    next = new AtomicLong(clock.nanos());
  }

  /** A kept connection and what is known of it. One probe at a time uses it. */
  private static final class Line {
    /** Whose turn it is: of two who look at one server, one waits for the other. */
    private final ReentrantLock turn = new ReentrantLock();

    private Fleet.Session session;
    private Introduction introduction;
    private List<String> missingGrants = List.of();

    /** The {@link Optionals} it has, by name in lower case. */
    private Map<String, String> optionals = Map.of();

    /** What it is asked in each look to tell who it is, by these. */
    private String identity = "";

    /** When it is to be asked again what it is asked now and then; empty for at once. */
    private Optional<Long> due = Optional.empty();

    /** How long the server was up when it was asked, and when that was; empty before. */
    private Optional<Up> up = Optional.empty();

    /** Who it said replicates from it. */
    private Fleet.Rows replicas = Fleet.Rows.NONE;

    /** Looks in which it need not be asked again for that. */
    private int spared;

    /** What it was the last time, if it answered then; nothing while it is asked. */
    private Optional<Heard> heard = Optional.empty();

    private Background background = Background.NONE;
    private List<String> backgroundComplaints = List.of();

    /** Questions that made it hang, why, and until when they are not asked again. */
    private final Map<String, Silence> silences = new HashMap<>();

    /** Whether it did not answer when it was looked at last. */
    private boolean silent;

    private boolean kept() {
      return session != null && session.usable();
    }

    private void drop() {
      if (session != null) {
        session.close();
        session = null;
      }
    }
  }

  private record Silence(String sentence, long until) {}

  private record Up(long seconds, long at) {}

  /**
   * What a server is asked beside what every server is asked, by who it is.
   *
   * @param semiSync whether it has semi-synchronous replication turned on
   * @param grouped whether it is set up for a group
   */
  private record Extent(boolean semiSync, boolean grouped) {
    private static Extent of(Map<String, String> identity) {
      return new Extent(ProbeParser.semiSync(identity), !ProbeParser.groupName(identity).isEmpty());
    }
  }

  /**
   * What was made of a server's answers: most are the same again, and nothing is made of them then.
   *
   * @param extent what it was asked
   * @param replicas that answer, which is not asked for each time
   * @param status how its plugins do, and how long it is up
   * @param complaints what could not be asked
   * @param facts all of it
   * @param beside what was asked beside it
   * @param whole both
   */
  private record Heard(
      Extent extent,
      Fleet.Rows replicas,
      Map<String, String> status,
      List<String> complaints,
      Facts facts,
      Beside beside,
      Facts whole) {}

  /** What is known of a server beside its answers to the questions that every server is asked. */
  private record Beside(Background background, Optional<Long> lag, List<String> complaints) {

    private Facts with(Facts facts) {
      return facts.with(background).late(lag).complaining(complaints);
    }
  }

  /**
   * Looks at a server. Never throws: what goes wrong is what is seen.
   *
   * <p>Two probes of one server go one after the other, each with a time limit of its own.
   */
  public Observation look(InstanceKey key) {
    Line line = lines.computeIfAbsent(key, k -> new Line());
    line.turn.lock();
    try {
      // Those that were silent have a lane of their own, and are not to stand in anybody's way.
      boolean inside = !line.kept() && !line.silent && enter();
      try {
        Observation seen = look(key, line);
        line.silent = !seen.condition().answering();
        return seen;
      } finally {
        if (inside) {
          out.set(clock.nanos());
          doors.release();
        }
      }
    } finally {
      line.turn.unlock();
    }
  }

  private boolean enter() {
    long patience = policy.opening().toNanos() / 2;
    long wait = patience;
    boolean mayAnyway = false;
    try {
      while (!doors.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
        long now = clock.nanos();
        if (now - out.get() < patience) {
          mayAnyway = false;
          wait = patience;
        } else if (mayAnyway) {
          return false;
        } else {
          mayAnyway = true;
          wait = next.updateAndGet(at -> now + Math.max(0, at - now) + APART.toNanos()) - now;
        }
      }
      return true;
    } catch (InterruptedException e) {
      // The node is being stopped; whatever is begun now ends at once.
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Observation look(InstanceKey key, Line line) {
    Instant at = clock.now();
    long began = clock.nanos();
    try {
      Facts facts = ask(key, line, Deadline.in(policy.opening(), clock));
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
   * @param deadline for all of it, when it has to be connected first
   */
  private Facts ask(InstanceKey key, Line line, Deadline deadline) throws ServerTrouble {
    if (line.kept()) {
      try {
        Deadline own = Deadline.in(policy.deadline(), clock);
        if (due(line)) {
          learn(line, own);
        }
        return questions(key, line, own);
      } catch (ServerTrouble trouble) {
        // A kept connection may have died of old age or with a restart; only a fresh one tells.
        if (trouble.condition() != Condition.UNREACHABLE || deadline.over()) {
          throw trouble;
        }
        line.drop();
      }
    }
    line.session = fleet.open(key, deadline);
    line.introduction = Introduction.to(key, line.session, deadline);
    learn(line, deadline);
    return questions(key, line, deadline);
  }

  /** Asks what the later questions depend on. */
  private static void learn(Line line, Deadline deadline) throws ServerTrouble {
    line.up = Optional.empty();
    line.spared = 0;
    Dialect dialect = line.introduction.dialect();
    line.session.foretell(List.of(dialect.grants(), Optionals.present()), deadline);
    line.missingGrants = missing(line.session, dialect, deadline);
    line.optionals = ProbeParser.byName(line.session.ask(Optionals.present(), deadline).rows());
    line.identity = dialect.identity(line.optionals.keySet());
  }

  private static List<String> missing(Fleet.Session session, Dialect dialect, Deadline deadline)
      throws ServerTrouble {
    List<String> shown =
        session.ask(dialect.grants(), deadline).rows().stream()
            .flatMap(row -> row.values().stream())
            .toList();
    return dialect.needed().missing(shown);
  }

  private boolean due(Line line) {
    return line.due.filter(at -> clock.nanos() - at < 0).isEmpty();
  }

  private Facts questions(InstanceKey key, Line line, Deadline deadline) throws ServerTrouble {
    Fleet.Session session = line.session;
    Dialect dialect = line.introduction.dialect();
    Optional<Heard> before = line.heard;
    line.heard = Optional.empty();
    var complaints = new ArrayList<>(line.missingGrants);
    session.foretell(ahead(line, before), deadline);
    Fleet.Rows identity = identity(line, deadline);
    Extent extent =
        before
            .filter(b -> identity.asBefore())
            .map(Heard::extent)
            .orElseGet(() -> Extent.of(one(identity, line)));
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
                      complaints));
      Facts shared = same ? facts : before.map(b -> facts.sharing(b.facts())).orElse(facts);
      Beside beside = extras(key, line, shared, deadline);
      Facts whole =
          before
              .filter(b -> b.facts() == shared && b.beside().equals(beside))
              .map(Heard::whole)
              .orElseGet(() -> beside.with(shared));
      line.heard =
          Optional.of(new Heard(extent, replicas, status, complaints, shared, beside, whole));
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

  /** What it will be asked for certain, in that order. */
  private static List<String> ahead(Line line, Optional<Heard> before) {
    Dialect dialect = line.introduction.dialect();
    var ahead = new ArrayList<>(List.of(line.identity, dialect.channels(), dialect.logEnd()));
    if (line.spared == 0) {
      ahead.add(dialect.replicas());
    }
    before
        .map(Heard::extent)
        .filter(Extent::semiSync)
        .ifPresent(e -> ahead.add(dialect.status(true)));
    return ahead;
  }

  /** Who it is; asked anew when a plugin was taken out since it was asked what it has. */
  private static Fleet.Rows identity(Line line, Deadline deadline) throws ServerTrouble {
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
      Up up = line.up.get();
      long now = up.seconds() + Duration.ofNanos(clock.nanos() - up.at()).toSeconds();
      return ProbeParser.status(now);
    }
    Fleet.Rows rows = line.session.ask(line.introduction.dialect().status(semiSync), deadline);
    Map<String, String> status = ProbeParser.byName(rows.rows());
    line.up = Optional.of(new Up(ProbeParser.uptime(status), clock.nanos()));
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

  /**
   * What the server is known without: nothing that goes wrong here makes a look fail. A question
   * that makes the server hang is not asked again for a while.
   */
  private Beside extras(InstanceKey key, Line line, Facts facts, Deadline deadline) {
    Detection detection = policy.detection();
    var complaints = new ArrayList<String>();
    Optional<Long> lag =
        detection
            .lag()
            .filter(q -> facts.primaryChannel().isPresent())
            .flatMap(q -> value(line, "lag", q, deadline, complaints))
            .flatMap(text -> seconds(text, complaints));
    if (due(line)) {
      var wrong = new ArrayList<String>();
      line.background = background(key, line, facts, deadline, wrong);
      line.backgroundComplaints = List.copyOf(wrong);
      line.due = Optional.of(clock.nanos() + detection.every().toNanos());
    }
    complaints.addAll(line.backgroundComplaints);
    return new Beside(line.background, lag, List.copyOf(complaints));
  }

  private Background background(
      InstanceKey key, Line line, Facts facts, Deadline deadline, List<String> complaints) {
    Dialect dialect = line.introduction.dialect();
    var told = new Detector(policy.detection(), key.host(), complaints);
    policy
        .detection()
        .traits()
        .forEach(
            (trait, teller) -> {
              boolean asks = !trait.ofCluster() || facts.channels().isEmpty();
              teller
                  .query()
                  .filter(q -> asks)
                  .flatMap(q -> value(line, trait.words(), q, deadline, complaints))
                  .ifPresent(answer -> told.told(trait, answer));
            });
    List<String> clients =
        rows(line, "clients", dialect.dumpers(), deadline, complaints).stream()
            .flatMap(rows -> rows.rows().stream())
            .flatMap(row -> Optional.ofNullable(row.get("host")).stream())
            .toList();
    // Most are not allowed to read that, and need not be: it is not complained about.
    Optional<Boolean> credentials =
        dialect
            .credentials()
            .flatMap(sql -> rows(line, "credentials", sql, deadline, new ArrayList<>()))
            .map(rows -> rows.first().map(r -> r.getOrDefault("user", "")).orElse(""))
            .map(user -> !user.isEmpty());
    return new Background(
        Asked.cloud(line.optionals, facts.identity().version().text()),
        credentials,
        Asked.dumpers(clients, key, facts.reportedReplicas()),
        told.result());
  }

  private Optional<String> value(
      Line line, String what, Detection.Query query, Deadline deadline, List<String> complaints) {
    Optional<Map<String, String>> row =
        rows(line, what, query.sql(), deadline, complaints).flatMap(Fleet.Rows::first);
    if (row.filter(r -> r.size() > 1).isPresent()) {
      complaints.add("the query for its " + what + " tells more than one column");
      return Optional.empty();
    }
    return row.flatMap(r -> r.values().stream().findFirst());
  }

  private Optional<Fleet.Rows> rows(
      Line line, String what, String sql, Deadline deadline, List<String> complaints) {
    Silence silence = line.silences.get(what);
    if (silence != null && clock.nanos() - silence.until() < 0) {
      complaints.add(silence.sentence());
      return Optional.empty();
    }
    line.silences.remove(what);
    if (line.session == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(line.session.ask(sql, deadline));
    } catch (ServerTrouble trouble) {
      String sentence = "the query for its " + what + " failed: " + trouble.getMessage();
      complaints.add(sentence);
      if (trouble.condition() != Condition.SEEN) {
        line.drop();
        long until = clock.nanos() + policy.detection().every().toNanos();
        line.silences.put(what, new Silence(sentence, until));
      }
      return Optional.empty();
    }
  }

  private static Optional<Long> seconds(String text, List<String> complaints) {
    try {
      return Optional.of(Math.max(0, new BigDecimal(text.strip()).longValue()));
    } catch (NumberFormatException e) {
      complaints.add("the query for its lag tells \"" + text + "\", which is no number");
      return Optional.empty();
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
