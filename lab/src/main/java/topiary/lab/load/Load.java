package topiary.lab.load;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import topiary.lab.Lab;
import topiary.lab.Member;
import topiary.lab.MemberStatus;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;

/**
 * A writer on a lab: rows with increasing ids into {@code lab.ledger}, one transaction each, on
 * whichever member takes writes. A lost connection is made anew, to another member when the
 * writable one has changed. Every row that a server acknowledged stands in the lab's {@link Ledger}
 * before it is counted.
 */
public final class Load implements AutoCloseable {
  /** Rows a second, unless told otherwise. */
  public static final int DEFAULT_RATE = 200;

  private static final Duration ANSWER = Duration.ofSeconds(4);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration STOPPING = Duration.ofSeconds(15);
  private static final long RETRY_NANOS = 50_000_000;

  private final Lab lab;
  private final long pauseNanos;
  private final Lock lock;
  private final Ledger ledger;
  private final Thread thread;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();
  private volatile boolean stopping;
  private volatile LabException failure;
  private volatile String target = "";
  private int next;

  private Load(Lab lab, int rate, Lock lock) {
    this.lab = lab;
    this.pauseNanos = 1_000_000_000L / rate;
    this.lock = lock;
    Ledger.Entries before = Ledger.read(ledgerFile(lab));
    acknowledged.set(before.acknowledged().cardinality());
    unknown.set(before.unknown().cardinality());
    next = before.last() + 1;
    ledger = Ledger.append(ledgerFile(lab));
    thread = Thread.ofPlatform().daemon().name("lab-load-" + lab.name()).unstarted(this::run);
  }

  /** Starts writing 200 rows a second. */
  public static Load start(Lab lab) {
    return start(lab, DEFAULT_RATE);
  }

  /**
   * Starts writing; goes on in the ledger of an earlier load on this lab.
   *
   * @param rate rows a second, 1 to 100000; an upper bound, since a row is written only after the
   *     one before
   * @throws LabException when another load writes on this lab
   */
  public static Load start(Lab lab, int rate) {
    if (rate < 1 || rate > 100_000) {
      throw new LabException("the rate must be 1 to 100000 rows a second, not " + rate);
    }
    Lock lock =
        Lock.tryTake(lab.directory().resolve("load.lock"))
            .orElseThrow(
                () ->
                    new LabException(
                        "lab "
                            + lab.name()
                            + " has a load already; stop it first (lab load stop)"));
    Load load;
    try {
      load = new Load(lab, rate, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    load.thread.start();
    return load;
  }

  /** Where the ledger of a lab is. */
  public static Path ledgerFile(Lab lab) {
    return lab.directory().resolve("ledger");
  }

  /** How many rows servers have acknowledged, by all loads on this lab. */
  public int acknowledged() {
    return acknowledged.get();
  }

  /** How many rows got no answer: written or not, nobody knows. */
  public int unknown() {
    return unknown.get();
  }

  /** The member written to now; empty while none takes writes. */
  public Optional<String> target() {
    return Optional.of(target).filter(t -> !t.isEmpty());
  }

  /** Whether it writes or tries to. */
  public boolean running() {
    return thread.isAlive();
  }

  /** Compares the ledger with every member; see {@link Check}. */
  public List<Check.Result> check(Duration patience) {
    return Check.all(lab, patience);
  }

  /** The same, of all but these. */
  public List<Check.Result> check(Duration patience, List<String> left) {
    return Check.all(lab, patience, left);
  }

  /**
   * Stops writing, after the row under way.
   *
   * @throws LabException when the writing had failed for a reason of its own, such as a full disk
   *     under the ledger
   */
  public void stop() {
    stopping = true;
    LockSupport.unpark(thread);
    try {
      if (!thread.join(STOPPING)) {
        throw new LabException(
            "the load on lab " + lab.name() + " does not stop; kill the server that it waits for");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the load stopped", e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** As {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  private void run() {
    try (ledger;
        lock) {
      while (!stopping) {
        Optional<Member> head = head();
        if (head.isPresent()) {
          writeTo(head.get().name());
        }
        target = "";
        pause(System.nanoTime() + RETRY_NANOS);
      }
    } catch (LabException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new LabException("the load on lab " + lab.name() + " failed: " + e, e);
    }
  }

  /** The member that takes writes; the last one written to if there are several. */
  private Optional<Member> head() {
    String before = target;
    return lab.status(LOOK).stream()
        .filter(MemberStatus::writable)
        .map(MemberStatus::member)
        .reduce((a, b) -> b.name().equals(before) ? b : a);
  }

  /** Writes to a member until that fails. */
  private void writeTo(String member) {
    try (Connection connection = lab.clientConnection(member, ANSWER)) {
      next = Math.max(next, prepare(connection) + 1);
      target = member;
      try (var insert = connection.prepareStatement("INSERT INTO lab.ledger (id) VALUES (?)")) {
        long due = System.nanoTime();
        while (!stopping) {
          int row = next++;
          insert.setInt(1, row);
          if (!written(insert, row)) {
            return;
          }
          // What a slow server made it miss is not made up for by a burst.
          due = Math.max(due + pauseNanos, System.nanoTime() - pauseNanos);
          pause(due);
        }
      }
    } catch (SQLException e) {
      // The server went away between two rows, where nothing is at stake: look for the head again.
      target = "";
    }
  }

  private boolean written(PreparedStatement insert, int row) {
    try {
      insert.executeUpdate();
    } catch (SQLException e) {
      // A server that answers with an error has rolled back; one that does not answer may have
      // committed.
      boolean answered =
          e.getSQLState() != null && !e.getSQLState().startsWith("08") && e.getErrorCode() != 0;
      if (!answered) {
        ledger.unknown(row);
        unknown.incrementAndGet();
      }
      return false;
    }
    ledger.acknowledged(row);
    acknowledged.incrementAndGet();
    return true;
  }

  /** Makes the table where it is missing and tells the greatest id in it. */
  private static int prepare(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      boolean there;
      try (var rows =
          statement.executeQuery(
              "SELECT 1 FROM information_schema.tables WHERE table_schema='lab' AND"
                  + " table_name='ledger'")) {
        there = rows.next();
      }
      if (!there) {
        statement.execute("CREATE DATABASE IF NOT EXISTS lab");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS lab.ledger (id INT PRIMARY KEY,"
                + " written TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))");
      }
      try (var rows = statement.executeQuery("SELECT COALESCE(MAX(id), 0) FROM lab.ledger")) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private void pause(long until) {
    long left = until - System.nanoTime();
    while (left > 0 && !stopping) {
      LockSupport.parkNanos(left);
      left = until - System.nanoTime();
    }
  }
}
