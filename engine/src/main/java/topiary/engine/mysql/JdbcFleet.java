package topiary.engine.mysql;

import com.mysql.cj.jdbc.Driver;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.Scheduler;
import topiary.engine.port.Secrets;
import topiary.engine.port.ServerTrouble;

/** Connections to real servers. Thread-safe; a session is used by one thread at a time. */
public final class JdbcFleet implements Fleet {

  private final Driver driver;
  private final Secrets secrets;
  private final Scheduler scheduler;
  private final Encryption encryption = new Encryption();
  private final Answers answers = new Answers();

  /**
   * A fleet.
   *
   * @param secrets whom to log in as
   * @param scheduler for the time limits
   */
  public JdbcFleet(Secrets secrets, Scheduler scheduler) {
    this.secrets = secrets;
    this.scheduler = scheduler;
    try {
      // Made here rather than found by DriverManager, which would load every driver there is.
      driver = new Driver();
    } catch (SQLException e) {
      throw new IllegalStateException("the database driver does not start", e);
    }
  }

  @Override
  public Session open(InstanceKey key, Deadline deadline) throws ServerTrouble {
    try {
      return login(key, deadline);
    } catch (ServerTrouble trouble) {
      boolean otherPassword =
          Diagnosis.wrongPassword(trouble.code()) && !deadline.over() && secrets.renew(key);
      if (!otherPassword) {
        throw trouble;
      }
      return login(key, deadline);
    }
  }

  private Session login(InstanceKey key, Deadline deadline) throws ServerTrouble {
    Optional<Secrets.Credentials> credentials = secrets.credentials(key);
    if (credentials.isEmpty()) {
      throw new ServerTrouble(
          Condition.DENIED,
          0,
          "no credentials for " + key + ": no rule under \"credentials\" covers it",
          null);
    }
    int left = Math.toIntExact(Math.max(1, deadline.left().toMillis()));
    try (var dog = new Watchdog(scheduler, deadline)) {
      try {
        Properties properties = properties(key, credentials.get(), left);
        Connection connection = driver.connect(url(key), properties);
        return new JdbcSession(key, connection, scheduler, answers);
      } catch (SQLException e) {
        throw dog.bitten() && !Diagnosis.gaveUp(e)
            ? Diagnosis.ofDripping(key, e)
            : Diagnosis.ofOpening(key, credentials.get().user(), e, deadline);
      }
    }
  }

  /** The driver decodes what it is given: a host named {@code a%31} is not to become {@code a1}. */
  private static String url(InstanceKey key) {
    return "jdbc:mysql://" + key.toString().replace("%", "%25") + "/";
  }

  private Properties properties(InstanceKey key, Secrets.Credentials credentials, int left)
      throws ServerTrouble {
    var p = new Properties();
    p.setProperty("user", credentials.user());
    p.setProperty("password", credentials.password());
    // A connect time-out alone does not bound the greeting of a hung server.
    p.setProperty("connectTimeout", Integer.toString(left));
    p.setProperty("socketTimeout", Integer.toString(left));
    try {
      encryption.ask(credentials.tls(), p);
    } catch (IOException e) {
      throw new ServerTrouble(
          Condition.DENIED, 0, "no connection to " + key + ": " + e.getMessage(), e);
    }
    p.setProperty("allowLoadLocalInfile", "false");
    p.setProperty("connectionAttributes", "program_name:topiary");
    p.setProperty("useServerPrepStmts", "false");
    p.setProperty("cachePrepStmts", "true");
    p.setProperty("queryInfoCacheFactory", KnownTexts.class.getName());
    // What is asked goes to the server as it stands.
    p.setProperty("processEscapeCodesForPrepStmts", "false");
    p.setProperty("enableEscapeProcessing", "false");
    // What a server says in its greeting need not be set; nobody here writes rows that could be
    // cut.
    p.setProperty("elideSetAutoCommits", "true");
    p.setProperty("jdbcCompliantTruncation", "false");
    // Nobody asks how long ago it was that something was sent.
    p.setProperty("maintainTimeStats", "false");
    p.setProperty("dontTrackOpenResources", "true");
    return p;
  }
}
