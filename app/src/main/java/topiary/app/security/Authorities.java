package topiary.app.security;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import topiary.app.config.BadConfig;

/** Whom others are trusted by. */
public final class Authorities {

  private Authorities() {}

  /**
   * Trusts what the authorities in a file have signed, and nothing else.
   *
   * @param file their certificates, as PEM
   * @throws BadConfig when it cannot be used
   */
  public static SSLContext in(Path file) throws BadConfig {
    return ReloadingKeys.context(null, Material.trusting(Pem.certificates(file)));
  }
}
