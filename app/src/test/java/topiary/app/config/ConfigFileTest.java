package topiary.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;

class ConfigFileTest {

  @TempDir private Path folder;

  @Test
  void everyKeyIsRead() throws Exception {
    NodeConfig config =
        read(
            """
            {"listen": "[::1]:3100",
             "dataFolder": "/var/lib/topiary",
             "servers": ["db1", "db2:3307", "[fe80::1]:3308"],
             "pollSeconds": 0.5,
             "credentials": [
               {"match": "db1*", "user": "one", "password": {"file": "/etc/one"}},
               {"user": "two", "password": {"env": "TWO"}}]}
            """);
    assertEquals("::1", config.host());
    assertEquals(3100, config.port());
    assertEquals(Path.of("/var/lib/topiary"), config.dataFolder());
    assertEquals(
        List.of(
            new InstanceKey("db1", 3306),
            new InstanceKey("db2", 3307),
            new InstanceKey("fe80::1", 3308)),
        config.servers());
    assertEquals(Duration.ofMillis(500), config.probe().interval());
    assertEquals(Duration.ofMillis(500), config.probe().deadline());
    assertEquals(
        List.of(
            new CredentialRule(
                "db1*", "one", new CredentialRule.Source.InFile(Path.of("/etc/one"))),
            new CredentialRule("*", "two", new CredentialRule.Source.InEnvironment("TWO"))),
        config.credentials());
  }

  @Test
  void aRuleSaysHowTlsIsChecked() throws Exception {
    NodeConfig config =
        read(
            """
            {"credentials": [
              {"user": "a", "password": {"env": "P"}, "tls": "verify-identity"},
              {"user": "b", "password": {"env": "P"}, "tls": "verify-ca", "ca": "/etc/ca.pem"},
              {"user": "c", "password": {"env": "P"}}]}
            """);
    assertEquals(
        List.of(
            new Tls(TlsMode.VERIFY_IDENTITY, Optional.empty()),
            new Tls(TlsMode.VERIFY_CA, Optional.of(Path.of("/etc/ca.pem"))),
            Tls.PREFERRED),
        config.credentials().stream().map(CredentialRule::tls).toList());
  }

