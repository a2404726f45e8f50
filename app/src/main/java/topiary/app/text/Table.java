package topiary.app.text;

import java.util.ArrayList;
import java.util.List;

/** Columns that line up; colours are put on after the widths are known. */
final class Table {

  /** A cell: what it says, and how it looks. */
  record Cell(String plain, String shown) {
    static Cell of(String text) {
      return new Cell(text, text);
    }
  }

  private final List<List<Cell>> rows = new ArrayList<>();

  void row(List<Cell> cells) {
    rows.add(List.copyOf(cells));
  }

  String lines() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).plain().length());
      }
    }
    var text = new StringBuilder();
    for (List<Cell> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        Cell cell = row.get(i);
        boolean last = i == row.size() - 1;
        line.append(cell.shown());
        line.append(last ? "" : " ".repeat(widths[i] - cell.plain().length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
