package topiary.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whom mail is sent to of what is found, and by which server.
 *
 * @param host the server
 * @param port where it listens
 * @param encryption how the connection to it is encrypted
 * @param from the sender's address
 * @param to the addresses it goes to, one at least
 * @param account whom to log in as; empty for nobody
 * @param authority the file of the authority that has signed the server's certificate; empty for
 *     those that Java trusts
 */
public record MailConfig(
    String host,
    int port,
    Encryption encryption,
    String from,
    List<String> to,
    Optional<CredentialRule.Account> account,
    Optional<Path> authority) {

  /** How a connection to a mail server is encrypted. */
  public enum Encryption {
    /** Not at all. */
    NONE,

    /** Once both have said hello; no mail is sent when the server does not. */
    START_TLS,

    /** From its first byte on. */
    TLS
  }

  public MailConfig {
    to = List.copyOf(to);
  }
}
