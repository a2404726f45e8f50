package topiary.app.rehearse;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import topiary.app.bench.OnServers;
import topiary.app.bench.Program;
import topiary.app.nodes.NodeApi;
import topiary.lab.Faults;
import topiary.lab.process.ProcessId;

/** One node by itself. */
final class OneNode implements Nodes {

  private static final String NODE = Stage.NODE;

  private final Program program;
  private final Path config;
  private final Path log;
  private final Faults faults;
  private Process process;
  private NodeApi api;

  /**
   * Serves when this returns.
   *
   * @param mortal how it is started the first time; empty for as users do
   */
  OneNode(Program program, Path config, Faults faults, Optional<List<String>> mortal)
      throws IOException {
    this.program = program;
    this.config = config;
    this.faults = faults;
    log = config.resolveSibling("node.log");
    start(mortal.map(ProcessBuilder::new).orElseGet(() -> program.with(List.of(NODE), Map.of())));
  }

  private void start(ProcessBuilder builder) throws IOException {
    builder.command().addAll(List.of("--config", config.toString()));
    process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    try {
      if (faults.links()) {
        ProcessId.of(process.pid()).ifPresent(id -> faults.name(NODE, id));
      }
      api =
          new NodeApi(
              URI.create(OnServers.ready(process.inputReader(StandardCharsets.UTF_8), log)));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  @Override
  public NodeApi api() {
    return api;
  }

  @Override
  public List<NodeApi> apis() {
    return List.of(api);
  }

  @Override
  public boolean alive() {
    return process.isAlive();
  }

  @Override
  public void kill() {
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void revive() throws IOException {
    if (!alive()) {
      start(program.with(List.of(NODE), Map.of()));
    }
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  @Override
  public String said() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() throws IOException {
    Program.end(process, "the node");
  }
}
