package topiary.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.app.face.Role;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.Detection;
import topiary.engine.policy.HookList;
import topiary.engine.policy.SaidPolicy;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.store.StoreChoice;
import topiary.store.StoreException;
import topiary.store.history.HistoryLimits;

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
               {"user": "two", "password": {"env": "TWO"},
                "replication": {"user": "repl", "password": {"env": "REPL"}}}]}
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
            new CredentialRule("*", "two", new CredentialRule.Source.InEnvironment("TWO"))
                .replicating(
                    new CredentialRule.Account(
                        "repl", new CredentialRule.Source.InEnvironment("REPL")))),
        config.credentials());
  }

  @Test
  void hooksAreReadByOurNamesAndByOrchestrators() throws Exception {
    NodeConfig config =
        read(
            """
            {"hooks": {"ProcessesShellCommand": "/bin/sh", "seconds": 2.5,
                       "onFailureDetection": ["a {failedHost}", "b &"],
                       "PostMasterFailoverProcesses": ["c"]},
             "keyValues": {"file": "/run/primaries.json"}}
            """);
    assertEquals(
        new HookConfig(
            "/bin/sh",
            Duration.ofMillis(2500),
            Map.of(
                HookList.DETECTION,
                List.of("a {failedHost}", "b &"),
                HookList.AFTER_PRIMARY,
                List.of("c"))),
        config.hooks());
    assertEquals(List.of(), config.hooks().of(HookList.BEFORE_RECOVERY));
    assertEquals(Optional.of(Path.of("/run/primaries.json")), config.keyValues());
    assertEquals(HookConfig.NONE, read("{}").hooks());
  }

  @Test
  void whatIsToBeDetectedIsRead() throws Exception {
    Detection detection =
        read("""
        {"detect": {
           "everySeconds": 60,
           "lag": {"query": "SELECT lag FROM meta.heartbeat"},
           "dataCenter": {"pattern": "[.]([a-z]+)[.]example$"},
           "promotionRule": {"query": "SELECT rule FROM meta.rules"}}}
        """)
            .probe()
            .detection();
    assertEquals(Duration.ofSeconds(60), detection.every());
    assertEquals(
        Optional.of(new Detection.Query("SELECT lag FROM meta.heartbeat")), detection.lag());
    assertEquals(
        Set.of(Detection.Trait.DATA_CENTER, Detection.Trait.PROMOTION_RULE),
        detection.traits().keySet());
    assertEquals("eu", detection.traits().get(Detection.Trait.DATA_CENTER).in("db1.eu.example"));
    assertEquals(Detection.NONE, read("{}").probe().detection());
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
  void aStateOfItsOwnKindIsRead() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "one two\nnothing");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    StoreChoice.MySql at =
        assertInstanceOf(
            StoreChoice.MySql.class,
            read("""
            {"store": {"mysql": "[::1]:3307", "user": "u", "password": {"file": "%s"},
                       "tls": "verify-ca", "ca": "/etc/ca.pem"}}
            """
                    .formatted(password))
                .store());
    assertEquals("[::1]:3307", at.server().toString());
    assertEquals("topiary", at.schema());
    assertEquals("u", at.user());
    assertEquals("one two", at.password().read());
    assertEquals(new Tls(TlsMode.VERIFY_CA, Optional.of(Path.of("/etc/ca.pem"))), at.tls());
    Files.writeString(password, "another");
    assertEquals("another", at.password().read(), "it is read anew");
    Files.delete(password);
    var e = assertThrows(StoreException.class, () -> at.password().read());
    assertTrue(e.getMessage().startsWith("cannot read the password in " + password), e.toString());
    assertEquals(
        new StoreChoice.Sqlite(Duration.ofMillis(250)),
        read("{\"store\": {\"busySeconds\": 0.25}}").store());
  }

  @Test
  void howLongWhatWasIsKeptIsRead() throws Exception {
    assertEquals(Keeping.STANDARD, read("{}").keeping());
    Keeping keeping = read("{\"auditDays\": 30, \"history\": {\"megabytes\": 9}}").keeping();
    assertEquals(Duration.ofDays(30), keeping.audit());
    assertEquals(Optional.of(new HistoryLimits(Duration.ofDays(30), 9L << 20)), keeping.history());
    assertEquals(Optional.empty(), read("{\"history\": false}").keeping().history());
  }

  @Test
  void howLongWhatIsSaidHoldsIsRead() throws Exception {
    assertEquals(
        new SaidPolicy(
            Duration.ofMinutes(60),
            Duration.ofDays(2),
            Duration.ofMinutes(30),
            Duration.ofMinutes(10)),
        read("{\"durations\": {\"pool\": \"2d\", \"downtime\": \"30m\"}}").keeping().said());
  }

  @Test
  void aPasswordOfTheStoreThatCannotBeReadIsTold() {
    assertEquals(
        "the environment variable NO_SUCH_THING is not set",
        complaint(
            "{\"store\": {\"mysql\": \"db1\", \"user\": \"u\", \"password\": {\"env\":"
                + " \"NO_SUCH_THING\"}}}"));
  }

  @Test
  void anEmptyObjectGivesTheDefaults() throws Exception {
    NodeConfig config = read("{}");
    assertEquals(StoreChoice.STANDARD, config.store());
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
        "{\"lisen\": 1}|\"lisen\" is not a key of this file; there are [auditDays, cluster,"
            + " credentials, dataFolder, detect, durations, history, hooks, hosts, keyValues,"
            + " listen, notify, open, pollSeconds, servers, store, tls, users]",
        "{\"hooks\": []}|\"hooks\" is an object, with lists of commands by their names: [on",
        "{\"hooks\": {\"preFailure\": []}}|\"hooks\" has an unknown key \"preFailure\"; there are",
        "{\"hooks\": {\"preFailover\": \"a\"}}|\"hooks\" takes as \"preFailover\" a list of"
            + " commands",
        "{\"hooks\": {\"preFailover\": [\"\"]}}|\"hooks\" takes as \"preFailover\" a list of"
            + " commands,",
        "{\"hooks\": {\"preFailover\": [], \"PreFailoverProcesses\": []}}|\"hooks\" has the list",
        "{\"hooks\": {\"shell\": 1}}|\"hooks\" takes as \"shell\" the name or the path",
        "{\"hooks\": {\"seconds\": 0}}|\"hooks\" takes as \"seconds\" a number of seconds from",
        "{\"keyValues\": \"a\"}|\"keyValues\" is {\"file\":",
        "{\"keyValues\": {\"file\": 1}}|\"keyValues\" takes as \"file\" the path",
        "{\"notify\": \"http://x\"}|\"notify\" is {\"webhook\", \"mail\", \"from\"}",
        "{\"notify\": {\"webhook\": \"x://t\"}}|\"notify\": the webhook's address is none of",
        "{\"notify\": {\"webhook\": \"http://x\", \"from\": \"all\"}}|\"notify\" takes as \"from\""
            + " one of failure,",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\"}}}|\"notify\" takes as \"mail\" {",
        "{\"notify\": {\"mail\": {\"server\": \"m:25\", \"from\": \"t@x\", \"to\":"
            + " [\"a@x\"]}}}|\"notify\" takes as the \"server\" of \"mail\" smtp://",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://u:pw@m\", \"from\": \"t@x\", \"to\":"
            + " [\"a@x\"]}}}|\"notify\" takes as the \"server\" of \"mail\" smtp://",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t\", \"to\":"
            + " [\"a@x\"]}}}|\"notify\" takes in the \"from\" of \"mail\" addresses",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t@x\", \"to\":"
            + " []}}}|\"notify\" takes as the \"to\" of \"mail\" a list",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t@x\", \"to\": [\"a@x"
            + " b\"]}}}|\"notify\" takes in the \"to\" of \"mail\" addr",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t@x\", \"to\": [\"a@x\"],"
            + " \"user\": \"u\"}}}|\"notify\" takes in \"mail\" both of \"user\" and",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t@x\", \"to\": [\"a@x\"],"
            + " \"user\": \"u\", \"password\": \"w\"}}}|\"notify\" takes a password from {",
        "{\"notify\": {\"mail\": {\"server\": \"smtps://m\", \"from\": \"t@x\", \"to\": [\"a@x\"],"
            + " \"startTls\": true}}}|\"notify\" takes no \"startTls\" in \"mail\"",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t@x\", \"to\": [\"a@x\"],"
            + " \"startTls\": 1}}}|\"notify\" takes as the \"startTls\" of \"mail\"",
        "{\"notify\": {\"mail\": {\"server\": \"smtp://m\", \"from\": \"t@x\", \"to\": [\"a@x\"],"
            + " \"ca\": \"/ca.pem\"}}}|\"notify\" takes as the \"ca\" of \"mail\" the path",
        "{\"notify\": {\"mail\": {\"server\": \"smtps://m\", \"from\": \"t@x\", \"to\": [\"a@x\"],"
            + " \"ca\": \"/nowhere/ca.pem\"}}}|\"notify\" names in \"mail\" as \"ca\""
            + " /nowhere/ca.pem, which cannot be read",
        "{\"durations\": {\"tag\": \"1h\"}}|\"durations\" is {\"promotion\", \"pool\","
            + " \"downtime\",",
        "{\"durations\": {\"pool\": 60}}|\"durations\", \"pool\": not a span of time: \"60\"",
        "{\"auditDays\": 0}|\"auditDays\" is a whole number from 1 to 1000000",
        "{\"auditDays\": 1.5}|\"auditDays\" is a whole number from 1 to 1000000",
        "{\"history\": true}|\"history\" is {\"days\", \"megabytes\"}, or false for none",
        "{\"history\": {\"weeks\": 3}}|\"history\" is {\"days\", \"megabytes\"}, or false",
        "{\"history\": {\"megabytes\": 7}}|\"megabytes\" is a whole number from 8 to",
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
            + " \"password\", \"tls\", \"ca\", \"replication\"}",
        "{\"credentials\": [{\"users\": 1}]}|\"credentials\" has an unknown key \"users\"",
        "{\"credentials\": [{\"user\": \"u\", \"password\": {\"env\": \"P\"}, \"replication\":"
            + " \"r\"}]}|\"credentials\" takes \"replication\" as {\"user\", \"password\"}",
        "{\"credentials\": [{\"user\": \"u\", \"password\": {\"env\": \"P\"},"
            + " \"replication\": {\"user\": \"r\", \"password\": \"p\"}}]}"
            + "|\"credentials\" takes a password from",
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
        "{\"detect\": 5}|\"detect\" is {\"lag\": {\"query\": \"…\"}, …}",
        "{\"detect\": {\"datacenter\": {}}}|\"detect\" has an unknown key \"datacenter\"; there are"
            + " everySeconds, lag, dataCenter, region, environment, alias, promotionRule,"
            + " semiSyncPriority, clusterAlias, clusterDomain",
        "{\"detect\": {\"everySeconds\": 0}}|\"detect\" takes as \"everySeconds\" a number",
        "{\"detect\": {\"lag\": \"SELECT 1\"}}|\"detect\" takes as \"lag\" {\"query\": \"…\"}",
        "{\"detect\": {\"alias\": {\"pattern\": \"x\"}}}|\"detect\" takes as \"alias\" {\"query\":",
        "{\"detect\": {\"region\": {\"pattern\": \"(\"}}}|\"detect\": \"region\" is not a pattern:"
            + " ",
        "{\"detect\": {\"region\": {\"query\": \"DROP TABLE x\"}}}|\"detect\": \"region\" takes one"
            + " statement that only reads",
        "{\"store\": 5}|\"store\" is {\"mysql\", \"schema\", \"user\", \"password\", \"tls\",",
        "{\"store\": {\"schema\": \"t\"}}|\"store\" has an unknown key \"schema\"; there are"
            + " [busySeconds], or mysql and what belongs to it",
        "{\"store\": {\"mysql\": \"db1\", \"shoe\": 1}}|\"store\" has an unknown key \"shoe\";"
            + " there are [ca, mysql, password, schema, tls, user]",
        "{\"store\": {\"busySeconds\": 0}}|\"store\" takes as \"busySeconds\" a number of seconds",
        "{\"store\": {\"mysql\": 5}}|\"store\" takes as \"mysql\" the address of a server",
        "{\"store\": {\"mysql\": \"db 1\", \"user\": \"u\", \"password\": {\"env\": \"PATH\"}}}"
            + "|\"store\" not a host name: \"db 1\"",
        "{\"store\": {\"mysql\": \"db1\"}}|\"store\" needs a \"user\"",
        "{\"store\": {\"mysql\": \"db1\", \"schema\": \"a/b\"}}|\"store\" takes as \"schema\"",
        "{\"store\": {\"mysql\": \"db1\", \"user\": \"u\", \"password\": \"p\"}}"
            + "|\"store\" takes a password from {\"file\": \"…\"} or {\"env\": \"…\"}, never",
        "{\"store\": {\"mysql\": \"db1\", \"user\": \"u\", \"password\": {\"env\": \"PATH\"},"
            + " \"tls\": \"yes\"}}|\"store\" takes as \"tls\" one of [preferred, required,",
      })
  void aValueThatCannotBeUsedIsNamed(String json, String sentence) throws Exception {
    String said = complaint(json);
    assertTrue(said.startsWith(file() + ": " + sentence), said);
  }

  @Test
  void whoMayComeInIsRead() throws Exception {
    NodeConfig config =
        read(
            """
            {"listen": "0.0.0.0:3100",
             "tls": {"certificate": "/c", "key": "/k", "authority": "/a"},
             "users": [{"name": "ann", "password": {"file": "/p"}, "role": "operator"},
                       {"name": "bob", "password": {"env": "BOB"}, "role": "reader"}],
             "hosts": ["db.example"]}
            """);
    assertEquals("0.0.0.0", config.host());
    assertEquals(
        new Access(
            Optional.of(new TlsFiles(Path.of("/c"), Path.of("/k"), Path.of("/a"))),
            List.of(
                new NodeUser("ann", new CredentialRule.Source.InFile(Path.of("/p")), Role.OPERATOR),
                new NodeUser("bob", new CredentialRule.Source.InEnvironment("BOB"), Role.READER)),
            false,
            List.of("db.example")),
        config.access());
    assertEquals(Access.LOCAL, read("{}").access());
    assertTrue(read("{\"listen\": \"0.0.0.0:1\", \"open\": true}").access().open());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"tls\": true}|\"tls\" is {\"certificate\": FILE, \"key\": FILE, \"authority\": FILE}",
        "{\"tls\": {\"certificate\": \"c\", \"key\": \"k\"}}|\"tls\" is {",
        "{\"tls\": {\"certificate\": \"c\", \"key\": \"k\", \"authority\": 1}}|\"tls\" is {",
        "{\"users\": [{\"name\": \"a\"}]}|\"users\" is a list of",
        "{\"users\": [{\"name\": \"a:b\", \"password\": {\"env\": \"P\"}, \"role\": \"reader\"}]}"
            + "|\"users\" needs a \"name\" without a colon",
        "{\"users\": [{\"name\": \"a\", \"password\": {\"env\": \"P\"}, \"role\": \"node\"}]}"
            + "|\"users\" has as \"role\" one of",
        "{\"users\": [{\"name\": \"a\", \"password\": \"p\", \"role\": \"reader\"}]}"
            + "|\"users\" takes a password from",
        "{\"users\": [{\"name\": \"a\", \"password\": {\"env\": \"P\"}, \"role\": \"reader\"},"
            + " {\"name\": \"a\", \"password\": {\"env\": \"P\"}, \"role\": \"reader\"}]}"
            + "|\"users\" has \"a\" twice",
        "{\"users\": {}}|\"users\" must be a list",
        "{\"open\": \"yes\"}|\"open\" is true or false",
        "{\"open\": true, \"users\": [{\"name\": \"a\", \"password\": {\"env\": \"P\"},"
            + " \"role\": \"reader\"}]}|\"open\" lets in whoever comes",
        "{\"hosts\": [\"http://x\"]}|\"hosts\" is a list of names",
        "{\"listen\": \"0.0.0.0:1\", \"users\": [{\"name\": \"a\", \"password\": {\"env\": \"P\"},"
            + " \"role\": \"reader\"}]}|\"listen\" is reached from other machines",
      })
  void whoMayComeInIsSaidInOneWay(String json, String sentence) throws Exception {
    String said = complaint(json);
    assertTrue(said.startsWith(file() + ": " + sentence), said);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0:3000", "192.0.2.1:3000", "[2001:db8::1]:3000", "[::]:3000"})
  void anAddressThatOthersReachIsRefused(String listen) throws Exception {
    assertEquals(
        file()
            + ": \"listen\" is reached from other machines, and whoever reaches a node can reshape"
            + " its clusters: say with \"tls\" who may (./topiary cert makes what is needed), or"
            + " listen on 127.0.0.1; \"open\": true lets in everybody",
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

  private NotifyConfig telling(String json) throws Exception {
    Path file = Files.writeString(folder.resolve("notify.json"), json);
    return ConfigFile.read(file).telling().orElseThrow();
  }

  @Test
  void mailIsSentEncryptedByWhoeverLogsIn() throws Exception {
    Path word = Files.writeString(folder.resolve("word"), "x");
    Files.setPosixFilePermissions(word, PosixFilePermissions.fromString("rw-------"));
    String mail = "{\"notify\": {\"mail\": {\"from\": \"t@x\", \"to\": [\"a@x\"], \"server\": ";
    MailConfig plain = telling(mail + "\"smtp://m\"}}}").mail().orElseThrow();
    assertEquals(
        new MailConfig(
            "m",
            25,
            MailConfig.Encryption.NONE,
            "t@x",
            List.of("a@x"),
            Optional.empty(),
            Optional.empty()),
        plain);
    String login = ", \"user\": \"u\", \"password\": {\"file\": \"" + word + "\"}";
    MailConfig starts = telling(mail + "\"smtp://m:587\"" + login + "}}}").mail().orElseThrow();
    assertEquals(MailConfig.Encryption.START_TLS, starts.encryption());
    assertEquals(587, starts.port());
    assertEquals("u", starts.account().orElseThrow().user());
    assertEquals(
        MailConfig.Encryption.NONE,
        telling(mail + "\"smtp://m\", \"startTls\": false" + login + "}}}")
            .mail()
            .orElseThrow()
            .encryption());
    MailConfig whole = telling(mail + "\"smtps://[::1]\"" + login + "}}}").mail().orElseThrow();
    assertEquals(MailConfig.Encryption.TLS, whole.encryption());
    assertEquals("::1", whole.host());
    assertEquals(465, whole.port());
    Path ca = Files.writeString(folder.resolve("ca.pem"), "");
    assertEquals(
        Optional.of(ca),
        telling(mail + "\"smtps://m\", \"ca\": \"" + ca + "\"}}}")
            .mail()
            .orElseThrow()
            .authority());
  }
}
