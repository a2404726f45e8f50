package topiary.app.nodes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Await;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Launcher;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;
import topiary.lab.process.Tether;

/** A node with its file, its data folder and, while it runs, its process. */
public final class LocalNode {

  private static final String READY = "ready ";
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration END = Duration.ofSeconds(15);

  private final String name;
  private final URI http;
  private final Path config;
  private final Path output;
  private final NodeApi api;
  private volatile Optional<ProcessId> process = Optional.empty();
  private long begins;

  LocalNode(String name, URI http, Path config) {
    this.name = name;
    this.http = http;
    this.config = config;
    this.output = config.resolveSibling(name + ".log");
    this.api = new NodeApi(http);
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /** Where it serves. */
  public URI http() {
    return http;
  }

  /** Its file. */
  public Path config() {
    return config;
  }

  /** Whom to ask. */
  public NodeApi api() {
    return api;
  }

  /** How it sees its cluster; empty when it does not answer. */
  public Optional<ClusterState> cluster() {
    return ClusterState.of(api);
  }

  /** The process that was started last; empty before. */
  public Optional<ProcessId> process() {
    return process;
  }

  /** Whether that process runs. */
  public boolean alive() {
    return process.filter(ProcessId::alive).isPresent();
  }

  /**
   * Starts it; ends with whoever holds the tether.
   *
   * @param how behind its file, for example {@code --bootstrap}
   */
  public void start(NodeProgram program, Tether tether, List<String> how) {
    var command = new ArrayList<>(program.command());
    command.addAll(List.of("--config", config.toString()));
    command.addAll(how);
    launch(command, tether);
  }

  /** Starts a command in its place; what it prints is looked at as a node's. */
  public void launch(List<String> command, Tether tether) {
    begins = length();
    process = Optional.of(Launcher.tethered(command, config.getParent(), output, tether));
  }

  private long length() {
    try {
      return Files.exists(output) ? Files.size(output) : 0;
    } catch (IOException e) {
      throw LabException.of("cannot read " + output, e);
    }
  }

  /** What it has printed since it was started. */
  public List<String> said() {
    try (var file = new RandomAccessFile(output.toFile(), "r")) {
      file.seek(begins);
      var bytes = new byte[Math.toIntExact(file.length() - begins)];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw LabException.of("cannot read " + output, e);
    }
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws LabException when it ends before, or takes too long, with what it said last
   */
  public void awaitReady() {
    awaitReady(START);
  }

  /** The same, with more patience, or less. */
  public void awaitReady(Duration limit) {
    boolean[] ready = {false};
    boolean over =
        Await.holds(
            limit,
            () -> {
              boolean ended = !alive();
              ready[0] = said().stream().anyMatch(line -> line.startsWith(READY));
              return ready[0] || ended;
            });
    if (!ready[0]) {
      throw new LabException(
          "node "
              + name
              + (over ? " has ended" : " is not ready after " + limit.toSeconds() + " s")
              + ": "
              + Disk.tail(output, 5).replace('\n', ' '));
    }
  }

  /** Kills it at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    send(Signal.KILL);
    gone();
  }

  /** Tells it to end, and waits until it has; one that does not is killed. */
  public void end() {
    end(END);
  }

  /** The same, with more patience, or less. */
  public void end(Duration limit) {
    send(Signal.TERM);
    if (!awaitEnd(limit)) {
      kill();
    }
  }

  /** Sends a signal, if it runs. */
  void send(Signal signal) {
    process.ifPresent(p -> p.signal(signal, config.toString()));
  }

  private boolean awaitEnd(Duration limit) {
    return process.map(p -> p.awaitEnd(limit)).orElse(true);
  }

  private void gone() {
    if (!awaitEnd(END)) {
      throw new LabException("node " + name + " cannot be ended");
    }
  }
}
