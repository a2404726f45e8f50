package topiary.app.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import topiary.app.face.Role;

/** What a certificate says. */
public final class Certificates {

  /** The kinds of names that are hosts: DNS names and addresses, by RFC 5280. */
  private static final List<Integer> HOSTS = List.of(2, 7);

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Certificates() {}

  /** Whom it is made out to: its common name, or all of the subject when it has none. */
  public static String name(X509Certificate certificate) {
    List<String> names = parts(certificate, "CN");
    return names.isEmpty()
        ? certificate.getSubjectX500Principal().getName()
        : String.valueOf(names.getFirst());
  }

  /** The role its organizational unit is the name of; empty when that is none, or several. */
  public static Optional<Role> role(X509Certificate certificate) {
    List<Role> roles =
        parts(certificate, "OU").stream()
            .flatMap(ou -> Role.named(ou).stream())
            .distinct()
            .toList();
    return roles.size() == 1 ? Optional.of(roles.getFirst()) : Optional.empty();
  }

  /** The DNS names and addresses it is made out to, in lower case. */
  public static List<String> hosts(X509Certificate certificate) {
    var hosts = new ArrayList<String>();
    try {
      var names = certificate.getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if (HOSTS.contains(name.get(0))) {
          hosts.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException("the names in a certificate cannot be read", e);
    }
    return hosts;
  }

  /** Whether it is one that signs others. */
  public static boolean authority(X509Certificate certificate) {
    return certificate.getBasicConstraints() >= 0;
  }

  /** Until when it holds. */
  public static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /** A moment for people. */
  public static String words(Instant moment) {
    return DAY.format(moment);
  }

  private static List<String> parts(X509Certificate certificate, String type) {
    var parts = new ArrayList<String>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        var values = rdn.toAttributes().get(type);
        for (int i = 0; values != null && i < values.size(); i++) {
          parts.add(String.valueOf(values.get(i)));
        }
      }
    } catch (NamingException e) {
      throw new IllegalArgumentException("the subject of a certificate cannot be read", e);
    }
    return parts;
  }
}
