package topiary.lab;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.flavor.Credentials;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.Mode;
import topiary.lab.process.ProcessId;
import topiary.lab.process.Signal;
import topiary.lab.process.Tether;
import topiary.lab.proxy.Link;
import topiary.lab.tree.Tree;

/**
 * A fleet of real servers on 127.0.0.1. What is known of it stands in {@code
 * <cache>/labs/<name>/lab.json}, so that any process of the user can {@link #open} and manage it.
 * Failures are {@link LabException}s with a sentence. Safe for use by several threads.
 */
public final class Lab implements AutoCloseable {
  private static final Duration GONE = Duration.ofSeconds(20);

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

  private final Site site;

  /** Held for the life of a lab tethered to this JVM; null when this JVM only manages the lab. */
  private Lock owning;

  private Tether tether;

  private final Proxied proxied;
  private final Deeds deeds;
  private final Looks looks;
  private final Faults faults;

  private Lab(Cache cache, String name, Flavor flavor) {
    site = new Site(cache, name, flavor);
    proxied = new Proxied(site);
    deeds = new Deeds(site, proxied);
    looks = new Looks(site);
    faults = new Faults(site, proxied, deeds, looks);
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
      if (spec.life() == LabSpec.Life.TETHERED) {
        lab.tether = Tether.hold(lab.site.tetherFile());
      }
      new Construction(lab.site, lab.proxied).build(spec);
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
    LabState state =
        LabState.read(new Site(cache, name, Flavors.standard()).stateFile())
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
    return new Lab(cache, name, Flavors.named(state.flavor()));
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
      var lab = new Lab(cache, i == 1 ? base : base + "-" + i, Flavors.standard());
      checkName(lab.site.name);
      if (!lab.inUse()) {
        return lab.site.name;
      }
    }
  }

  /** Its name. */
  public String name() {
    return site.name;
  }

  /** What its servers are. */
  public Flavor flavor() {
    return site.flavor;
  }

  /** How its servers replicate. */
  public Mode mode() {
    return site.state().mode();
  }

  /** The folder of everything that belongs to it. */
  public Path directory() {
    return site.directory;
  }

  /** The members as they are now, the head of the starting tree first. */
  public List<Member> members() {
    return looks.members();
  }

  /** One member as it is now. */
  public Member member(String member) {
    return looks.member(member);
  }

  /**
   * The account that Topiary is meant to use on these servers: {@code topiary}, with the grants it
   * needs.
   */
  public Credentials credentials() {
    return site.account("topiary");
  }

  /** The account that these servers replicate as. */
  public Credentials replication() {
    return site.account("repl");
  }

  /**
   * The PEM file with the authority that has signed the servers' certificates; empty where they
   * offer no TLS.
   */
  public Optional<Path> authority() {
    Path file = Site.directory(site.state().servers().getFirst()).resolve("data/ca.pem");
    return Optional.of(file).filter(Files::exists);
  }

  /**
   * A connection with all privileges. It waits 2 s for the server to accept and 30 s for any
   * answer.
   */
  public Connection connection(String member) throws SQLException {
    return site.connect(site.state().server(member), Site.QUICK, Site.PATIENT);
  }

  /**
   * As {@link #connection(String)}, with one limit for accepting and for any answer. Where there is
   * a proxy this goes past it, so that no fault of a link disturbs the lab itself.
   */
  public Connection connection(String member, Duration limit) throws SQLException {
    return site.connect(site.state().server(member), limit, limit);
  }

  /**
   * A connection as any application has it: through the proxy, if there is one, under the rules for
   * {@code others}, and as {@code app}, who may read and write everything that is not read-only. In
   * a lab with a network of its own this is so for a process on that network ({@link #within}); any
   * other one reaches the member's Unix socket, which no lost packet concerns.
   */
  public Connection clientConnection(String member, Duration limit) throws SQLException {
    return site.connectAsOthers(site.state().server(member), limit);
  }

  /**
   * A command to be run as one of {@code others}: on the network of this lab, if it has one of its
   * own, where every member is at its address. It runs in a user namespace then, in which the user
   * is root.
   */
  public List<String> within(List<String> command) {
    return site.network.within(Link.OTHERS, command);
  }

  /** What is wrong in this lab on purpose, and how to do wrong and heal. */
  public Faults faults() {
    return faults;
  }

  /**
   * Asks all members how they stand, at once; those that do not answer within the limit say so in
   * their fault.
   */
  public List<MemberStatus> status(Duration limit) {
    return looks.status(limit);
  }

  /**
   * Kills a member at once, as a crash would, and waits until it is gone; one that is not there is
   * no error.
   */
  public void kill(String member) {
    deeds.kill(member);
  }

  /**
   * Freezes a running member: it keeps its connections and accepts new ones, but answers nothing.
   */
  public void hang(String member) {
    deeds.hang(member);
  }

  /** Thaws a member that hangs. */
  public void resume(String member) {
    deeds.resume(member);
  }

  /**
   * Starts a member that is not running, on its old port and data, and waits until it answers. A
   * replica goes on replicating by itself; every server comes back read-only.
   */
  public void start(String member) {
    deeds.start(member);
  }

  /** Kills a member and starts it again. */
  public void restart(String member) {
    kill(member);
    start(member);
  }

  /**
   * Makes a member take writes. Whether it should is for the caller to know: a lab judges no
   * topology.
   */
  public void makeWritable(String member) {
    deeds.setReadOnly(member, false);
  }

  /**
   * Waits on a member until it has a position of the head.
   *
   * @return false when it does not get there in time, or replicates from nobody
   */
  public boolean awaitPosition(String member, String position, Duration limit) throws SQLException {
    return looks.awaitPosition(member, position, limit);
  }

  /**
   * Records a process that works on this lab, to be ended with it.
   *
   * @param role its purpose; a later helper of the same role replaces it
   * @param proof an argument of its command line by which it is told from strangers
   */
  public void addHelper(String role, ProcessId process, String proof) {
    site.change(state -> state.withHelper(new LabState.Helper(role, process, proof)));
  }

  /** The helper of this role, if it is alive. */
  public Optional<ProcessId> helper(String role) {
    return site.state().helpers().stream()
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
    return LabState.read(site.stateFile())
        .filter(s -> !s.tethered() || s.owner().alive())
        .isPresent();
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

  private void claim() {
    Disk.makePrivate(site.directory);
    Optional<Lock> lock = Lock.tryTake(site.ownerFile());
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
              + site.name
              + " is up already; take it down first (lab down --name "
              + site.name
              + ") or choose another name");
    }
  }

  private void claimForDown() {
    if (!Files.exists(site.directory)) {
      throw new LabException("there is no lab named " + site.name);
    }
    owning = Lock.tryTake(site.ownerFile()).orElseThrow(this::taken);
  }

  private LabException taken() {
    String owner =
        LabState.read(site.stateFile())
            .map(s -> "process " + s.owner().pid())
            .orElse("another process");
    return new LabException(
        "lab " + site.name + " is in use by " + owner + "; end that, or choose another name");
  }

  private boolean inUse() {
    if (!Files.exists(site.directory)) {
      return false;
    }
    Optional<Lock> lock = Lock.tryTake(site.ownerFile());
    try {
      return lock.isEmpty() || detachedAndRunning();
    } finally {
      lock.ifPresent(Lock::close);
    }
  }

  private boolean detachedAndRunning() {
    return LabState.read(site.stateFile())
        .filter(s -> s.ready() && !s.tethered() && s.servers().stream().anyMatch(site::alive))
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
    LabState.read(site.stateFile())
        .ifPresent(
            state -> {
              for (LabState.Helper helper : state.helpers()) {
                helper.process().signal(Signal.KILL, helper.proof());
                helper.process().awaitEnd(GONE);
              }
            });
    // Looked for by command line, not by recorded pid: a builder may have been killed before it
    // recorded one.
    for (Path server : Disk.list(site.directory.resolve("servers"))) {
      String proof = site.flavor.proof(server.resolve("my.cnf"));
      List<ProcessId> found = ProcessId.withArgument(proof);
      found.forEach(p -> p.signal(Signal.KILL, proof));
      for (ProcessId process : found) {
        if (!process.awaitEnd(GONE)) {
          throw new LabException(
              "process " + process.pid() + " of lab " + site.name + " does not end though killed");
        }
      }
    }
    for (Path entry : Disk.list(site.directory)) {
      if (!entry.equals(site.ownerFile())) {
        Disk.delete(entry);
      }
    }
  }

  private synchronized void tearDown() {
    if (owning == null) {
      return;
    }
    try {
      proxied.close();
      clear();
      Disk.delete(site.ownerFile());
      try {
        Files.deleteIfExists(site.directory);
      } catch (DirectoryNotEmptyException e) {
        // Since the lock file went, somebody has begun a new lab of this name: theirs to keep.
      } catch (IOException e) {
        throw LabException.of("cannot delete " + site.directory, e);
      }
    } finally {
      AtExit.LABS.remove(this);
      disown();
    }
  }
}
