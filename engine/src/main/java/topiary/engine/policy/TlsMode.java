package topiary.engine.policy;

import java.util.Locale;
import java.util.stream.Stream;

/** What encryption of a connection is asked for; MySQL's own clients use the same words. */
public enum TlsMode {
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
  public static TlsMode of(String word) {
    return Stream.of(values())
        .filter(mode -> mode.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "takes as \"tls\" one of " + Stream.of(values()).map(TlsMode::word).toList()));
  }

  /** As it is written in a file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
