package topiary.lab.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {

  @Test
  void aQuestionHasItsLabels() throws Exception {
    var select =
        assertInstanceOf(
            Statement.Select.class,
            Parser.parse(
                "/* who */ SELECT @@global.server_id AS id, @@Version, 'a''b', 1+1 total,"
                    + " GET_LOCK('x', 0) FROM t.u v WHERE a = 1 AND NOT b LIKE 'c%' LIMIT 3;"));
    assertEquals(
        List.of("id", "@@Version", "a'b", "total", "GET_LOCK('x', 0)"),
        select.items().stream().map(Statement.Item::label).toList());
    assertEquals(new Expr.Variable("global", "server_id"), select.items().getFirst().value());
    assertEquals(Optional.of(new Statement.Table("t", "u")), select.from());
    assertEquals(3, select.limit());
  }

  @Test
  void filtersAreNamedEachWithWhatItLeavesOut() throws Exception {
    var filter =
        assertInstanceOf(
            Statement.ChangeFilter.class,
            Parser.parse(
                "CHANGE REPLICATION FILTER REPLICATE_DO_DB = (shop, stock), Replicate_Ignore_DB ="
                    + " (), REPLICATE_REWRITE_DB = ((a, b)), REPLICATE_WILD_IGNORE_TABLE ="
                    + " ('shop.tmp%') FOR CHANNEL 'east'"));
    assertEquals(
        Map.of(
            "REPLICATE_DO_DB", "shop,stock",
            "REPLICATE_IGNORE_DB", "",
            "REPLICATE_REWRITE_DB", "(a,b)",
            "REPLICATE_WILD_IGNORE_TABLE", "shop.tmp%"),
        filter.filters());
    assertEquals(Optional.of("east"), filter.channel());
    assertThrows(
        SyntaxError.class, () -> Parser.parse("CHANGE REPLICATION FILTER REPLICATE_DO_DB = (a b)"));
  }

  @Test
  void aSourceIsNamedInOldWordsAndNew() throws Exception {
    var change =
        assertInstanceOf(
            Statement.ChangeSource.class,
            Parser.parse(
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_PORT=3306,"
                    + " SOURCE_AUTO_POSITION=1 FOR CHANNEL 'c'"));
    assertEquals("c", change.channel());
    assertEquals(Map.of("HOST", "h", "PORT", "3306", "AUTO_POSITION", "1"), change.options());
    var old =
        assertInstanceOf(
            Statement.ChangeSource.class,
            Parser.parse("CHANGE MASTER 'c' TO MASTER_HOST='h', MASTER_USE_GTID=slave_pos"));
    assertEquals("c", old.channel());
    assertEquals(Map.of("HOST", "h", "USE_GTID", "slave_pos"), old.options());
  }

  @ParameterizedTest
  @CsvSource({
    "STOP REPLICA, false, true, true, true",
    "START SLAVE IO_THREAD, true, false, true, false",
    "STOP REPLICA SQL_THREAD FOR CHANNEL '', false, true, false, true",
  })
  void threadsAreTold(String sql, boolean start, boolean today, boolean io, boolean applying)
      throws Exception {
    var told = assertInstanceOf(Statement.Replication.class, Parser.parse(sql.replace('"', '\'')));
    assertEquals(start, told.start());
    assertEquals(today, told.today());
    assertEquals(io, told.io());
    assertEquals(applying, told.sql());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FOO BAR | FOO BAR",
        "SELECT 1 FROM | ''",
        "SELECT | ''",
        "INSERT INTO t VALUES (1) | INSERT INTO t VALUES (1)",
        "STOP REPLICA NOW | NOW",
        "CHANGE MASTER TO MASTER_HOST= | ''",
        "SELECT 1; SELECT 2 | SELECT 2",
      })
  void whatIsNoStatementIsRefusedFromThereOn(String sql, String near) {
    var error = assertThrows(SyntaxError.class, () -> Parser.parse(sql));
    assertEquals(near, error.near());
  }
}
