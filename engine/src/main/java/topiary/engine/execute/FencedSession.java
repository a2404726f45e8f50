package topiary.engine.execute;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Introduction;

/**
 * A connection that holds the fence of its server: as long as it lives, nobody else who keeps to
 * the fence does anything there. Whoever comes later kills it first; a connection that was lost is
 * made anew only when nobody came.
 *
 * <p>Whoever comes later may have gone already, and have let go of the fence. So each time it is
 * taken, a majority must confirm afterwards that this node still leads: then any successor is yet
 * to come, and will end this connection.
 */
final class FencedSession implements AutoCloseable {

  /** The error of a server that is to end a connection it has not. */
  private static final int NO_SUCH_THREAD = 1094;

  private final InstanceKey key;
  private final Fleet.Session session;
  private final Dialect dialect;
  private final Clock clock;
  private final Duration limit;
  private final Mandate mandate;

  /** Stages that are done side by side may wait on the same server; one statement at a time. */
  private final ReentrantLock lock = new ReentrantLock();

  private long connection;

  private FencedSession(
      InstanceKey key,
      Fleet.Session session,
      Dialect dialect,
      Clock clock,
      Duration limit,
      Mandate mandate) {
    this.key = key;
    this.session = session;
    this.dialect = dialect;
    this.clock = clock;
    this.limit = limit;
    this.mandate = mandate;
  }

  /**
   * Takes the fence, from whomever has it.
   *
   * @throws Mandate.Lapsed when no majority confirms afterwards that this node may act
   */
  static FencedSession open(
      InstanceKey key, Fleet fleet, Clock clock, Duration limit, Mandate mandate)
      throws DeedFailed {
    return open(key, fleet, clock, limit, mandate, holder -> true);
  }

  /** Takes the fence once more after the connection was lost, but from nobody who came later. */
  FencedSession again(Fleet fleet) throws DeedFailed {
    return open(key, fleet, clock, limit, mandate, holder -> holder == connection);
  }

  private static FencedSession open(
      InstanceKey key,
      Fleet fleet,
      Clock clock,
      Duration limit,
      Mandate mandate,
      LongPredicate mayEnd)
      throws DeedFailed {
    mandate.require();
    try {
      Fleet.Session session = fleet.open(key, Deadline.in(limit, clock));
      try {
        Dialect dialect = Introduction.to(key, session, Deadline.in(limit, clock)).dialect();
        var fenced = new FencedSession(key, session, dialect, clock, limit, mandate);
        fenced.takeFence(mayEnd);
        mandate.confirm();
        return fenced;
      } catch (DeedFailed | ServerTrouble e) {
        session.close();
        throw e;
      }
    } catch (ServerTrouble trouble) {
      throw new DeedFailed(trouble.getMessage(), trouble);
    }
  }

  private void takeFence(LongPredicate mayEnd) throws ServerTrouble, DeedFailed {
    // A statement that waits for a lock must not be carried out long after nobody waits for it.
    session.tell("SET SESSION lock_wait_timeout = " + Math.max(1, limit.toSeconds() - 1), soon());
    connection = number(dialect.connection(), "connection").orElseThrow();
    if (yes(dialect.takeFence(), "got")) {
      return;
    }
    Optional<Long> holder = number(dialect.fenceHolder(), "holder");
    if (holder.isPresent()) {
      if (!mayEnd.test(holder.get())) {
        mandate.require();
        throw new DeedFailed("another Topiary has taken over " + key, null);
      }
      // Nobody who was succeeded unawares is to end his successor.
      mandate.confirm();
      end(holder.get());
    }
    if (!yes(dialect.awaitFence(), "got")) {
      throw new DeedFailed(
          "the fence of "
              + key
              + " is held by connection "
              + holder.map(h -> Long.toString(h)).orElse("unknown")
              + ", which does not let go of it",
          null);
    }
  }

  /** Ends whoever holds the fence; he may have gone by himself since it was seen who he is. */
  private void end(long holder) throws ServerTrouble {
    try {
      session.tell(dialect.kill(holder), soon());
    } catch (ServerTrouble trouble) {
      if (!isGone(trouble)) {
        throw trouble;
      }
    }
  }

  /** Whether a server has refused to end a connection, or what it runs, as there is none such. */
  static boolean isGone(Throwable trouble) {
    return trouble instanceof ServerTrouble refused && refused.code() == NO_SUCH_THREAD;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Whether the fence is held still; it is not when the connection has ended. */
  boolean holds() throws DeedFailed {
    lock.lock();
    try {
      return session.usable() && yes(dialect.fenceIsMine(), "mine");
    } catch (ServerTrouble trouble) {
      if (trouble.condition() == Condition.UNREACHABLE) {
        return false;
      }
      throw new DeedFailed(trouble.getMessage(), trouble);
    } finally {
      lock.unlock();
    }
  }

  /** How long a statement of this connection waits for a lock, at least a second. */
  void waitForLocks(Duration atMost, Fleet fleet) throws DeedFailed {
    tell("SET SESSION lock_wait_timeout = " + Math.max(1, atMost.toSeconds()), fleet);
  }

  void tell(String sql, Fleet fleet) throws DeedFailed {
    tell(sql, limit, fleet);
  }

  /** As above, where the server may take longer than usual. */
  void tell(String sql, Duration atMost, Fleet fleet) throws DeedFailed {
    lock.lock();
    try {
      mandate.require();
      session.tell(sql, Deadline.in(atMost, clock));
    } catch (ServerTrouble trouble) {
      String more = trouble.condition() == Condition.HUNG ? endLate(fleet) : "";
      throw new DeedFailed(trouble.getMessage() + more, trouble);
    } finally {
      lock.unlock();
    }
  }

  /** As above, with a password that is put in its place on the way. */
  void tell(String sql, Fleet.Password password, Fleet fleet) throws DeedFailed {
    lock.lock();
    try {
      mandate.require();
      session.tell(sql, password, soon());
    } catch (ServerTrouble trouble) {
      String more = trouble.condition() == Condition.HUNG ? endLate(fleet) : "";
      throw new DeedFailed(trouble.getMessage() + more, trouble);
    } finally {
      lock.unlock();
    }
  }

  /** A statement nobody waits for any more must not be carried out behind the report's back. */
  private String endLate(Fleet fleet) {
    try (Fleet.Session other = fleet.open(key, soon())) {
      other.tell(dialect.kill(connection), soon());
      return "; it was ended on the server";
    } catch (ServerTrouble trouble) {
      return "; it may still be carried out, as it could not be ended on the server ("
          + trouble.getMessage()
          + ")";
    }
  }

  Fleet.Rows ask(String sql) throws DeedFailed {
    lock.lock();
    try {
      return session.ask(sql, soon());
    } catch (ServerTrouble trouble) {
      throw new DeedFailed(trouble.getMessage(), trouble);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    // Ending the connection lets go of the fence.
    session.close();
  }

  private Optional<Long> number(String sql, String column) throws ServerTrouble {
    return session.ask(sql, soon()).first().map(row -> row.get(column)).map(Long::valueOf);
  }

  private boolean yes(String sql, String column) throws ServerTrouble {
    return session.ask(sql, soon()).first().map(row -> "1".equals(row.get(column))).orElse(false);
  }

  private Deadline soon() {
    return Deadline.in(limit, clock);
  }
}
