package topiary.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import topiary.lab.Lab;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;

/** A statement on a member of a lab that writes, and takes five minutes, until this is closed. */
public final class LongStatement implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String TEXT = "INSERT INTO longer.t SELECT 2 + SLEEP(300) FROM longer.t";

  private final Lab lab;
  private final String member;
  private final Thread thread;
  private volatile String failure = "";

  /**
   * Makes a table, and begins with it; when this returns, it is under way.
   *
   * @throws LabException when that cannot be done
   */
  public LongStatement(Lab lab, String member) {
    this.lab = lab;
    this.member = member;
    try (Connection connection = lab.connection(member);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE IF NOT EXISTS longer");
      statement.execute("CREATE TABLE longer.t (id INT PRIMARY KEY)");
      statement.execute("INSERT INTO longer.t VALUES (1)");
    } catch (SQLException e) {
      throw new LabException(member + " takes no statement: " + e.getMessage(), e);
    }
    thread = Thread.ofVirtual().start(this::run);
    if (!Await.holds(SOON, this::runs)) {
      throw new LabException("no statement is under way on " + member + ": " + failure);
    }
  }

  private void run() {
    try (Connection connection = lab.clientConnection(member, Duration.ofSeconds(300));
        Statement statement = connection.createStatement()) {
      statement.execute(TEXT);
    } catch (SQLException e) {
      // It was ended, as it was to be, or never began: who looks for it tells.
      failure = e.getMessage();
    }
  }

  /** Whether it is under way. */
  public boolean runs() {
    return connection() > 0;
  }

  private long connection() {
    String sql =
        "SELECT COALESCE(MAX(ID), 0) FROM information_schema.PROCESSLIST"
            + " WHERE INFO LIKE 'INSERT INTO longer.t SELECT%'";
    try (Connection connection = lab.connection(member);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      return 0;
    }
  }

  /** What who asked for it was told when it did not come to its end; empty while it runs. */
  public String failure() {
    return failure;
  }

  /** Some of what it says, by which it is known. */
  public String text() {
    return "longer.t";
  }

  /** Ends it, if it is under way. */
  @Override
  public void close() {
    long id = connection();
    if (id > 0) {
      try (Connection connection = lab.connection(member);
          Statement statement = connection.createStatement()) {
        statement.execute("KILL " + id);
      } catch (SQLException e) {
        throw new LabException("the statement is not ended: " + e.getMessage(), e);
      }
    }
    try {
      thread.join(SOON);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
