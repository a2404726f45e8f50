package topiary.app;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import topiary.lab.base.Disk;
import topiary.lab.base.Lock;

/**
 * This build's classes, kept linked for the processes that tests start, as the launcher keeps them
 * for users: a node is there for half the work. Made once for all tests of a build, by the first
 * that starts a process (which costs as much as some ten starts); a run of chosen tests uses what
 * is there, or does without.
 *
 * @param classPath what the process is to have, which the links belong to
 * @param options what the JVM is to be told
 */
record Linked(String classPath, List<String> options) {

  /** The launcher's own for a node. */
  private static final String NODE =
      "-Xms24m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
          + " -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30"
          + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";

  private static final Path FOLDER = Path.of("target", "linked").toAbsolutePath();

  /** Half a minute on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final class Once {
    static final Linked VALUE = find();
  }

  /** For all processes of this JVM's tests. */
  static Linked standard() {
    return Once.VALUE;
  }

  /** The command that runs a class, but for its arguments. */
  List<String> command(Class<?> main) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    // For the nodes that a demo starts.
    command.add("-Dtopiary.node.options=" + String.join(" ", options));
    command.addAll(List.of("-cp", classPath, main.getName()));
    return command;
  }

  private static Linked find() {
    List<Path> entries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .toList();
    var plain = new Linked(join(entries), List.of(NODE.split(" ")));
    try {
      Disk.makePrivate(FOLDER);
      Path folder = FOLDER.resolve(fingerprint(entries));
      Path links = folder.resolve("node.aot");
      if (links.toString().matches(".*\\s.*")) {
        // The nodes of a demo get their options as one text.
        return plain;
      }
      try (var _ = Lock.take(FOLDER.resolveSibling("linked.lock"), PATIENCE)) {
        if (!Files.exists(links) && wanted()) {
          make(entries, folder, plain.options, links);
        }
      }
      return Files.exists(links) ? linked(packed(entries, folder), plain.options, links) : plain;
    } catch (IOException e) {
      System.err.println("processes start slowly, for their classes cannot be linked: " + e);
      return plain;
    }
  }

  /** By a build's run of all tests, or by {@code -Dtopiary.linked=true}. */
  private static boolean wanted() {
    boolean all =
        System.getProperty("topiary.test.jvm") != null && System.getProperty("test") == null;
    return all || Boolean.getBoolean("topiary.linked");
  }

  private static Linked linked(List<Path> entries, List<String> node, Path links) {
    var options = new ArrayList<>(node);
    // A word about a cache that does not fit would be taken for the program's own.
    options.addAll(List.of("-XX:AOTCache=" + links, "-Xlog:disable", "-Xlog:all=error:stderr"));
    return new Linked(join(entries), options);
  }

  private static String join(List<Path> entries) {
    return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
  }

  /** Changes when any of the classes do. */
  private static String fingerprint(List<Path> entries) throws IOException {
    var seen = new StringBuilder(Runtime.version().toString());
    for (Path entry : entries) {
      if (!Files.exists(entry)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(entry)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          seen.append('\n').append(file).append(' ').append(Files.size(file));
          seen.append(' ').append(Files.getLastModifiedTime(file));
        }
      }
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(seen.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Links belong to jars; this build's classes lie in folders, so each is packed into one. */
  private static List<Path> packed(List<Path> entries, Path folder) {
    var jars = new ArrayList<Path>();
    for (int i = 0; i < entries.size(); i++) {
      Path entry = entries.get(i);
      jars.add(Files.isDirectory(entry) ? folder.resolve("classes-" + i + ".jar") : entry);
    }
    return jars;
  }

  private static void make(List<Path> entries, Path folder, List<String> node, Path links)
      throws IOException {
    for (Path old : Disk.list(FOLDER)) {
      Disk.delete(old);
    }
    Disk.makePrivate(folder);
    List<Path> jars = packed(entries, folder);
    for (int i = 0; i < jars.size(); i++) {
      if (!jars.get(i).equals(entries.get(i))) {
        pack(entries.get(i), jars.get(i));
      }
    }
    Path fresh = folder.resolve("fresh.aot");
    var options = new ArrayList<>(node);
    options.add("-XX:AOTCacheOutput=" + fresh);
    var command = new ArrayList<>(new Linked(join(jars), options).command(Rehearsal.class));
    command.add(Rig.folder("rehearsal").toString());
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          || process.exitValue() != 0
          || !Files.exists(fresh)) {
        throw new IOException(Files.readString(said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    Files.move(fresh, links);
  }

  private static void pack(Path classes, Path jar) throws IOException {
    ToolProvider tool =
        ToolProvider.findFirst("jar").orElseThrow(() -> new IOException("this JDK has no jar"));
    var said = new StringWriter();
    var out = new PrintWriter(said);
    String[] words = {
      "--create", "--no-compress", "--file", jar.toString(), "-C", classes.toString(), "."
    };
    if (tool.run(out, out, words) != 0) {
      throw new IOException(said.toString());
    }
  }
}
