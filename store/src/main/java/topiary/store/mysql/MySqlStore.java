package topiary.store.mysql;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.intent.PlanId;
import topiary.engine.port.Audit;
import topiary.engine.said.Attribute;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.Store;
import topiary.store.StoreChoice.MySql;
import topiary.store.StoreException;
import topiary.store.folder.DataFolder;
import topiary.store.rows.Jdbc;
import topiary.store.rows.MetaRow;
import topiary.store.rows.Rows;
import topiary.store.sqlite.SnapshotFile;

/**
 * The durable side of a node in a schema of its own on a MySQL or MariaDB server. What is the
 * node's own besides is in its data folder, as ever.
 */
public final class MySqlStore implements Store {

  private final MySql at;
  private final DataFolder folder;
  private final Server server;
  private final Rows rows;
  private final Writer writer;
  private final Reader reader;

  // Whoever needs more than one takes them in this order.
  private final ReentrantLock copying = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock reading = new ReentrantLock();
  private boolean closed;

  private volatile Rows.Current current;

  private MySqlStore(DataFolder folder, MySql at, boolean make) {
    this.at = at;
    this.folder = folder;
    server = new Server(at);
    rows = new Rows(at.words());
    reader = new Reader(at, server);
    writer = new Writer(at, server, machine() + ":" + folder.file(""), make);
    try {
      current = writer.first(this::load);
    } catch (Throwable t) {
      writer.close();
      throw t;
    }
  }

  /**
   * Opens a schema.
   *
   * @param path the node's data folder, made when it is not there, and held
   * @param make whether to make the schema and its tables when they are not there
   * @throws StoreException of any kind; what is damaged or newer is left as it is
   */
  public static MySqlStore open(Path path, MySql at, boolean make) {
    DataFolder folder = DataFolder.open(path);
    try {
      return new MySqlStore(folder, at, make);
    } catch (Throwable t) {
      try {
        folder.close();
      } catch (StoreException e) {
        t.addSuppressed(e);
      }
      throw t;
    }
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // Its name is told even then, in front of what is wrong with it.
      return "localhost";
    }
  }

  @Override
  public ManagerState state() {
    return current.state();
  }

  @Override
  public Position lastApplied() {
    return current.applied();
  }

  @Override
  public long epoch() {
    return writer.epoch();
  }

  @Override
  public List<Verdict> apply(List<Numbered> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    writing.lock();
    try {
      requireOpen();
      Rows.Current before = current;
      Rows.Outcome outcome =
          writer.once(at.limits().answer(), connection -> rows.apply(connection, before, batch));
      current = outcome.current();
      return outcome.verdicts();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void checkWritable() {
    writing.lock();
    try {
      requireOpen();
      writer.once(at.limits().answer(), connection -> connection);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public Optional<PlanRecord> plan(PlanId id) {
    return read(connection -> rows.plan(connection, id));
  }

  @Override
  public List<PlanRecord> latest(int limit) {
    return read(connection -> rows.latest(connection, limit));
  }

  @Override
  public List<Audit.Row> rows(Audit.Asked asked) {
    return read(connection -> rows.audit(connection, asked));
  }

  @Override
  public Optional<Instant> oldest() {
    return read(rows::oldest);
  }

  @Override
  public Audit.Head head() {
    return current.head();
  }

  @Override
  public Audit.Verification verify(Optional<String> noted) {
    copying.lock();
    try {
      requireOpen();
      // A connection of its own, so that nobody waits.
      Connection source = server.open(at.limits().bulk());
      try {
        Jdbc.execute(source, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        return rows.verify(source, Tables.STREAMING, noted);
      } catch (SQLException e) {
        throw Trouble.with(at, source, e);
      } finally {
        Server.abort(source);
      }
    } finally {
      copying.unlock();
    }
  }

  @Override
  public List<Attribute> attributes(Optional<String> name) {
    return read(connection -> rows.attributes(connection, name));
  }

  @Override
  public String stateHash() {
    return read(rows::hash);
  }

  private <T> T read(Writer.Work<T> work) {
    reading.lock();
    try {
      requireOpen();
      return reader.read(work);
    } finally {
      reading.unlock();
    }
  }

  @Override
  public Position writeSnapshot(Path target) {
    copying.lock();
    try {
      requireOpen();
      // A connection of its own, so that nobody waits.
      Connection source = server.open(at.limits().bulk());
      try {
        return SnapshotFile.fill(target, snapshot -> dump(source, snapshot));
      } finally {
        Server.abort(source);
      }
    } finally {
      copying.unlock();
    }
  }

  private void dump(Connection source, Connection snapshot) throws SQLException {
    var tables = new Tables(snapshot);
    try {
      Jdbc.execute(source, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
      tables.copy(source, Tables.STREAMING, snapshot);
    } catch (SQLException e) {
      if (e.getClass().getName().startsWith("org.sqlite.")) {
        // The file's trouble, not the server's.
        throw e;
      }
      throw Trouble.with(at, source, e);
    }
  }

  @Override
  public void restore(Path snapshot) {
    copying.lock();
    writing.lock();
    try {
      requireOpen();
      Path staged = folder.file("restore.db");
      SnapshotFile.stage(snapshot, staged);
      try {
        Duration bulk = at.limits().bulk();
        current = writer.once(bulk, c -> SnapshotFile.read(staged, from -> replace(from, c)));
      } finally {
        SnapshotFile.remove(staged);
      }
    } finally {
      writing.unlock();
      copying.unlock();
    }
  }

  private Rows.Current replace(Connection snapshot, Connection to) throws SQLException {
    new Tables(snapshot).replace(snapshot, to);
    MetaRow.setEpoch(to, epoch());
    return load(to);
  }

  private Rows.Current load(Connection connection) throws SQLException {
    try {
      return rows.read(connection);
    } catch (StoreException e) {
      throw new StoreException(e.kind(), at.words() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Trouble.damaged(at, "a row cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    copying.lock();
    writing.lock();
    reading.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      try (folder) {
        reader.close();
        writer.close();
      }
    } finally {
      reading.unlock();
      writing.unlock();
      copying.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }
}
