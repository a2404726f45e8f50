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
  private Object version = new Object();
  private long nanos = 5;

  @Test
  void itIsWrittenWhenSomethingIsAnotherAndOnlyThen() throws Exception {
    Path path = folder.resolve("primaries.json");
    List<Runnable> tasks = new ArrayList<>();
    var file =
        new KeyValueFile(path, () -> version, () -> new TreeMap<>(now), () -> nanos, tasks::add);
    file.look();
    tasks.removeFirst().run();
    assertEquals("{}\n", Files.readString(path));
    now.putAll(Map.of("mysql/master/shop", "db1:3306"));
    version = new Object();
    file.look();
    file.look();
    assertEquals(1, tasks.size());
    tasks.removeFirst().run();
    assertEquals("{\"mysql/master/shop\":\"db1:3306\"}\n", Files.readString(path));
    file.look();
    assertEquals(List.of(), tasks);
    var before = Files.getLastModifiedTime(path);
    version = new Object();
    file.look();
    tasks.removeFirst().run();
    file.look();
    assertEquals(List.of(), tasks);
    assertEquals(before, Files.getLastModifiedTime(path));
    assertEquals(Optional.empty(), file.trouble());
    assertFalse(Files.exists(folder.resolve("primaries.json.new")));
  }

  @Test
  void thatItCannotBeWrittenIsToldUntilItCan() throws Exception {
    Path path = folder.resolve("there/primaries.json");
    var file = new KeyValueFile(path, () -> version, () -> now, () -> nanos, Runnable::run);
    file.look();
    assertTrue(file.trouble().orElseThrow().contains(path.toString()));
    Files.createDirectory(folder.resolve("there"));
    file.look();
    assertTrue(file.trouble().isPresent());
    nanos += 1_000_000_000;
    file.look();
    assertEquals(Optional.empty(), file.trouble());
    assertEquals("{}\n", Files.readString(path));
  }
}
