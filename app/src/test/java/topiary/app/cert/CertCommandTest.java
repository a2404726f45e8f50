package topiary.app.cert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Certs;
import topiary.app.cli.Exit;
import topiary.app.config.BadConfig;
import topiary.app.face.Role;
import topiary.app.security.Certificates;
import topiary.app.security.Pem;

/** What the command makes, and what it refuses. */
final class CertCommandTest {

  @TempDir Path temp;
  private Certs certs;

  @BeforeEach
  void authority() {
    certs = new Certs(temp.resolve("made"));
    certs.make("authority");
  }

  private X509Certificate one(String name) throws BadConfig {
    return Pem.certificates(certs.certificate(name)).getFirst();
  }

  @Test
  void nodesArePeersAndPersonsOnlyAsk() throws Exception {
    certs.make("node", "n1", "--host", "db1.example", "--host", "10.0.0.5", "--host", "::1");
    certs.make("person", "ann");
    certs.make("person", "bob", "--read-only");
    X509Certificate authority = one("ca");
    assertTrue(Certificates.authority(authority));
    for (String name : List.of("n1", "ann", "bob")) {
      one(name).verify(authority.getPublicKey());
      assertEquals(name, Certificates.name(one(name)));
      assertFalse(Certificates.authority(one(name)));
      assertEquals("EC", Pem.key(certs.key(name), "EC").getAlgorithm());
    }
    assertEquals(Optional.of(Role.NODE), Certificates.role(one("n1")));
    assertEquals(Optional.of(Role.OPERATOR), Certificates.role(one("ann")));
    assertEquals(Optional.of(Role.READER), Certificates.role(one("bob")));
    assertEquals(
        List.of("db1.example", "10.0.0.5", "0:0:0:0:0:0:0:1"), Certificates.hosts(one("n1")));
    assertEquals(
        List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), one("n1").getExtendedKeyUsage());
    assertEquals(List.of("1.3.6.1.5.5.7.3.2"), one("ann").getExtendedKeyUsage());
  }

  @Test
  void keysAreForTheirOwnerOnly() throws Exception {
    certs.make("node", "n1", "--host", "h");
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(certs.folder())));
    for (String name : List.of("ca", "n1")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(certs.key(name))));
    }
    try (Stream<Path> files = Files.list(certs.folder())) {
      assertEquals(
          List.of("ca.crt", "ca.key", "n1.crt", "n1.key"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void nothingIsReplacedUnasked() throws IOException {
    certs.make("node", "n1", "--host", "h");
    byte[] before = Files.readAllBytes(certs.certificate("n1"));
    byte[] authority = Files.readAllBytes(certs.authority());
    Certs.Ended again = certs.tried("node", "n1", "--host", "h");
    assertEquals(Exit.FAILED, again.exit());
    assertTrue(again.err().contains("n1.crt is there already; say --replace"), again.err());
    assertEquals(Exit.FAILED, certs.tried("authority").exit());
    assertArrayEquals(before, Files.readAllBytes(certs.certificate("n1")));
    assertArrayEquals(authority, Files.readAllBytes(certs.authority()));
  }

  @Test
  void signedAgainItKeepsItsHosts() throws Exception {
    certs.make("node", "n1", "--host", "db1.example", "--host", "10.0.0.5", "--host", "::1");
    X509Certificate before = one("n1");
    certs.make("node", "n1", "--replace", "--days", "10");
    assertEquals(Certificates.hosts(before), Certificates.hosts(one("n1")));
    assertFalse(before.getPublicKey().equals(one("n1").getPublicKey()));
    one("n1").verify(one("ca").getPublicKey());
  }

  @Test
  void nobodyOutlivesTheAuthority() throws Exception {
    certs.make("authority", "--replace", "--days", "3");
    certs.make("person", "ann", "--days", "30");
    assertEquals(Certificates.end(one("ca")), Certificates.end(one("ann")));
  }

  @Test
  void itSaysWhatOneIs() {
    certs.make("node", "n1", "--host", "db1.example", "--days", "30");
    certs.make("person", "bob", "--read-only");
    String node = Certs.run(List.of("show", certs.certificate("n1").toString())).out();
    assertTrue(
        node.startsWith(
            "This is the certificate of n1, a node, made out to db1.example, signed by "),
        node);
    assertTrue(node.contains("days from now."), node);
    String bob = Certs.run(List.of("show", certs.certificate("bob").toString())).out();
    assertTrue(bob.contains("bob, who may only read, signed by"), bob);
    String authority = Certs.run(List.of("show", certs.authority().toString())).out();
    assertTrue(authority.startsWith("This is the authority \"Topiary authority "), authority);
  }

  @Test
  void whatIsWrongIsSaid() {
    String folder = certs.folder().toString();
    refused(Exit.USAGE, "needs a NAME", "node", "--folder", folder, "--host", "h");
    refused(Exit.USAGE, "needs --host", "node", "n1", "--folder", folder);
    refused(Exit.USAGE, "needs --folder", "node", "n1", "--host", "h");
    refused(Exit.USAGE, "a name is of letters", "person", "../x", "--folder", folder);
    refused(Exit.USAGE, "what the authority is called", "person", "ca", "--folder", folder);
    refused(Exit.USAGE, "--days takes", "person", "x", "--folder", folder, "--days", "0");
    refused(Exit.USAGE, "no option --colour", "person", "x", "--colour");
    refused(Exit.USAGE, "there is no \"cert bear\"", "bear");
    refused(Exit.USAGE, "cert makes");
    refused(Exit.FAILED, "neither the name", "node", "n", "--folder", folder, "--host", "a b");
    refused(Exit.FAILED, "is no address", "node", "n", "--folder", folder, "--host", "1.2.3.400");
    refused(Exit.FAILED, "there is no file", "person", "x", "--folder", temp + "/none");
    refused(Exit.FAILED, "no certificate", "show", certs.key("ca").toString());
  }

  private static void refused(Exit exit, String words, String... args) {
    Certs.Ended ended = Certs.run(List.of(args));
    assertEquals(exit, ended.exit(), ended.toString());
    assertTrue(ended.err().contains(words), ended.err());
  }
}
