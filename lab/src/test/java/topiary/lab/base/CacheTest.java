package topiary.lab.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import topiary.lab.Scratch;

class CacheTest {
  @Test
  void ownVariableThenSharedThenHome() {
    var all = Map.of("TOPIARY_CACHE", "/own", "XDG_CACHE_HOME", "/shared", "HOME", "/home/u");
    assertEquals(Path.of("/own"), Cache.locate(all, null));
    var shared = Map.of("XDG_CACHE_HOME", "/shared", "HOME", "/home/u");
    assertEquals(Path.of("/shared/topiary"), Cache.locate(shared, null));
    assertEquals(Path.of("/home/u/.cache/topiary"), Cache.locate(Map.of("HOME", "/home/u"), null));
    assertEquals(
        Path.of("/home/u/.cache/topiary"),
        Cache.locate(Map.of("XDG_CACHE_HOME", "rel", "HOME", "/home/u"), null));
    assertEquals(Path.of("/home/v/.cache/topiary"), Cache.locate(Map.of(), "/home/v"));
  }

  @Test
  void withoutAnyHomeItSaysWhatToSet() {
    for (String home : new String[] {"?", "", null}) {
      var e = assertThrows(LabException.class, () -> Cache.locate(Map.of(), home));
      assertTrue(e.getMessage().contains("set TOPIARY_CACHE"), e.getMessage());
    }
  }

  @Test
  void aPlaceThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(Scratch.directory().resolve("file"));
    var e = assertThrows(LabException.class, () -> Cache.at(file.resolve("cache")));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  @Test
  void aQuoteInThePathIsRefused() {
    var e = assertThrows(LabException.class, () -> Cache.at(Scratch.directory().resolve("it's")));
    assertTrue(e.getMessage().contains("quote"), e.getMessage());
  }

  @Test
  void twoSpellingsAreOneCache() throws IOException {
    Path place = Scratch.directory();
    Path real = Cache.at(place.resolve("real")).root();
    Path link = Files.createSymbolicLink(place.resolve("link"), real);
    assertEquals(real, Cache.at(link).root());
  }
}
