package topiary.engine.mysql;

import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
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

  private final Secrets secrets;
  private final Scheduler scheduler;
  private final Encryption encryption = new Encryption();
  private final Answers answers = new Answers();
  private final IdleConnections idle;

  /** By what the driver is told of encryption: a few, as there are rules for credentials. */
  private final Map<Properties, DriverSettings> settings = new ConcurrentHashMap<>();

  /**
   * A fleet.
   *
   * @param secrets whom to log in as
   * @param scheduler for the time limits, and to watch connections at rest
   */
  public JdbcFleet(Secrets secrets, Scheduler scheduler) {
    this.secrets = secrets;
    this.scheduler = scheduler;
    idle = new IdleConnections(scheduler);
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
        DriverSettings known = settings(key, credentials.get().tls()).within(left);
        Wire wire = Wire.open(key, credentials.get(), known, idle);
        return new JdbcSession(key, wire, scheduler, answers, this::password);
      } catch (IOException | RuntimeException e) {
        SQLException translated = SQLExceptionsMapping.translateException(e, null);
        throw dog.bitten() && !Diagnosis.gaveUp(translated)
            ? Diagnosis.ofDripping(key, translated)
            : Diagnosis.ofOpening(key, credentials.get().user(), translated, deadline);
      }
    }
  }

  @Override
  public Optional<String> replicationUser(InstanceKey source) {
    return secrets.replication(source).map(Secrets.Credentials::user);
  }

  private String password(Password wanted, Deadline deadline) throws ServerTrouble {
    if (wanted.kept().isPresent()) {
      return kept(wanted, wanted.kept().get(), deadline);
    }
    return secrets
        .replication(wanted.source())
        .filter(known -> known.user().equals(wanted.user()))
        .map(Secrets.Credentials::password)
        .orElseThrow(
            () ->
                unknown(
                    wanted,
                    "the rule under \"credentials\" that covers it has no such \"replication\"",
                    null));
  }

  private String kept(Password wanted, Kept kept, Deadline deadline) throws ServerTrouble {
    try (Session session = open(kept.server(), deadline)) {
      String word =
          session
              .ask(kept.query(), deadline)
              .first()
              .map(row -> row.getOrDefault("password", ""))
              .orElse("");
      if (word.isEmpty()) {
        throw unknown(wanted, kept.server() + " keeps none", null);
      }
      return word;
    } catch (ServerTrouble trouble) {
      throw unknown(wanted, trouble.getMessage(), trouble);
    }
  }

  private static ServerTrouble unknown(Password wanted, String why, ServerTrouble cause) {
    return new ServerTrouble(
        // The server that is to be told is well.
        Condition.SEEN,
        0,
        "the password that "
            + wanted.user()
            + " logs in with at "
            + wanted.source()
            + " is not to be had: "
            + why,
        cause);
  }

  private DriverSettings settings(InstanceKey key, Tls tls) throws ServerTrouble {
    var p = new Properties();
    try {
      encryption.ask(tls, p);
    } catch (IOException e) {
      throw new ServerTrouble(
          Condition.DENIED, 0, "no connection to " + key + ": " + e.getMessage(), e);
    }
    DriverSettings known = settings.get(p);
    if (known == null) {
      known = DriverSettings.of(all(p));
      settings.put(p, known);
    }
    return known;
  }

  private static Properties all(Properties encryption) {
    var p = new Properties();
    p.putAll(encryption);
    p.setProperty("allowLoadLocalInfile", "false");
    p.setProperty("connectionAttributes", "program_name:topiary");
    // What the driver would find out of each server, and set.
    p.setProperty("characterEncoding", "UTF-8");
    p.setProperty("characterSetResults", "UTF-8");
    p.setProperty("useInformationSchema", "true");
    // Reading ahead is done here.
    p.setProperty("useReadAheadInput", "false");
    p.setProperty("useUnbufferedInput", "true");
    p.setProperty("jdbcCompliantTruncation", "false");
    // Nobody asks how long ago it was that something was sent.
    p.setProperty("maintainTimeStats", "false");
    return p;
  }
}
