package topiary.lab.flavor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Parallel;

class WorkshopTest {
  private final Path shelf = Scratch.directory();

  @Test
  void manyAtOnceMakeOne() {
    var made = new AtomicInteger();
    Parallel.each(
        List.of(1, 2, 3, 4),
        _ -> {
          Path ready =
              Workshop.make(
                  shelf,
                  "x",
                  1,
                  "a test",
                  fresh -> {
                    made.incrementAndGet();
                    Disk.makePrivate(fresh);
                    Disk.writePrivate(fresh.resolve("whole"), "");
                  });
          assertTrue(Files.exists(ready.resolve("whole")));
        });
    assertEquals(1, made.get());
  }

  @Test
  void aFailureLeavesNothingAndTheNextBeginsAnew() {
    assertThrows(
        LabException.class,
        () ->
            Workshop.make(
                shelf,
                "x",
                1,
                "a test",
                fresh -> {
                  Disk.makePrivate(fresh.resolve("half"));
                  throw new LabException("no more");
                }));
    assertEquals(List.of(shelf.resolve("x.lock")), Disk.list(shelf));
    // As a killed process leaves it.
    Disk.makePrivate(shelf.resolve("x.new/half"));
    Path ready = Workshop.make(shelf, "x", 1, "a test", Disk::makePrivate);
    assertFalse(Files.exists(ready.resolve("half")));
  }

  @Test
  void aFullDiskIsToldBeforeTheWorkBegins() {
    var e =
        assertThrows(
            LabException.class,
            () -> Workshop.make(shelf, "x", Long.MAX_VALUE, "a test", Disk::makePrivate));
    assertTrue(e.getMessage().startsWith("a test need"), e.getMessage());
    assertTrue(e.getMessage().contains("are free"), e.getMessage());
  }
}
