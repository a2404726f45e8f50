package topiary.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import topiary.app.config.BadConfig;
import topiary.app.json.Json;
import topiary.app.security.ReloadingKeys;
import topiary.lab.base.Disk;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;
import topiary.lab.process.TcpTable;
import topiary.lab.proxy.Link;
import topiary.lab.proxy.LinkProxy;
import topiary.lab.proxy.ProxyControl;
import topiary.lab.proxy.Rule;
import topiary.lab.proxy.Standing;

/** A cluster of nodes, each a process of its own, with a proxy on each link between them. */
final class ClusterRig implements AutoCloseable {

  private static final String HASH = "stateHash";

  private static final Duration ASK = Duration.ofSeconds(65);

  private final Map<String, NodeProcess> nodes = new TreeMap<>();
  private final LinkProxy proxy;
  private final ProxyControl control;
  private final Path folder = Rig.folder("cluster");
  private final Optional<Certs> certs;
  private final HttpClient client;
  private Function<String, Map<String, Object>> settings = name -> Map.of();
  private Consumer<NodeProcess> onStart = node -> {};
  private States states =
      node -> DriverManager.getConnection("jdbc:sqlite:" + node.data.resolve("topiary.db"));

  /** No node yet; they speak without encryption. */
  ClusterRig() throws BadConfig {
    this(Optional.empty());
  }

