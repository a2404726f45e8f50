package topiary.lab;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.flavor.Credentials;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.ServerView;
import topiary.lab.process.Launcher;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Tether;
import topiary.lab.socket.UnixSocketFactory;

/**
 * Where a lab is, and the plain deeds on one of its servers: launch it, connect to it, read its
 * log.
 */
final class Site {
  static final String HOST = "127.0.0.1";

  /** How long a server may take to come up, and a replica to come level. */
  static final Duration READY = Duration.ofSeconds(60);

  /** How long a healthy server takes to accept, with much to spare. */
  static final Duration QUICK = Duration.ofSeconds(2);

  /** How long an answer may take on a busy machine. */
  static final Duration PATIENT = Duration.ofSeconds(30);

  private static final Duration STATE = Duration.ofSeconds(30);

  final Cache cache;
  final String name;
  final Path directory;
  final Flavor flavor;
  final Network network = new Network(this);
  final SmallDisks disks = new SmallDisks(this);

  Site(Cache cache, String name, Flavor flavor) {
    this.cache = cache;
    this.name = name;
    this.directory = cache.labs().resolve(name);
    this.flavor = flavor;
  }

  Path stateFile() {
    return directory.resolve("lab.json");
  }

  Path ownerFile() {
    return directory.resolve("lock");
  }

  Path tetherFile() {
    return directory.resolve("tether");
  }

  LabState state() {
    return LabState.read(stateFile())
        .orElseThrow(() -> new LabException("lab " + name + " is down"));
  }

  synchronized void change(UnaryOperator<LabState> change) {
    state();
    try (var _ = Lock.take(directory.resolve("lab.json.lock"), STATE)) {
      change.apply(state()).write(stateFile());
    }
  }

  Credentials account(String user) {
    return Credentials.read(directory.resolve("passwords"), user);
  }

  static Path directory(LabState.Server server) {
    return Path.of(server.directory());
  }

  String proof(LabState.Server server) {
    return flavor.proof(directory(server).resolve("my.cnf"));
  }

  boolean alive(LabState.Server server) {
    ProcessId process = server.process();
    return process != null && process.alive() && process.arguments().contains(proof(server));
  }

  ProcessId launch(LabState.Server server, boolean tethered) {
    Path place = directory(server);
    List<String> plain = flavor.command(Path.of(state().home()), place.resolve("my.cnf"));
    List<String> clocked =
        new FaultBook(directory)
            .clock(server.name())
            .map(seconds -> FakeClock.with(FakeClock.install(cache), seconds, plain))
            .orElse(plain);
    List<String> command = new ArrayList<>(network.within(server.name(), disks.within(clocked)));
    if (network.exists() || disks.exist()) {
      // A server is root in a user namespace, whoever its user is outside.
      command.add("--user=root");
    }
    Path output = place.resolve("out.log");
    if (!tethered) {
      return Launcher.detached(command, place, output);
    }
    try (Tether held = Tether.hold(tetherFile())) {
      return Launcher.tethered(command, place, output, held);
    }
  }

  /** Asks a server how it stands. */
  ServerView look(Connection connection) throws SQLException {
    return flavor.look(connection, state().mode());
  }

  /** The address of a member. */
  String host(String member) {
    return network.exists() ? network.address(member) : HOST;
  }

  /** The member at an address. */
  Optional<LabState.Server> at(String host, int port) {
    return state().servers().stream()
        .filter(s -> s.port() == port && host.equals(host(s.name())))
        .findFirst();
  }

  void awaitReady(LabState.Server server) {
    var last =
        new Object() {
          SQLException fault;
        };
    boolean ready =
        Await.holds(
            READY,
            () -> {
              if (!server.process().alive()) {
                throw new LabException(server.name() + " ended while starting; " + log(server));
              }
              try (var connection = connect(server, QUICK, QUICK)) {
                return serves(connection, server);
              } catch (SQLException e) {
                last.fault = e;
                return false;
              }
            });
    if (!ready) {
      throw fault(
          "does not answer " + READY.toSeconds() + " s after its start", server, last.fault);
    }
  }

  /** Not somebody else's server that took the port just before ours could. */
  private static boolean serves(Connection connection, LabState.Server server) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT @@datadir")) {
      row.next();
      return Path.of(row.getString(1)).equals(directory(server).resolve("data"));
    }
  }

  /**
   * To where the server itself listens, past its proxy if it has one; past the lab's network, by
   * the server's Unix socket, if it has one.
   */
  Connection connect(LabState.Server server, Duration accept, Duration answer) throws SQLException {
    if (network.exists()) {
      return connectPast("lab", server, accept, answer);
    }
    return connect(
        "lab", HOST, Proxied.listens(directory, server), new Properties(), accept, answer);
  }

  /**
   * As anybody connects, through the proxy if there is one, with the rights of an application: on
   * MariaDB an account with all privileges would write to a server that is read-only. In a lab with
   * a network of its own by TCP from there, and from outside, whence its hosts cannot be reached,
   * by the Unix socket.
   */
  Connection connectAsOthers(LabState.Server server, Duration limit) throws SQLException {
    if (network.exists() && !network.here()) {
      return connectPast("app", server, limit, limit);
    }
    return connect("app", host(server.name()), server.port(), new Properties(), limit, limit);
  }

  private Connection connectPast(
      String user, LabState.Server server, Duration accept, Duration answer) throws SQLException {
    if (!alive(server)) {
      throw new SQLNonTransientConnectionException(server.name() + " is not running", "08001");
    }
    var properties = new Properties();
    properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
    properties.setProperty("sslMode", "PREFERRED");
    // By way of the server's working directory, which is where its data are: a socket's path must
    // not exceed 107 bytes.
    properties.setProperty("path", "/proc/" + server.process().pid() + "/cwd/s");
    return connect(user, HOST, server.port(), properties, accept, answer);
  }

  private Connection connect(
      String user, String host, int port, Properties properties, Duration accept, Duration answer)
      throws SQLException {
    Credentials account = account(user);
    properties.setProperty("user", account.user());
    properties.setProperty("password", account.password());
    properties.setProperty("connectTimeout", Long.toString(accept.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(answer.toMillis()));
    properties.putIfAbsent("sslMode", "DISABLED");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    return DriverManager.getConnection("jdbc:mysql://" + host + ":" + port + "/", properties);
  }

  LabException fault(String what, LabState.Server server, SQLException cause) {
    String reason = cause == null ? "" : " (" + firstLine(cause) + ")";
    return new LabException(server.name() + " " + what + reason + "; " + log(server), cause);
  }

  static String firstLine(SQLException fault) {
    return fault.getMessage() == null
        ? fault.toString()
        : fault.getMessage().lines().findFirst().orElse("");
  }

  /**
   * The end of a server's log as part of a sentence: the log it keeps, or what it said before it
   * could keep one.
   */
  String log(LabState.Server server) {
    return Stream.of("error.log", "out.log")
        .map(file -> directory(server).resolve(file))
        .filter(file -> file.toFile().length() > 0)
        .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
        .map(file -> "the end of its log " + file + ":\n" + Disk.tail(file, 5))
        .orElse("it wrote no log");
  }
}
