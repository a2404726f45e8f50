package topiary.engine.mysql;

import com.mysql.cj.jdbc.Driver;
import java.io.IOException;
import java.nio.file.Path;
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
import topiary.engine.port.Tls;

/** Connections to real servers. Thread-safe; a session is used by one thread at a time. */
public final class JdbcFleet implements Fleet {

  private final Driver driver;
  private final Secrets secrets;
  private final Scheduler scheduler;
  private final Authorities authorities = new Authorities();

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
        return new JdbcSession(key, connection, scheduler);
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
    encryption(key, credentials.tls(), p);
    p.setProperty("allowLoadLocalInfile", "false");
    p.setProperty("connectionAttributes", "program_name:topiary");
    p.setProperty("useServerPrepStmts", "false");
    return p;
  }

  private void encryption(InstanceKey key, Tls tls, Properties p) throws ServerTrouble {
    p.setProperty("sslMode", tls.mode().name());
    // A key that a server sends is anybody's key: the password goes through TLS, or not at all.
    p.setProperty("allowPublicKeyRetrieval", "false");
    if (!tls.givesPassword()) {
      p.setProperty("defaultAuthenticationPlugin", "mysql_native_password");
    }
    p.setProperty(
        "disabledAuthenticationPlugins",
        tls.givesPassword()
            ? "mysql_clear_password"
            : "mysql_clear_password,sha256_password,caching_sha2_password");
    if (tls.authority().isPresent()) {
      try {
        Path store = authorities.store(tls.authority().get());
        p.setProperty("trustCertificateKeyStoreUrl", store.toUri().toString());
        p.setProperty("trustCertificateKeyStoreType", "PKCS12");
        p.setProperty("trustCertificateKeyStorePassword", Authorities.PASSWORD);
        p.setProperty("fallbackToSystemTrustStore", "false");
      } catch (IOException e) {
        throw new ServerTrouble(
            Condition.DENIED, 0, "no connection to " + key + ": " + e.getMessage(), e);
      }
    }
  }
}
