package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static topiary.engine.fake.Trees.key;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import topiary.engine.execute.Scribe;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.ClusterId;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Levels;
import topiary.lab.base.Await;

/** How many commands it takes to take servers in. */
class ArrivalsTest {

  private static final ClusterId TREE = new ClusterId("c000000000001");
  private static final By ANN = new By("ann", "test");
  private static final int MANY = 40;

  private final MemoryLog log = new MemoryLog();
  private final Threads threads = new Threads();
  private final AtomicInteger failures = new AtomicInteger();

  @AfterEach
  void end() {
    threads.close();
    assertEquals(List.of(), threads.deaths());
  }

  private Arrivals arrivals(int level) {
    if (level > 1) {
      Entry raised =
          new Entry(
              new Header(UUID.randomUUID(), "t", "t", Instant.EPOCH, 1),
              new Command.RaiseLevel(level));
      log.submit(raised).join();
    }
    var scribe =
        new Scribe(log, new RealClock(), UUID::randomUUID, () -> new Levels(level, Set.of()));
    return new Arrivals(scribe, new RealClock(), threads);
  }

  private static Command.RegisterInstance one(int number) {
    return new Command.RegisterInstance(key("db" + number), TREE);
  }

  /** Has many come while the first one is on its way, which it is until they all wait. */
  private void come(Arrivals arrivals) throws InterruptedException {
    var open = new CountDownLatch(1);
    var first = new CountDownLatch(1);
    log.before(
        command -> {
          first.countDown();
          try {
            open.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    var all = new ArrayList<Thread>();
    all.add(start(arrivals, 0));
    first.await();
    IntStream.rangeClosed(1, MANY).forEach(n -> all.add(start(arrivals, n)));
    assertTrue(
        Await.holds(
            Duration.ofSeconds(20),
            () -> all.stream().allMatch(t -> t.getState() == Thread.State.WAITING)));
    log.hush();
    open.countDown();
    for (Thread thread : all) {
      thread.join();
    }
  }

  private Thread start(Arrivals arrivals, int number) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                arrivals.take(one(number), ANN);
              } catch (Scribe.NotCommitted e) {
                failures.incrementAndGet();
              }
            });
  }

  @Test
  void thoseThatComeTogetherAreOneCommand() throws InterruptedException {
    come(arrivals(Header.LEVEL));
    List<Command> commands = log.accepted();
    assertEquals(List.of(new Command.RaiseLevel(Header.LEVEL), one(0)), commands.subList(0, 2));
    assertEquals(3, commands.size());
    var rest = (Command.RegisterInstances) commands.getLast();
    assertEquals(MANY, rest.servers().size());
    assertEquals(MANY + 1, log.state().instances().size());
    assertEquals(0, failures.get());
  }

  @Test
  void olderNodesAreToldOneByOne() throws InterruptedException {
    come(arrivals(5));
    assertEquals(MANY + 2, log.accepted().size());
    assertEquals(MANY + 1, log.state().instances().size());
    assertEquals(0, failures.get());
  }

  @Test
  void oneThatDoesNotFitKeepsNobodyElseOut() throws InterruptedException {
    Arrivals arrivals = arrivals(Header.LEVEL);
    var header = new Header(UUID.randomUUID(), "t", "t", Instant.EPOCH, Header.LEVEL);
    log.submit(new Entry(header, new Command.RegisterInstance(key("p"), TREE))).join();
    var again = new Header(UUID.randomUUID(), "t", "t", Instant.EPOCH, Header.LEVEL);
    log.submit(new Entry(again, new Command.AddAlias(one(7).key(), key("p")))).join();
    come(arrivals);
    assertEquals(1, failures.get());
    assertEquals(MANY + 1, log.state().instances().size());
    assertThrows(Scribe.NotCommitted.class, () -> arrivals.take(one(7), ANN));
  }
}
