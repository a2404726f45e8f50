package topiary.lab.flavor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;

/** The kinds of servers that a lab can be made of. */
public final class Flavors {
  /**
   * The environment variable that names flavours, separated by commas, whose programs must be there
   * where tests run: {@link #absent} fails for these instead of letting a test be skipped.
   */
  public static final String REQUIRED = "TOPIARY_FLAVORS";

  /** Begins the id of a flavour that is a folder of somebody's own. */
  private static final String FOLDER = "bin:";

  private static final List<Flavor> ALL =
      List.of(
          new MariaDb("mariadb-11.4", "MariaDB 11.4, the default", new MariaDbJar()),
          new MariaDb(
              "mariadb-10.11",
              "MariaDB 10.11",
              new Debian(
                  "mariadb-10.11",
                  "bookworm",
                  "mariadb-server-core",
                  "usr/sbin/mariadbd",
                  "usr/share/mysql",
                  Optional.empty(),
                  "10.11.0")),
          new MySql(
              "mysql-9.7",
              "MySQL 9.7 or later",
              new Debian(
                  "mysql-9.7",
                  "sid",
                  "mysql-server-core",
                  "usr/sbin/mysqld",
                  "usr/share/mysql",
                  Optional.of("usr/lib/mysql/plugin"),
                  "9.7.0"),
              true),
          new MySql("mysql-5.6", "MySQL 5.6", new Npm(), false));

  private Flavors() {}

  /** All that have names, the default first. */
  public static List<Flavor> all() {
    return ALL;
  }

  /** What a lab is made of unless told otherwise. */
  public static Flavor standard() {
    return ALL.getFirst();
  }

  /**
   * The flavour of this name, or of this id as {@link Flavor#id} gives it.
   *
   * @throws LabException naming those there are
   */
  public static Flavor named(String name) {
    if (name.startsWith(FOLDER)) {
      return in(Path.of(name.substring(FOLDER.length())));
    }
    return ALL.stream()
        .filter(f -> f.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "there is no flavour \""
                        + name
                        + "\"; there are "
                        + String.join(", ", ALL.stream().map(Flavor::id).toList())));
  }

  /**
   * The server in a folder of one's own, whatever it is.
   *
   * @throws LabException when the folder holds none that the lab can use
   */
  public static Flavor in(Path folder) {
    Path home;
    try {
      home = folder.toRealPath();
    } catch (IOException e) {
      throw LabException.of("cannot use the folder " + folder, e);
    }
    ServerVersion version = Programs.at(home).ask();
    var origin = new OwnFolder(home, version);
    String id = FOLDER + home;
    if (version.mariaDb()) {
      require(version, version.atLeast(10, 5, 0), home, "MariaDB 10.5");
      return new MariaDb(id, "MariaDB " + version.release(), origin);
    }
    require(version, version.atLeast(5, 6, 5), home, "MySQL 5.6");
    return new MySql(id, "MySQL " + version.release(), origin, version.atLeast(5, 7, 6));
  }

  private static void require(ServerVersion version, boolean met, Path home, String least) {
    if (!met) {
      throw new LabException(
          "the server in "
              + home
              + " is "
              + version.text()
              + ", and the lab needs "
              + least
              + " or later");
    }
  }

  /** Those whose programs are there, so that a lab of them needs no network. */
  public static List<Flavor> fetched(Cache cache) {
    return ALL.stream().filter(f -> f.home(cache).isPresent()).toList();
  }

  /**
   * For tests: why a test with this flavour cannot run here; empty when it can. The default flavour
   * comes with the build and is always there.
   *
   * <p>{@code Flavors.absent(flavor, cache).ifPresent(Assumptions::abort)}
   *
   * @throws LabException when its programs are not there though {@value #REQUIRED} in the
   *     environment says they must be
   */
  public static Optional<String> absent(Flavor flavor, Cache cache) {
    return absent(flavor, cache, Optional.ofNullable(System.getenv(REQUIRED)).orElse(""));
  }

  static Optional<String> absent(Flavor flavor, Cache cache, String required) {
    if (flavor == standard() || flavor.home(cache).isPresent()) {
      return Optional.empty();
    }
    if (List.of(required.split(",")).contains(flavor.id())) {
      throw new LabException(
          REQUIRED
              + " says that "
              + flavor.id()
              + " is there, and it is not in "
              + cache.servers());
    }
    return Optional.of(
        flavor.id() + " is not in " + cache.servers() + "; get it with: lab fetch " + flavor.id());
  }
}
