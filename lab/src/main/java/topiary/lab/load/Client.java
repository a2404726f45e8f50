package topiary.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import topiary.lab.Lab;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;

/**
 * A client of one member of a lab that keeps its connection, writes rows one by one and counts
 * them; with a client's rights, so that a read-only server refuses it. For one thread.
 */
public final class Client implements AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final String member;
  private final Connection connection;
  private final Statement statement;

  /**
   * A client of a member.
   *
   * @throws LabException when it cannot connect
   */
  public Client(Lab lab, String member) {
    this.member = member;
    try {
      connection = lab.clientConnection(member, ANSWER);
      statement = connection.createStatement();
    } catch (SQLException e) {
      throw new LabException(member + " takes no client: " + e.getMessage(), e);
    }
  }

  /**
   * Makes the table that the rows go to.
   *
   * @throws LabException when that cannot be done
   */
  public void prepare() {
    try {
      statement.execute("CREATE DATABASE IF NOT EXISTS client");
      statement.execute("CREATE TABLE client.t (id INT AUTO_INCREMENT PRIMARY KEY)");
    } catch (SQLException e) {
      throw new LabException(member + " does not make a table: " + e.getMessage(), e);
    }
  }

  /** Writes a row; whether that was acknowledged. */
  public boolean write() {
    try {
      statement.execute("INSERT INTO client.t () VALUES ()");
      return true;
    } catch (SQLException e) {
      // It is read-only, or away: whoever asks tries again.
      return false;
    }
  }

  /** How many rows there are; none while there is no table. */
  public long rows() {
    try (var rows = statement.executeQuery("SELECT COUNT(*) FROM client.t")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      return 0;
    }
  }

  /**
   * Waits until there are more rows than that.
   *
   * @throws LabException when there are none after half a minute
   */
  public void awaitMoreThan(long rows) {
    if (!Await.holds(LONG, () -> rows() > rows)) {
      throw new LabException("nothing comes to " + member);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new LabException(member + " does not let a client go: " + e.getMessage(), e);
    }
  }
}
