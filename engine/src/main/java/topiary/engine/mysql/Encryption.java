package topiary.engine.mysql;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import topiary.engine.port.Tls;

/**
 * How the driver is told what encryption has to be, and in which ways a password may be given.
 * Thread-safe.
 */
public final class Encryption {

  private final Authorities authorities = new Authorities();

  /**
   * Adds what the driver is to be asked for.
   *
   * @throws IOException with a sentence when the authority's file cannot be used
   */
  public void ask(Tls tls, Properties p) throws IOException {
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
      Path store = authorities.store(tls.authority().get());
      p.setProperty("trustCertificateKeyStoreUrl", store.toUri().toString());
      p.setProperty("trustCertificateKeyStoreType", "PKCS12");
      p.setProperty("trustCertificateKeyStorePassword", Authorities.PASSWORD);
      p.setProperty("fallbackToSystemTrustStore", "false");
    }
  }
}
