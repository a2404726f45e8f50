package topiary.engine.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Condition;
import topiary.engine.model.Facts;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Observation;
import topiary.engine.policy.ProbePolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** Looks at one server at a time, over a connection that is kept open. Thread-safe. */
public final class Prober implements AutoCloseable {

  private static final int LACKS_GRANT = 1227;

  private final Fleet fleet;
  private final Clock clock;
  private final ProbePolicy policy;
  private final Map<InstanceKey, Line> lines = new ConcurrentHashMap<>();

  public Prober(Fleet fleet, Clock clock, ProbePolicy policy) {
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
  }

  /** A kept connection and what is known of it. One probe at a time uses it. */
  private static final class Line {
    private Fleet.Session session;
    private Introduction introduction;
    private List<String> missingGrants = List.of();

    private void drop() {
      if (session != null) {
        session.close();
        session = null;
      }
    }
  }

  /**
   * Looks at a server. Never throws: what goes wrong is what is seen.
   *
   * <p>Two probes of one server go one after the other, each with a time limit of its own.
   */
  public Observation look(InstanceKey key) {
    Line line = lines.computeIfAbsent(key, k -> new Line());
    synchronized (line) {
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
  }

  /** Lets go of a server that is not looked after any more. */
  public void release(InstanceKey key) {
    Line line = lines.remove(key);
    if (line != null) {
      synchronized (line) {
        line.drop();
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
    boolean kept = line.session != null && line.session.usable();
    if (kept) {
      try {
        return questions(key, line, Deadline.in(policy.deadline(), clock));
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
    line.missingGrants = missing(line.session, line.introduction.dialect(), deadline);
    return questions(key, line, deadline);
  }

  private static List<String> missing(Fleet.Session session, Dialect dialect, Deadline deadline)
      throws ServerTrouble {
    List<String> shown =
        session.ask(dialect.grants(), deadline).rows().stream()
            .flatMap(row -> row.values().stream())
            .toList();
    return dialect.needed().missing(shown);
  }

  private Facts questions(InstanceKey key, Line line, Deadline deadline) throws ServerTrouble {
    Fleet.Session session = line.session;
    Dialect dialect = line.introduction.dialect();
    var complaints = new ArrayList<>(line.missingGrants);
    Map<String, String> identity =
        session
            .ask(dialect.identity(), deadline)
            .first()
            .orElseThrow(() -> new IllegalArgumentException("no row for " + dialect.identity()));
    int answered = 1;
    try {
      List<Map<String, String>> channels = session.ask(dialect.channels(), deadline).rows();
      answered++;
      Fleet.Rows logEnd = optional(session, dialect.logEnd(), deadline, complaints);
      answered++;
      Fleet.Rows replicas = optional(session, dialect.replicas(), deadline, complaints);
      answered++;
      long uptime =
          session
              .ask(dialect.uptime(), deadline)
              .first()
              .map(row -> Long.parseLong(row.getOrDefault("Value", "0")))
              .orElse(0L);
      return ProbeParser.parse(
          new ProbeParser.Answers(
              identity,
              line.introduction.capabilities(),
              channels,
              logEnd.first(),
              replicas.rows(),
              uptime,
              complaints));
    } catch (ServerTrouble trouble) {
      boolean silent =
          trouble.condition() == Condition.HUNG || trouble.condition() == Condition.SEEN;
      if (!silent || trouble.code() == LACKS_GRANT) {
        throw trouble;
      }
      throw new ServerTrouble(
          Condition.HALF,
          trouble.code(),
          "answered " + answered + " of 5 questions, then: " + trouble.getMessage(),
          trouble);
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
      return new Fleet.Rows(List.of());
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
