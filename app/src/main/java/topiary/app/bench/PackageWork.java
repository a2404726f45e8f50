package topiary.app.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import topiary.app.json.Json;
import topiary.app.nodes.NodeApi;
import topiary.lab.Ports;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;

/**
 * The packages that {@code installers/build} has made: how large they are, and how soon what they
 * bring is there when it is started, unpacked as it would be installed.
 */
final class PackageWork implements Measurement {

  private static final int RUNS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path packages;

  /**
   * Packages.
   *
   * @param launcher of the sources they were made from
   */
  PackageWork(Path launcher) {
    packages = launcher.resolveSibling("installers").resolve("target").resolve("packages");
  }

  @Override
  public List<Figures> run(Program program) throws IOException, InterruptedException {
    var figures = new ArrayList<Figures>();
    Path folder =
        Cache.standard()
            .root()
            .resolve("bench")
            .resolve("package-" + ProcessHandle.current().pid());
    try {
      for (String one : List.of("client", "node", "desktop")) {
        Path file = newest("topiary-" + one + "_");
        figures.add(new Figures(one, "MiB", List.of(Files.size(file) / 1024.0 / 1024.0)));
        unpack(file, folder);
      }
      Path programs = folder.resolve("usr").resolve("lib");
      figures.add(version(programs.resolve("topiary-client/bin/topiary")));
      figures.add(node(programs.resolve("topiary-node/bin/topiary-node"), folder));
      figures.add(window(programs.resolve("topiary-desktop/bin/topiary-desktop"), program));
      return figures;
    } finally {
      Disk.delete(folder);
    }
  }

  private Path newest(String prefix) throws IOException {
    if (!Files.isDirectory(packages)) {
      throw new IOException("there are no packages in " + packages + ": run installers/build");
    }
    Path newest = null;
    try (Stream<Path> files = Files.list(packages)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        boolean later =
            newest == null
                || Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(newest)) > 0;
        if (name.startsWith(prefix) && name.endsWith(".deb") && later) {
          newest = file;
        }
      }
    }
    if (newest == null) {
      throw new IOException(
          "there is no " + prefix + "….deb in " + packages + ": run installers/build");
    }
    return newest;
  }

  private static void unpack(Path file, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Process unpacking =
        new ProcessBuilder("dpkg-deb", "-x", file.toString(), folder.toString())
            .inheritIO()
            .start();
    if (unpacking.waitFor() != 0) {
      throw new IOException(file + " cannot be unpacked");
    }
  }

  private static Figures version(Path client) throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    var program = new Program(client.toString());
    for (int i = 0; i <= 2 * RUNS; i++) {
      long began = System.nanoTime();
      program.run(List.of("version"), Map.of());
      if (i > 0) {
        seconds.add((System.nanoTime() - began) / 1e9);
      }
    }
    return new Figures("version", "s", seconds);
  }

  /** From the service's command to the first answer that says healthy. */
  private static Figures node(Path node, Path folder) throws IOException {
    var seconds = new ArrayList<Double>();
    int port = new Ports("127.0.0.1", Set.of()).take();
    var api = new NodeApi(URI.create("http://127.0.0.1:" + port));
    Path config = folder.resolve("node.json");
    Disk.writePrivate(
        config,
        Json.text(
            Map.of(
                "listen", "127.0.0.1:" + port, "dataFolder", folder.resolve("data").toString())));
    for (int i = 0; i <= RUNS; i++) {
      long began = System.nanoTime();
      Process process =
          new ProcessBuilder(node.toString(), "node", "--config", config.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(folder.resolve("node.log").toFile())
              .start();
      try {
        if (!Await.holds(PATIENCE, () -> api.get("health").isPresent())) {
          throw new IOException(
              "the node is not healthy: "
                  + Files.readString(folder.resolve("node.log"), StandardCharsets.UTF_8));
        }
        if (i > 0) {
          seconds.add((System.nanoTime() - began) / 1e9);
        }
      } finally {
        Program.end(process, "the node");
      }
    }
    return new Figures("node healthy", "s", seconds);
  }

  private static Figures window(Path desktop, Program sources) throws IOException {
    var seconds = new ArrayList<Double>();
    var program = new Program(desktop.toString());
    try (var demo = sources.demo()) {
      for (int i = 0; i <= RUNS; i++) {
        try (var opened = new Window(program, demo.address())) {
          double first = opened.painted("window");
          if (i > 0) {
            seconds.add(first);
          }
        }
      }
    }
    return new Figures("window", "s " + Window.where(), seconds);
  }
}
