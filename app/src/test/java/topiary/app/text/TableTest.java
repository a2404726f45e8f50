package topiary.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsLineUpAndNothingHangsOverTheEnd() {
    var table = new Table();
    table.row(List.of(Table.Cell.of("a"), Table.Cell.of("bbb"), Table.Cell.of("c")));
    table.row(List.of(Table.Cell.of("aaaa"), Table.Cell.of("b"), Table.Cell.of("")));
    table.row(List.of(Table.Cell.of("aa")));
    assertEquals("a     bbb  c\naaaa  b\naa\n", table.lines());
  }

  @Test
  void coloursTakeNoRoom() {
    var table = new Table();
    table.row(List.of(new Table.Cell("ok", Ink.COLOUR.good("ok")), Table.Cell.of("x")));
    table.row(List.of(Table.Cell.of("stopped"), Table.Cell.of("y")));
    assertEquals("\u001b[32mok\u001b[0m       x\nstopped  y\n", table.lines());
  }

  @Test
  void anEmptyTableIsNothing() {
    assertEquals("", new Table().lines());
  }

  @Test
  void plainInkLeavesNoTraceAndColouredInkColoursNoEmptyText() {
    assertEquals("x", Ink.PLAIN.bad("x"));
    assertEquals("", Ink.COLOUR.bad(""));
  }
}
