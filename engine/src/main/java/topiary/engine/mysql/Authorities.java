package topiary.engine.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Certificates from PEM files, in the form that the driver takes. A file that has changed is read
 * anew. Nothing here is secret.
 */
final class Authorities {

  /** The driver wants one, though nothing is hidden behind it. */
  static final String PASSWORD = "certificates";

  private final Map<Path, Store> stores = new ConcurrentHashMap<>();

  private record Store(FileTime from, Path file) {}

  /**
   * A store with a file's certificates.
   *
   * @throws IOException with a sentence when it cannot be read or holds none
   */
  Path store(Path pem) throws IOException {
    FileTime from;
    try {
      from = Files.getLastModifiedTime(pem);
    } catch (IOException e) {
      throw new IOException("the certificates in " + pem + " cannot be read: " + e, e);
    }
    Store known = stores.get(pem);
    if (known == null || !known.from.equals(from) || !Files.exists(known.file)) {
      known = new Store(from, made(pem));
      stores.put(pem, known);
    }
    return known.file;
  }

  private static Path made(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException(pem + " holds no certificate");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : found) {
        store.setCertificateEntry("authority" + number++, certificate);
      }
      Path file = Files.createTempFile("topiary-authorities", ".p12");
      file.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
      return file;
    } catch (GeneralSecurityException e) {
      throw new IOException(pem + " cannot be read as certificates: " + e.getMessage(), e);
    }
  }
}
