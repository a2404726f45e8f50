package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import topiary.engine.fake.Ground;
import topiary.engine.fake.Passwords;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Condition;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.port.Tls;
import topiary.lab.flavor.Flavors;

/** A real server that wants the password itself, and what it has to show before it gets it. */
class TlsIT {

  private static Ground ground;
  private static Path authority;

  @TempDir Path folder;

  @BeforeAll
  static void up() {
    ground = Ground.up("tls", "p", Flavors.named("mysql-9.7"));
    authority = ground.lab().authority().orElseThrow();
  }

  @AfterAll
  static void down() {
    if (ground != null) {
      ground.close();
    }
  }

  private static String login(Tls tls) throws ServerTrouble {
    var account = ground.lab().credentials();
    try (var threads = new Threads()) {
      var fleet = new JdbcFleet(new Passwords(account.user(), account.password(), tls), threads);
      // The server remembers who has logged in, and would then be content with less.
      ground.tell("p", "FLUSH PRIVILEGES");
      Deadline deadline = Deadline.in(Duration.ofSeconds(10), new RealClock());
      try (Fleet.Session session = fleet.open(ground.key("p"), deadline)) {
        return session
            .ask("SHOW SESSION STATUS LIKE 'Ssl_version'", deadline)
            .first()
            .orElseThrow()
            .getOrDefault("Value", "");
      }
    }
  }

  private static String denied(Tls tls) {
    var trouble = assertThrows(ServerTrouble.class, () -> login(tls));
    assertEquals(Condition.DENIED, trouble.condition(), trouble::getMessage);
    assertFalse(trouble.getMessage().contains(ground.lab().credentials().password()));
    return trouble.getMessage();
  }

  @Test
  void withoutAWordOnTlsThePasswordIsNotGiven() {
    String said = denied(Tls.PREFERRED);
    assertTrue(said.contains("give it away") && said.contains("\"tls\""), said);
  }

  @Test
  void withTlsItIs() throws Exception {
    assertTrue(login(Tls.REQUIRED).startsWith("TLSv1."));
    assertTrue(login(new Tls(TlsMode.VERIFY_CA, Optional.of(authority))).startsWith("TLSv1."));
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotTrusted() {
    String said = denied(new Tls(TlsMode.VERIFY_CA, Optional.empty()));
    assertTrue(said.startsWith("no trusted TLS with " + ground.key("p") + ": "), said);
  }

  @Test
  void aCertificateThatIsMadeOutToSomebodyElseIsNotTrusted() {
    String said = denied(new Tls(TlsMode.VERIFY_IDENTITY, Optional.of(authority)));
    assertTrue(said.startsWith("no trusted TLS with " + ground.key("p") + ": "), said);
  }

  @Test
  void aFileThatHoldsNoCertificatesIsNamed() throws IOException {
    Path empty = Files.writeString(folder.resolve("ca.pem"), "nothing");
    String said = denied(new Tls(TlsMode.VERIFY_CA, Optional.of(empty)));
    assertTrue(said.contains(empty.toString()), said);
    Path missing = folder.resolve("none.pem");
    assertTrue(
        denied(new Tls(TlsMode.VERIFY_CA, Optional.of(missing))).contains(missing.toString()));
  }

  @Test
  void oneThatHangsIsSaidToHangOverTlsToo() throws Exception {
    var account = ground.lab().credentials();
    try (var threads = new Threads()) {
      var fleet =
          new JdbcFleet(new Passwords(account.user(), account.password(), Tls.REQUIRED), threads);
      try (Fleet.Session session = fleet.open(ground.key("p"), in(10));
          var _ = ground.lab().faults().hang("p")) {
        var asking = assertThrows(ServerTrouble.class, () -> session.ask("SELECT 1", in(1)));
        assertEquals(Condition.HUNG, asking.condition());
        assertEquals(ground.key("p") + " did not answer in time: SELECT 1", asking.getMessage());
        var opening =
            assertThrows(ServerTrouble.class, () -> fleet.open(ground.key("p"), in(1)).close());
        assertEquals(Condition.HUNG, opening.condition());
        assertTrue(
            opening.getMessage().contains("takes the connection and says nothing in time"),
            opening.getMessage());
      }
    }
  }

  private static Deadline in(int seconds) {
    return Deadline.in(Duration.ofSeconds(seconds), new RealClock());
  }

  @Test
  void aServerWithoutTlsGetsNothingWhereItIsRequired() {
    try (Ground plain = Ground.up("plain", "p")) {
      var account = plain.lab().credentials();
      try (var threads = new Threads()) {
        var fleet =
            new JdbcFleet(new Passwords(account.user(), account.password(), Tls.REQUIRED), threads);
        Deadline deadline = Deadline.in(Duration.ofSeconds(10), new RealClock());
        var trouble =
            assertThrows(ServerTrouble.class, () -> fleet.open(plain.key("p"), deadline).close());
        assertEquals(Condition.DENIED, trouble.condition(), trouble::getMessage);
        assertTrue(
            trouble.getMessage().startsWith("no trusted TLS with " + plain.key("p") + ": "),
            trouble.getMessage());
      }
    }
  }
}
