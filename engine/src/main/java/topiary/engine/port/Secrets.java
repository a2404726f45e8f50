package topiary.engine.port;

import java.util.Optional;
import topiary.engine.model.InstanceKey;

/** Where passwords come from. */
public interface Secrets {

  /** Whom to log in as on a server; empty when no rule covers it. */
  Optional<Credentials> credentials(InstanceKey key);

  /**
   * Reads the sources anew, after a server refused what was known.
   *
   * @return whether the credentials for this server are others now
   */
  boolean renew(InstanceKey key);

  /** Whom replicas log in as on a server; empty when no rule says. */
  default Optional<Credentials> replication(InstanceKey source) {
    return Optional.empty();
  }

  /**
   * A user and a password; the password is never printed.
   *
   * @param user the user
   * @param password the password
   * @param tls how the connection is encrypted
   */
  record Credentials(String user, String password, Tls tls) {
    @Override
    public String toString() {
      return user + ":<secret>";
    }
  }
}
