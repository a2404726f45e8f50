package topiary.store.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import topiary.engine.intent.PlanId;
import topiary.engine.port.PlanJournal;
import topiary.engine.state.Header;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.Position;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.folder.DataFolder;
import topiary.store.folder.PrivateFiles;
import topiary.store.json.JsonCodec;

/**
 * The durable side of a node in one SQLite file, {@code topiary.db} in the node's data folder. Safe
 * for many threads; whoever reads does not wait for whoever writes. Everything that goes wrong is a
 * {@link StoreException}.
 */
public final class SqliteStore implements PlanJournal, AutoCloseable {

  private record Current(ManagerState state, Position applied) {}

  private final JsonCodec codec = new JsonCodec();
  private final StateRows stateRows = new StateRows(codec);
  private final PlanRows planRows = new PlanRows(codec);
  private final DataFolder folder;
  private final DatabaseFile file;
  private final long epoch;

  // Whoever needs more than one takes them in this order.
  private final ReentrantLock copying = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock reading = new ReentrantLock();
  private Connection writer;
  private Connection reader;
  private boolean closed;

  private volatile Current current;

  private SqliteStore(DataFolder folder) throws SQLException {
    this.folder = folder;
    this.file = new DatabaseFile(folder);
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
    DataFolder folder = DataFolder.open(path);
    try {
      return new SqliteStore(folder);
    } catch (SQLException e) {
      StoreException trouble = Trouble.with(folder.file("topiary.db"), e);
      closeAfter(trouble, folder);
      throw trouble;
    } catch (Throwable t) {
      closeAfter(t, folder);
      throw t;
    }
  }

  /** The state after the last entry that was applied. */
  public ManagerState state() {
    return current.state();
  }

  /** The place of the last entry that was applied. */
  public Position lastApplied() {
    return current.applied();
  }

  /** How often this folder was opened, this time included; survives a restore. */
  public long epoch() {
    return epoch;
  }

  /**
   * Applies entries in one transaction: all of them are durable when this returns, none has left a
   * trace when it throws. An entry at or before {@link #lastApplied} is not applied again, and one
   * whose id was seen before changes nothing; both give the verdict they had.
   *
   * @param batch in the order of the log
   * @return a verdict for each, in the same order
   */
  public List<Verdict> apply(List<Numbered> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    writing.lock();
    try {
      requireOpen();
      Current before = current;
      var verdicts = new ArrayList<Verdict>(batch.size());
      Current after = Connections.writing(writer, () -> applyAll(before, batch, verdicts));
      current = after;
      return List.copyOf(verdicts);
    } catch (SQLException e) {
      throw Trouble.with(file.path(), e);
    } finally {
      writing.unlock();
    }
  }

  private Current applyAll(Current before, List<Numbered> batch, List<Verdict> verdicts)
      throws SQLException {
    ManagerState state = before.state();
    Position applied = before.applied();
    try (var commandRows = new CommandRows(codec, writer)) {
      for (Numbered numbered : batch) {
        Header header = numbered.entry().header();
        requireKnownLevel(numbered);
        Optional<Verdict> earlier = commandRows.verdict(header.id());
        if (numbered.position().index() <= applied.index()) {
          verdicts.add(earlier.orElseThrow(() -> foreign(numbered)));
          continue;
        }
        applied = numbered.position();
        if (earlier.isPresent()) {
          verdicts.add(earlier.get());
          continue;
        }
        ManagerState.Applied next = state.apply(numbered.entry());
        commandRows.add(numbered, next.verdict());
        if (next.verdict() instanceof Verdict.Accepted) {
          planRows.tell(writer, numbered);
        }
        state = next.state();
        verdicts.add(next.verdict());
      }
    }
    stateRows.writeDifference(writer, before.state(), state);
    MetaRow.setPosition(writer, applied);
    return new Current(state, applied);
  }

  private static void requireKnownLevel(Numbered numbered) {
    int level = numbered.entry().header().level();
    if (level > Header.LEVEL) {
      throw new StoreException(
          Kind.NEWER,
          "the command at "
              + numbered.position().index()
              + " needs feature level "
              + level
              + ", this version has "
              + Header.LEVEL
              + "; update this node");
    }
  }

  private StoreException foreign(Numbered numbered) {
    return new StoreException(
        Kind.BROKEN,
        file.path()
            + " stands behind entry "
            + numbered.position().index()
            + " but has never seen it, so it belongs to another log: choose another data folder,"
            + " or restore a snapshot");
  }

  /**
   * Writes what is there already, and sees whether there is room for more.
   *
   * @throws StoreException when nothing can be written
   */
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
    return read(() -> planRows.plan(reader, id));
  }

  @Override
  public List<PlanRecord> latest(int limit) {
    return read(() -> planRows.latest(reader, limit));
  }

  /** SHA-256 over the state's rows, in hexadecimal digits; equal on nodes of equal state. */
  public String stateHash() {
    return read(() -> stateRows.hash(reader));
  }

  private <T> T read(Connections.Work<T> work) {
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

  /**
   * Writes everything into one file, whole or not at all. Entries may be applied meanwhile.
   *
   * @param target the file; one that is there is replaced
   * @return the place of the last entry that is in it
   */
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

  /**
   * Puts a snapshot in the place of everything. When it throws, everything is as it was.
   *
   * @param snapshot a file that {@link #writeSnapshot} wrote; it is left as it is
   */
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

  /** Lets go of the folder. May be called twice. */
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
      reader = Connections.toRead(file.path());
      current = Connections.reading(writer, this::load);
    } catch (Throwable t) {
      disconnectAfter(t);
      throw t;
    }
  }

  private Current load() throws SQLException {
    try {
      return new Current(stateRows.read(writer), MetaRow.position(writer));
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
    Connections.execute(writer, "PRAGMA max_page_count = " + pages);
  }
}
