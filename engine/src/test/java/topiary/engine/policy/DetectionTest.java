package topiary.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "  select max(lag) from meta.heartbeat;",
        "(SELECT 1)",
        "SHOW VARIABLES LIKE 'x'",
        "SELECT 'a;b', \"it's; so\", `odd;name`",
        "SELECT 'into outfile'",
      })
  void whatOnlyReadsIsTaken(String sql) {
    assertEquals(sql, new Detection.Query(sql).sql());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "DELETE FROM x",
        "SET GLOBAL read_only = OFF",
        "SELECT 1; DROP TABLE x",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT 1 FOR UPDATE",
        "SELECT '\\'; DROP TABLE x; -- '; DROP TABLE y",
        "WITH x AS (SELECT 1) DELETE FROM y",
        "CALL something()",
      })
  void whatMayDoMoreIsNot(String sql) {
    assertThrows(IllegalArgumentException.class, () -> new Detection.Query(sql));
  }

  @Test
  void aPatternTellsItsFirstGroupElseAllOfIt() {
    assertEquals("eu", in("\\.([a-z]+)\\.example$", "db1.eu.example"));
    assertEquals("db1", in("^db\\d", "db1.eu.example"));
    assertEquals("", in("us", "db1.eu.example"));
    assertEquals("", in("(x)?db", "db1"));
  }

  private static String in(String pattern, String host) {
    return new Detection.Teller(Optional.empty(), Optional.of(Pattern.compile(pattern))).in(host);
  }
}
