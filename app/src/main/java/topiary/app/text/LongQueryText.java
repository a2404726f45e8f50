package topiary.app.text;

import java.util.List;
import java.util.Map;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;

/** Statements that run for long, as lines. */
public final class LongQueryText {

  /** So much of a statement fits beside the rest. */
  private static final int SHOWN = 80;

  private final Ink ink;

  /** A statement and where it runs. */
  public record Line(InstanceKey server, LongQuery query) {}

  public LongQueryText(Ink ink) {
    this.ink = ink;
  }

  /**
   * A line for each.
   *
   * @param seconds they were asked for from so long on
   * @param unasked servers that could not be asked, and why
   */
  public String of(int seconds, List<Line> lines, Map<InstanceKey, String> unasked) {
    var table = new Table();
    for (Line line : lines) {
      LongQuery query = line.query();
      table.row(
          List.of(
              Table.Cell.of(line.server().toString()),
              Table.Cell.of(query.seconds() + " s"),
              Table.Cell.of(Long.toString(query.id())),
              Table.Cell.of(query.user() + "@" + query.host()),
              Table.Cell.of(query.database()),
              Table.Cell.of(query.state()),
              Table.Cell.of(shown(query))));
    }
    var text = new StringBuilder(table.lines());
    if (lines.isEmpty()) {
      text.append("No statement runs for ").append(seconds).append(" s or longer.\n");
    }
    unasked.forEach(
        (server, why) ->
            text.append(ink.warn("! " + server + " was not asked: " + why)).append('\n'));
    return text.toString();
  }

  private static String shown(LongQuery query) {
    String line = query.text().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (line.isEmpty()) {
      return query.command();
    }
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }
}
