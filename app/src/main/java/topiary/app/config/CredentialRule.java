package topiary.app.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.engine.port.Tls;

/**
 * Whom to log in as on some servers.
 *
 * @param match which: a pattern with {@code *} and {@code ?}, tried on {@code host:port} and on the
 *     address of the head of the server's cluster
 * @param user the user
 * @param password where the password stands
 * @param tls how the connections are encrypted
 * @param replication whom replicas log in as there; empty when that is not said
 */
public record CredentialRule(
    String match, String user, Source password, Tls tls, Optional<Account> replication) {

  /** Encrypted where a server offers it. */
  public CredentialRule(String match, String user, Source password) {
    this(match, user, password, Tls.PREFERRED);
  }

  /** Nothing is said of replicas. */
  public CredentialRule(String match, String user, Source password, Tls tls) {
    this(match, user, password, tls, Optional.empty());
  }

  /** The same, and whom replicas log in as. */
  public CredentialRule replicating(Account account) {
    return new CredentialRule(match, user, password, tls, Optional.of(account));
  }

  /**
   * Somebody who logs in.
   *
   * @param user the user
   * @param password where the password stands
   */
  public record Account(String user, Source password) {}

  /** Where a secret stands. */
  public sealed interface Source {

    /**
     * In a file of its own: its first line.
     *
     * @param path the file
     */
    record InFile(Path path) implements Source {}

    /**
     * In an environment variable.
     *
     * @param name the variable
     */
    record InEnvironment(String name) implements Source {}

    /**
     * In memory, as somebody has typed it; never printed.
     *
     * @param word the password
     */
    record InMemory(String word) implements Source {
      @Override
      public String toString() {
        return "<secret>";
      }
    }
  }

  /** Whether the pattern fits a text as a whole. */
  public boolean fits(String text) {
    String regex = Pattern.quote(match).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(text).matches();
  }
}
