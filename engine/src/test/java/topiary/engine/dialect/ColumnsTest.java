package topiary.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnsTest {

  private static final Columns COLUMNS =
      new Columns(List.of("Master_Host", "Replicate_Do_DB", "replicate_ignore_db", "User"));

  private static Map<String, String> row(String... values) {
    return COLUMNS.row(values);
  }

  @Test
  void aValueIsFoundHoweverItsColumnIsWritten() {
    Map<String, String> row = row("db1", "shop", "", "repl");
    assertEquals("db1", row.get("Master_Host"));
    assertEquals("db1", row.get("MASTER_HOST"));
    assertEquals("repl", row.getOrDefault("user", "nobody"));
    assertNull(row.get("Source_Host"));
    assertNull(row.get(7));
  }

  @Test
  void nullIsAColumnThatIsNotThere() {
    Map<String, String> row = row("db1", null, null, null);
    assertEquals(Map.of("Master_Host", "db1"), row);
    assertEquals(1, row.size());
    assertFalse(row.containsKey("User"));
    assertEquals("nobody", row.getOrDefault("User", "nobody"));
    assertEquals(List.of("db1"), List.copyOf(row.values()));
    var told = new HashMap<String, String>();
    row.forEach(told::put);
    assertEquals(Map.of("Master_Host", "db1"), told);
  }

  @Test
  void theLaterOfTwoWithOneNameCounts() {
    assertEquals(Map.of("a", "2"), new Columns(List.of("a", "a")).row(new String[] {"1", "2"}));
  }

  @Test
  void columnsAreToldInOrderOfTheirNames() {
    assertEquals(
        List.of("Master_Host", "Replicate_Do_DB", "replicate_ignore_db", "User"),
        new ArrayList<>(row("db1", "shop", "", "repl").keySet()));
  }

  @Test
  void todaysNamesAreThoseOfAnyOtherRow() {
    Map<String, String> row = row("db1", "shop", null, "repl");
    assertEquals(Terms.today(new HashMap<>(row)), Terms.today(row));
    assertEquals("db1", Terms.today(row).get("source_host"));
  }

  @Test
  void thoseThatBeginAlikeAreFoundInAnyCase() {
    Map<String, String> row = row("db1", "shop", "", "repl");
    Map<String, String> expected = Map.of("Replicate_Do_DB", "shop", "replicate_ignore_db", "");
    assertEquals(expected, Terms.beginning("REPLICATE_", row));
    assertEquals(expected, Terms.beginning("replicate_", new HashMap<>(row)));
  }

  @Test
  void valuesMustBeAsManyAsColumns() {
    assertThrows(IllegalArgumentException.class, () -> row("db1"));
  }
}
