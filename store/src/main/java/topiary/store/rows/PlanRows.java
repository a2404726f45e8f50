package topiary.store.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.engine.intent.PlanId;
import topiary.engine.port.PlanJournal.PlanRecord;
import topiary.engine.port.PlanJournal.StepRecord;
import topiary.engine.state.Command;
import topiary.engine.state.PlanEnd;
import topiary.store.Numbered;
import topiary.store.json.JsonCodec;

/** What was planned and done, as rows. */
public final class PlanRows {

  /** For so long a plan that was carried out can be taken back, however little is kept. */
  public static final Duration TAKEN_BACK = Duration.ofDays(7);

  private static final String COLUMNS =
      "SELECT id, plan, actor, opened, closed, end, report, undone_by FROM plan ";

  private final JsonCodec codec;

  public PlanRows(JsonCodec codec) {
    this.codec = codec;
  }

  /** Writes what an accepted command tells. */
  public void tell(Connection connection, Numbered numbered) throws SQLException {
    String at = Times.text(numbered.entry().header().at());
    switch (numbered.entry().command()) {
      case Command.OpenPlan c -> open(connection, numbered, c, at);
      case Command.BeginStep c ->
          // A step that is begun again has not ended, whatever came of it before.
          update(
              connection,
              "REPLACE INTO plan_step VALUES (?, ?, ?, ?, NULL, NULL)",
              c.id().text(),
              c.number(),
              codec.text(c.step()),
              at);
      case Command.EndStep c -> end(connection, c, at);
      case Command.ClosePlan c ->
          update(
              connection,
              "UPDATE plan SET closed = ?, end = ?, report = ? WHERE id = ?",
              at,
              c.end().name(),
              c.report(),
              c.id().text());
      case Command.MarkUndone c ->
          update(
              connection,
              "UPDATE plan SET undone_by = ? WHERE id = ?",
              c.by().text(),
              c.id().text());
      case Command.AddAlias c -> {}
      case Command.DropAlias c -> {}
      case Command.RegisterInstance c -> {}
      case Command.RegisterInstances c -> {}
      case Command.ForgetInstance c -> {}
      case Command.NameHead c -> {}
      case Command.ReleaseHeld c -> {}
      case Command.AnnounceNode c -> {}
      case Command.DropNode c -> {}
      case Command.RaiseLevel c -> {}
      case Command.PurgeAudit c -> {}
      case Command.NoteFinding c -> {}
      case Command.Recovering c -> {}
      case Command.Saying c -> {}
    }
  }

  private void open(Connection connection, Numbered numbered, Command.OpenPlan c, String at)
      throws SQLException {
    // The state takes the id of an ended plan for a new one; the log still has the former.
    update(connection, "DELETE FROM plan_step WHERE plan = ?", c.id().text());
    update(
        connection,
        "REPLACE INTO plan VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, '', NULL)",
        c.id().text(),
        numbered.position().index(),
        c.plan().intent().words(),
        codec.text(c.plan()),
        numbered.entry().header().actor(),
        at);
  }

  private void end(Connection connection, Command.EndStep c, String at) throws SQLException {
    int known =
        update(
            connection,
            // Afterwards it may have places in it that were not known before.
            "UPDATE plan_step SET step = ?, ended = ?, failure = ? WHERE plan = ? AND number = ?",
            codec.text(c.step()),
            at,
            c.failure().orElse(null),
            c.id().text(),
            c.number());
    if (known == 0) {
      // The state also takes the end of a step whose beginning was never told: it began then.
      update(
          connection,
          "INSERT INTO plan_step VALUES (?, ?, ?, ?, ?, ?)",
          c.id().text(),
          c.number(),
          codec.text(c.step()),
          at,
          at,
          c.failure().orElse(null));
    }
  }

  /**
   * Takes out what ended before a moment, steps first. What is under way stays, and what holds a
   * replica; so does what was carried out within the {@link #TAKEN_BACK last days} and can be taken
   * back. Made of rows and state alone, so it is the same on every node.
   *
   * @param before plans that ended then or later stay
   * @param now the time in the header of the command that has it done
   * @param held the plans that left a replica stopped
   */
  public void cut(Connection connection, Instant before, Instant now, Set<PlanId> held)
      throws SQLException {
    Instant recent = now.minus(TAKEN_BACK);
    try (PreparedStatement steps =
            connection.prepareStatement("DELETE FROM plan_step WHERE plan = ?");
        PreparedStatement plan = connection.prepareStatement("DELETE FROM plan WHERE id = ?")) {
      for (PlanId id : ended(connection, before)) {
        if (!held.contains(id) && !undoable(connection, id, recent)) {
          steps.setString(1, id.text());
          steps.addBatch();
          plan.setString(1, id.text());
          plan.addBatch();
        }
      }
      steps.executeBatch();
      plan.executeBatch();
    }
  }

  private static List<PlanId> ended(Connection connection, Instant before) throws SQLException {
    var ids = new ArrayList<PlanId>();
    try (PreparedStatement find =
        connection.prepareStatement("SELECT id FROM plan WHERE closed < ? ORDER BY id")) {
      find.setString(1, Times.text(before));
      try (ResultSet rows = find.executeQuery()) {
        while (rows.next()) {
          ids.add(new PlanId(rows.getString(1)));
        }
      }
    }
    return ids;
  }

  /** Whether one ended at a moment or later, and can be taken back; others are not read. */
  private boolean undoable(Connection connection, PlanId id, Instant since) throws SQLException {
    return !read(
            connection,
            COLUMNS + "WHERE id = ? AND closed >= '" + Times.text(since) + "'",
            id.text())
        .stream()
        .filter(PlanRecord::undoable)
        .toList()
        .isEmpty();
  }

  public Optional<PlanRecord> plan(Connection connection, PlanId id) throws SQLException {
    return read(connection, COLUMNS + "WHERE id = ?", id.text()).stream().findFirst();
  }

  public List<PlanRecord> latest(Connection connection, int limit) throws SQLException {
    return read(connection, COLUMNS + "ORDER BY opened_index DESC LIMIT ?", Math.max(0, limit));
  }

  private List<PlanRecord> read(Connection connection, String sql, Object parameter)
      throws SQLException {
    var plans = new ArrayList<PlanRecord>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          var id = new PlanId(rows.getString(1));
          plans.add(
              new PlanRecord(
                  id,
                  codec.plan(rows.getString(2)),
                  rows.getString(3),
                  Times.instant(rows.getString(4)),
                  instant(rows.getString(5)),
                  Optional.ofNullable(rows.getString(6)).map(PlanEnd::valueOf),
                  rows.getString(7),
                  Optional.ofNullable(rows.getString(8)).map(PlanId::new),
                  steps(connection, id)));
        }
      }
    }
    return plans;
  }

  private List<StepRecord> steps(Connection connection, PlanId id) throws SQLException {
    var steps = new ArrayList<StepRecord>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT number, step, begun, ended, failure FROM plan_step WHERE plan = ?"
                + " ORDER BY number")) {
      statement.setString(1, id.text());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          steps.add(
              new StepRecord(
                  rows.getInt(1),
                  codec.step(rows.getString(2)),
                  Times.instant(rows.getString(3)),
                  instant(rows.getString(4)),
                  Optional.ofNullable(rows.getString(5))));
        }
      }
    }
    return steps;
  }

  private static Optional<Instant> instant(String text) {
    return Optional.ofNullable(text).map(Times::instant);
  }

  /** How many rows it met, whether they changed or not. */
  private static int update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }
}
