package topiary.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
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
import topiary.store.StoreChoice.Sqlite;
import topiary.store.StoreException;
import topiary.store.folder.DataFolder;
import topiary.store.folder.PrivateFiles;
import topiary.store.rows.Jdbc;
import topiary.store.rows.MetaRow;
import topiary.store.rows.Rows;

/** The durable side of a node in one SQLite file, {@code topiary.db} in the node's data folder. */
public final class SqliteStore implements Store {

  private final DataFolder folder;
  private final Duration busy;
  private final DatabaseFile file;
  private final Rows rows;
  private final long epoch;

  // Whoever needs more than one takes them in this order.
  private final ReentrantLock copying = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock reading = new ReentrantLock();
  private Connection writer;
  private Connection reader;
  private boolean closed;

  private volatile Rows.Current current;

  private SqliteStore(DataFolder folder, Duration busy) throws SQLException {
    this.folder = folder;
    this.busy = busy;
    this.file = new DatabaseFile(folder, busy);
    this.rows = new Rows(file.path().toString());
    file.prepare();
    connect();
    try {
      epoch =
          Connections.writing(
              writer,
              () -> {
                long next = MetaRow.epoch(writer) + 1;
                MetaRow.setEpoch(writer, next);
                return next;
              });
    } catch (Throwable t) {
      disconnectAfter(t);
      throw t;
    }
  }

  /**
   * Opens a data folder, and makes it when it is not there.
   *
   * @throws StoreException of any kind; a file that is damaged or newer is left as it is
   */
  public static SqliteStore open(Path path) {
    return open(path, new Sqlite(Sqlite.BUSY));
  }

  /** As above, with a patience of one's own. */
  public static SqliteStore open(Path path, Sqlite choice) {
    DataFolder folder = DataFolder.open(path);
    try {
      return new SqliteStore(folder, choice.busy());
    } catch (SQLException e) {
      StoreException trouble = Trouble.with(folder.file(DatabaseFile.NAME), e);
      closeAfter(trouble, folder);
      throw trouble;
    } catch (Throwable t) {
      closeAfter(t, folder);
      throw t;
    }
  }

  /** Whether a folder holds a store. */
  public static boolean isIn(Path path) {
    return Files.exists(path.resolve(DatabaseFile.NAME));
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
    return epoch;
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
      Rows.Outcome outcome = Connections.writing(writer, () -> rows.apply(writer, before, batch));
      current = outcome.current();
      return outcome.verdicts();
    } catch (SQLException e) {
      throw Trouble.with(file.path(), e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void checkWritable() {
    writing.lock();
    try {
      requireOpen();
      Position applied = current.applied();
      Connections.writing(
          writer,
          () -> {
            MetaRow.setPosition(writer, applied);
            return applied;
          });
      // SQLite writes into room that it has; the next entry may need more.
      if (PrivateFiles.isFull(file.path(), new IOException("asked for room"))) {
        throw Trouble.full(file.path(), null);
      }
    } catch (SQLException e) {
      throw Trouble.with(file.path(), e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public Optional<PlanRecord> plan(PlanId id) {
    return read(() -> rows.plan(reader, id));
  }

  @Override
  public List<PlanRecord> latest(int limit) {
    return read(() -> rows.latest(reader, limit));
  }

  @Override
  public List<Audit.Row> rows(Audit.Asked asked) {
    return read(() -> rows.audit(reader, asked));
  }

  @Override
  public Optional<Instant> oldest() {
    return read(() -> rows.oldest(reader));
  }

  @Override
  public Audit.Head head() {
    return current.head();
  }

  @Override
  public Audit.Verification verify(Optional<String> noted) {
    // By a connection of its own, as it takes a while; and the file must not be replaced meanwhile.
    copying.lock();
    try {
      requireOpen();
      try (Connection connection = Connections.toRead(file.path(), busy)) {
        return Connections.reading(connection, () -> rows.verify(connection, 0, noted));
      }
    } catch (SQLException e) {
      throw Trouble.with(file.path(), e);
    } finally {
      copying.unlock();
    }
  }

  @Override
  public List<Attribute> attributes(Optional<String> name) {
    return read(() -> rows.attributes(reader, name));
  }

  @Override
  public String stateHash() {
    return read(() -> rows.hash(reader));
  }

  private <T> T read(Jdbc.Work<T> work) {
    reading.lock();
    try {
      requireOpen();
      return Connections.reading(reader, work);
    } catch (SQLException e) {
      throw Trouble.with(file.path(), e);
    } finally {
      reading.unlock();
    }
  }

  @Override
  public Position writeSnapshot(Path target) {
    // A file that is being copied must not be replaced meanwhile.
    copying.lock();
    try {
      requireOpen();
      return file.copyTo(target);
    } catch (SQLException e) {
      throw Trouble.with(target, e);
    } finally {
      copying.unlock();
    }
  }

  @Override
  public void restore(Path snapshot) {
    lockAll();
    try {
      requireOpen();
      file.stage(snapshot, epoch);
      disconnect();
      try {
        file.replace();
      } catch (Throwable t) {
        connectAfter(t);
        throw t;
      }
      connect();
    } catch (SQLException e) {
      throw Trouble.with(file.path(), e);
    } finally {
      unlockAll();
    }
  }

  @Override
  public void close() {
    lockAll();
    try {
      if (closed) {
        return;
      }
      closed = true;
      try (folder) {
        disconnect();
      } catch (SQLException e) {
        throw Trouble.with(file.path(), e);
      }
    } finally {
      unlockAll();
    }
  }

  private void connect() throws SQLException {
    try {
      writer = file.openToWrite();
      reader = Connections.toRead(file.path(), busy);
      current = Connections.reading(writer, this::load);
    } catch (Throwable t) {
      disconnectAfter(t);
      throw t;
    }
  }

  private Rows.Current load() throws SQLException {
    try {
      return rows.read(writer);
    } catch (StoreException e) {
      throw new StoreException(e.kind(), file.path() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Trouble.damaged(file.path(), "a row cannot be read: " + e.getMessage(), e);
    }
  }

  // The writer last, as the last one out clears the log file away, which the reader may not.
  private void disconnect() throws SQLException {
    Connection last = writer;
    Connection first = reader;
    writer = null;
    reader = null;
    try (last;
        first) {
      // Each is closed even when the other cannot be.
    }
  }

  private void connectAfter(Throwable trouble) {
    try {
      connect();
    } catch (SQLException | StoreException e) {
      trouble.addSuppressed(e);
    }
  }

  private void disconnectAfter(Throwable trouble) {
    try {
      disconnect();
    } catch (SQLException e) {
      trouble.addSuppressed(e);
    }
  }

  private static void closeAfter(Throwable trouble, DataFolder folder) {
    try {
      folder.close();
    } catch (StoreException e) {
      trouble.addSuppressed(e);
    }
  }

  private void lockAll() {
    copying.lock();
    writing.lock();
    reading.lock();
  }

  private void unlockAll() {
    reading.unlock();
    writing.unlock();
    copying.unlock();
  }

  private void requireOpen() {
    if (closed || writer == null || reader == null) {
      throw new IllegalStateException("the store is closed");
    }
  }

  /** For the test of a full disk: no disk that others use can be filled. */
  void limitTo(int pages) throws SQLException {
    Jdbc.execute(writer, "PRAGMA max_page_count = " + pages);
  }
}