  @Test
  void anEmptyObjectGivesTheDefaults() throws Exception {
    NodeConfig config = read("{}");
    assertEquals("127.0.0.1", config.host());
    assertEquals(3000, config.port());
    assertEquals(Folders.data(), config.dataFolder());
    assertEquals(List.of(), config.servers());
    assertEquals(List.of(), config.credentials());
    assertEquals(Duration.ofSeconds(5), config.probe().interval());
    assertEquals(Duration.ofSeconds(2), config.probe().deadline());
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost, 3000",
    "127.0.0.9, 127.0.0.9, 3000",
    "::1, ::1, 3000",
    "[::1], ::1, 3000",
    "localhost:3306, localhost, 3306"
  })
  void anAddressWithoutAPortListensOnTopiarysOwn(String listen, String host, int port)
      throws Exception {
    NodeConfig config = read("{\"listen\": \"" + listen + "\"}");
    assertEquals(host, config.host());
    assertEquals(port, config.port());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"lisen\": 1}|\"lisen\" is not a key of this file; there are"
            + " [credentials, dataFolder, listen, pollSeconds, servers]",
        "{\"listen\": 3000}|\"listen\" must be text",
        "{\"listen\": null}|\"listen\" must be text",
        "{\"listen\": \"\"}|\"listen\" not a host name: \"\"",
        "{\"listen\": \"localhost:0\"}|\"listen\" not a port (1 to 65535): 0",
        "{\"listen\": \"localhost:x\"}|\"listen\" not a server address (host:port expected):"
            + " \"localhost:x\"",
        "{\"dataFolder\": 5}|\"dataFolder\" must be text",
        "{\"dataFolder\": \"a\\u0000b\"}|\"dataFolder\" is not a path",
        "{\"pollSeconds\": 0.05}|\"pollSeconds\" is a number of seconds from 0.1 to 3600",
        "{\"pollSeconds\": 3601}|\"pollSeconds\" is a number of seconds from 0.1 to 3600",
        "{\"pollSeconds\": \"5\"}|\"pollSeconds\" is a number of seconds from 0.1 to 3600",
        "{\"servers\": \"db1\"}|\"servers\" must be a list",
        "{\"servers\": [\"db 1\"]}|\"servers\" not a host name: \"db 1\"",
        "{\"servers\": [3306]}|\"servers\" must be a list of texts",
        "{\"servers\": [null]}|\"servers\" must be a list of texts",
        "{\"credentials\": {}}|\"credentials\" must be a list",
        "{\"credentials\": [\"topiary\"]}|\"credentials\" is a list of {\"match\", \"user\","
            + " \"password\", \"tls\", \"ca\"}",
        "{\"credentials\": [{\"users\": 1}]}|\"credentials\" has an unknown key \"users\"",
        "{\"credentials\": [{}]}|\"credentials\" needs a \"user\" in each rule",
        "{\"credentials\": [{\"user\": \" \"}]}|\"credentials\" needs a \"user\" in each rule",
        "{\"credentials\": [{\"match\": 5, \"user\": \"u\", \"password\": {\"env\": \"P\"}}]}"
            + "|\"credentials\" takes a text as \"match\"",
        "{\"credentials\": [{\"user\": \"u\", \"password\": {\"file\": \"a\\u0000b\"}}]}"
            + "|\"credentials\" is not a path",
        "{\"credentials\": [{\"user\": \"u\", \"password\": {\"env\": \"P\"}, \"tls\": true}]}"
            + "|\"credentials\" takes as \"tls\" one of [preferred, required, verify-ca,"
            + " verify-identity]",
        "{\"credentials\": [{\"user\": \"u\", \"password\": {\"env\": \"P\"}, \"ca\": \"/a.pem\"}]}"
            + "|\"credentials\" takes as \"ca\" the path of a PEM file, with \"tls\" verify-ca",
        "{\"credentials\": [{\"user\": \"u\", \"password\": {\"env\": \"P\"},"
            + " \"tls\": \"verify-ca\", \"ca\": 7}]}"
            + "|\"credentials\" takes as \"ca\" the path of a PEM file",
      })
  void aValueThatCannotBeUsedIsNamed(String json, String sentence) throws Exception {
    String said = complaint(json);
    assertTrue(said.startsWith(file() + ": " + sentence), said);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0:3000", "192.0.2.1:3000", "[2001:db8::1]:3000", "[::]:3000"})
  void anAddressThatOthersReachIsRefused(String listen) throws Exception {
    assertEquals(
        file()
            + ": \"listen\" must be this machine's loopback (127.0.0.1, ::1 or localhost): whoever"
            + " reaches a node can reshape its clusters, and it does not ask for a password yet",
        complaint("{\"listen\": \"" + listen + "\"}"));
  }

  @Test
  void anUnknownHostToListenOnIsNamed() throws Exception {
    assertEquals(
        file() + ": \"listen\" names an unknown host, no-such-host.invalid:3000",
        complaint("{\"listen\": \"no-such-host.invalid:3000\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"\"secret-word\"", "{\"plain\": \"secret-word\"}", "{}", "{\"env\": \"\"}", "null"})
  void aPasswordIsNeverTakenFromTheFileItself(String password) throws Exception {
    String said =
        complaint("{\"credentials\": [{\"user\": \"u\", \"password\": " + password + "}]}");
    assertEquals(
        file()
            + ": \"credentials\" takes a password from {\"file\": \"…\"} or {\"env\": \"…\"},"
            + " never written here",
        said);
  }

  @Test
  void whatIsNoJsonIsToldWithItsPlace() throws Exception {
    String said = complaint("{\"listen\": \"localhost\",\n \"servers\": [}");
    assertTrue(said.startsWith(file() + " is not JSON: "), said);
    assertTrue(said.endsWith("(line 2, column 14)"), said);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("nowhere.json");
    assertEquals(
        "there is no file " + missing,
        assertThrows(BadConfig.class, () -> ConfigFile.read(missing)).getMessage());
  }

  @Test
  void aFolderIsNoFile() {
    String said = assertThrows(BadConfig.class, () -> ConfigFile.read(folder)).getMessage();
    assertTrue(said.startsWith("cannot read " + folder + ": "), said);
  }

  private Path file() {
    return folder.resolve("node.json");
  }

  private NodeConfig read(String json) throws IOException, BadConfig {
    Files.writeString(file(), json);
    return ConfigFile.read(file());
  }

  private String complaint(String json) {
    return assertThrows(BadConfig.class, () -> read(json)).getMessage();
  }
}
