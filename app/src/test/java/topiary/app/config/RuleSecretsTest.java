package topiary.app.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Secrets;
import topiary.engine.port.Tls;

class RuleSecretsTest {

  private static final InstanceKey HEAD = new InstanceKey("head", 3306);
  private static final InstanceKey LEAF = new InstanceKey("leaf", 3306);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("word");
    write("first", "rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rw-r-----"})
  void aFileThatOthersCannotReadIsTaken(String mode) throws IOException {
    write("first", mode);
    assertEquals(
        Optional.of(new Secrets.Credentials("u", "first", Tls.PREFERRED)),
        secrets("*").credentials(LEAF));
    assertDoesNotThrow(secrets("*")::check);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--"})
  void aFileThatEverybodyCanReadIsRefused(String mode) throws IOException {
    write("first", mode);
    assertEquals(
        "everybody on this machine can read the password in " + file + "; chmod 600 it",
        assertThrows(BadConfig.class, secrets("*")::check).getMessage());
    assertEquals(Optional.empty(), secrets("*").credentials(LEAF));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(file);
    String said = assertThrows(BadConfig.class, secrets("*")::check).getMessage();
    assertTrue(said.startsWith("cannot read the password in " + file + ": "), said);
  }

  @Test
  void onlyTheFirstLineOfAFileIsThePassword() throws IOException {
    write("first\nsecond\n", "rw-------");
    assertEquals("first", secrets("*").credentials(LEAF).orElseThrow().password());
  }

  @Test
  void anEnvironmentVariableIsReadAndAMissingOneNamed() {
    var path = new CredentialRule.Source.InEnvironment("PATH");
    var missing = new CredentialRule.Source.InEnvironment("TOPIARY_NO_SUCH_VARIABLE");
    assertEquals(
        System.getenv("PATH"),
        new RuleSecrets(List.of(new CredentialRule("*", "u", path)), k -> Optional.empty())
            .credentials(LEAF)
            .orElseThrow()
            .password());
    var none =
        new RuleSecrets(List.of(new CredentialRule("*", "u", missing)), k -> Optional.empty());
    assertEquals(
        "the environment variable TOPIARY_NO_SUCH_VARIABLE is not set",
        assertThrows(BadConfig.class, none::check).getMessage());
  }

  @Test
  void theFirstRuleThatFitsTheServerOrItsHeadCounts() {
    assertEquals("u", user(secrets("leaf:*"), LEAF));
    assertEquals("u", user(secrets("head:*"), LEAF));
    assertEquals("none", user(secrets("other:*"), LEAF));
    var source = new CredentialRule.Source.InFile(file);
    var both =
        new RuleSecrets(
            List.of(
                new CredentialRule("head:*", "of-head", source),
                new CredentialRule("leaf:*", "of-leaf", source)),
            key -> Optional.ofNullable(Map.of(LEAF, HEAD).get(key)));
    assertEquals("of-head", user(both, LEAF));
  }

  @Test
  void aPasswordIsReadAgainOnlyWhenItIsRenewed() throws IOException {
    RuleSecrets secrets = secrets("*");
    assertEquals("first", secrets.credentials(LEAF).orElseThrow().password());
    write("second", "rw-------");
    assertEquals("first", secrets.credentials(LEAF).orElseThrow().password());
    assertTrue(secrets.renew(LEAF));
    assertEquals("second", secrets.credentials(LEAF).orElseThrow().password());
    assertFalse(secrets.renew(LEAF), "the file has not changed");
  }

  @Test
  void nothingIsRenewedWhereThereIsNoRuleOrNoFile() throws IOException {
    assertFalse(secrets("other").renew(LEAF));
    RuleSecrets secrets = secrets("*");
    assertEquals("first", secrets.credentials(LEAF).orElseThrow().password());
    Files.delete(file);
    assertFalse(secrets.renew(LEAF));
  }

  @Test
  void whomReplicasLogInAsIsReadWhenItIsNeeded() throws Exception {
    assertTrue(secrets("*").replication(LEAF).isEmpty());
    var source = new CredentialRule.Source.InFile(file);
    var path = new CredentialRule.Source.InEnvironment("PATH");
    var secrets =
        new RuleSecrets(
            List.of(
                new CredentialRule("head:*", "u", path)
                    .replicating(new CredentialRule.Account("repl", source))),
            key -> Optional.ofNullable(Map.of(LEAF, HEAD).get(key)));
    secrets.check();
    assertEquals("repl", secrets.replication(LEAF).orElseThrow().user());
    assertEquals("first", secrets.replication(LEAF).orElseThrow().password());
    write("second", "rw-------");
    assertEquals("second", secrets.replication(LEAF).orElseThrow().password());
    Files.delete(file);
    assertTrue(secrets.replication(LEAF).isEmpty());
    assertThrows(BadConfig.class, secrets::check);
  }

  @Test
  void aPasswordIsNotPrinted() {
    assertEquals("u:<secret>", secrets("*").credentials(LEAF).orElseThrow().toString());
  }

  private static String user(RuleSecrets secrets, InstanceKey key) {
    return secrets.credentials(key).map(Secrets.Credentials::user).orElse("none");
  }

  private RuleSecrets secrets(String match) {
    return new RuleSecrets(
        List.of(new CredentialRule(match, "u", new CredentialRule.Source.InFile(file))),
        key -> Optional.ofNullable(Map.of(LEAF, HEAD).get(key)));
  }

  private void write(String text, String mode) throws IOException {
    Files.deleteIfExists(file);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
