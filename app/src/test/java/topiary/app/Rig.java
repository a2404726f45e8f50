package topiary.app;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import topiary.app.cli.Exit;
import topiary.app.cli.RemoteCommand;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.NodeConfig;
import topiary.app.demo.LabAccount;
import topiary.app.json.Json;
import topiary.app.wire.Node;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
import topiary.lab.MemberStatus;
import topiary.lab.Ports;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.ServerView;

/** A real fleet with a real node on it, and what one asks of both. */
final class Rig implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  static final Duration POLL = Duration.ofMillis(500);

  private static final AtomicInteger NEXT = new AtomicInteger();

  private static final Ports PORTS = new Ports("127.0.0.1", Set.of());

  final Lab lab;
  final Path data;
  private Node node;

  /** Where the node is when it is a process of its own; else null. */
  private String elsewhere;

  private Rig(Lab lab) {
    this.lab = lab;
    this.data = folder("data");
  }

  /** A fleet, and no node yet. */
  static Rig of(String name, String tree) {
    return of(name, tree, Flavors.standard());
  }

  /** As above, of servers of a kind; the test is skipped where their programs are not there. */
  static Rig of(String name, String tree, Flavor flavor) {
    Flavors.absent(flavor, cache()).ifPresent(Assumptions::abort);
    return new Rig(
        Lab.start(LabSpec.of(cache(), Lab.freeName(cache(), name), tree).flavor(flavor)));
  }

  /** A fleet as it is described. */
  static Rig of(LabSpec spec) {
    Flavors.absent(spec.flavor(), cache()).ifPresent(Assumptions::abort);
    return new Rig(Lab.start(spec));
  }

  /**
   * Where the servers of all tests here are; kept between builds, since unpacking takes seconds.
   */
  static Cache cache() {
    return Cache.at(Path.of("target", "lab-cache")).withServersOf(Cache.standard());
  }

  /** A folder of one's own, which is not there yet. */
  static Path folder(String name) {
    // Several JVMs run these tests side by side.
    String jvm = System.getProperty("topiary.test.jvm", "jvm1");
    Path folder =
        Path.of("target", "scratch", jvm, name + "-" + NEXT.incrementAndGet()).toAbsolutePath();
    Disk.delete(folder);
    Disk.makePrivate(folder.getParent());
    return folder;
  }

  /** A port that is free now; none that an outgoing connection could be given meanwhile. */
  static int port() {
    return PORTS.take();
  }

  // ---- the node

  NodeConfig config() {
    return config(data, 0, lab.credentials().file());
  }

  NodeConfig config(Path folder, int port, Path password) {
    return new NodeConfig(
        "127.0.0.1",
        port,
        folder,
        List.of(),
        List.of(
            new CredentialRule(
                "*",
                lab.credentials().user(),
                new CredentialRule.Source.InFile(password),
                LabAccount.rule(lab).tls())),
        NodeConfig.polling(POLL));
  }

  /** The file of a node that is a process of its own, on a port that is free now. */
  Path configFile(Path folder, String server) throws IOException {
    return configFile(folder, server, Map.of());
  }

  /** The same, with what stands under {@code store}. */
  Path configFile(Path folder, String server, Map<String, Object> store) throws IOException {
    int port = port();
    Path file = folder("node.json");
    Map<String, Object> password = Map.of("file", lab.credentials().file().toString());
    Files.write(
        file,
        Json.bytes(
            Map.of(
                "listen",
                "127.0.0.1:" + port,
                "dataFolder",
                folder.toString(),
                "servers",
                List.of(address(server)),
                "pollSeconds",
                POLL.toMillis() / 1e3,
                "store",
                store,
                "credentials",
                List.of(Map.of("user", lab.credentials().user(), "password", password)))));
    return file;
  }

  void startNode() throws BadConfig {
    node = node(config());
  }

  /** Starts it where it was before. */
  void startNode(int port) throws BadConfig {
    node = node(config(data, port, lab.credentials().file()));
  }

  static Node node(NodeConfig config) throws BadConfig {
    var node =
        new Node(
            config,
            fault -> {
              throw new AssertionError("the node cannot go on", fault);
            },
            UnaryOperator.identity());
    node.start();
    return node;
  }

  void stopNode() {
    if (node != null) {
      node.close();
      node = null;
    }
  }

  Node node() {
    return node;
  }

  /** Has everybody ask a node that is a process of its own, and is reached here. */
  void nodeIsAt(String api) {
    elsewhere = api;
  }

  /** Where the node is asked. */
  String api() {
    return elsewhere == null ? node.address() : elsewhere;
  }

  Caller http() {
    return new Caller(api());
  }

  /** Waits until the node knows every member, sees it, and sees it replicate from this source. */
  void awaitTree(Map<String, String> sources) {
    Until.holds(
        "the node sees " + sources,
        () -> {
          if (!sources.equals(seen())) {
            throw new IllegalStateException("it sees " + seen());
          }
          return true;
        });
  }

  /** Each member the node sees replicating, or being a head, and its source. */
  private Map<String, String> seen() {
    Topology topology = node.manager().topology();
    var seen = new LinkedHashMap<String, String>();
    for (Member member : lab.members()) {
      topology
          .instance(InstanceKey.parse(member.address()))
          .filter(Instance::seen)
          .filter(i -> i.primaryChannel().filter(c -> !c.replicating()).isEmpty())
          .ifPresent(
              i -> seen.put(member.name(), i.source().map(s -> name(s.toString())).orElse("")));
    }
    return seen;
  }

  private String name(String address) {
    return lab.members().stream()
        .filter(m -> m.address().equals(address))
        .map(Member::name)
        .findFirst()
        .orElse(address);
  }

  // ---- the servers

  String address(String member) {
    return lab.member(member).address();
  }

  /** What a MariaDB server says of its replication; empty for a head. */
  Map<String, String> status(String member) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW SLAVE STATUS")) {
      var status = new LinkedHashMap<String, String>();
      if (row.next()) {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          status.put(row.getMetaData().getColumnLabel(i), row.getString(i));
        }
      }
      return status;
    }
  }

  /** Whom a server itself says to replicate from, and how, for example {@code r2 Yes Yes}. */
  String follows(String member) throws SQLException {
    MemberStatus status =
        lab.status(LIMIT).stream()
            .filter(s -> s.member().name().equals(member))
            .findFirst()
            .orElseThrow();
    return status
        .view()
        .flatMap(ServerView::replication)
        .map(r -> status.source().orElseThrow() + yes(r.receiving()) + yes(r.applying()))
        .orElseThrow(() -> new SQLException(member + " is no replica: " + status));
  }

  private static String yes(boolean yes) {
    return yes ? " Yes" : " No";
  }

  boolean readOnly(String member) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT @@read_only")) {
      row.next();
      return row.getInt(1) == 1;
    }
  }

  void sql(String member, String sql) throws SQLException {
    try (var connection = lab.connection(member);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  // ---- the command line

  /** What a command printed, and how it ended. */
  record Said(Exit exit, String out, String err) {}

  /** The command line's own code, where nobody can be asked. */
  Said cli(String... args) {
    return cli(false, "", args);
  }

  /** The same on a terminal where somebody types this. */
  Said cli(boolean terminal, String typed, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Exit exit =
        new RemoteCommand(
                Map.of("TOPIARY_API", api(), "NO_COLOR", "1"),
                terminal,
                new StringReader(typed),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .run(List.of(args));
    return new Said(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  // ---- processes

  /** A process of this build's classes, with the fleets of these tests. */
  static ProcessBuilder java(Class<?> main, String... args) {
    var command = new ArrayList<>(Linked.standard().command(main));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder.environment().put("TOPIARY_CACHE", cache().root().toString());
    builder.environment().remove("TOPIARY_API");
    builder.environment().remove("ORCHESTRATOR_API");
    builder.environment().remove("DISPLAY");
    return builder;
  }

  /** Waits for a line that begins so, and gives what follows. */
  static String await(BufferedReader lines, String beginning) throws IOException {
    var said = new ArrayList<String>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
      said.add(line);
    }
    throw new AssertionError("it ended without \"" + beginning + "\": " + said);
  }

  @Override
  public void close() {
    stopNode();
    lab.close();
  }
}
