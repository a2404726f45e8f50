package topiary.store.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import topiary.store.StoreChoice.MySql;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.rows.Jdbc;
import topiary.store.rows.MetaRow;
import topiary.store.rows.Migrations;

/**
 * The one connection that writes. It holds the schema's lock, and does transactions exactly once:
 * the row in {@link Holder} is counted up in each, so that after a lost connection it tells whether
 * the last one was committed. The lock is taken again before it is read, as only the end of the
 * former connection frees it. Used by one thread at a time.
 */
final class Writer implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final MySql at;
  private final Server server;
  private final NamedLock lock;
  private final long epoch;

  /** Null while there is no connection. */
  private Connection connection;

  private Holder holder;

  /** Why nothing more can be written; null while it can. */
  private StoreException end;

  /** Something done in a transaction; it may be done twice, the first time without a trace. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /**
   * Takes the schema.
   *
   * @param node machine and data folder; whoever has the same is a former run of ours that has
   *     ended, as somebody holds the folder for us
   * @param make whether to make what is not there
   */
  Writer(MySql at, Server server, String node, boolean make) {
    this.at = at;
    this.server = server;
    this.lock = new NamedLock(at.schema());
    connection = server.connect(at.limits().answer());
    try {
      var migrations = new Migrations(new MySqlKit(server.collation(connection)));
      server.useSchema(connection, make);
      hold(holder -> holder.node().equals(node), migrations);
      prepare(migrations, make);
      var run = UUID.randomUUID().toString();
      epoch =
          Jdbc.transaction(
              connection,
              "START TRANSACTION",
              () -> {
                long next = MetaRow.epoch(connection) + 1;
                MetaRow.setEpoch(connection, next);
                Holder.take(connection, node, run);
                return next;
              });
      holder = Holder.read(connection);
    } catch (SQLException e) {
      StoreException trouble = Trouble.with(at, connection, e);
      Server.abort(connection);
      throw trouble;
    } catch (Throwable t) {
      Server.abort(connection);
      throw t;
    }
  }

  private void prepare(Migrations migrations, boolean make) throws SQLException {
    if (migrations.none(connection)) {
      String others =
          Jdbc.one(
              connection,
              "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()");
      boolean begun = tableIsThere("migration");
      if (!begun && !others.equals("0")) {
        throw new StoreException(
            Kind.BROKEN,
            at.words() + " is no database of Topiary: give this node a schema of its own");
      }
      if (!make) {
        throw server.nothing();
      }
    } else {
      migrations.check(at.words(), "another schema", connection);
    }
    migrations.run(connection);
  }

  private boolean tableIsThere(String table) throws SQLException {
    return !Jdbc.one(
            connection,
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND"
                + " table_name = '"
                + table
                + "'")
        .equals("0");
  }

  private interface Ours {
    boolean is(Holder holder);
  }

  /**
   * Takes the lock, from a connection of our own too, which has been given up.
   *
   * @param ours whether a holder is one of our own
   */
  private void hold(Ours ours, Migrations migrations) throws SQLException {
    if (lock.take(connection, Duration.ZERO)) {
      return;
    }
    boolean known = migrations == null || !migrations.none(connection);
    if (known && ours.is(Holder.read(connection))) {
      lock.endHolder(connection);
    }
    if (!lock.take(connection, at.limits().lock())) {
      String who = known ? Holder.read(connection).node() : "";
      throw new StoreException(
          Kind.LOCKED,
          at.words()
              + " is in use by another Topiary"
              + (who.isEmpty() ? "" : " (" + who + ")")
              + ": end that one, or give this one a schema of its own");
    }
  }

  /** How often the schema was opened, this time included. */
  long epoch() {
    return epoch;
  }

  /** Reads without changing anything, before anybody writes. */
  <T> T first(Work<T> work) {
    try {
      return work.with(connection);
    } catch (SQLException e) {
      throw Trouble.with(at, connection, e);
    }
  }

  /**
   * Does work in one transaction, exactly once.
   *
   * @param answer how long any answer may take
   * @throws StoreException when it was not done, for sure; of kind BROKEN also when that cannot be
   *     known, after which nothing more is written here
   */
  <T> T once(Duration answer, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      connect();
      Transaction<T> done = new Transaction<>(work);
      try {
        connection.setNetworkTimeout(Runnable::run, (int) answer.toMillis());
        return done.run();
      } catch (SQLException e) {
        boolean lost = Trouble.lost(connection, e);
        StoreException trouble = Trouble.with(at, connection, e);
        boolean committed = done.committing && settle(e);
        if (committed) {
          return done.value;
        }
        if (!done.committing) {
          undo(e, lost);
        }
        // A connection that was lost while nobody looked is worth another try.
        if (!lost || attempt > 1) {
          throw trouble;
        }
      } catch (Throwable t) {
        undo(t, false);
        throw t;
      }
    }
  }

  private final class Transaction<T> {
    private final Work<T> work;
    private boolean committing;
    private T value;

    Transaction(Work<T> work) {
      this.work = work;
    }

    T run() throws SQLException {
      Jdbc.execute(connection, "START TRANSACTION");
      if (!holder.count(connection)) {
        throw ended(
            at.words()
                + " was written by somebody else, though this node holds it: end whoever did");
      }
      value = work.with(connection);
      committing = true;
      Jdbc.execute(connection, "COMMIT");
      holder = holder.next();
      return value;
    }
  }

  /** Takes back what was begun, or gives the connection up, with which the server takes it back. */
  private void undo(Throwable why, boolean lost) {
    if (!lost) {
      try {
        Jdbc.execute(connection, "ROLLBACK");
        return;
      } catch (SQLException e) {
        why.addSuppressed(e);
      }
    }
    giveUp();
  }

  private void giveUp() {
    Server.abort(connection);
    connection = null;
  }

  /** Whether the transaction that was being committed when this came was committed. */
  private boolean settle(SQLException why) {
    giveUp();
    long until = System.nanoTime() + at.limits().doubt().toNanos();
    while (true) {
      try {
        Holder now = reconnect();
        boolean committed = now.writes() == holder.writes() + 1;
        if (!committed && now.writes() != holder.writes()) {
          throw meddled();
        }
        holder = now;
        return committed;
      } catch (StoreException e) {
        if (e == end) {
          throw e;
        }
        if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
          why.addSuppressed(e);
          throw doubtful(why);
        }
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private StoreException doubtful(SQLException why) {
    end =
        new StoreException(
            Kind.BROKEN,
            at.words()
                + " was lost during a commit, and is still not there after "
                + at.limits().doubt().toSeconds()
                + " s: start this node again when it is, which then sees what was written",
            why);
    return end;
  }

  private StoreException meddled() {
    return ended(
        at.words()
            + " is not as this node has left it: see who wrote there, or whether its server lost"
            + " what it had committed (innodb_flush_log_at_trx_commit)");
  }

  private StoreException ended(String sentence) {
    end = new StoreException(Kind.BROKEN, sentence);
    return end;
  }

  private void connect() {
    if (end != null) {
      throw end;
    }
    if (connection == null && reconnect().writes() != holder.writes()) {
      giveUp();
      throw meddled();
    }
  }

  /** Opens the connection anew and takes the lock; how the row stands then. */
  private Holder reconnect() {
    connection = server.open(at.limits().answer());
    try {
      hold(now -> now.run().equals(holder.run()), null);
      Holder now = Holder.read(connection);
      if (!now.run().equals(holder.run())) {
        throw ended(
            at.words()
                + " was taken by another Topiary ("
                + now.node()
                + ") while this one could not reach it: give each a schema of its own");
      }
      return now;
    } catch (SQLException e) {
      StoreException trouble = Trouble.with(at, connection, e);
      giveUp();
      throw trouble;
    } catch (Throwable t) {
      giveUp();
      throw t;
    }
  }

  @Override
  public void close() {
    if (connection == null) {
      return;
    }
    try {
      // Said, so that whoever opens it next need not wait until the server notices.
      lock.release(connection);
    } catch (SQLException e) {
      System.getLogger(Writer.class.getName())
          .log(System.Logger.Level.DEBUG, "letting go of " + at.words(), e);
    }
    giveUp();
  }
}
