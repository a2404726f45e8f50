package topiary.raft.ratis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import topiary.raft.api.Applier;
import topiary.raft.api.LogEntry;
import topiary.raft.api.LogListener;
import topiary.raft.api.LogPosition;

/**
 * What Ratis calls. Everything that it says passes through one queue, to one thread, in the order
 * it was said: entries are applied there, those that wait together in one transaction, and
 * listeners hear of the leadership in its place among them. Ratis only logs what fails in applying,
 * and goes on; so whatever fails on that thread ends the process.
 */
final class Machine extends BaseStateMachine {

  /** As many entries share a transaction at most. */
  private static final int BATCH = 1024;

  private sealed interface Work {
    /** An entry of ours. */
    record Write(LogEntry entry, CompletableFuture<Message> answer) implements Work {}

    /** An entry of Ratis' own: members, the beginning of a term. */
    record Mark(TermIndex position) implements Work {}

    /** Something to be done in its place. */
    record Event(Runnable what) implements Work {}
  }

  /** What a machine says to whoever made it. */
  interface Owner {
    /** This member leads from here on. */
    void ready();

    /** It does not. */
    void notLeading();

    /** An entry was applied; so many since the last snapshot. */
    void appliedSinceSnapshot(long entries);

    /** This member is none any more. */
    void removed();

    /** The process is to end. */
    void failed(Throwable cause);
  }

  private final Applier applier;
  private final LogListener listener;
  private final Snapshots snapshots;
  private final Owner owner;
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final Thread writer =
      Thread.ofPlatform().name("topiary-log").daemon().unstarted(this::run);
  private volatile boolean closing;

