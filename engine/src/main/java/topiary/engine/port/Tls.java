package topiary.engine.port;

import java.nio.file.Path;
import java.util.Optional;
import topiary.engine.policy.TlsMode;

/**
 * How a connection to a server is encrypted, and what is checked of the server.
 *
 * @param mode what is asked for
 * @param authority a PEM file with the certificates that may have signed the server's; without one
 *     those that Java knows count
 */
public record Tls(TlsMode mode, Optional<Path> authority) {

  /** Encrypted when the server offers it. */
  public static final Tls PREFERRED = new Tls(TlsMode.PREFERRED, Optional.empty());

  /** Encrypted, or not at all. */
  public static final Tls REQUIRED = new Tls(TlsMode.REQUIRED, Optional.empty());

  /**
   * Whether the password itself may be given to the server, as MySQL's usual way of logging in
   * demands: only where somebody has said what encryption has to be.
   */
  public boolean givesPassword() {
    return mode != TlsMode.PREFERRED;
  }
}
