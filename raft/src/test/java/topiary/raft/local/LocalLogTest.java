package topiary.raft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import topiary.raft.api.Applier;
import topiary.raft.api.LogEntry;
import topiary.raft.api.LogException;
import topiary.raft.api.LogPosition;
import topiary.raft.api.NotApplied;

@Timeout(30)
class LocalLogTest {

  private final Sums sums = new Sums();
  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private final LocalLog log = new LocalLog(sums, fatal::complete);

  @Test
  void appliesInOrderBehindWhatWasAppliedBefore() {
    sums.last = new LogPosition(1, 41);
    log.start();
    var answers = new ArrayList<CompletableFuture<byte[]>>();
    IntStream.rangeClosed(1, 3000).forEach(i -> answers.add(log.submit(bytes(i))));
    log.close();
    int sum = 0;
    for (int i = 1; i <= 3000; i++) {
      sum += i;
      assertEquals(sum, number(answers.get(i - 1).join()));
    }
    assertEquals(new LogPosition(1, 3041), sums.last);
    assertEquals(
        IntStream.rangeClosed(42, 3041).boxed().toList(),
        sums.seen.stream().map(e -> (int) e.position().index()).toList());
  }

  @Test
  void whatCameWhileItWasBusySharesABatch() throws InterruptedException {
    sums.gate = new Semaphore(0);
    log.start();
    log.submit(bytes(1));
    sums.entered.await();
    int more = LocalLog.BATCH + 10;
    IntStream.range(0, more).forEach(i -> log.submit(bytes(1)));
    sums.gate.release(3);
    log.close();
    assertEquals(List.of(1, LocalLog.BATCH, 10), sums.batches);
  }

  @Test
  void anAnswerComesOnlyAfterTheBatch() throws InterruptedException {
    sums.gate = new Semaphore(0);
    log.start();
    CompletableFuture<byte[]> answer = log.submit(bytes(1));
    sums.entered.await();
    assertFalse(answer.isDone());
    sums.gate.release();
    assertEquals(1, number(answer.join()));
    log.close();
  }

  @Test
  void aFailureStopsEverything() throws InterruptedException {
    sums.gate = new Semaphore(0);
    sums.broken = new IllegalStateException("the disk is on fire");
    log.start();
    CompletableFuture<byte[]> first = log.submit(bytes(1));
    sums.entered.await();
    CompletableFuture<byte[]> waiting = log.submit(bytes(2));
    sums.gate.release();
    assertSame(sums.broken, fatal.join());
    CompletableFuture<byte[]> late = log.submit(bytes(3));
    for (CompletableFuture<byte[]> each : List.of(first, waiting, late)) {
      assertTrue(sentence(each).contains("the disk is on fire"), sentence(each));
    }
    assertFalse(log.leadership().leading());
    log.close();
  }

  @Test
  void whatIsNotAppliedIsRefusedAndTheNextIsTaken() throws InterruptedException {
    sums.gate = new Semaphore(0);
    sums.broken = new NotApplied("the disk is full", null);
    log.start();
    CompletableFuture<byte[]> first = log.submit(bytes(1));
    sums.entered.await();
    CompletableFuture<byte[]> waiting = log.submit(bytes(2));
    sums.gate.release(2);
    for (CompletableFuture<byte[]> each : List.of(first, waiting)) {
      assertEquals("the disk is full", sentence(each));
    }
    assertTrue(log.leadership().leading());
    sums.broken = null;
    sums.gate.release();
    assertEquals(3, number(log.submit(bytes(3)).join()));
    assertEquals(new LogPosition(1, 1), sums.last);
    log.close();
    assertFalse(fatal.isDone());
  }

  @Test
  void tooFewAnswersAreAFailure() {
    sums.forgetful = true;
    log.start();
    assertTrue(sentence(log.submit(bytes(1))).contains("0 answers to 1 commands"));
    assertInstanceOf(IllegalStateException.class, fatal.join());
  }

  @Test
  void closingFromTheCallbackOrWhileItHangsEnds() throws InterruptedException {
    var hang = new CountDownLatch(1);
    var inside = new CountDownLatch(1);
    var self = new CompletableFuture<LocalLog>();
    var stuck =
        new LocalLog(
            sums,
            t -> {
              self.join().close();
              inside.countDown();
              awaitUninterruptibly(hang);
            });
    self.complete(stuck);
    sums.broken = new IllegalStateException("no");
    stuck.start();
    assertThrows(CompletionException.class, () -> stuck.submit(bytes(1)).join());
    inside.await();
    stuck.close();
    hang.countDown();
  }

  @Test
  void aFullQueueTurnsAwayAndRecovers() throws InterruptedException {
    sums.gate = new Semaphore(0);
    log.start();
    log.submit(bytes(1));
    sums.entered.await();
    var taken = new ArrayList<CompletableFuture<byte[]>>();
    IntStream.range(0, LocalLog.CAPACITY).forEach(i -> taken.add(log.submit(bytes(1))));
    assertTrue(sentence(log.submit(bytes(1))).contains("try again later"));
    sums.gate.release(1000);
    assertEquals(LocalLog.CAPACITY + 1, number(taken.getLast().join()));
    assertEquals(LocalLog.CAPACITY + 2, number(log.submit(bytes(1)).join()));
    log.close();
  }

  @Test
  void closingAppliesWhatWasTaken() throws InterruptedException {
    sums.gate = new Semaphore(0);
    log.start();
    log.submit(bytes(1));
    sums.entered.await();
    CompletableFuture<byte[]> taken = log.submit(bytes(2));
    Thread closer = Thread.ofPlatform().start(log::close);
    while (log.leadership().leading()) {
      Thread.onSpinWait();
    }
    assertTrue(sentence(log.submit(bytes(3))).contains("closed"));
    sums.gate.release(2);
    closer.join();
    assertTrue(taken.isDone());
    assertEquals(3, number(taken.join()));
    log.close();
    assertFalse(fatal.isDone());
  }

  @Test
  void takesNothingBeforeItsStart() {
    assertTrue(sentence(log.submit(bytes(1))).contains("not running yet"));
    assertFalse(log.leadership().leading());
    log.close();
    assertThrows(IllegalStateException.class, log::start);
  }

  private static String sentence(CompletableFuture<byte[]> failed) {
    var e = assertThrows(CompletionException.class, failed::join);
    return assertInstanceOf(LogException.class, e.getCause()).getMessage();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody counted down");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt();
  }

  /** Adds numbers up, and answers with the sum so far; with a gate, one permit lets a batch in. */
  private static final class Sums implements Applier {
    final List<LogEntry> seen = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    final CountDownLatch entered = new CountDownLatch(1);
    volatile LogPosition last = new LogPosition(0, 0);
    volatile Semaphore gate;
    volatile RuntimeException broken;
    volatile boolean forgetful;
    private int sum;

    @Override
    public List<byte[]> apply(List<LogEntry> batch) {
      entered.countDown();
      if (gate != null) {
        gate.acquireUninterruptibly();
      }
      if (broken != null) {
        throw broken;
      }
      if (forgetful) {
        return List.of();
      }
      seen.addAll(batch);
      batches.add(batch.size());
      last = batch.getLast().position();
      return batch.stream().map(e -> bytes(sum += number(e.command()))).toList();
    }

    @Override
    public LogPosition lastApplied() {
      return last;
    }

    @Override
    public LogPosition writeSnapshot(Path file) {
      throw new UnsupportedOperationException("a sum has no snapshot");
    }

    @Override
    public void restore(Path file) {
      throw new UnsupportedOperationException("a sum has no snapshot");
    }
  }
}
