package topiary.engine.plan;

import java.util.Optional;
import topiary.engine.model.Channel;
import topiary.engine.model.InstanceKey;

/**
 * Whom a server that gets its first source logs in as there. It tells where the password is, and
 * never the password.
 *
 * @param user whom as
 * @param kept the replica that keeps the password in a table, where it is read once it is needed;
 *     empty when the operator has given it
 * @param tls whether it connects with TLS
 * @param encryption how
 */
public record Login(String user, Optional<Kept> kept, boolean tls, Channel.Encryption encryption) {

  /** Stands for the password wherever the statement is shown. */
  public static final String SECRET = "<secret>";

  /**
   * A password in a replica's own table.
   *
   * @param replica whose
   * @param channel of this channel
   */
  public record Kept(InstanceKey replica, String channel) {}
}
