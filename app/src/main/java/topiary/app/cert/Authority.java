package topiary.app.cert;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import topiary.app.config.BadConfig;
import topiary.app.face.Role;
import topiary.app.security.Certificates;
import topiary.app.security.Pem;

/** An authority of Topiary's own: whom it has signed belongs to the cluster, and nobody else. */
final class Authority {

  /** What its files are called. */
  static final String NAME = "ca";

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final String CURVE = "secp256r1";

  /** Clocks of machines differ; what was made just now must hold there as well. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 127;
  private static final int MARK_BYTES = 4;

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final SecureRandom random = new SecureRandom();

  private Authority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * Whom a certificate is for.
   *
   * @param name what they are called
   * @param role what they may do
   * @param hosts the names and addresses they are reached by; empty when they are not reached
   */
  record Subject(String name, Role role, List<Host> hosts) {}

  /** Makes one, and writes it. */
  static X509Certificate make(CertificateFiles files, Instant now, Duration time) throws BadConfig {
    var random = new SecureRandom();
    byte[] mark = new byte[MARK_BYTES];
    random.nextBytes(mark);
    // Two authorities with one name would be taken for each other when one follows the other.
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Topiary")
            .addRDN(BCStyle.CN, "Topiary authority " + HexFormat.of().formatHex(mark))
            .build();
    KeyPair pair = pair();
    try {
      var extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          builder(name, name, pair.getPublic(), random, now, now.plus(time));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(pair.getPublic()));
      X509Certificate made = signed(builder, pair.getPrivate());
      files.write(made.getEncoded(), pair.getPrivate().getEncoded());
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new BadConfig("the authority cannot be made: " + e, e);
    }
  }

  /**
   * The authority in a folder.
   *
   * @throws BadConfig when there is none, or it does not hold any more
   */
  static Authority in(Path folder, Instant now) throws BadConfig {
    CertificateFiles files = CertificateFiles.of(folder, NAME);
    X509Certificate certificate = Pem.certificates(files.certificate()).getFirst();
    if (!Certificates.authority(certificate)) {
      throw new BadConfig(files.certificate() + " is not the certificate of an authority");
    }
    if (Certificates.end(certificate).isBefore(now)) {
      throw new BadConfig(
          "the authority in "
              + files.certificate()
              + " has expired on "
              + Certificates.words(Certificates.end(certificate)));
    }
    PrivateKey key = Pem.key(files.key(), certificate.getPublicKey().getAlgorithm());
    return new Authority(certificate, key);
  }

  /** Signs a new key for somebody, and writes both; never for longer than it holds itself. */
  X509Certificate sign(Subject subject, CertificateFiles files, Instant now, Duration time)
      throws BadConfig {
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Topiary")
            .addRDN(BCStyle.OU, subject.role().word())
            .addRDN(BCStyle.CN, subject.name())
            .build();
    Instant own = Certificates.end(certificate);
    Instant end = now.plus(time).isAfter(own) ? own : now.plus(time);
    KeyPair pair = pair();
    try {
      var extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          builder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              name,
              pair.getPublic(),
              random,
              now,
              end);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, purposes(subject.role()));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(pair.getPublic()));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      if (!subject.hosts().isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                subject.hosts().stream().map(Authority::name).toArray(GeneralName[]::new)));
      }
      X509Certificate made = signed(builder, key);
      made.verify(certificate.getPublicKey());
      files.write(made.getEncoded(), pair.getPrivate().getEncoded());
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new BadConfig("the certificate cannot be made: " + e, e);
    }
  }

  private static ExtendedKeyUsage purposes(Role role) {
    return role == Role.NODE
        ? new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth})
        : new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
  }

  private static GeneralName name(Host host) {
    return new GeneralName(
        host.address() ? GeneralName.iPAddress : GeneralName.dNSName, host.text());
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      PublicKey key,
      SecureRandom random,
      Instant now,
      Instant end) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
        Date.from(now.minus(CLOCKS)),
        Date.from(end),
        subject,
        key);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey with)
      throws CertificateException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(with)));
    } catch (OperatorCreationException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  private static KeyPair pair() throws BadConfig {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new BadConfig("this Java makes no keys on the curve " + CURVE + ": " + e, e);
    }
  }
}
