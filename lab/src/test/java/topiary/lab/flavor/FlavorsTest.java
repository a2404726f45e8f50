package topiary.lab.flavor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import topiary.lab.Scratch;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

class FlavorsTest {
  private final Cache cache = Cache.at(Scratch.directory());

  @Test
  void everyFlavourIsFoundByItsName() {
    assertEquals(
        List.of("mariadb-11.4", "mariadb-10.11", "mysql-9.7", "mysql-5.6"),
        Flavors.all().stream().map(Flavor::id).toList());
    Flavors.all().forEach(f -> assertSame(f, Flavors.named(f.id())));
    assertSame(Flavors.all().getFirst(), Flavors.standard());
    var e = assertThrows(LabException.class, () -> Flavors.named("oracle"));
    assertEquals(
        "there is no flavour \"oracle\"; there are mariadb-11.4, mariadb-10.11, mysql-9.7,"
            + " mysql-5.6",
        e.getMessage());
  }

  @Test
  void whatIsFetchedIsToldFromTheCache() {
    Flavor flavor = Flavors.named("mysql-9.7");
    assertEquals(List.of(), Flavors.fetched(cache));
    Path home = cache.servers().resolve("mysql-9.7");
    Disk.makePrivate(home);
    Disk.writePrivate(home.resolve("version"), " Ver 9.8.1-3 MySQL\n");
    assertEquals(List.of(flavor), Flavors.fetched(cache));
    assertEquals("9.8.1-3", flavor.version(flavor.home(cache).orElseThrow()));
    // Served by another cache's programs, its labs stay where they are.
    Cache other = Cache.at(Scratch.directory());
    assertEquals(List.of(flavor), Flavors.fetched(other.withServersOf(cache)));
    assertEquals(other.labs(), other.withServersOf(cache).labs());
  }

  @Test
  void aTestIsSkippedWithAReasonUnlessTheFlavourMustBeThere() {
    Flavor flavor = Flavors.named("mysql-5.6");
    assertTrue(
        Flavors.absent(flavor, cache, "mysql-9.7").orElseThrow().endsWith("lab fetch mysql-5.6"));
    assertEquals(Optional.empty(), Flavors.absent(Flavors.standard(), cache, ""));
    var e =
        assertThrows(
            LabException.class, () -> Flavors.absent(flavor, cache, "mysql-9.7,mysql-5.6"));
    assertTrue(e.getMessage().startsWith("TOPIARY_FLAVORS says that mysql-5.6"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bin/mariadbd  | mariadbd  Ver 10.6.18-MariaDB-log for Linux on x86_64 (MariaDB Server) | MariaDB 10.6.18 | true
          sbin/mysqld   | /x/mysqld  Ver 8.0.40 for Linux on x86_64 (MySQL Community Server)     | MySQL 8.0.40    | true
          mysqld        | mysqld  Ver 5.6.51 for linux-glibc2.12 on x86_64 (MySQL)               | MySQL 5.6.51    | false
          """)
  void aServerInAFolderIsWhatItSaysItIs(
      String program, String version, String about, boolean multiSource) {
    Path home = FakeServer.at(program, version);
    Flavor flavor = Flavors.in(home);
    assertEquals(about, flavor.about());
    assertEquals(multiSource, flavor.multiSource());
    assertEquals(about, Flavors.named(flavor.id()).about());
    assertEquals(home, flavor.install(cache));
    assertEquals(
        List.of(home.resolve(program).toString(), "--defaults-file=/o/my.cnf"),
        flavor.command(home, Path.of("/o/my.cnf")));
    assertEquals("--defaults-file=/o/my.cnf", flavor.proof(Path.of("/o/my.cnf")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bin/mysqld    | mysqld  Ver 5.5.62 for linux-glibc2.12 on x86_64 (MySQL) | is 5.5.62, and the lab needs MySQL 5.6
          bin/mariadbd  | mariadbd  Ver 10.3.39-MariaDB for Linux on x86_64 (x)    | and the lab needs MariaDB 10.5
          bin/mysqld    | hello                                                    | it says "hello"
          bin/postgres  | postgres (PostgreSQL) 17.0                               | it should hold bin/mariadbd
          """)
  void whatTheLabCannotUseIsRefused(String program, String version, String answer) {
    Path home = FakeServer.at(program, version);
    var e = assertThrows(LabException.class, () -> Flavors.in(home));
    assertTrue(e.getMessage().contains(answer), e.getMessage());
  }

  @Test
  void anIncompleteFolderOrNoneIsRefused() throws Exception {
    Path home = FakeServer.at("bin/mysqld", "mysqld  Ver 8.4.2 for Linux ");
    Files.delete(home.resolve("share/english/errmsg.sys"));
    var e = assertThrows(LabException.class, () -> Flavors.in(home));
    assertTrue(e.getMessage().contains("lacks its messages"), e.getMessage());
    Path nowhere = home.resolve("nowhere");
    var none = assertThrows(LabException.class, () -> Flavors.in(nowhere));
    assertTrue(none.getMessage().contains("there is no " + nowhere), none.getMessage());
  }
}
