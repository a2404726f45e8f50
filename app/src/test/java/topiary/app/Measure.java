package topiary.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a JVM that is another process holds, asked with the JDK's own tools. */
final class Measure {

  /**
   * What it holds.
   *
   * @param heap bytes of objects that are in use
   * @param threads threads of both kinds
   * @param files open files and sockets
   */
  record Level(long heap, int threads, int files) {

    static final Level NONE = new Level(0, 0, 0);

    @Override
    public String toString() {
      return heap / 1024 + " KB in use, " + threads + " threads, " + files + " files open";
    }
  }

  private final long pid;

  Measure(long pid) {
    this.pid = pid;
  }

  Level level() throws IOException, InterruptedException {
    return new Level(heap(), threads().values().stream().mapToInt(i -> i).sum(), files());
  }

  /** After a collection, as whoever counts objects makes one first. */
  private long heap() throws IOException, InterruptedException {
    String total =
        jcmd("GC.class_histogram")
            .lines()
            .filter(line -> line.startsWith("Total "))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(total.strip().split("\\s+")[2]);
  }

  /** How many there are of each name, numbers left out. */
  Map<String, Integer> threads() throws IOException, InterruptedException {
    Path file = Rig.folder("threads.json");
    jcmd("Thread.dump_to_file", "-overwrite", "-format=json", file.toString());
    Map<String, Object> dump = Caller.object(Files.readString(file));
    var names = new TreeMap<String, Integer>();
    var containers = ((Map<?, ?>) dump.get("threadDump")).get("threadContainers");
    for (Map<String, Object> container : Caller.list(containers)) {
      for (Map<String, Object> thread : Caller.list(container.get("threads"))) {
        String name =
            String.valueOf(thread.get("name")).replaceAll("[0-9a-fx]*[0-9][0-9a-fx]*", "N");
        names.merge(name, 1, Integer::sum);
      }
    }
    Files.delete(file);
    return names;
  }

  /** Whether any thread is in a method whose name, with its class, begins so. */
  boolean anyIn(String method) throws IOException, InterruptedException {
    Path file = Rig.folder("threads.json");
    jcmd("Thread.dump_to_file", "-overwrite", "-format=json", file.toString());
    boolean any = Files.readString(file).contains("\"" + method);
    Files.delete(file);
    return any;
  }

  private int files() throws IOException {
    int count = 0;
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path fd : all.toList()) {
        try {
          Files.readSymbolicLink(fd);
          count++;
        } catch (NoSuchFileException e) {
          // Closed in the meantime.
          continue;
        }
      }
    }
    return count;
  }

  private String jcmd(String... what) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(what));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("jcmd: " + said);
    }
    return said;
  }
}
