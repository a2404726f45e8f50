package topiary.lab.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import topiary.lab.base.Await;

class ProcessIdTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void anotherStartIsAnotherProcess() {
    ProcessId own = ProcessId.own();
    assertTrue(own.alive());
    assertFalse(new ProcessId(own.pid(), own.startTicks() - 1).alive());
  }

  @Test
  void aSignalNeedsProof() throws IOException {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      ProcessId process = ProcessId.of(stranger.pid()).orElseThrow();
      assertTrue(Await.holds(LIMIT, () -> process.arguments().contains("600")));
      assertFalse(process.signal(Signal.KILL, "--defaults-file=/x/my.cnf"));
      assertTrue(process.alive());
      assertFalse(new ProcessId(process.pid(), 1).signal(Signal.KILL, "600"));
      assertTrue(process.alive());
      assertTrue(process.signal(Signal.STOP, "600"));
      assertTrue(Await.holds(LIMIT, process::stopped));
      assertTrue(process.signal(Signal.KILL, "600"));
      assertTrue(process.awaitEnd(LIMIT));
      assertEquals(false, process.signal(Signal.KILL, "600"));
    } finally {
      stranger.destroyForcibly();
    }
  }
}
