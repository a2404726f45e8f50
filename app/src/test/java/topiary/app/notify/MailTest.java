package topiary.app.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.app.Certs;
import topiary.app.config.CredentialRule;
import topiary.app.config.CredentialRule.Account;
import topiary.app.config.MailConfig;
import topiary.app.config.MailConfig.Encryption;
import topiary.app.json.Json;
import topiary.app.security.ReloadingKeys;

/** Mail to a real server of its own. */
class MailTest {

  private static final String PASSWORD = "geheim-word";

  @TempDir private Path folder;

  private static final Map<String, Object> TOLD =
      Map.of(
          "text",
          "p:3306: DeadMaster, the primary is dead – ünd more\n.a line that begins with a dot",
          "events",
          List.of(
              Map.of(
                  "event",
                  "begin",
                  "instance",
                  "p:3306",
                  "code",
                  "DeadMaster",
                  "since",
                  "2026-11-28T03:00:00Z",
                  "evidence",
                  List.of(Map.of("instance", "r:3306", "words", "cannot connect"))),
              Map.of("event", "end", "instance", "q:3306", "code", "DeadMaster")));

  private static MailConfig config(int port, Encryption encryption, Optional<Account> account) {
    return new MailConfig(
        "127.0.0.1",
        port,
        encryption,
        "topiary@db.example",
        List.of("dba@db.example", "ops@db.example"),
        account,
        Optional.empty());
  }

  private static MailConfig trusting(Path authority, MailConfig config) {
    return new MailConfig(
        config.host(),
        config.port(),
        config.encryption(),
        config.from(),
        config.to(),
        config.account(),
        Optional.of(authority));
  }

  private static MailConfig plain(int port) {
    return config(port, Encryption.NONE, Optional.empty());
  }

  private static Optional<Account> account() {
    return Optional.of(new Account("topiary", new CredentialRule.Source.InMemory(PASSWORD)));
  }

  private static void send(MailConfig config) throws IOException {
    new Mail(config).take(Json.bytes(TOLD));
  }

  private static String refused(MailConfig config) {
    String why = assertThrows(IOException.class, () -> send(config)).getMessage();
    assertFalse(why.contains(PASSWORD), why);
    return why;
  }

  @Test
  void aMailSaysWhatIsFoundAndWhatItRestsOn() throws Exception {
    try (var server = new SmtpServer(Map.of())) {
      send(plain(server.port()));
      SmtpServer.Letter letter = server.letter();
      assertEquals("<topiary@db.example>", letter.from());
      assertEquals(List.of("<dba@db.example>", "<ops@db.example>"), letter.to());
      assertEquals("Topiary: p:3306 DeadMaster, and 1 more", letter.header("Subject"));
      assertEquals("topiary@db.example", letter.header("From"));
      assertEquals("dba@db.example, ops@db.example", letter.header("To"));
      assertEquals("auto-generated", letter.header("Auto-Submitted"));
      assertEquals(
          TOLD.get("text")
              + "\n\np:3306, DeadMaster, since 2026-11-28T03:00:00Z:\n  r:3306 cannot connect\n",
          letter.text());
    }
  }

  @Test
  void whoLogsInIsKnownByThePasswordOfNow() throws Exception {
    try (var server = new SmtpServer(Map.of("EHLO", "250-here\r\n250 AUTH PLAIN"))) {
      send(config(server.port(), Encryption.NONE, account()));
      server.letter();
      String auth =
          server.said().stream().filter(s -> s.startsWith("AUTH PLAIN ")).findFirst().orElseThrow();
      String word = new String(Base64.getDecoder().decode(auth.substring(11)), UTF_8);
      assertTrue(word.endsWith("\0topiary\0" + PASSWORD), "another user or password");
    }
    try (var server =
        new SmtpServer(
            Map.of("EHLO", "250-here\r\n250 AUTH PLAIN", "AUTH", "535 no " + PASSWORD))) {
      assertEquals(
          "127.0.0.1 refuses the user or its password",
          refused(config(server.port(), Encryption.NONE, account())));
    }
  }

  @Test
  void whatIsRefusedIsSaidInASentenceAndWithoutTheServersWords() throws Exception {
    for (Map.Entry<String, String> refusal :
        Map.of(
                "MAIL", "127.0.0.1 refuses the sender, by 550",
                "RCPT", "127.0.0.1 refuses a recipient, by 550",
                "DATA", "127.0.0.1 answers 550",
                "EHLO HELO", "127.0.0.1 does not answer as a mail server does")
            .entrySet()) {
      var answers = new HashMap<String, String>();
      for (String command : refusal.getKey().split(" ")) {
        answers.put(command, "550 " + PASSWORD);
      }
      try (var server = new SmtpServer(answers)) {
        assertEquals(refusal.getValue(), refused(plain(server.port())));
      }
    }
  }

