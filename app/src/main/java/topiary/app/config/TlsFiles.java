package topiary.app.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The PEM files a node shows who it is with, and by which it knows others.
 *
 * @param certificate the node's own, those that lead to its authority behind it
 * @param key the certificate's private key, PKCS#8, not encrypted
 * @param authority the certificates of the authorities whose word counts, one or more
 */
public record TlsFiles(Path certificate, Path key, Path authority) {

  /** All of them. */
  public List<Path> all() {
    return List.of(certificate, key, authority);
  }
}
