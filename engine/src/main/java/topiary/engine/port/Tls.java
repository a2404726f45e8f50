package topiary.engine.port;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a connection to a server is encrypted, and what is checked of the server.
 *
 * @param mode what is asked for
 * @param authority a PEM file with the certificates that may have signed the server's; without one
 *     those that Java knows count
 */
public record Tls(Mode mode, Optional<Path> authority) {

  /** Encrypted when the server offers it. */
  public static final Tls PREFERRED = new Tls(Mode.PREFERRED, Optional.empty());

  /** Encrypted, or not at all. */
  public static final Tls REQUIRED = new Tls(Mode.REQUIRED, Optional.empty());

  /** What is asked for; MySQL's own clients use the same words. */
  public enum Mode {
    /** Encrypted when the server offers it, unchecked. */
    PREFERRED,
    /** Encrypted, unchecked: whoever answers may be anybody. */
    REQUIRED,
    /** Encrypted, with a certificate that an authority has signed. */
    VERIFY_CA,
    /** And that is made out to the host's name. */
    VERIFY_IDENTITY;

    /**
     * Reads {@link #word}.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Mode of(String word) {
      return Stream.of(values())
          .filter(mode -> mode.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "takes as \"tls\" one of " + Stream.of(values()).map(Mode::word).toList()));
    }

    /** As it is written in a file. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Whether the password itself may be given to the server, as MySQL's usual way of logging in
   * demands: only where somebody has said what encryption has to be.
   */
  public boolean givesPassword() {
    return mode != Mode.PREFERRED;
  }
}