  Machine(Applier applier, LogListener listener, Snapshots snapshots, Owner owner) {
    this.applier = applier;
    this.listener = listener;
    this.snapshots = snapshots;
    this.owner = owner;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> {
              super.initialize(server, group, storage);
              snapshots.init(storage);
              begin();
            },
            IOException.class);
    writer.start();
  }

  private void begin() throws IOException {
    Optional<SingleFileSnapshotInfo> latest = snapshots.latest();
    LogPosition stands = applier.lastApplied();
    if (latest.filter(s -> s.getIndex() > stands.index()).isPresent()) {
      // The process ended between a snapshot's coming and its being taken over, or the state was
      // lost.
      restore(latest.get());
    } else if (latest.isEmpty() && stands.index() > 0) {
      // A lone node's state, taken over: it is what the log begins with.
      snapshots.writeNow();
      snapshots.handIn();
    }
    setLastAppliedTermIndex(there(applier.lastApplied()));
  }

  private void restore(SingleFileSnapshotInfo snapshot) throws IOException {
    try {
      applier.restore(snapshot.getFile().getPath());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    LogPosition stands = applier.lastApplied();
    if (stands.index() != snapshot.getIndex() || stands.term() != snapshot.getTerm()) {
      throw new IOException(
          snapshot.getFile().getPath()
              + " holds the state at "
              + stands
              + ", which its name denies");
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots.storage();
  }

  // Called by Ratis' threads.

  @Override
  public TransactionContext applyTransactionSerial(TransactionContext transaction) {
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    // Copied: the message it came in is given back when this returns.
    byte[] command = entry.getStateMachineLogEntry().getLogData().toByteArray();
    var answer = new CompletableFuture<Message>();
    var position = new LogPosition(entry.getTerm(), entry.getIndex());
    queue.add(new Work.Write(new LogEntry(position, command), answer));
    return answer;
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    // Behind the entries that came before, or it would overtake them.
    queue.add(new Work.Mark(TermIndex.valueOf(term, index)));
  }

  @Override
  public void notifyLeaderReady() {
    queue.add(new Work.Event(owner::ready));
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    owner.notLeading();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!member.getPeerId().equals(leader)) {
      owner.notLeading();
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    owner.failed(new IOException("the log cannot be written: " + cause.getMessage(), cause));
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean all) {
    if (!all) {
      owner.removed();
    }
  }

  @Override
  public void notifyGroupRemove() {
    owner.removed();
  }

  /** Has something done in its place among the entries. */
  void later(Runnable what) {
    queue.add(new Work.Event(what));
  }

  @Override
  public void pause() {
    // What waits is applied still: it is older than what will be put in its place.
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    var done = new CompletableFuture<Void>();
    queue.add(
        new Work.Event(
            () -> {
              try {
                SingleFileSnapshotInfo latest = snapshots.storage().loadLatestSnapshot();
                if (latest.getIndex() > applier.lastApplied().index()) {
                  restore(latest);
                }
                setLastAppliedTermIndex(there(applier.lastApplied()));
                listener.applied();
                done.complete(null);
              } catch (IOException e) {
                done.completeExceptionally(e);
                throw new UncheckedIOException(e);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
                throw e;
              }
            }));
    getLifeCycle().transition(LifeCycle.State.STARTING);
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a snapshot was taken over", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  /** Ratis asks for one when one was written: see {@link RatisLog#snapshot}. */
  @Override
  public long takeSnapshot() throws IOException {
    snapshots.handIn();
    return snapshots.position().map(LogPosition::index).orElse(RaftLog.INVALID_LOG_INDEX);
  }

  // The one thread.

  private void run() {
    var works = new ArrayList<Work>();
    try {
      while (!closing || !queue.isEmpty()) {
        works.clear();
        works.add(queue.take());
        queue.drainTo(works, BATCH - 1);
        perform(works);
      }
    } catch (InterruptedException e) {
      fail(e, works);
    } catch (Throwable t) {
      // Errors too: Ratis would not notice, and let whoever waits for an answer wait for ever.
      fail(t, works);
    }
  }

  /** Applies nothing more. Whoever waits is told, as Ratis cannot be closed otherwise. */
  private void fail(Throwable cause, List<Work> works) {
    owner.failed(cause);
    var left = new ArrayList<>(works);
    while (true) {
      for (Work work : left) {
        if (work instanceof Work.Write write) {
          write.answer().completeExceptionally(cause);
        }
      }
      left.clear();
      if (closing && queue.isEmpty()) {
        return;
      }
      try {
        left.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void perform(List<Work> works) {
    var writes = new ArrayList<Work.Write>();
    for (Work work : works) {
      switch (work) {
        case Work.Write write -> writes.add(write);
        case Work.Mark mark -> {
          apply(writes);
          stands(mark.position());
        }
        case Work.Event event -> {
          apply(writes);
          event.what().run();
        }
      }
    }
    apply(writes);
  }

  private void apply(List<Work.Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    long before = applier.lastApplied().index();
    // After a start Ratis repeats what came after the newest snapshot; the state has some already.
    List<Work.Write> fresh =
        writes.stream().filter(w -> w.entry().position().index() > before).toList();
    List<byte[]> answers =
        fresh.isEmpty() ? List.of() : applier.apply(fresh.stream().map(Work.Write::entry).toList());
    if (answers.size() != fresh.size()) {
      throw new IllegalStateException(answers.size() + " answers to " + fresh.size() + " commands");
    }
    stands(there(writes.getLast().entry().position()));
    if (!fresh.isEmpty()) {
      listener.applied();
    }
    int known = writes.size() - fresh.size();
    for (int i = 0; i < writes.size(); i++) {
      // Nobody waits for the answer to what is repeated.
      ByteString answer = i < known ? ByteString.EMPTY : wrapped(answers.get(i - known));
      writes.get(i).answer().complete(Message.valueOf(answer));
    }
    writes.clear();
    long last = snapshots.position().map(LogPosition::index).orElse(0L);
    owner.appliedSinceSnapshot(applier.lastApplied().index() - last);
  }

  private static ByteString wrapped(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private void stands(TermIndex position) {
    if (position.getIndex() > getLastAppliedTermIndex().getIndex()) {
      updateLastAppliedTermIndex(position);
    }
  }

  private static TermIndex there(LogPosition position) {
    return position.index() == 0
        ? TermIndex.INITIAL_VALUE
        : TermIndex.valueOf(position.term(), position.index());
  }

  @Override
  public void close() {
    closing = true;
    queue.add(new Work.Event(() -> {}));
    getLifeCycle().checkStateAndClose();
    if (Thread.currentThread() != writer && writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
