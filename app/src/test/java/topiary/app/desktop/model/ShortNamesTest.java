package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.engine.model.InstanceKey;

class ShortNamesTest {

  private static List<String> names(String... addresses) {
    List<InstanceKey> keys = Arrays.stream(addresses).map(InstanceKey::parse).toList();
    ShortNames names = ShortNames.of(keys);
    return keys.stream().map(names::name).toList();
  }

  @Test
  void whatAllHaveInCommonIsLeftOut() {
    assertEquals(
        List.of("db1.eu", "db1.us"), names("db1.eu.example.com:3306", "db1.us.example.com:3306"));
    assertEquals(List.of("a", "b"), names("a.example.com:3306", "b.example.com:3306"));
    assertEquals(List.of("a", "b.sub"), names("a.example.com:3306", "b.sub.example.com:3306"));
  }

  @Test
  void portsAreSaidWhenTheyDiffer() {
    assertEquals(
        List.of("127.0.0.1:3301", "127.0.0.1:3302"), names("127.0.0.1:3301", "127.0.0.1:3302"));
    assertEquals(List.of("a:3306", "b:3307"), names("a.x.com:3306", "b.x.com:3307"));
  }

  @Test
  void addressesAndSingleNamesStayWhole() {
    assertEquals(List.of("10.0.0.1", "10.0.0.2"), names("10.0.0.1:3306", "10.0.0.2:3306"));
    assertEquals(List.of("[::1]", "[::2]"), names("[::1]:3306", "[::2]:3306"));
    assertEquals(List.of("db1", "db2.x.com"), names("db1:3306", "db2.x.com:3306"));
    assertEquals(List.of("db1.x.com"), names("db1.x.com:3306"));
    assertEquals(List.of(), names());
  }
}
