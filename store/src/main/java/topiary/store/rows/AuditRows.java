package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import topiary.engine.port.Audit.Asked;
import topiary.engine.port.Audit.Broken;
import topiary.engine.port.Audit.Head;
import topiary.engine.port.Audit.Row;
import topiary.engine.port.Audit.Verification;
import topiary.engine.state.Entry;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;
import topiary.store.json.JsonCodec;

/** The audit, read. */
final class AuditRows {

  private static final String COLUMNS = "c." + Link.COLUMNS.replace(", ", ", c.");

  private final JsonCodec codec;

  AuditRows(JsonCodec codec) {
    this.codec = codec;
  }

  Head head(Connection connection) throws SQLException {
    return link(connection, "last");
  }

  private static Head link(Connection connection, String end) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT " + end + "_index, " + end + "_hash FROM audit_chain")) {
      row.next();
      return new Head(row.getLong(1), row.getString(2));
    }
  }

  Optional<Instant> oldest(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT at FROM command ORDER BY log_index LIMIT 1")) {
      return row.next() ? Optional.of(Times.instant(row.getString(1))) : Optional.empty();
    }
  }

  List<Row> rows(Connection connection, Asked asked) throws SQLException {
    var parameters = new ArrayList<Object>();
    var where = new ArrayList<String>();
    if (!asked.about().isEmpty()) {
      where.add(
          "c.log_index IN (SELECT log_index FROM audit_about WHERE subject IN ("
              + marks(asked.about().size())
              + "))");
      parameters.addAll(asked.about());
    }
    if (!asked.types().isEmpty()) {
      where.add("c.type IN (" + marks(asked.types().size()) + ")");
      parameters.addAll(asked.types());
    }
    asked
        .since()
        .ifPresent(
            since -> {
              where.add("c.at >= ?");
              parameters.add(Times.text(since));
            });
    parameters.add(asked.limit());
    parameters.add(asked.skip());
    var found = new ArrayList<Row>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + ", a.hash FROM command c JOIN audit a ON a.log_index = c.log_index"
                + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
                + " ORDER BY c.log_index DESC LIMIT ? OFFSET ?")) {
      for (int i = 0; i < parameters.size(); i++) {
        select.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(read(rows));
        }
      }
    }
    Map<Long, List<String>> about = about(connection, found);
    return found.stream()
        .map(
            row ->
                new Row(
                    row.index(),
                    row.type(),
                    row.entry(),
                    row.verdict(),
                    about.getOrDefault(row.index(), List.of()),
                    row.hash()))
        .toList();
  }

  private Row read(ResultSet row) throws SQLException {
    var header =
        new Header(
            UUID.fromString(row.getString(3)),
            row.getString(4),
            row.getString(5),
            Times.instant(row.getString(6)),
            row.getInt(7));
    Verdict verdict =
        row.getString(10).equals("accepted")
            ? Verdict.ACCEPTED
            : new Verdict.Rejected(row.getString(11));
    var entry = new Entry(header, codec.command(row.getString(9)));
    return new Row(
        row.getLong(1), row.getString(8), entry, verdict, List.of(), row.getString(Link.WIDTH + 1));
  }

  private static Map<Long, List<String>> about(Connection connection, List<Row> rows)
      throws SQLException {
    var about = new HashMap<Long, List<String>>();
    if (rows.isEmpty()) {
      return about;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT log_index, subject FROM audit_about WHERE log_index IN ("
                + marks(rows.size())
                + ") ORDER BY log_index, subject")) {
      for (int i = 0; i < rows.size(); i++) {
        select.setLong(i + 1, rows.get(i).index());
      }
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          about
              .computeIfAbsent(found.getLong(1), index -> new ArrayList<>())
              .add(found.getString(2));
        }
      }
    }
    return about;
  }

  private static String marks(int count) {
    return String.join(",", Collections.nCopies(count, "?"));
  }

  /**
   * Goes along the chain, row by row.
   *
   * @param fetch how many rows the database is to give at once, as its driver understands it
   */
  Verification verify(Connection connection, int fetch, Optional<String> noted)
      throws SQLException {
    Head cut = link(connection, "cut");
    Head end = link(connection, "last");
    var walk = new Walk(cut, noted);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(fetch);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT "
                  + COLUMNS
                  + ", a.hash FROM command c LEFT JOIN audit a ON a.log_index = c.log_index"
                  + " ORDER BY c.log_index")) {
        while (walk.broken.isEmpty() && rows.next()) {
          walk.step(AuditChain.row(rows), rows.getString(Link.WIDTH + 1));
        }
      }
    }
    return walk.done(end);
  }

  /** One way along a chain. */
  private static final class Walk {

    private final Head cut;
    private final Optional<String> noted;
    private Head at;
    private long rows;
    private boolean met;
    private Optional<Broken> broken = Optional.empty();

    Walk(Head cut, Optional<String> noted) {
      this.cut = cut;
      this.noted = noted;
      at = cut;
      met(cut);
    }

    private void met(Head link) {
      met |= noted.filter(link.hash()::equalsIgnoreCase).isPresent();
    }

    void step(List<String> row, String hash) {
      long index = Long.parseLong(row.getFirst());
      String expected = Link.hash(at.hash(), row);
      if (hash == null) {
        broken = Optional.of(new Broken(index, "it has no hash: it was put in"));
      } else if (!expected.equals(hash)) {
        broken =
            Optional.of(
                new Broken(
                    index,
                    "its hash is not that of what it says and the row before it ("
                        + (at.index() == 0 ? "none" : "entry " + at.index())
                        + "): it was changed, or a row between the two was taken out or put in"));
      } else {
        at = new Head(index, hash);
        rows++;
        met(at);
      }
    }

    Verification done(Head end) {
      if (broken.isEmpty() && !at.equals(end)) {
        String why =
            end.index() > at.index()
                ? "it is the last that was written, and is missing: the end was taken off"
                : "the chain was to end at entry " + end.index() + ": it was written over";
        broken = Optional.of(new Broken(Math.max(end.index(), at.index()), why));
      }
      return new Verification(cut, rows, at, broken, noted.map(hash -> met));
    }
  }
}
