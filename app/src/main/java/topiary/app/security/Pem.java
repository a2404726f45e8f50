package topiary.app.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import topiary.app.config.BadConfig;

/** Certificates and keys as the text that everybody keeps them in. */
public final class Pem {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END");
  private static final int LINE = 64;

  private Pem() {}

  /** One thing as text. */
  public static String text(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  /**
   * The certificates in a file, in its order; at least one.
   *
   * @throws BadConfig when there is none that can be read
   */
  public static List<X509Certificate> certificates(Path file) throws BadConfig {
    var found = new ArrayList<X509Certificate>();
    try {
      var in = new ByteArrayInputStream(read("certificate", file).getBytes(StandardCharsets.UTF_8));
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        found.add((X509Certificate) one);
      }
    } catch (CertificateException e) {
      throw new BadConfig(file + " holds no certificate in PEM: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new BadConfig(file + " holds no certificate in PEM");
    }
    return found;
  }

  /**
   * The private key in a file.
   *
   * @param algorithm the kind of key its certificate has
   * @throws BadConfig when it cannot be read, or others can
   */
  public static PrivateKey key(Path file, String algorithm) throws BadConfig {
    Matcher key = KEY.matcher(read("private key", file));
    if (!key.find()) {
      throw new BadConfig(file + " holds no private key in PEM");
    }
    refuseShared(file);
    if (!key.group(1).isEmpty()) {
      throw new BadConfig(
          file
              + " holds an "
              + key.group(1)
              + "PRIVATE KEY, which is not read here; rewrite it: openssl pkcs8 -topk8 -nocrypt -in"
              + " "
              + file);
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(key.group(2));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // The cause may quote what it could not read.
      throw new BadConfig(
          file + " holds no private key that fits a certificate with a key of kind " + algorithm);
    }
  }

  private static void refuseShared(Path file) throws BadConfig {
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new BadConfig(
            "everybody on this machine can read the private key in " + file + "; chmod 600 it");
      }
    } catch (IOException e) {
      throw new BadConfig("cannot see who may read the private key in " + file + ": " + e, e);
    }
  }

  private static String read(String what, Path file) throws BadConfig {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new BadConfig("there is no file " + file + " to read a " + what + " from", e);
    } catch (IOException e) {
      throw new BadConfig("cannot read a " + what + " from " + file + ": " + e, e);
    }
  }
}
