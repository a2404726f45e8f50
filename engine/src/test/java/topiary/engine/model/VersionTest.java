package topiary.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

  @ParameterizedTest
  @CsvSource({
    "11.4.5-MariaDB-log, 11, 4",
    "10.11.19-MariaDB, 10, 11",
    "9.7.0, 9, 7",
    "8.0.36-28, 8, 0",
    "12, 12, 0",
    "12-beta, 12, 0",
    "'', 0, 0",
    "unknown, 0, 0",
    "99999999999.1, 999999999, 0",
  })
  void theFirstTwoNumbersAreRead(String text, int major, int minor) {
    assertEquals(new Version(major, minor, text), Version.parse(text));
  }

  @Test
  void minorsCountAsNumbersAndPatchLevelsNotAtAll() {
    assertTrue(Version.parse("10.11.1").compareTo(Version.parse("10.6.20")) > 0);
    assertTrue(Version.parse("10.11.1").compareTo(Version.parse("11.4.0")) < 0);
    assertEquals(0, Version.parse("11.4.5").compareTo(Version.parse("11.4.2-MariaDB")));
  }

  @Test
  void theFlavourIsToldByWhatTheServerSaysOfItself() {
    assertEquals(Flavor.MARIADB, Flavor.of("5.5.5-10.11.5-MariaDB", "Source distribution"));
    assertEquals(Flavor.PERCONA, Flavor.of("8.0.36-28", "Percona Server (GPL)"));
    assertEquals(Flavor.MYSQL, Flavor.of("9.7.0", "MySQL Community Server"));
    assertEquals(Flavor.UNKNOWN, Flavor.of("", ""));
    assertEquals(Flavor.UNKNOWN, Flavor.of("oceanbase", ""));
  }
}
