package topiary.lab.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;
import topiary.lab.process.ProcessId;

class LockTest {
  private final Path file = Scratch.directory().resolve("lock");

  @Test
  void onlyOneHolderAtATime() {
    Lock first = Lock.tryTake(file).orElseThrow();
    assertEquals(Optional.empty(), Lock.tryTake(file));
    first.close();
    Lock.tryTake(file).orElseThrow().close();
  }

  @Test
  void aFailedTryLeavesTheHoldersLockWithTheSystem() throws IOException {
    try (Lock held = Lock.tryTake(file).orElseThrow()) {
      assertTrue(Lock.tryTake(file).isEmpty());
      // The kernel's own list, for closing a second handle would have dropped the lock silently.
      String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
      String pid = " " + ProcessId.own().pid() + " ";
      assertTrue(
          Files.readString(Path.of("/proc/locks"))
              .lines()
              .anyMatch(l -> l.contains(inode) && l.contains(pid)),
          held + " is not known to the kernel");
    }
  }

  @Test
  void waitingIsBounded() {
    try (Lock _ = Lock.tryTake(file).orElseThrow()) {
      var e = assertThrows(LabException.class, () -> Lock.take(file, Duration.ofMillis(50)));
      assertTrue(e.getMessage().contains("still locked"), e.getMessage());
    }
  }

  @Test
  void aDirectoryThatIsGoneHasNoLock() {
    assertEquals(Optional.empty(), Lock.tryTake(file.resolve("../nowhere/lock")));
  }
}
