package topiary.app.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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
        account);
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
          "127.0.0.1 cannot be spoken to encrypted: its certificate is not trusted or not its"
              + " own, or it speaks no TLS",
          refused(config(server.port(), Encryption.TLS, account())));
      assertTrue(server.said().stream().noneMatch(s -> s.startsWith("AUTH")), "no password is");
    }
  }

  @Test
  void aServerWhoseCertificateNobodyTrustsIsToldNoPassword() throws Exception {
    Certs certs = Certs.in(folder);
    var context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {
          new ReloadingKeys(certs.files("n1"), InstantSource.system()).keyManager()
        },
        null,
        null);
    Map<String, String> answers = Map.of("EHLO", "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN");
    try (var server = new SmtpServer(answers, Optional.of(context))) {
      assertEquals(
          "127.0.0.1 cannot be spoken to encrypted: its certificate is not trusted or not its"
              + " own, or it speaks no TLS",
          refused(config(server.port(), Encryption.START_TLS, account())));
      assertTrue(server.said().contains("STARTTLS"), server.said()::toString);
      assertTrue(server.said().stream().noneMatch(s -> s.startsWith("AUTH")), "no password is");
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
