package topiary.raft.ratis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import topiary.raft.api.Applier;
import topiary.raft.api.LogException;
import topiary.raft.api.LogPosition;

/**
 * The snapshots on this member's disk. They are written on a thread of their own, so that entries
 * are applied meanwhile, beside Ratis' folder, and moved there when they are whole: Ratis takes its
 * folder away when it installs one that came from the leader.
 */
final class Snapshots implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());

  private final Applier applier;
  private final Path workshop;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("topiary-snapshot").daemon().factory());

  // Guarded by this.
  private CompletableFuture<LogPosition> running;
  private volatile Optional<String> trouble = Optional.empty();

  /** Whole, and not handed in yet. */
  private final AtomicReference<Written> written = new AtomicReference<>();

  private record Written(Path file, LogPosition position, MD5Hash sum) {}

  /**
   * Snapshots of an applier's state.
   *
   * @param workshop a folder on the same disk as Ratis' own
   */
  Snapshots(Applier applier, Path workshop) {
    this.applier = applier;
    this.workshop = workshop;
  }

  void init(RaftStorage raftStorage) throws IOException {
    storage.init(raftStorage);
    Files.createDirectories(workshop);
    // What a process has left that was killed while it wrote.
    try (var left = Files.list(workshop)) {
      for (Path file : left.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  SimpleStateMachineStorage storage() {
    return storage;
  }

  /** The newest one. */
  Optional<SingleFileSnapshotInfo> latest() {
    return Optional.ofNullable(storage.getLatestSnapshot());
  }

  /** Where the newest one stands. */
  Optional<LogPosition> position() {
    return latest().map(s -> new LogPosition(s.getTerm(), s.getIndex()));
  }

  /** When the newest one was made, or came. */
  Optional<Instant> at() {
    return latest()
        .flatMap(
            s -> {
              try {
                return Optional.of(Files.getLastModifiedTime(s.getFile().getPath()).toInstant());
              } catch (IOException e) {
                // Taken away by a newer one in this moment.
                LOG.log(System.Logger.Level.DEBUG, "a snapshot's time is not known", e);
                return Optional.empty();
              }
            });
  }

  /** Why the last try failed; empty when it did not. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Writes one; one that is being written already will do. */
  synchronized CompletableFuture<LogPosition> write() {
    if (running != null && !running.isDone()) {
      return running;
    }
    var result = new CompletableFuture<LogPosition>();
    running = result;
    try {
      thread.execute(() -> writeInto(result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new LogException("this node is ending", e));
    }
    return result;
  }

  private void writeInto(CompletableFuture<LogPosition> result) {
    try {
      LogPosition position = writeNow();
      trouble = Optional.empty();
      result.complete(position);
    } catch (IOException | RuntimeException e) {
      String sentence = "no snapshot could be made: " + e.getMessage();
      if (trouble.filter(sentence::equals).isEmpty()) {
        LOG.log(System.Logger.Level.WARNING, sentence);
      }
      trouble = Optional.of(sentence);
      result.completeExceptionally(new LogException(sentence, e));
    }
  }

  /** Writes one on the calling thread, unless there is one of this state. */
  LogPosition writeNow() throws IOException {
    LogPosition now = applier.lastApplied();
    Optional<LogPosition> last = position();
    if (last.filter(p -> p.index() >= now.index()).isPresent()) {
      return last.get();
    }
    Path file = workshop.resolve("snapshot");
    try {
      Files.deleteIfExists(file);
      LogPosition position = applier.writeSnapshot(file);
      written.set(new Written(file, position, MD5FileUtil.computeMd5ForFile(file.toFile())));
      return position;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Puts what was written where Ratis looks for it. Only when Ratis asks for it, as it lets go of
   * the log only behind one that it did not know of.
   */
  void handIn() throws IOException {
    Written ready = written.getAndSet(null);
    if (ready == null) {
      return;
    }
    LogPosition position = ready.position();
    File place = storage.getSnapshotFile(position.term(), position.index());
    // In this order a file in Ratis' folder that has no sum is one that was never finished.
    Files.move(
        ready.file(),
        place.toPath(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    MD5FileUtil.saveMD5File(place, ready.sum());
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(
            new FileInfo(place.toPath(), ready.sum()),
            TermIndex.valueOf(position.term(), position.index())));
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
