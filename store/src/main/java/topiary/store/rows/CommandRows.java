package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import topiary.engine.state.Header;
import topiary.engine.state.Verdict;
import topiary.store.Numbered;
import topiary.store.json.JsonCodec;

/**
 * The log as rows, during one transaction: what is known of a batch's commands is asked for at
 * once, what is new is written at once.
 */
final class CommandRows implements AutoCloseable {

  /** As many ids as one query asks for. */
  private static final int ASKED = 256;

  /** The columns that are numbers, counted from 0. */
  private static final Set<Integer> NUMBERS = Set.of(0, 1, 6);

  private final JsonCodec codec;
  private final Connection connection;
  private final List<Numbered> batch;
  private final Map<UUID, Verdict> known = new HashMap<>();
  private final PreparedStatement insert;

  CommandRows(JsonCodec codec, Connection connection, List<Numbered> batch) throws SQLException {
    this.codec = codec;
    this.connection = connection;
    this.batch = batch;
    askAll();
    insert = connection.prepareStatement("INSERT INTO command VALUES (?,?,?,?,?,?,?,?,?,?,?)");
  }

  private void askAll() throws SQLException {
    for (int from = 0; from < batch.size(); from += ASKED) {
      ask(batch.subList(from, Math.min(from + ASKED, batch.size())));
    }
  }

  private void ask(List<Numbered> some) throws SQLException {
    String marks = String.join(",", Collections.nCopies(some.size(), "?"));
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT id, verdict, reason FROM command WHERE id IN (" + marks + ")")) {
      for (int i = 0; i < some.size(); i++) {
        find.setString(i + 1, some.get(i).entry().header().id().toString());
      }
      try (ResultSet rows = find.executeQuery()) {
        while (rows.next()) {
          known.put(
              UUID.fromString(rows.getString(1)),
              rows.getString(2).equals("accepted")
                  ? Verdict.ACCEPTED
                  : new Verdict.Rejected(rows.getString(3)));
        }
      }
    }
  }

  /** What came of a command of the batch, when it was applied before, or added here. */
  Optional<Verdict> verdict(UUID id) {
    return Optional.ofNullable(known.get(id));
  }

  /**
   * Adds one; it stands in the table after {@link #write}.
   *
   * @return the row, as the values of {@link Link#COLUMNS}
   */
  List<String> add(Numbered numbered, Verdict verdict) throws SQLException {
    Header header = numbered.entry().header();
    List<String> row =
        Arrays.asList(
            Long.toString(numbered.position().index()),
            Long.toString(numbered.position().term()),
            header.id().toString(),
            header.actor(),
            header.cause(),
            Times.text(header.at()),
            Integer.toString(header.level()),
            codec.typeOf(numbered.entry().command()),
            codec.text(numbered.entry().command()),
            verdict instanceof Verdict.Accepted ? "accepted" : "rejected",
            verdict instanceof Verdict.Rejected rejected ? rejected.reason() : null);
    for (int i = 0; i < row.size(); i++) {
      if (NUMBERS.contains(i)) {
        insert.setLong(i + 1, Long.parseLong(row.get(i)));
      } else {
        insert.setString(i + 1, row.get(i));
      }
    }
    insert.addBatch();
    known.put(header.id(), verdict);
    return row;
  }

  /** What is known of the batch's commands now that rows were taken out. */
  void askAgain() throws SQLException {
    known.clear();
    askAll();
  }

  void write() throws SQLException {
    insert.executeBatch();
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
