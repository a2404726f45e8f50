package topiary.app.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyValueFileTest {

  @TempDir Path folder;

  private final SortedMap<String, String> now = new TreeMap<>();

  @Test
  void itIsWrittenWhenSomethingIsAnotherAndOnlyThen() throws Exception {
    Path path = folder.resolve("primaries.json");
    List<Runnable> tasks = new ArrayList<>();
    var file = new KeyValueFile(path, () -> new TreeMap<>(now), tasks::add);
    file.look();
    tasks.removeFirst().run();
    assertEquals("{}\n", Files.readString(path));
    now.putAll(Map.of("mysql/master/shop", "db1:3306"));
    file.look();
    file.look();
    assertEquals(1, tasks.size());
    tasks.removeFirst().run();
    assertEquals("{\"mysql/master/shop\":\"db1:3306\"}\n", Files.readString(path));
    file.look();
    assertEquals(List.of(), tasks);
    assertEquals(Optional.empty(), file.trouble());
    assertFalse(Files.exists(folder.resolve("primaries.json.new")));
  }

  @Test
  void thatItCannotBeWrittenIsToldUntilItCan() throws Exception {
    Path path = folder.resolve("there/primaries.json");
    var file = new KeyValueFile(path, () -> now, Runnable::run);
    file.look();
    assertTrue(file.trouble().orElseThrow().contains(path.toString()));
    Files.createDirectory(folder.resolve("there"));
    file.look();
    assertEquals(Optional.empty(), file.trouble());
    assertEquals("{}\n", Files.readString(path));
  }
}
