package topiary.lab.flavor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import topiary.lab.base.LabException;

class OptionsTest {
  private static final String MARIADB =
      "mariadbd  Ver 11.4.5-MariaDB for Linux on x86_64 (MariaDB)";

  private static ServerOptions server(Path home, int sources, Mode mode) {
    return new ServerOptions(
        home, Path.of("/c\\d/#p"), "r1", "127.0.0.1", 20001, 7, 2, sources, mode);
  }

  private static String mysql(String version, Mode mode) {
    Path home = FakeServer.at("bin/mysqld", "mysqld  Ver " + version + " for Linux ");
    return Flavors.in(home).options(server(home, 1, mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {MARIADB, "mysqld  Ver 9.7.4 for Linux "})
  void pathsMayHoldBlanksAndCommentSigns(String version) {
    Path home = FakeServer.at("bin/mysqld", version);
    String text = Flavors.in(home).options(server(home, 1, Mode.STANDARD));
    assertTrue(text.contains("basedir=\"" + home + "\"\n"), text);
    assertTrue(text.contains("datadir=\"/c\\\\d/#p/data\"\n"), text);
    assertTrue(
        text.contains("\nsocket=s\n"), "a path relative to the data directory is never too long");
    assertTrue(text.contains("\nread_only=ON\n"), text);
    assertFalse(text.contains("password"), text);
  }

  @Test
  void everyReleaseOfMySqlGetsWhatItUnderstands() {
    String now = mysql("9.7.4", Mode.STANDARD);
    assertTrue(now.contains("\nsuper_read_only=ON\n"), now);
    assertTrue(now.contains("\nlog_replica_updates=ON\n"), now);
    assertTrue(now.contains("\ninnodb_redo_log_capacity="), now);
    assertFalse(now.contains("slave"), now);
    String old = mysql("5.6.24", Mode.STANDARD);
    assertFalse(old.contains("super_read_only"), old);
    assertFalse(old.contains("replica"), old);
    assertFalse(old.contains("redo_log_capacity"), old);
    assertTrue(old.contains("\nlog_slave_updates=ON\n"), old);
    assertTrue(mysql("5.7.44", Mode.STANDARD).contains("\nsuper_read_only=ON\n"));
  }

  @Test
  void withoutGtidsTheLogsBearTheMembersName() {
    String with = mysql("9.7.4", Mode.STANDARD);
    assertTrue(with.contains("\ngtid_mode=ON\nenforce_gtid_consistency=ON\n"), with);
    assertTrue(with.contains("\nlog-bin=bin\n"), with);
    String without = mysql("9.7.4", Mode.STANDARD.withoutGtid());
    assertTrue(without.contains("\ngtid_mode=OFF\nenforce_gtid_consistency=OFF\n"), without);
    assertTrue(without.contains("\nlog-bin=r1-bin\n"), without);
  }

  @Test
  void mariaDbHasADomainAndKnowsTransactionsThatComeTwice() {
    Path home = FakeServer.at("bin/mariadbd", MARIADB);
    Flavor flavor = Flavors.in(home);
    String one = flavor.options(server(home, 1, Mode.STANDARD));
    assertTrue(one.contains("\ngtid_domain_id=2\n"), one);
    assertFalse(one.contains("ignore_duplicates"), one);
    String two = flavor.options(server(home, 2, Mode.STANDARD.withSemiSync()));
    assertTrue(two.contains("\ngtid_ignore_duplicates=ON\n"), two);
    assertTrue(two.contains("\nrpl_semi_sync_slave_enabled=ON\n"), two);
  }

  @Test
  void semiSyncNeedsMySqlsPlugins() throws Exception {
    Mode mode = Mode.STANDARD.withSemiSync();
    var e = assertThrows(LabException.class, () -> mysql("9.7.4", mode));
    assertTrue(e.getMessage().contains("use another flavour for --semi-sync"), e.getMessage());
    for (String version : new String[] {"9.7.4", "8.0.40"}) {
      Path home = FakeServer.at("bin/mysqld", "mysqld  Ver " + version + " for Linux ");
      Files.createDirectories(home.resolve("lib/plugin"));
      String text = Flavors.in(home).options(server(home, 1, mode));
      String word = version.startsWith("9") ? "source" : "master";
      assertTrue(
          text.contains("plugin-load-add=rpl_semi_sync_" + word + "=semisync_" + word + ".so\n"),
          text);
      assertTrue(text.contains("\nrpl_semi_sync_" + word + "_timeout=10000\n"), text);
    }
  }

  @Test
  void aPositionByFileTellsWhoseItIs() {
    var position = FilePosition.read("a-bin-bin.000012:400").orElseThrow();
    assertEquals(new FilePosition("a-bin", 12, 400), position);
    assertTrue(position.compareTo(FilePosition.read("a-bin-bin.000009:9999").orElseThrow()) > 0);
    assertTrue(position.compareTo(FilePosition.read("a-bin-bin.000012:401").orElseThrow()) < 0);
    assertEquals(Optional.empty(), FilePosition.read("0-1-12"));
    assertEquals(Optional.empty(), FilePosition.read("3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5"));
    assertEquals(Optional.empty(), FilePosition.read(""));
  }
}
