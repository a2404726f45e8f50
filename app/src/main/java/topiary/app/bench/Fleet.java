package topiary.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import topiary.app.json.Json;
import topiary.app.nodes.NodeApi;
import topiary.lab.Ports;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.sim.Address;
import topiary.lab.wire.SimulatedFleet;
import topiary.lab.wire.SimulatedSpec;

/**
 * A node as users start it, on simulated servers in this process: it is given one of each tree, and
 * finds the others.
 */
final class Fleet implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final String READY = "ready ";

  private final int size;
  private final Path folder;
  private final SimulatedFleet fleet;
  private final Process node;
  private final URI address;
  private final NodeApi api;
  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] buffer = new byte[1 << 18];
  private final List<Double> found = new ArrayList<>();

  /** How often servers are looked at when nothing else is said, in seconds. */
  static final int SHIPPED = 5;

  /** Servers that are looked at now and then only, so that what else they are asked can be told. */
  private static final int RARELY = 3600;

  /** Started, and all its servers seen. */
  Fleet(Program program, int servers) throws IOException {
    this(program, SimulatedSpec.of(servers), SHIPPED, 1);
  }

  /**
   * The same, by one node after the other, each of which knows nothing of the one before. The first
   * one's servers are a program that has just been started, which no server of anybody's is.
   *
   * @param nodes how many; the last one stays
   */
  static Fleet foundAgain(Program program, int servers, int nodes) throws IOException {
    return new Fleet(program, SimulatedSpec.of(servers), SHIPPED, nodes);
  }

  /** The same with servers as they are said, which are looked at when somebody asks. */
  Fleet(Program program, SimulatedSpec servers) throws IOException {
    this(program, servers, RARELY, 1);
  }

  private Fleet(Program program, SimulatedSpec spec, int poll, int nodes) throws IOException {
    size = spec.servers();
    folder =
        Cache.standard().root().resolve("bench").resolve("fleet-" + ProcessHandle.current().pid());
    Disk.delete(folder);
    Disk.makePrivate(folder);
    int port = new Ports("127." + spec.network() + ".0.1", Set.of()).take();
    fleet = SimulatedFleet.start(spec.port(port));
    try {
      Path config = config(poll);
      Node last = null;
      for (int i = 0; i < nodes; i++) {
        if (last != null) {
          Program.end(last.process(), "the node");
          Disk.delete(folder.resolve("data"));
        }
        last = started(program, config);
        found.add(last.found());
      }
      node = last.process();
      address = last.address();
      api = new NodeApi(address);
    } catch (IOException | RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  /**
   * A node that has seen everybody.
   *
   * @param found how long that took from its being ready on, in seconds
   */
  private record Node(Process process, URI address, double found) {}

  private Node started(Program program, Path config) throws IOException {
    Path said = folder.resolve("said");
    Process process =
        program
            .with(List.of("node", "--config", config.toString()), Map.of())
            .redirectError(said.toFile())
            .start();
    try {
      var at = URI.create(ready(process.inputReader(StandardCharsets.UTF_8), said));
      var asked = new NodeApi(at);
      long began = System.nanoTime();
      if (!Await.holds(PATIENCE, () -> seen(asked) == size)) {
        throw new LabException(
            "after " + PATIENCE.toSeconds() + " s only " + seen(asked) + " servers are seen");
      }
      return new Node(process, at, (System.nanoTime() - began) / 1e9);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private Path config(int poll) throws IOException {
    return config(
        folder,
        poll,
        fleet.seeds().stream().map(Address::toString).toList(),
        fleet.spec().user(),
        fleet.spec().password());
  }

  /** The configuration of a node in a folder of its own. */
  static Path config(Path folder, int poll, List<String> servers, String user, String password)
      throws IOException {
    return config(folder, poll, servers, user, password, Map.of());
  }

  /**
   * The same.
   *
   * @param more what else stands in the rule that says as whom the node logs in
   */
  static Path config(
      Path folder,
      int poll,
      List<String> servers,
      String user,
      String password,
      Map<String, Object> more)
      throws IOException {
    Path secret = secret(folder, "password", password);
    var json = new LinkedHashMap<String, Object>();
    json.put("listen", "127.0.0.1:" + new Ports("127.0.0.1", Set.of()).take());
    json.put("pollSeconds", poll);
    json.put("dataFolder", folder.resolve("data").toString());
    json.put("servers", servers);
    json.put("credentials", List.of(rule(user, secret, more)));
    Path file = folder.resolve("node.json");
    Files.write(file, Json.bytes(json));
    return file;
  }

  private static Map<String, Object> rule(String user, Path secret, Map<String, Object> more) {
    var rule = new LinkedHashMap<String, Object>();
    rule.put("match", "*");
    rule.put("user", user);
    rule.put("password", Map.of("file", secret.toString()));
    rule.putAll(more);
    return rule;
  }

  /** A file that only its owner may read. */
  static Path secret(Path folder, String name, String password) throws IOException {
    Path secret = folder.resolve(name);
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, password + "\n");
    return secret;
  }

  /**
   * Where a node serves, once it says so.
   *
   * @throws IOException when it ends before, with what it said last
   */
  static String ready(BufferedReader lines, Path said) throws IOException {
    try {
      return ready(lines);
    } catch (IOException e) {
      String last = Files.readAllLines(said).stream().reduce((a, b) -> b).orElse("nothing");
      throw new IOException(e.getMessage() + "; it said last: " + last, e);
    }
  }

  /** Where a node serves, once it says so. */
  static String ready(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(READY)) {
        return line.substring(READY.length());
      }
    }
    throw new IOException("the node ended before it was ready");
  }

  int size() {
    return size;
  }

  /** From each node's being ready to its having seen all, in seconds. */
  List<Double> found() {
    return List.copyOf(found);
  }

  private static long seen(NodeApi api) {
    return api.get("health")
        .map(health -> ((Map<?, ?>) health.get("conditions")).get("SEEN"))
        .map(count -> ((Number) count).longValue())
        .orElse(0L);
  }

  /** How often it has looked at a server. */
  long looks() {
    return api.get("health")
        .map(health -> ((Number) health.get("looks")).longValue())
        .orElseThrow(() -> new LabException("the node does not answer"));
  }

  Duration processorTime() throws IOException {
    return Usage.processorTime(node.pid());
  }

  double residentMegabytes() throws IOException {
    return Usage.residentMegabytes(node.pid());
  }

  /** What the simulated servers have used of a processor. */
  Duration servers() {
    return fleet.cpu();
  }

  /** How long ago each server was seen, in seconds. */
  List<Double> ages() throws IOException, InterruptedException {
    String body = get("/api/v1/topology").body();
    var now = Instant.now();
    var ages = new ArrayList<Double>();
    try {
      collect(Json.object(body.getBytes(StandardCharsets.UTF_8)), now, ages);
    } catch (Json.BadJson e) {
      throw new IOException("the topology cannot be read: " + e.getMessage(), e);
    }
    return ages;
  }

  private static void collect(Object json, Instant now, List<Double> ages) {
    if (json instanceof Map<?, ?> map) {
      if (map.get("lastSeen") instanceof String seen) {
        ages.add(Duration.between(Instant.parse(seen), now).toMillis() / 1e3);
      }
      map.values().forEach(value -> collect(value, now, ages));
    } else if (json instanceof List<?> list) {
      list.forEach(value -> collect(value, now, ages));
    }
  }

  /** All servers, the head first. */
  List<Address> addresses() {
    return fleet.servers();
  }

  /** How many statements the servers have answered. */
  long questions() {
    return fleet.questions();
  }

  /**
   * Has something done, and waits for its end.
   *
   * @throws IOException when it is refused, or does not end well
   */
  void carryOut(String operation, Map<String, Object> arguments)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(address + "/api/v1/" + operation))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(arguments)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 202) {
      throw new IOException(operation + ": " + response.body());
    }
    Map<String, Object> run = object(response.body());
    String id = run.get("plan").toString();
    while (run.get("end") == null) {
      run = object(get("/api/v1/runs/" + id + "?wait=30000&after=" + run.get("version")).body());
    }
    if (!run.get("end").equals("DONE")) {
      throw new IOException(operation + " ended as " + run.get("end") + ": " + run.get("report"));
    }
  }

  private static Map<String, Object> object(String json) throws IOException {
    try {
      return Json.object(json.getBytes(StandardCharsets.UTF_8));
    } catch (Json.BadJson e) {
      throw new IOException("the node's answer cannot be read: " + e.getMessage(), e);
    }
  }

  /** One of the servers. */
  String server() {
    return fleet.seeds().getFirst().toString();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(address + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answered " + response.statusCode());
    }
    return response;
  }

  /**
   * Asks for an answer and lets go of it as it comes, over one kept connection: so that the time it
   * takes is the node's, and not that of a client that makes a text of it.
   *
   * @return how long it was, in bytes
   */
  long drain(String path) throws IOException {
    var connection = (HttpURLConnection) address.resolve(path).toURL().openConnection();
    if (connection.getResponseCode() != 200) {
      throw new IOException(path + " answered " + connection.getResponseCode());
    }
    long length = 0;
    try (InputStream body = connection.getInputStream()) {
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        length += n;
      }
    }
    return length;
  }

  @Override
  public void close() throws IOException {
    try {
      Program.end(node, "the node");
    } finally {
      fleet.close();
      Disk.delete(folder);
    }
  }
}
