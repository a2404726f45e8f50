package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

/**
 * A server out of Debian's packages, unpacked into the cache with every library it needs, so that
 * it runs whatever this system has. Nothing is installed.
 *
 * @param name of the folder in the cache
 * @param suite the release of Debian, e.g. {@code sid}
 * @param wanted the package with the server
 * @param share where the package has its messages
 * @param plugins where the package has the plugins to take; empty to take none
 * @param least the oldest release that will do, e.g. {@code 9.7.0}
 */
record Debian(
    String name,
    String suite,
    String wanted,
    String program,
    String share,
    Optional<String> plugins,
    String least)
    implements Origin {
  private static final long SPACE = 700L << 20;

  /** Of clients; they are large and need more libraries. */
  private static final Pattern PASSED_OVER =
      Pattern.compile(".*_client\\.so|group_replication\\.so");

  @Override
  public String words() {
    return "Debian's packages (" + suite + "), by this machine's apt";
  }

  @Override
  public Optional<Path> home(Cache cache) {
    return Optional.of(cache.servers().resolve(name)).filter(Files::isDirectory);
  }

  @Override
  public ServerVersion version(Path home) {
    return ServerVersion.read(Disk.read(home.resolve("version")))
        .orElseThrow(
            () ->
                new LabException(
                    home + " is damaged: delete it, and the lab will get the server again"));
  }

  @Override
  public Path install(Cache cache) {
    return home(cache).orElseGet(() -> get(cache));
  }

  private Path get(Cache cache) {
    Machine.check();
    if (cache.root().toString().contains(":")) {
      throw new LabException(
          "the cache directory "
              + cache.root()
              + " has a colon in its path, which the list of a server's libraries cannot hold;"
              + " set TOPIARY_CACHE to another directory");
    }
    return Workshop.make(
        cache.servers(), name, SPACE, "the packages of " + wanted, fresh -> unpack(cache, fresh));
  }

  private void unpack(Cache cache, Path fresh) {
    Path stage = cache.servers().resolve(name + ".stage");
    Disk.delete(stage);
    try {
      Disk.makePrivate(stage);
      Path root = new Apt(stage).unpack(suite, wanted);
      Disk.makePrivate(fresh);
      var libraries = new Libraries(root, fresh.resolve("lib"));
      Path server = fresh.resolve("bin").resolve(Path.of(program).getFileName());
      Disk.makePrivate(server.getParent());
      Disk.move(root.resolve(program), server);
      libraries.gather(List.of(server));
      Disk.move(root.resolve(share), fresh.resolve("share"));
      Path plugin = fresh.resolve("plugin");
      Disk.makePrivate(plugin);
      if (plugins.isPresent()) {
        for (Path file : Disk.list(root.resolve(plugins.get()))) {
          if (!PASSED_OVER.matcher(file.getFileName().toString()).matches()) {
            Disk.move(file, plugin.resolve(file.getFileName()));
          }
        }
        libraries.gather(
            Disk.list(plugin).stream()
                .filter(f -> f.getFileName().toString().contains("semisync"))
                .toList());
      }
      ServerVersion version = Programs.at(fresh).ask();
      check(version);
      Disk.writePrivate(
          fresh.resolve("version"),
          " Ver " + version.text() + " " + (version.mariaDb() ? "MariaDB" : "MySQL") + "\n");
    } finally {
      Disk.delete(stage);
    }
  }

  private void check(ServerVersion version) {
    String[] numbers = least.split("\\.");
    if (!version.atLeast(
        Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]))) {
      throw new LabException(
          "the apt mirror of this machine has "
              + wanted
              + " "
              + version.text()
              + " in "
              + suite
              + ", and the lab needs "
              + least
              + " or later; wait until the mirror has caught up");
    }
  }
}
