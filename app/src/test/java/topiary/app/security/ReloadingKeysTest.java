package topiary.app.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Certs;
import topiary.app.config.BadConfig;
import topiary.app.config.TlsFiles;
import topiary.app.face.Role;

/** Keys that follow their files, seen in real handshakes. */
final class ReloadingKeysTest {

  @TempDir Path temp;
  private Certs certs;
  private Instant now = Instant.now();
  private final InstantSource clock = () -> now;

  @BeforeEach
  void make() {
    certs = Certs.in(temp.resolve("made"));
    certs.make("person", "ann");
  }

  private ReloadingKeys keys(String name) throws BadConfig {
    return new ReloadingKeys(certs.files(name), clock);
  }

  /** What two contexts that meet see of each other: the server's certificate and the client's. */
  private static List<X509Certificate> meet(SSLContext server, SSLContext client)
      throws IOException {
    try (var listening =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      listening.setSoTimeout(10_000);
      var seen =
          CompletableFuture.supplyAsync(
              () -> {
                try (var in = (SSLSocket) listening.accept()) {
                  in.setSoTimeout(10_000);
                  in.getInputStream().read();
                  in.getOutputStream().write(1);
                  return (X509Certificate) in.getSession().getPeerCertificates()[0];
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      // Closed before the other is asked: each side's end waits for that of the other.
      X509Certificate theirs = greet(client, listening.getLocalPort());
      return List.of(theirs, seen.join());
    }
  }

  private static X509Certificate greet(SSLContext client, int port) throws IOException {
    try (var out = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
      out.setSoTimeout(10_000);
      SSLParameters checked = out.getSSLParameters();
      checked.setEndpointIdentificationAlgorithm("HTTPS");
      out.setSSLParameters(checked);
      out.getOutputStream().write(1);
      if (out.getInputStream().read() != 1) {
        throw new SSLException("closed");
      }
      return (X509Certificate) out.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void contextsFollowTheFiles() throws Exception {
    certs.node("n2", "127.0.0.1");
    ReloadingKeys one = keys("n1");
    ReloadingKeys two = keys("n2");
    SSLContext server = one.context();
    SSLContext client = two.context();
    List<X509Certificate> before = meet(server, client);
    assertEquals(List.of(one.certificate(), two.certificate()), before);

    certs.node("n1", "127.0.0.1");
    certs.node("n2", "127.0.0.1");
    one.refresh();
    two.refresh();
    // A context keeps sessions; a handshake without one shows what would be shown to others.
    List<X509Certificate> after = meet(server, keys("n2").context());
    assertEquals(one.certificate(), after.get(0));
    assertNotEquals(before.get(0), after.get(0));
    after = meet(keys("n1").context(), client);
    assertEquals(two.certificate(), after.get(1));
    assertNotEquals(before.get(1), after.get(1));
    assertEquals(List.of(), one.warnings());
  }

  @Test
  void whatIsBrokenKeepsTheOld() throws Exception {
    ReloadingKeys keys = keys("n1");
    X509Certificate before = keys.certificate();
    Files.writeString(certs.certificate("n1"), "nonsense");
    keys.refresh();
    assertEquals(before, keys.certificate());
    assertTrue(
        keys.warnings().getFirst().startsWith("the certificate of before is still used: "),
        keys.warnings().toString());
    assertEquals(before, meet(keys.context(), keys.context()).getFirst());
    Files.delete(certs.certificate("n1"));
    keys.refresh();
    assertTrue(keys.warnings().getFirst().contains("there is no file"));

    certs.node("n1", "127.0.0.1");
    keys.refresh();
    assertEquals(List.of(), keys.warnings());
    assertNotEquals(before, keys.certificate());
  }

  @Test
  void anotherAuthorityIsNotBelieved() throws Exception {
    Certs others = Certs.in(temp.resolve("others"));
    SSLContext foreign = new ReloadingKeys(others.files("n1"), clock).context();
    assertThrows(IOException.class, () -> meet(keys("n1").context(), foreign));
    assertThrows(IOException.class, () -> meet(foreign, keys("n1").context()));
  }

  @Test
  void anotherNameIsNotBelieved() throws Exception {
    certs.node("n2", "db2.example");
    var refused =
        assertThrows(SSLException.class, () -> meet(keys("n2").context(), keys("n1").context()));
    assertTrue(refused.getMessage().contains("127.0.0.1"), refused.getMessage());
  }

  @Test
  void aChangeOfAuthoritiesEndsWhatTheOldOneSigned() throws Exception {
    ReloadingKeys keys = keys("n1");
    X509Certificate[] ann = {Pem.certificates(certs.certificate("ann")).getFirst()};
    assertEquals(Optional.of(Role.OPERATOR), keys.role(ann));
    certs.make("authority", "--replace");
    certs.node("n1", "127.0.0.1");
    keys.refresh();
    assertEquals(List.of(), keys.warnings());
    assertEquals(Optional.empty(), keys.role(ann));
  }

  @Test
  void rolesEndWithTheirCertificates() throws Exception {
    ReloadingKeys keys = keys("n1");
    X509Certificate[] ann = {Pem.certificates(certs.certificate("ann")).getFirst()};
    assertEquals(Optional.of(Role.OPERATOR), keys.role(ann));
    now = now.plus(Duration.ofDays(366));
    assertEquals(Optional.empty(), keys.role(ann));
  }

  @Test
  void onlyNodesAreNodes() throws Exception {
    ReloadingKeys keys = keys("n1");
    X509Certificate[] ann = {Pem.certificates(certs.certificate("ann")).getFirst()};
    keys.trustManager().checkClientTrusted(ann, "EC");
    var refused =
        assertThrows(
            CertificateException.class, () -> keys.nodeTrust().checkClientTrusted(ann, "EC"));
    assertEquals("the certificate of ann is not that of a node", refused.getMessage());
    keys.nodeTrust().checkClientTrusted(new X509Certificate[] {keys.certificate()}, "EC");
    assertThrows(
        CertificateException.class, () -> keys.trustManager().checkServerTrusted(ann, "EC"));
  }

  @Test
  void theEndIsSaidBefore() throws Exception {
    ReloadingKeys keys = keys("n1");
    now = now.plus(Duration.ofDays(350));
    assertEquals(List.of(), keys.warnings());
    now = now.plus(Duration.ofDays(3));
    assertTrue(keys.warnings().getFirst().contains(" ends on "), keys.warnings().toString());
    now = now.plus(Duration.ofDays(14));
    assertTrue(keys.warnings().getFirst().contains(" has expired on "));
    var refused = assertThrows(BadConfig.class, () -> keys("n1"));
    assertTrue(refused.getMessage().contains("has expired on"), refused.getMessage());
  }

  @Test
  void filesThatDoNotFitAreRefused() throws Exception {
    certs.node("n2", "127.0.0.1");
    refused(
        new TlsFiles(certs.certificate("n1"), certs.key("n2"), certs.authority()),
        "is not that of the certificate in");
    refused(
        new TlsFiles(certs.certificate("ann"), certs.key("ann"), certs.authority()),
        "has signed for a server");
    refused(
        new TlsFiles(certs.authority(), certs.key("ca"), certs.authority()),
        "is the certificate of an authority");
    refused(
        new TlsFiles(certs.certificate("n1"), certs.key("n1"), certs.certificate("n2")),
        "has signed for a server");
    refused(
        new TlsFiles(certs.certificate("n1"), certs.certificate("n1"), certs.authority()),
        "holds no private key in PEM");
    refused(
        new TlsFiles(temp.resolve("none"), certs.key("n1"), certs.authority()), "there is no file");
    Path old = temp.resolve("old.key");
    Files.writeString(old, Files.readString(certs.key("n1")).replace("PRIVATE", "EC PRIVATE"));
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
    refused(new TlsFiles(certs.certificate("n1"), old, certs.authority()), "openssl pkcs8");
    Files.setPosixFilePermissions(certs.key("n1"), PosixFilePermissions.fromString("rw-r--r--"));
    refused(certs.files("n1"), "everybody on this machine can read the private key in");
    now = now.minus(Duration.ofDays(1));
    refused(certs.files("n2"), "does not hold before");
  }

  private void refused(TlsFiles files, String words) {
    var no = assertThrows(BadConfig.class, () -> new ReloadingKeys(files, clock));
    assertTrue(no.getMessage().contains(words), no.getMessage());
  }
}
