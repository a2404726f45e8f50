package topiary.lab.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;

class DiskTest {
  private final Path place = Scratch.directory();

  @Test
  void aSparseCopyIsEqualWhereverTheHolesAre() throws IOException {
    Path from = Files.createDirectories(place.resolve("from/sub")).getParent();
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    java.util.Arrays.fill(bytes, 70_000, 210_000, (byte) 0);
    Files.write(from.resolve("sub/middle"), bytes);
    java.util.Arrays.fill(bytes, 140_000, 300_000, (byte) 0);
    Files.write(from.resolve("end"), bytes);
    Files.write(from.resolve("zeros"), new byte[200_000]);
    Files.write(from.resolve("empty"), new byte[0]);
    Disk.copySparse(from, place.resolve("to"));
    for (String file : new String[] {"sub/middle", "end", "zeros", "empty"}) {
      assertArrayEquals(
          Files.readAllBytes(from.resolve(file)),
          Files.readAllBytes(place.resolve("to").resolve(file)),
          file);
    }
  }

  @Test
  void aPrivateFileIsForTheOwnerOnly() throws IOException {
    Path file = place.resolve("secret");
    Disk.writePrivate(file, "one");
    Disk.writePrivate(file, "two");
    assertEquals("two", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(1, Disk.list(place).size(), "nothing beside it");
  }

  @Test
  void aFullDiskIsToldBeforehand() {
    var e =
        assertThrows(LabException.class, () -> Disk.needSpace(place, Long.MAX_VALUE, "5 servers"));
    assertTrue(e.getMessage().startsWith("5 servers need"), e.getMessage());
    assertTrue(e.getMessage().contains("TOPIARY_CACHE"), e.getMessage());
  }

  @Test
  void theTailIsTheEndOfAFile() throws IOException {
    Path file = Files.writeString(place.resolve("log"), "1\n2\n3\n");
    assertEquals("2\n3", Disk.tail(file, 2));
    assertEquals("", Disk.tail(place.resolve("none"), 2));
  }

  @Test
  void deletingWhatIsNotThereIsNoError() throws IOException {
    Files.createDirectories(place.resolve("a/b"));
    Disk.delete(place.resolve("a"));
    Disk.delete(place.resolve("a"));
    assertFalse(Files.exists(place.resolve("a")));
  }
}