  /**
   * No node yet.
   *
   * @param certs where their certificates are made, and that of {@code ann}, who asks them
   */
  ClusterRig(Optional<Certs> certs) throws BadConfig {
    this.certs = certs;
    var builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2));
    if (certs.isPresent()) {
      var keys = new ReloadingKeys(certs.get().files("ann"), InstantSource.system());
      builder.sslContext(keys.context());
    }
    client = builder.build();
    Disk.makePrivate(folder);
    proxy = new LinkProxy("cluster", "127.0.0.1", (client, port) -> owner(client, port));
    control = new ProxyControl("127.0.0.1", proxy.address());
  }

  /**
   * What else stands in the files of the nodes to come.
   *
   * @param more by a node's name
   */
  ClusterRig with(Function<String, Map<String, Object>> more) {
    settings = more;
    return this;
  }

  /** Where the state of a node that has ended is read. */
  interface States {
    Connection of(NodeProcess node) throws SQLException;
  }

  /** Where they keep their states, when not in their data folders. */
  ClusterRig statesIn(States other) {
    states = other;
    return this;
  }

  /** Whoever is to know of each process as soon as there is one. */
  ClusterRig onStart(Consumer<NodeProcess> other) {
    onStart = other;
    return this;
  }

  private String owner(java.net.InetSocketAddress client, int port) {
    Optional<Long> socket = TcpTable.inode(client, port);
    return nodes.values().stream()
        .filter(n -> socket.isPresent() && n.id().holdsSocket(socket.get()))
        .map(n -> n.name)
        .findFirst()
        .orElse(Link.OTHERS);
  }

  /** One of the nodes. */
  final class NodeProcess {
    final String name;
    final Path data;
    final Path notes;
    final String url;
    private final Path file;
    private final String raft;
    private Process process;
    private ProcessId id;
    private CompletableFuture<String> ready;
    private CompletableFuture<String> ended;
    private final StringBuffer said = new StringBuffer();

    private NodeProcess(String name) throws IOException {
      this.name = name;
      data = folder.resolve(name);
      notes = folder.resolve(name + ".acknowledged");
      file = folder.resolve(name + ".json");
      int http = Rig.port();
      int own = Rig.port();
      int open = Rig.port();
      url = (certs.isPresent() ? "https" : "http") + "://127.0.0.1:" + http;
      certs.ifPresent(c -> c.node(name, "127.0.0.1"));
      raft = "127.0.0.1:" + open;
      control.serve(name, open, own);
      writeFile(own, http);
    }

    private void writeFile(int own, int http) throws IOException {
      var cluster = new LinkedHashMap<String, Object>();
      cluster.put("listen", "127.0.0.1:" + own);
      cluster.put("address", raft);
      cluster.put("name", name);
      var json = new LinkedHashMap<String, Object>();
      json.put("listen", "127.0.0.1:" + http);
      json.put("dataFolder", data.toString());
      json.put("cluster", cluster);
      certs.ifPresent(c -> json.put("tls", tls(c)));
      json.putAll(settings.apply(name));
      Files.write(file, Json.bytes(json));
    }

    private Map<String, Object> tls(Certs of) {
      return Map.of(
          "certificate", of.certificate(name).toString(),
          "key", of.key(name).toString(),
          "authority", of.authority().toString());
    }

    /** Gives it the certificate of another authority. */
    void belongTo(Certs others) throws Exception {
      others.node(name, "127.0.0.1");
      Map<String, Object> json = Json.object(Files.readAllBytes(file));
      json.put("tls", tls(others));
      Files.write(file, Json.bytes(json));
    }

    /** Gives it further keys of its cluster, for its next start. */
    @SuppressWarnings("unchecked")
    void configure(Map<String, Object> extra) throws Exception {
      Map<String, Object> json = Json.object(Files.readAllBytes(file));
      ((Map<String, Object>) json.get("cluster")).putAll(extra);
      Files.write(file, Json.bytes(json));
    }

    NodeProcess start(String how, List<String> join, String... limit) throws IOException {
      ProcessBuilder builder =
          Rig.java(
              BusyNode.class,
              file.toString(),
              how,
              join.isEmpty() ? "-" : String.join(",", join),
              notes.toString());
      if (limit.length > 0) {
        var command = new ArrayList<>(List.of(limit));
        command.addAll(builder.command());
        builder.command(command);
      }
      process = builder.redirectErrorStream(true).start();
      id = ProcessId.of(process.pid()).orElseThrow();
      onStart.accept(this);
      var isReady = new CompletableFuture<String>();
      var hasEnded = new CompletableFuture<String>();
      ready = isReady;
      ended = hasEnded;
      var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                String last = "";
                try {
                  for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said.append(line).append('\n');
                    last = line;
                    if (line.startsWith("ready ")) {
                      isReady.complete(line);
                    }
                  }
                } catch (IOException e) {
                  said.append(e).append('\n');
                }
                isReady.completeExceptionally(new IllegalStateException(name + ": " + said));
                hasEnded.complete(last);
              });
      return this;
    }

    NodeProcess again() throws IOException {
      return start("GO_ON", List.of());
    }

    NodeProcess awaitReady() throws Exception {
      ready.get(90, TimeUnit.SECONDS);
      return this;
    }

    /** Its last line, when it has ended by itself. */
    String awaitEnd() throws Exception {
      String last = ended.get(60, TimeUnit.SECONDS);
      process.waitFor();
      return last;
    }

    ProcessId id() {
      return id;
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    void stop() throws InterruptedException {
      process.destroy();
      process.waitFor();
    }

    void freeze() {
      id.signal(Signal.STOP, BusyNode.class.getName());
    }

    void thaw() {
      id.signal(Signal.CONT, BusyNode.class.getName());
    }

    /** The thread of its plan is to stand still there; it goes on from wherever it is held. */
    void holdAt(HeldLog.Point point, String step) {
      HeldLog.hold(notes, point, step);
    }

    void awaitHeld(HeldLog.Point point, String step) {
      Until.holds(name + " stands at " + point + " " + step, () -> stands(point, step));
    }

    boolean stands(HeldLog.Point point, String step) {
      return HeldLog.held(notes, point, step);
    }

    /** It goes on. */
    void letGo() {
      HeldLog.letGo(notes);
    }

    /** Waits until its plan waits for a server's answer to a statement. */
    void awaitTold() {
      Until.holds(name + " waits for the answer to a deed", () -> HeldLog.told(notes));
    }

    Caller http() {
      return new Caller(url);
    }

    boolean alive() {
      return process.isAlive();
    }

    /** What it says of the cluster; empty when it does not answer. */
    Optional<Map<String, Object>> view() {
      try {
        return Optional.of(get(url + "/api/v1/cluster"));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    boolean leads() {
      return view().filter(v -> Boolean.TRUE.equals(v.get("leading"))).isPresent();
    }

    String said() {
      return said.toString();
    }

    String address() {
      return raft;
    }
  }

  /** Three members, the first of which leads at the beginning. */
  ClusterRig three() throws Exception {
    try {
      first("n1");
      join("n2");
      join("n3");
      return this;
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  NodeProcess first(String name) throws Exception {
    var node = new NodeProcess(name);
    nodes.put(name, node);
    return node.start("BOOTSTRAP", List.of()).awaitReady();
  }

  NodeProcess join(String name) throws Exception {
    var node = new NodeProcess(name);
    nodes.put(name, node);
    return node.start("JOIN", others(name)).awaitReady();
  }

  /** A node that is not started. */
  NodeProcess prepare(String name) throws IOException {
    var node = new NodeProcess(name);
    nodes.put(name, node);
    return node;
  }

  /** It is compared with nobody any more. */
  void forget(String name) {
    nodes.remove(name);
  }

  /** Where the others serve. */
  List<String> others(String name) {
    return nodes.values().stream()
        .filter(n -> !n.name.equals(name) && n.process != null && n.alive())
        .map(n -> n.url)
        .toList();
  }

  NodeProcess node(String name) {
    return nodes.get(name);
  }

  /** Whoever leads, once somebody does. */
  NodeProcess leader() {
    return leader(List.of());
  }

  /** Whoever of the rest leads, once somebody does. */
  NodeProcess leader(List<NodeProcess> without) {
    var found = new ArrayList<NodeProcess>();
    Until.holds(
        "somebody leads",
        () -> {
          found.clear();
          nodes.values().stream()
              .filter(n -> !without.contains(n) && n.process != null && n.alive() && n.leads())
              .forEach(found::add);
          return found.size() == 1;
        });
    return found.getFirst();
  }

  /** Somebody who does not lead. */
  NodeProcess follower() {
    NodeProcess leader = leader();
    return nodes.values().stream().filter(n -> n != leader).findFirst().orElseThrow();
  }

  /** Puts a rule on all links of a node, both ways. */
  List<Standing> around(NodeProcess node, Rule rule) {
    return List.of(
        control.add(List.of(Link.to(node.name)), rule),
        control.add(List.of(Link.from(node.name).toAnybody()), rule));
  }

  void heal(List<Standing> standing) {
    control.remove(
        standing.stream().map(Standing::id).collect(java.util.stream.Collectors.toSet()));
  }

  Map<String, Object> post(NodeProcess to, String path, Map<String, Object> body)
      throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(to.url + "/api/v1/" + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body))));
  }

  private Map<String, Object> get(String url) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url)).GET());
  }

  private Map<String, Object> send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<byte[]> response =
          client.send(
              request.timeout(ASK).header("Accept", "application/json").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return response.body().length == 0 ? Map.of() : Json.object(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (Json.BadJson e) {
      throw new IOException(e);
    }
  }

  /** How many commands were acknowledged so far, by anybody. */
  int acknowledged() throws IOException {
    int count = 0;
    for (NodeProcess node : nodes.values()) {
      if (Files.exists(node.notes)) {
        count += Files.readAllLines(node.notes).size();
      }
    }
    return count;
  }

  /** Waits until some more are acknowledged: the cluster works. */
  void awaitProgress(int more) throws IOException {
    int before = acknowledged();
    Until.holds(more + " more commands are acknowledged", () -> acknowledged() >= before + more);
  }

  /**
   * Ends all, and compares: what was acknowledged stands in everybody's log with the verdict that
   * was given, all logs and states are equal, and nothing stands twice.
   */
  void endAndCompare() throws Exception {
    Files.createFile(folder.resolve(BusyNode.QUIET));
    Until.holds(
        "nobody writes any more",
        () -> nodes.values().stream().allMatch(n -> Files.exists(BusyNode.resting(n.notes))));
    Until.holds("all stand at the same place, with equal states", this::same);
    for (NodeProcess node : nodes.values()) {
      node.stop();
    }
    // What managers wrote of their own accord while one after the other ended may stand at the end
    // of
    // some: nobody was told of it.
    List<String> common = null;
    for (NodeProcess node : nodes.values()) {
      List<String> log = log(node);
      if (common == null) {
        common = log;
      }
      int shorter = Math.min(common.size(), log.size());
      for (int i = 0; i < shorter; i++) {
        if (!common.get(i).equals(log.get(i))) {
          throw new AssertionError(node.name + " has " + log.get(i) + ", another " + common.get(i));
        }
      }
      common = common.subList(0, shorter);
    }
    compare(common);
  }

  private void compare(List<String> log) throws IOException {
    var verdicts = new HashMap<String, String>();
    for (String row : log) {
      String[] parts = row.split(" ");
      String verdict = Boolean.toString(parts[3].equals("accepted"));
      if (verdicts.put(parts[2], verdict) != null) {
        throw new AssertionError("twice in the log: " + row);
      }
    }
    int acknowledged = 0;
    for (NodeProcess node : nodes.values()) {
      if (Files.exists(node.notes)) {
        for (String line : Files.readAllLines(node.notes)) {
          String[] parts = line.split(" ");
          if (!parts[1].equals(verdicts.get(parts[0]))) {
            throw new AssertionError(
                "acknowledged is " + line + ", in the log it is " + verdicts.get(parts[0]));
          }
          acknowledged++;
        }
      }
    }
    if (acknowledged == 0) {
      throw new AssertionError("nothing was ever acknowledged");
    }
  }

  private boolean same() {
    var places = new HashSet<String>();
    for (NodeProcess node : nodes.values()) {
      Map<String, Object> view =
          node.view()
              .orElseThrow(
                  () -> new IllegalStateException(node.name + " does not answer: " + node.said()));
      places.add(number(view, "applied") + " " + view.get(HASH));
    }
    if (places.size() > 1) {
      throw new IllegalStateException("they stand at " + places);
    }
    return true;
  }

  static long number(Map<String, Object> view, String key) {
    return ((Number) view.get(key)).longValue();
  }

  /**
   * The types of all commands that a node has taken in of a plan, with the number where they are
   * about a step, in order; for a node that has ended.
   */
  List<String> commandsOf(String plan, NodeProcess node) throws SQLException {
    var found = new ArrayList<String>();
    try (Connection connection = states.of(node);
        var statement =
            connection.prepareStatement(
                "SELECT type, json_extract(body, '$.number') FROM command"
                    + " WHERE verdict = 'accepted' AND body LIKE ? ORDER BY log_index")) {
      statement.setString(1, "%" + plan + "%");
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String number = rows.getString(2);
          found.add(rows.getString(1) + (number == null ? "" : " " + number));
        }
      }
    }
    return found;
  }

  private List<String> log(NodeProcess node) throws SQLException {
    var rows = new ArrayList<String>();
    try (Connection connection = states.of(node);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT log_index, log_term, id, verdict FROM command ORDER BY log_index")) {
      while (found.next()) {
        rows.add(
            found.getLong(1)
                + " "
                + found.getLong(2)
                + " "
                + found.getString(3)
                + " "
                + found.getString(4));
      }
    }
    return rows;
  }

  @Override
  public void close() {
    for (NodeProcess node : nodes.values()) {
      if (node.process != null) {
        node.process.destroyForcibly();
      }
    }
    proxy.close();
  }
}
