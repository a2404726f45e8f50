package topiary.app.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import topiary.app.config.BadConfig;
import topiary.app.config.Edition;
import topiary.app.config.TlsFiles;

/** What was read from a node's files at one moment, and fits together. */
final class Material {

  private static final String UNNAMED = "UNKNOWN";
  private static final int MOST_KNOWN = 1_000;

  private final X509Certificate[] chain;
  private final PrivateKey key;
  private final List<X509Certificate> authorities;
  private final X509ExtendedTrustManager trust;
  private final Map<X509Certificate, Boolean> known = new ConcurrentHashMap<>();

  private Material(X509Certificate[] chain, PrivateKey key, List<X509Certificate> authorities)
      throws BadConfig {
    this.chain = chain;
    this.key = key;
    this.authorities = authorities;
    this.trust = trusting(authorities);
  }

  /**
   * Reads and checks the files.
   *
   * @throws BadConfig when one cannot be read, has expired, or they do not fit together
   */
  static Material read(TlsFiles files, Instant now) throws BadConfig {
    List<X509Certificate> chain = Pem.certificates(files.certificate());
    X509Certificate own = chain.getFirst();
    if (Certificates.authority(own)) {
      throw new BadConfig(
          files.certificate()
              + " is the certificate of an authority, not of a node; "
              + Edition.here().program()
              + " cert node makes"
              + " one");
    }
    inItsTime(own, now, "the certificate in " + files.certificate());
    PrivateKey key = Pem.key(files.key(), own.getPublicKey().getAlgorithm());
    fit(own, key, files.certificate(), files.key());
    List<X509Certificate> authorities = Pem.certificates(files.authority());
    List<X509Certificate> holding =
        authorities.stream().filter(a -> !Certificates.end(a).isBefore(now)).toList();
    if (holding.isEmpty()) {
      inItsTime(authorities.getFirst(), now, "the authority in " + files.authority());
    }
    var material = new Material(chain.toArray(X509Certificate[]::new), key, holding);
    try {
      material.trust.checkServerTrusted(material.chain, UNNAMED);
    } catch (CertificateException e) {
      throw new BadConfig(
          "the certificate in "
              + files.certificate()
              + " is not one that the authority in "
              + files.authority()
              + " has signed for a server: "
              + e.getMessage(),
          e);
    }
    return material;
  }

  private static void inItsTime(X509Certificate certificate, Instant now, String what)
      throws BadConfig {
    if (Certificates.end(certificate).isBefore(now)) {
      throw new BadConfig(
          what
              + " has expired on "
              + Certificates.words(Certificates.end(certificate))
              + "; make a new one with "
              + Edition.here().program()
              + " cert");
    }
    Instant begin = certificate.getNotBefore().toInstant();
    if (begin.isAfter(now)) {
      throw new BadConfig(
          what + " does not hold before " + Certificates.words(begin) + "; is the clock right?");
    }
  }

  /**
   * Says no when a key is not that of a certificate.
   *
   * @param in where the certificate is
   * @param keyIn where the key is
   */
  static void fit(X509Certificate certificate, PrivateKey key, Path in, Path keyIn)
      throws BadConfig {
    String kind =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] words = certificate.getEncoded();
      Signature signing = Signature.getInstance(kind);
      signing.initSign(key);
      signing.update(words);
      byte[] signature = signing.sign();
      signing.initVerify(certificate.getPublicKey());
      signing.update(words);
      if (signing.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new BadConfig("the key in " + keyIn + " cannot be used: " + e.getMessage(), e);
    }
    throw new BadConfig("the key in " + keyIn + " is not that of the certificate in " + in);
  }

  /** Trusts what these have signed, and nothing else. */
  static X509ExtendedTrustManager trusting(List<X509Certificate> authorities) throws BadConfig {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate authority : authorities) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new BadConfig("the certificates of the authorities cannot be used: " + e, e);
    }
  }

  X509Certificate[] chain() {
    return chain.clone();
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> authorities() {
    return authorities;
  }

  X509ExtendedTrustManager trust() {
    return trust;
  }

  /** Whether a client's certificate is one of these authorities' and in its time. */
  boolean accepts(X509Certificate[] of, Instant now) {
    X509Certificate leaf = of[0];
    if (now.isAfter(Certificates.end(leaf)) || authorities.stream().noneMatch(a -> holds(a, now))) {
      return false;
    }
    Optional<Boolean> before = Optional.ofNullable(known.get(leaf));
    if (before.isPresent()) {
      return before.get();
    }
    boolean good = signed(of);
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.put(leaf, good);
    return good;
  }

  private static boolean holds(X509Certificate authority, Instant now) {
    return !now.isAfter(Certificates.end(authority));
  }

  private boolean signed(X509Certificate[] of) {
    try {
      trust.checkClientTrusted(of, UNNAMED);
      return true;
    } catch (CertificateException e) {
      // It was good when the connection began: the authority is another one since.
      return false;
    }
  }
}