  @Test
  void nothingIsSentUnencryptedThatIsToBeEncrypted() throws Exception {
    try (var server = new SmtpServer(Map.of("EHLO", "250-here\r\n250 AUTH PLAIN"))) {
      assertEquals(
          "127.0.0.1 does not take STARTTLS, without which \"startTls\" has nothing sent",
          refused(config(server.port(), Encryption.START_TLS, account())));
      assertEquals(
          "127.0.0.1 speaks no TLS", refused(config(server.port(), Encryption.TLS, account())));
      assertTrue(server.said().stream().noneMatch(s -> s.startsWith("AUTH")), "no password is");
    }
  }

  /** A server that takes STARTTLS with a certificate of a node's. */
  private static SmtpServer secured(Certs certs, String name) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {
          new ReloadingKeys(certs.files(name), InstantSource.system()).keyManager()
        },
        null,
        null);
    return new SmtpServer(
        Map.of("EHLO", "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN"), Optional.of(context));
  }

  @Test
  void aServerOfAnAuthorityOfOnesOwnIsToldAllOfItEncrypted() throws Exception {
    Certs certs = Certs.in(folder);
    try (SmtpServer server = secured(certs, "n1")) {
      send(trusting(certs.authority(), config(server.port(), Encryption.START_TLS, account())));
      assertEquals("Topiary: p:3306 DeadMaster, and 1 more", server.letter().header("Subject"));
      List<String> said = server.said();
      int tls = said.indexOf("TLS");
      assertTrue(tls > 0, said::toString);
      assertTrue(
          said.subList(0, tls).stream().allMatch(s -> s.startsWith("EHLO") || s.equals("STARTTLS")),
          said::toString);
      assertTrue(said.subList(tls, said.size()).stream().anyMatch(s -> s.startsWith("AUTH")));
    }
  }

  @Test
  void aServerWhoseCertificateNobodyTrustsIsToldNoPassword() throws Exception {
    Certs certs = Certs.in(folder);
    Certs others = Certs.in(Files.createDirectory(folder.resolve("others")));
    try (SmtpServer server = secured(certs, "n1")) {
      MailConfig config = config(server.port(), Encryption.START_TLS, account());
      assertEquals(
          "127.0.0.1 has a certificate that is not trusted: it is not signed by an authority that"
              + " Java knows; \"ca\" names another one",
          refused(config));
      assertEquals(
          "127.0.0.1 has a certificate that is not trusted: it is not signed by the authority in "
              + others.authority(),
          refused(trusting(others.authority(), config)));
      assertTrue(server.said().contains("STARTTLS"), server.said()::toString);
      assertTrue(server.said().stream().noneMatch(s -> s.startsWith("AUTH")), "no password is");
    }
  }

  @Test
  void aCertificateOfAnotherHostIsNoneOfTheServers() throws Exception {
    Certs certs = Certs.in(folder);
    certs.node("n2", "mail.example");
    try (SmtpServer server = secured(certs, "n2")) {
      assertEquals(
          "127.0.0.1 has a certificate that is not made out to 127.0.0.1",
          refused(
              trusting(certs.authority(), config(server.port(), Encryption.START_TLS, account()))));
      assertTrue(server.said().stream().noneMatch(s -> s.startsWith("AUTH")), "no password is");
    }
  }

  @Test
  void anAuthorityIsReadAnewForEachMail() throws Exception {
    Certs certs = Certs.in(folder);
    Path authority = folder.resolve("mail-ca.pem");
    Files.writeString(authority, "nothing");
    try (SmtpServer server = secured(certs, "n1")) {
      MailConfig config =
          trusting(authority, config(server.port(), Encryption.START_TLS, account()));
      var mail = new Mail(config);
      String why = assertThrows(IOException.class, () -> mail.take(Json.bytes(TOLD))).getMessage();
      assertTrue(why.contains(authority.toString()), why);
      Files.copy(certs.authority(), authority, StandardCopyOption.REPLACE_EXISTING);
      mail.take(Json.bytes(TOLD));
      server.letter();
    }
  }

  @Test
  void aServerThatIsNotThereOrSaysNothingIsSaidToBeSo() throws Exception {
    int free;
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      free = silent.getLocalPort();
      assertEquals("127.0.0.1 does not answer in time", refused(plain(free)));
    }
    assertEquals("127.0.0.1 does not answer as a mail server does", refused(plain(free)));
  }
}
