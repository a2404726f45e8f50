package topiary.lab;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.base.Parallel;
import topiary.lab.flavor.Credentials;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.MariaDb;
import topiary.lab.flavor.ServerOptions;
import topiary.lab.flavor.ServerView;
import topiary.lab.process.Launcher;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;
import topiary.lab.process.Tether;
import topiary.lab.tree.Tree;

/**
 * A fleet of real servers on 127.0.0.1. What is known of it stands in {@code
 * <cache>/labs/<name>/lab.json}, so that any process of the user can {@link #open} and manage it.
 * Failures are {@link LabException}s with a sentence. Safe for use by several threads.
 */
public final class Lab implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration GONE = Duration.ofSeconds(20);
  private static final Duration STATE = Duration.ofSeconds(30);
  private static final Duration QUICK = Duration.ofSeconds(2);
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final long PER_SERVER = 64L << 20;
  private static final int PORT_TRIES = 5;

  /**
   * The labs tethered to this JVM. The tether would kill their servers anyway; an orderly exit also
   * deletes their folders. Being listed here keeps their locks from the garbage collector.
   */
  private static final class AtExit {
    static final Set<Lab> LABS = ConcurrentHashMap.newKeySet();

    static {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> List.copyOf(LABS).forEach(Lab::close), "lab-down"));
    }
  }

  private final Cache cache;
  private final String name;
  private final Path directory;
  private final Flavor flavor;

  /** Held for the life of a lab tethered to this JVM; null when this JVM only manages the lab. */
  private Lock owning;

  private Tether tether;

  private Lab(Cache cache, String name, Flavor flavor) {
    this.cache = cache;
    this.name = name;
    this.directory = cache.labs().resolve(name);
    this.flavor = flavor;
  }

  static void checkName(String name) {
    if (!Tree.isName(name)) {
      throw new LabException(
          "\""
              + name
              + "\" cannot name a lab: use a letter, then letters, digits, _ or -, 40 at most");
    }
  }

  /**
   * Starts a lab and waits until every replica runs and has what the head has. The head takes
   * writes, the others are read-only. Remains of a lab of this name whose owner was killed are
   * cleared away first.
   *
   * @throws LabException when the name is in use, or the fleet does not come up, in which case
   *     nothing of it is left
   */
  public static Lab start(LabSpec spec) {
    var lab = new Lab(spec.cache(), spec.name(), spec.flavor());
    lab.claim();
    try {
      lab.clear();
      lab.build(spec);
      if (spec.life() == LabSpec.Life.DETACHED) {
        lab.disown();
      } else {
        AtExit.LABS.add(lab);
      }
      return lab;
    } catch (RuntimeException | Error e) {
      try {
        lab.tearDown();
      } catch (LabException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * A lab that is there already, to manage it.
   *
   * @throws LabException when there is none of that name
   */
  public static Lab open(Cache cache, String name) {
    checkName(name);
    var lab = new Lab(cache, name, new MariaDb());
    LabState state =
        LabState.read(lab.stateFile())
            .orElseThrow(
                () -> {
                  List<String> others = names(cache);
                  return new LabException(
                      "there is no lab named "
                          + name
                          + (others.isEmpty()
                              ? "; start one with: lab up --tree 'p(r1,r2)'"
                              : "; there is "
                                  + String.join(", ", others)
                                  + " (choose with --name)"));
                });
    if (!state.flavor().equals(lab.flavor.id())) {
      throw new LabException(
          "lab " + name + " runs " + state.flavor() + ", which this version does not know");
    }
    return lab;
  }

  /** The names of the labs that are there, started by whomever. */
  public static List<String> names(Cache cache) {
    return Disk.list(cache.labs()).stream()
        .filter(d -> Files.exists(d.resolve("lab.json")))
        .map(d -> d.getFileName().toString())
        .toList();
  }

  /** The first of {@code base}, {@code base-2}, {@code base-3}, … that no live lab has. */
  public static String freeName(Cache cache, String base) {
    checkName(base);
    for (int i = 1; ; i++) {
      var lab = new Lab(cache, i == 1 ? base : base + "-" + i, new MariaDb());
      checkName(lab.name);
      if (!lab.inUse()) {
        return lab.name;
      }
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The folder of everything that belongs to it. */
  public Path directory() {
    return directory;
  }

  /** The members as they are now, the head of the starting tree first. */
  public List<Member> members() {
    return state().servers().stream().map(this::member).toList();
  }

  /** One member as it is now. */
  public Member member(String member) {
    return member(state().server(member));
  }

  /**
   * The account that Topiary is meant to use on these servers: {@code topiary}, with the grants it
   * needs.
   */
  public Credentials credentials() {
    return account("topiary");
  }

  /**
   * A connection with all privileges. It waits 2 s for the server to accept and 30 s for any
   * answer.
   */
  public Connection connection(String member) throws SQLException {
    return connect(state().server(member), QUICK, PATIENT);
  }

  /** As {@link #connection(String)}, with one limit for accepting and for any answer. */
  public Connection connection(String member, Duration limit) throws SQLException {
    return connect(state().server(member), limit, limit);
  }

  /**
   * Asks all members how they stand, at once; those that do not answer within the limit say so in
   * their fault.
   */
  public List<MemberStatus> status(Duration limit) {
    return Parallel.map(members(), m -> status(m, limit));
  }

  /**
   * Kills a member at once, as a crash would, and waits until it is gone; one that is not there is
   * no error.
   */
  public void kill(String member) {
    LabState.Server server = state().server(member);
    if (server.process() != null
        && server.process().signal(Signal.KILL, proof(server))
        && !server.process().awaitEnd(GONE)) {
      throw new LabException(
          member + " (process " + server.process().pid() + ") does not end though killed");
    }
  }

  /**
   * Freezes a running member: it keeps its connections and accepts new ones, but answers nothing.
   */
  public void hang(String member) {
    signalled(member, Signal.STOP, true);
  }

  /** Thaws a member that hangs. */
  public void resume(String member) {
    signalled(member, Signal.CONT, false);
  }

  /**
   * Starts a member that is not running, on its old port and data, and waits until it answers. A
   * replica goes on replicating by itself; every server comes back read-only.
   */
  public void start(String member) {
    if (member(member).state() != Member.State.STOPPED) {
      throw new LabException(
          member + " is there already; kill it first, or resume it when it hangs");
    }
    change(
        state -> {
          LabState.Server server = state.server(member);
          flavor.tidy(directory(server).resolve("data"));
          ProcessId process = launch(server, state.tethered());
          return state.with(member, s -> s.at(s.port(), process));
        });
    awaitReady(state().server(member));
  }

  /** Kills a member and starts it again. */
  public void restart(String member) {
    kill(member);
    start(member);
  }

  /**
   * Whether a member replicates from nobody or is writable is not judged here: this only makes it
   * take writes.
   */
  public void makeWritable(String member) {
    try (var connection = connection(member);
        var statement = connection.createStatement()) {
      statement.execute("SET GLOBAL read_only=OFF");
    } catch (SQLException e) {
      throw fault("cannot make it writable", state().server(member), e);
    }
  }

  /**
   * Records a process that works on this lab, to be ended with it.
   *
   * @param role its purpose; a later helper of the same role replaces it
   * @param proof an argument of its command line by which it is told from strangers
   */
  public void addHelper(String role, ProcessId process, String proof) {
    change(state -> state.withHelper(new LabState.Helper(role, process, proof)));
  }

  /** The helper of this role, if it is alive. */
  public Optional<ProcessId> helper(String role) {
    return state().helpers().stream()
        .filter(
            h ->
                h.role().equals(role)
                    && h.process().alive()
                    && h.process().arguments().contains(h.proof()))
        .map(LabState.Helper::process)
        .findFirst();
  }

  /** Whether the lab is still there: not taken down, and its owner alive if it is tethered. */
  public boolean exists() {
    return LabState.read(stateFile()).filter(s -> !s.tethered() || s.owner().alive()).isPresent();
  }

  /**
   * Kills every process of the lab and deletes its folder.
   *
   * @throws LabException when it is tethered to another process that is alive, or somebody else is
   *     at work on it
   */
  public void down() {
    synchronized (this) {
      if (owning == null) {
        claimForDown();
      }
    }
    tearDown();
  }

  /** Takes the lab down if it is tethered to this JVM; a detached one stays up. */
  @Override
  public void close() {
    synchronized (this) {
      if (owning == null) {
        return;
      }
    }
    tearDown();
  }

  // ---- owning and clearing

  private Path stateFile() {
    return directory.resolve("lab.json");
  }

  private Path ownerFile() {
    return directory.resolve("lock");
  }

  private void claim() {
    Disk.makePrivate(directory);
    Optional<Lock> lock = Lock.tryTake(ownerFile());
    owning = lock.orElseThrow(this::taken);
    boolean free = false;
    try {
      free = !detachedAndRunning();
    } finally {
      if (!free) {
        disown();
      }
    }
    if (!free) {
      throw new LabException(
          "lab "
              + name
              + " is up already; take it down first (lab down --name "
              + name
              + ") or choose another name");
    }
  }

  private void claimForDown() {
    if (!Files.exists(directory)) {
      throw new LabException("there is no lab named " + name);
    }
    owning = Lock.tryTake(ownerFile()).orElseThrow(this::taken);
  }

  private LabException taken() {
    String owner =
        LabState.read(stateFile()).map(s -> "process " + s.owner().pid()).orElse("another process");
    return new LabException(
        "lab " + name + " is in use by " + owner + "; end that, or choose another name");
  }

  private boolean inUse() {
    if (!Files.exists(directory)) {
      return false;
    }
    Optional<Lock> lock = Lock.tryTake(ownerFile());
    try {
      return lock.isEmpty() || detachedAndRunning();
    } finally {
      lock.ifPresent(Lock::close);
    }
  }

  private boolean detachedAndRunning() {
    return LabState.read(stateFile())
        .filter(s -> s.ready() && !s.tethered() && s.servers().stream().anyMatch(this::alive))
        .isPresent();
  }

  private synchronized void disown() {
    if (tether != null) {
      tether.close();
      tether = null;
    }
    owning.close();
    owning = null;
  }

  /** Ends every process that is ours and deletes all but the lock that is held. */
  private void clear() {
    LabState.read(stateFile())
        .ifPresent(
            state -> {
              for (LabState.Helper helper : state.helpers()) {
                helper.process().signal(Signal.KILL, helper.proof());
                helper.process().awaitEnd(GONE);
              }
            });
    // Looked for by command line, not by recorded pid: a builder may have been killed before it
    // recorded one.
    for (Path server : Disk.list(directory.resolve("servers"))) {
      String proof = flavor.proof(server.resolve("my.cnf"));
      List<ProcessId> found = ProcessId.withArgument(proof);
      found.forEach(p -> p.signal(Signal.KILL, proof));
      for (ProcessId process : found) {
        if (!process.awaitEnd(GONE)) {
          throw new LabException(
              "process " + process.pid() + " of lab " + name + " does not end though killed");
        }
      }
    }
    for (Path entry : Disk.list(directory)) {
      if (!entry.equals(ownerFile())) {
        Disk.delete(entry);
      }
    }
  }

  private synchronized void tearDown() {
    if (owning == null) {
      return;
    }
    try {
      clear();
      Disk.delete(ownerFile());
      try {
        Files.deleteIfExists(directory);
      } catch (DirectoryNotEmptyException e) {
        // Since the lock file went, somebody has begun a new lab of this name: theirs to keep.
      } catch (IOException e) {
        throw LabException.of("cannot delete " + directory, e);
      }
    } finally {
      AtExit.LABS.remove(this);
      disown();
    }
  }

  // ---- building

  private void build(LabSpec spec) {
    List<Tree.Member> wanted = spec.tree().members();
    var template = flavor.template(cache);
    Disk.needSpace(directory, wanted.size() * PER_SERVER, wanted.size() + " servers");
    Disk.copySparse(template.passwords(), directory.resolve("passwords"));
    Disk.makePrivate(directory.resolve("servers"));
    boolean tethered = spec.life() == LabSpec.Life.TETHERED;
    if (tethered) {
      tether = Tether.hold(tetherFile());
    }
    List<LabState.Server> servers = new ArrayList<>();
    for (Tree.Member member : wanted) {
      String place = directory.resolve("servers").resolve(member.name()).toString();
      servers.add(new LabState.Server(member.name(), place, 0, member.source().orElse(null), null));
    }
    // Written before the first server is launched, so that a killed builder leaves nothing unknown.
    new LabState(
            LabState.FORMAT,
            name,
            flavor.id(),
            tethered,
            false,
            ProcessId.own(),
            servers,
            List.of())
        .write(stateFile());
    var ports = new Ports(HOST, portsOfAllLabs());
    Parallel.each(
        servers,
        server -> raise(server, servers.indexOf(server) + 1, ports, tethered, template.data()));
    LabState state = state();
    LabState.Server head = state.servers().getFirst();
    String position = openHead(head);
    Parallel.each(
        state.servers().subList(1, state.servers().size()), replica -> wire(state, replica));
    Parallel.each(
        state.servers().subList(1, state.servers().size()),
        replica -> awaitPosition(replica, position));
    change(LabState::asReady);
  }

  private Set<Integer> portsOfAllLabs() {
    Set<Integer> ports = new HashSet<>();
    for (String other : names(cache)) {
      try {
        LabState.read(cache.labs().resolve(other).resolve("lab.json"))
            .ifPresent(state -> state.servers().forEach(server -> ports.add(server.port())));
      } catch (LabException e) {
        // A lab of another version: its running servers are seen at their ports, only a stopped one
        // may be in the way.
        continue;
      }
    }
    return ports;
  }

  private void raise(
      LabState.Server server, int number, Ports ports, boolean tethered, Path template) {
    Path place = directory(server);
    for (int attempt = 1; ; attempt++) {
      int port = ports.take();
      Disk.delete(place);
      Disk.makePrivate(place);
      Disk.copySparse(template, place.resolve("data"));
      var options = new ServerOptions(flavor.install(cache), place, HOST, port, number);
      Disk.writePrivate(place.resolve("my.cnf"), flavor.options(options));
      LabState.Server placed = server.at(port, launch(server, tethered));
      change(state -> state.with(server.name(), _ -> placed));
      try {
        awaitReady(placed);
        return;
      } catch (LabException e) {
        // Between our look at the port and the server's, somebody took it.
        boolean portTaken =
            Disk.tail(place.resolve("error.log"), 20).contains("Address already in use");
        if (!portTaken || attempt == PORT_TRIES) {
          throw e;
        }
      }
    }
  }

  private ProcessId launch(LabState.Server server, boolean tethered) {
    Path place = directory(server);
    List<String> command = flavor.command(flavor.install(cache), place.resolve("my.cnf"));
    Path output = place.resolve("out.log");
    if (!tethered) {
      return Launcher.detached(command, place, output);
    }
    try (Tether held = Tether.hold(tetherFile())) {
      return Launcher.tethered(command, place, output, held);
    }
  }

  private Path tetherFile() {
    return directory.resolve("tether");
  }

  private void awaitReady(LabState.Server server) {
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
                return connection.isValid(2);
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

  /**
   * Lets the head take writes, and makes its first transaction, so that there is something to
   * replicate.
   */
  private String openHead(LabState.Server head) {
    try (var connection = connect(head, QUICK, PATIENT);
        var statement = connection.createStatement()) {
      statement.execute("SET GLOBAL read_only=OFF");
      statement.execute("CREATE DATABASE lab");
      return flavor.look(connection).position();
    } catch (SQLException e) {
      throw fault("cannot be made the head", head, e);
    }
  }

  private void wire(LabState state, LabState.Server replica) {
    try (var connection = connect(replica, QUICK, PATIENT)) {
      flavor.follow(connection, HOST, state.server(replica.source()).port(), account("repl"));
    } catch (SQLException e) {
      throw fault("cannot be made a replica of " + replica.source(), replica, e);
    }
  }

  private void awaitPosition(LabState.Server replica, String position) {
    var last =
        new Object() {
          String seen = "";
        };
    try (var connection = connect(replica, QUICK, PATIENT)) {
      boolean there =
          Await.holds(
              READY,
              () -> {
                try {
                  ServerView view = flavor.look(connection);
                  var replication = view.replication().orElseThrow();
                  last.seen = replication.fault();
                  return replication.receiving()
                      && replication.applying()
                      && view.position().equals(position);
                } catch (SQLException e) {
                  throw fault("cannot be asked for its replication", replica, e);
                }
              });
      if (!there) {
        throw new LabException(
            "%s does not replicate from %s within %d s (%s); %s"
                .formatted(
                    replica.name(),
                    replica.source(),
                    READY.toSeconds(),
                    last.seen.isEmpty() ? "it names no error" : last.seen,
                    log(replica)));
      }
    } catch (SQLException e) {
      throw fault("cannot be asked for its replication", replica, e);
    }
  }

  private LabException fault(String what, LabState.Server server, SQLException cause) {
    String reason = cause == null ? "" : " (" + firstLine(cause) + ")";
    return new LabException(server.name() + " " + what + reason + "; " + log(server), cause);
  }

  private static String firstLine(SQLException fault) {
    return fault.getMessage() == null
        ? fault.toString()
        : fault.getMessage().lines().findFirst().orElse("");
  }

  /**
   * The end of a server's log as part of a sentence: the log it keeps, or what it said before it
   * could keep one.
   */
  private String log(LabState.Server server) {
    return Stream.of("error.log", "out.log")
        .map(file -> directory(server).resolve(file))
        .filter(file -> file.toFile().length() > 0)
        .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
        .map(file -> "the end of its log " + file + ":\n" + Disk.tail(file, 5))
        .orElse("it wrote no log");
  }

  // ---- asking

  private LabState state() {
    return LabState.read(stateFile())
        .orElseThrow(() -> new LabException("lab " + name + " is down"));
  }

  private synchronized void change(UnaryOperator<LabState> change) {
    state();
    try (var _ = Lock.take(directory.resolve("lab.json.lock"), STATE)) {
      change.apply(state()).write(stateFile());
    }
  }

  private Credentials account(String user) {
    return Credentials.read(directory.resolve("passwords"), user);
  }

  private static Path directory(LabState.Server server) {
    return Path.of(server.directory());
  }

  private String proof(LabState.Server server) {
    return flavor.proof(directory(server).resolve("my.cnf"));
  }

  private boolean alive(LabState.Server server) {
    ProcessId process = server.process();
    return process != null && process.alive() && process.arguments().contains(proof(server));
  }

  private Member member(LabState.Server server) {
    boolean alive = alive(server);
    var state =
        !alive
            ? Member.State.STOPPED
            : server.process().stopped() ? Member.State.HUNG : Member.State.RUNNING;
    return new Member(
        server.name(),
        HOST,
        server.port(),
        alive ? server.process().pid() : 0,
        state,
        Optional.ofNullable(server.source()));
  }

  private void signalled(String member, Signal signal, boolean stopped) {
    LabState.Server server = state().server(member);
    if (server.process() == null || !server.process().signal(signal, proof(server))) {
      throw new LabException(member + " is not running; start it first");
    }
    boolean done =
        Await.holds(GONE, () -> server.process().stopped() == stopped || !server.process().alive());
    if (!done) {
      throw new LabException(member + " does not react to " + signal);
    }
  }

  private MemberStatus status(Member member, Duration limit) {
    if (member.state() != Member.State.RUNNING) {
      return new MemberStatus(
          member,
          Optional.empty(),
          Optional.empty(),
          member.state() == Member.State.HUNG ? "hung" : "not running");
    }
    try (var connection = connection(member.name(), limit)) {
      ServerView view = flavor.look(connection);
      Optional<String> source = view.replication().map(r -> nameOf(r.host(), r.port()));
      return new MemberStatus(
          member,
          Optional.of(view),
          source,
          view.replication().map(ServerView.Replication::fault).orElse(""));
    } catch (SQLException e) {
      return new MemberStatus(
          member, Optional.empty(), Optional.empty(), "no answer: " + firstLine(e));
    }
  }

  private String nameOf(String host, int port) {
    return state().servers().stream()
        .filter(s -> s.port() == port && host.equals(HOST))
        .map(LabState.Server::name)
        .findFirst()
        .orElse(host + ":" + port);
  }

  /**
   * Waits on a member until it has a position of the head.
   *
   * @return false when it does not get there in time, or replicates from nobody
   */
  public boolean awaitPosition(String member, String position, Duration limit) throws SQLException {
    Duration answer = limit.plus(QUICK);
    try (var connection = connect(state().server(member), QUICK, answer)) {
      if (flavor.look(connection).replication().isEmpty()) {
        return false;
      }
      return flavor.reach(connection, position, (int) Math.max(1, limit.toSeconds()));
    }
  }

  private Connection connect(LabState.Server server, Duration accept, Duration answer)
      throws SQLException {
    Credentials account = account("lab");
    var properties = new Properties();
    properties.setProperty("user", account.user());
    properties.setProperty("password", account.password());
    properties.setProperty("connectTimeout", Long.toString(accept.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(answer.toMillis()));
    properties.setProperty("sslMode", "DISABLED");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    return DriverManager.getConnection(
        "jdbc:mysql://" + HOST + ":" + server.port() + "/", properties);
  }
}
