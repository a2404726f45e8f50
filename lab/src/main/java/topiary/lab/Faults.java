package topiary.lab;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import topiary.lab.base.Await;
import topiary.lab.base.LabException;
import topiary.lab.flavor.ServerView;
import topiary.lab.process.ProcessId;
import topiary.lab.proxy.Direction;
import topiary.lab.proxy.Link;
import topiary.lab.proxy.Rule;
import topiary.lab.proxy.Standing;

/**
 * What can go wrong in a lab, on purpose. Every method returns when the fault is in force; the
 * {@link Fault} it gives heals it. Faults of links need a lab that was started {@link
 * LabSpec#proxied}; they add up where several meet one link. Faults of servers are one of a kind
 * for each server.
 */
public final class Faults {
  private static final String HUNG = "hung-";
  private static final Duration RECONNECTING = Duration.ofSeconds(10);
  private static final long LEAST_CLOCK_SECONDS = 10;
  private static final String STOPPED = "down-";

  /** The user of a replica's own threads. */
  private static final String REPLICATION = "system user";

  private final Site site;
  private final Proxied proxied;
  private final Deeds deeds;
  private final Looks looks;
  private final FaultBook book;

  Faults(Site site, Proxied proxied, Deeds deeds, Looks looks) {
    this.site = site;
    this.proxied = proxied;
    this.deeds = deeds;
    this.looks = looks;
    this.book = new FaultBook(site.directory);
  }

  // ---- links

  /** Cuts one link: its connections are reset, and so is every new one. */
  public Fault cut(String client, String server) {
    return cut(Link.from(client).to(server));
  }

  /**
   * Cuts links. When everybody is cut off from a server, its port refuses, as if nothing listened.
   */
  public Fault cut(Link... links) {
    return put(Rule.cut(), links);
  }

  /** As {@link #blackHole(Link...)}, for one link. */
  public Fault blackHole(String client, String server) {
    return blackHole(Link.from(client).to(server));
  }

  /**
   * Lets links swallow everything: connections stay, new ones are accepted and get no greeting.
   * What was said meanwhile arrives after healing, as it would over a network.
   */
  public Fault blackHole(Link... links) {
    return put(Rule.blackHole(), links);
  }

  /** Lets only one direction pass; see {@link Direction}. */
  public Fault oneWay(Direction passing, Link... links) {
    return put(Rule.oneWay(passing), links);
  }

  /** Holds back every byte for this long, each way. */
  public Fault slow(Duration delay, Link... links) {
    return slow(delay, 0, links);
  }

  /**
   * Slows links.
   *
   * @param delay for every byte, each way; may be zero
   * @param bytesPerSecond of each connection, each way; 0 for no limit
   */
  public Fault slow(Duration delay, long bytesPerSecond, Link... links) {
    return put(Rule.slow(delay, bytesPerSecond), links);
  }

  /** Lets a server greet everybody this late; connections that are there are as quick as ever. */
  public Fault slowHandshakes(String server, Duration delay) {
    return put(Rule.slowHandshake(delay), Link.to(server));
  }

  /**
   * Takes every connection that a server admits, the spare one for administrators too; whoever has
   * one keeps it, everybody else gets the server's error 1040. The lab itself cannot ask it either.
   */
  public Fault tooManyConnections(String server) {
    proxied.control();
    // Connections that do not log in would be closed after 10 s.
    deeds.sql(
        server, "cannot be kept from closing idle guests", "SET GLOBAL connect_timeout=31536000");
    try {
      return put(Rule.tooManyConnections(), Link.to(server));
    } catch (LabException e) {
      patientNoMore(server);
      throw e;
    }
  }

  private void patientNoMore(String server) {
    if (looks.member(server).state() == Member.State.RUNNING) {
      deeds.sql(
          server, "cannot be given its connect_timeout back", "SET GLOBAL connect_timeout=DEFAULT");
    }
  }

  /**
   * Gives a process that is no member a name, so that the links from it can be disturbed apart from
   * those of all {@code others}: {@code faults.blackHole("n1", "r2")}. It counts for connections
   * that are made from now on. Only in a proxied lab that this JVM has started and that ends with
   * it.
   */
  public void name(String client, ProcessId process) {
    proxied.name(client, process);
  }

  /** Puts a rule on links. */
  public Fault put(Rule rule, Link... links) {
    if (links.length == 0) {
      throw new LabException("no link is named");
    }
    LabState state = site.state();
    for (Link link : links) {
      boolean known =
          Set.of(Link.ANYBODY, Link.OTHERS).contains(link.from()) || proxied.named(link.from());
      if (!known) {
        state.server(link.from());
      }
      if (!link.to().equals(Link.ANYBODY)) {
        state.server(link.to());
      }
    }
    return fault(proxied.control().add(List.of(links), rule));
  }

  // ---- packets

  /**
   * Loses every packet between two hosts of a lab's own network: nobody is told, connections stay
   * and answer nothing, new ones time out while connecting. Needs a lab started with {@link
   * LabSpec#ownNetwork}. Healed by letting packets pass; what was sent meanwhile is sent again by
   * TCP.
   *
   * @param one a member or {@link Link#OTHERS}
   * @param other likewise, or {@link Link#ANYBODY}
   */
  public Fault partition(String one, String other) {
    return lose(one, other, true);
  }

  /** As {@link #partition(String, String)}, between one host and all others. */
  public Fault partition(String one) {
    return lose(one, Link.ANYBODY, true);
  }

  /** As {@link #partition(String, String)}, but only what the first sends to the second. */
  public Fault partitionOneWay(String from, String to) {
    return lose(from, to, false);
  }

  private Fault lose(String from, String to, boolean bothWays) {
    LabState state = site.state();
    for (String host : List.of(from, to)) {
      if (!Set.of(Link.ANYBODY, Link.OTHERS).contains(host)) {
        state.server(host);
      }
    }
    if (from.equals(to)) {
      throw new LabException("a partition is between two different hosts");
    }
    return fault(site.network.lose(from, to, bothWays));
  }

  private Fault fault(Network.Loss loss) {
    return new Fault(loss.id(), loss.sentence(), this);
  }

  private Fault fault(Standing standing) {
    return new Fault(standing.id(), standing.sentence(), this);
  }

  // ---- servers

  /** Ends a server at once; healed by a start, after which it is read-only. */
  public Fault kill(String member) {
    deeds.kill(member);
    return new Fault(STOPPED + member, member + " is not running", this);
  }

  /** Freezes a server; healed by thawing it. */
  public Fault hang(String member) {
    deeds.hang(member);
    return new Fault(HUNG + member, member + " hangs", this);
  }

  /** Makes a server refuse writes; healed by what it was before. */
  public Fault readOnly(String member) {
    return access(member, true);
  }

  /** Makes a server take writes, though it may be a replica; healed by what it was before. */
  public Fault writable(String member) {
    return access(member, false);
  }

  private Fault access(String member, boolean readOnly) {
    String before = ask(member, "SELECT @@global.read_only");
    deeds.setReadOnly(member, readOnly);
    return note(
        readOnly ? FaultBook.Kind.READ_ONLY : FaultBook.Kind.WRITABLE,
        member,
        member + (readOnly ? " is read-only" : " takes writes"),
        before,
        true);
  }

  /**
   * Makes a replica apply everything this much late, while it goes on receiving: a delayed replica.
   * Healed by no delay. On MariaDB both need all of its replication stopped for a moment, which
   * makes it receive again what it had not applied: refused while it is not connected to its
   * source, for then that would be lost.
   *
   * @param delay in whole seconds, 1 s or more
   */
  public Fault lag(String member, Duration delay) {
    if (delay.toSeconds() < 1) {
      throw new LabException("a replica lags by 1 second or more");
    }
    setDelay(member, delay.toSeconds());
    return note(
        FaultBook.Kind.LAG,
        member,
        member + " applies what it receives " + delay.toSeconds() + " s late",
        "0",
        false);
  }

  /** A source that was healed just before has its replicas back within moments. */
  private void awaitReceiving(String member) {
    if (looks.members().stream().allMatch(m -> m.state() == Member.State.RUNNING)) {
      Await.holds(
          RECONNECTING,
          () ->
              looks.status(member, Site.QUICK).view().stream()
                  .flatMap(v -> v.replication().stream())
                  .anyMatch(ServerView.Replication::receiving));
    }
  }

  private void setDelay(String member, long seconds) {
    LabState.Server server = site.state().server(member);
    try (var connection = site.connect(server, Site.QUICK, Site.PATIENT);
        var statement = connection.createStatement()) {
      ReplicaWords words = ReplicaWords.of(connection);
      var replication = site.look(connection).replication();
      if (replication.isEmpty()) {
        throw new LabException(member + " is no replica");
      }
      if (words.wholeStop() && !replication.get().receiving()) {
        throw new LabException(
            member
                + " is not connected to its source: changing its delay now would throw away what it"
                + " has received and not applied; bring its source back first");
      }
      for (String sql : words.delay(seconds)) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw site.fault("cannot be given a delay", server, e);
    }
  }

  /**
   * Stops the thread of a replica that applies; it goes on receiving. Healed by starting it, which
   * loses nothing.
   */
  public Fault stopApplier(String member) {
    replication(member, "cannot stop applying", ReplicaWords::stopApplier);
    return note(
        FaultBook.Kind.STOPPED_APPLIER,
        member,
        member + " receives and does not apply: its applier is stopped",
        "",
        true);
  }

  /** Stops the thread of a replica that receives; healed by starting it. */
  public Fault stopReceiver(String member) {
    replication(member, "cannot stop receiving", ReplicaWords::stopReceiver);
    return note(
        FaultBook.Kind.STOPPED_RECEIVER,
        member,
        member + " does not receive: its receiver is stopped",
        "",
        true);
  }

  /**
   * Gives a server a clock that is wrong. It is restarted for that, and for healing; a server that
   * took writes does so afterwards.
   *
   * @param ahead negative for a clock that is behind; 10 s or more
   * @throws LabException also when the library for it cannot be had or the server does not load it
   */
  public Fault wrongClock(String member, Duration ahead) {
    long seconds = ahead.toSeconds();
    if (Math.abs(seconds) < LEAST_CLOCK_SECONDS) {
      throw new LabException(
          "a wrong clock is ahead or behind by " + LEAST_CLOCK_SECONDS + " seconds or more");
    }
    // Before anything is ended for it.
    FakeClock.install(site.cache);
    deeds.running(member);
    var entry =
        new FaultBook.Entry(
            FaultBook.Kind.WRONG_CLOCK,
            member,
            "the clock of %s is %d s %s"
                .formatted(member, Math.abs(seconds), seconds > 0 ? "ahead" : "behind"),
            Long.toString(seconds),
            0);
    restart(member, () -> book.note(entry));
    long seen =
        Long.parseLong(ask(member, "SELECT UNIX_TIMESTAMP()")) - System.currentTimeMillis() / 1000;
    if (Math.abs(seen - seconds) > LEAST_CLOCK_SECONDS / 2) {
      rightClock(entry);
      throw new LabException(
          member + " cannot be given a wrong clock: its program does not load libfaketime");
    }
    return fault(entry);
  }

  private void rightClock(FaultBook.Entry entry) {
    if (looks.member(entry.member()).state() == Member.State.STOPPED) {
      book.strike(entry.id());
    } else {
      restart(entry.member(), () -> book.strike(entry.id()));
    }
  }

  /** Ends a server, does this, starts it. */
  private void restart(String member, Runnable between) {
    boolean tookWrites = ask(member, "SELECT @@global.read_only").equals("0");
    deeds.kill(member);
    between.run();
    deeds.start(member);
    if (tookWrites) {
      deeds.setReadOnly(member, false);
    }
  }

  /**
   * Fills the disk with a server's data to the last byte: a server that needs a page more gets the
   * system's own "No space left on device". MariaDB then lets commits wait for somebody to free
   * space, and ends when it has no room to roll back. Needs a lab started with {@link
   * LabSpec#smallDisks}. Healed by room; whoever waits in the server is woken by ending its
   * connection (a replica's receiver is started again), since MariaDB itself looks again only every
   * minute or later.
   */
  public Fault fullDisk(String member) {
    site.disks.fill(data(member));
    return note(FaultBook.Kind.FULL_DISK, member, "the disk of " + member + " is full", "", false);
  }

  private Path data(String member) {
    return Site.directory(site.state().server(member)).resolve("data");
  }

  private void freeDisk(String member) {
    site.disks.free(data(member));
    if (looks.member(member).state() == Member.State.RUNNING) {
      wakeWaiting(member);
    }
  }

  private void wakeWaiting(String member) {
    LabState.Server server = site.state().server(member);
    try (var connection = site.connect(server, Site.QUICK, Site.PATIENT);
        var statement = connection.createStatement()) {
      Map<Long, String> waiting = waiting(statement);
      for (long id : waiting.keySet()) {
        statement.execute("KILL " + id);
      }
      // A replica's own thread does not come back by itself.
      if (waiting.containsValue(REPLICATION)) {
        ReplicaWords words = ReplicaWords.of(connection);
        boolean back =
            Await.holds(
                Site.PATIENT,
                () -> {
                  try {
                    return receivesAgain(statement, waiting.keySet(), words);
                  } catch (SQLException e) {
                    throw site.fault("cannot be asked who waits in it", server, e);
                  }
                });
        if (!back) {
          throw new LabException(member + " has room again, but its replication goes on waiting");
        }
      }
    } catch (SQLException e) {
      throw site.fault("has room again, but those who wait in it cannot be woken", server, e);
    }
  }

  /**
   * Starts a receiver whose thread was ended. While that one is ending it counts as running still:
   * a start would do nothing then, and nobody would receive once it has ended.
   *
   * @param ended the threads that were
   * @return whether there is another
   */
  private static boolean receivesAgain(Statement statement, Set<Long> ended, ReplicaWords words)
      throws SQLException {
    try (var row = statement.executeQuery("SHOW PROCESSLIST")) {
      while (row.next()) {
        if (ended.contains(row.getLong("Id"))) {
          return false;
        }
      }
    }
    statement.execute(words.start());
    try (var row = statement.executeQuery(words.status())) {
      return row.next() && !row.getString(words.receives()).equals("No");
    }
  }

  /**
   * Who waits for space in a server and may be ended for it: by the connection's number, its user.
   * Other than the information schema, this statement needs no room itself.
   */
  static Map<Long, String> waiting(Statement statement) throws SQLException {
    var waiting = new TreeMap<Long, String>();
    try (var row = statement.executeQuery("SHOW PROCESSLIST")) {
      while (row.next()) {
        String state = row.getString("State");
        String user = row.getString("User");
        if (state != null && waits(state, user)) {
          waiting.put(row.getLong("Id"), user);
        }
      }
    }
    return waiting;
  }

  /**
   * MySQL ends itself when who waits in a commit is ended, so there it is a replica's thread only.
   */
  private static boolean waits(String state, String user) {
    return state.startsWith("Waiting for someone to free space")
        || state.equals("Waiting for disk space") && user.equals(REPLICATION);
  }

  private void replication(String member, String otherwise, Function<ReplicaWords, String> words) {
    deeds.sql(member, otherwise, w -> new String[] {words.apply(w)});
  }

  private String ask(String member, String sql) {
    LabState.Server server = site.state().server(member);
    try (var connection = site.connect(server, Site.QUICK, Site.PATIENT);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw site.fault("cannot be asked", server, e);
    }
  }

  private Fault note(
      FaultBook.Kind kind, String member, String sentence, String before, boolean ofProcess) {
    String first = book.entry(kind.id(member)).map(FaultBook.Entry::value).orElse(before);
    long pid = ofProcess ? deeds.running(member).pid() : 0;
    var entry = new FaultBook.Entry(kind, member, sentence, first, pid);
    book.note(entry);
    return fault(entry);
  }

  private Fault fault(FaultBook.Entry entry) {
    return new Fault(entry.id(), entry.sentence(), this);
  }

  // ---- all of them

  /** Whether links of this lab can be disturbed. */
  public boolean links() {
    return proxied.possible();
  }

  /** Whether packets can be lost in this lab: whether it has a network of its own. */
  public boolean packets() {
    return site.network.exists();
  }

  /** Everything that is wrong now: links first, then servers. */
  public List<Fault> standing() {
    var all = new ArrayList<Fault>();
    if (proxied.possible()) {
      proxied.control().standing().forEach(s -> all.add(fault(s)));
    }
    if (site.network.exists()) {
      site.network.losses().forEach(loss -> all.add(fault(loss)));
    }
    for (Member member : looks.members()) {
      switch (member.state()) {
        case HUNG -> all.add(new Fault(HUNG + member.name(), member.name() + " hangs", this));
        case STOPPED ->
            all.add(new Fault(STOPPED + member.name(), member.name() + " is not running", this));
        case RUNNING -> {}
      }
    }
    book.entries().stream().filter(this::stands).map(this::fault).forEach(all::add);
    return all;
  }

  /** Some faults end with the process that had them. */
  private boolean stands(FaultBook.Entry entry) {
    return entry.pid() == 0 || looks.member(entry.member()).pid() == entry.pid();
  }

  /** Heals the rules on exactly this link, as it was named when they were made. */
  public List<Fault> heal(Link link) {
    List<Fault> healed =
        site.network.exists()
            ? site.network.losses().stream()
                .filter(loss -> loss.isOn(link))
                .map(this::fault)
                .toList()
            : proxied.control().standing().stream()
                .filter(s -> s.links().equals(List.of(link)))
                .map(this::fault)
                .toList();
    healed.forEach(Fault::heal);
    return healed;
  }

  /**
   * Heals everything that stands; starts what is not running, thaws what hangs.
   *
   * @return what was healed
   * @throws LabException of the first that could not be healed, after all others were
   */
  public List<Fault> healAll() {
    List<Fault> all = standing();
    LabException first = null;
    for (Fault fault : all) {
      try {
        fault.heal();
      } catch (LabException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    return all;
  }

  /** Heals one; nothing when it does not stand, or the lab is down. */
  void heal(String id) {
    if (LabState.read(site.stateFile()).isEmpty()) {
      return;
    }
    if (id.startsWith(HUNG)) {
      String member = id.substring(HUNG.length());
      if (looks.member(member).state() == Member.State.HUNG) {
        deeds.resume(member);
      }
    } else if (id.startsWith(STOPPED) && looks.member(id.substring(STOPPED.length())) != null) {
      String member = id.substring(STOPPED.length());
      if (looks.member(member).state() == Member.State.STOPPED) {
        deeds.start(member);
      }
    } else {
      book.entry(id).ifPresentOrElse(this::heal, () -> healLink(id));
    }
  }

  private void healLink(String id) {
    site.network.pass(id);
    if (!proxied.possible()) {
      return;
    }
    for (Standing one : proxied.control().standing()) {
      if (one.id().equals(id)) {
        proxied.control().remove(Set.of(id));
        if (one.rule().kind() == Rule.Kind.TOO_MANY_CONNECTIONS) {
          patientNoMore(one.links().getFirst().to());
        }
      }
    }
  }

  private void heal(FaultBook.Entry entry) {
    if (stands(entry)) {
      String member = entry.member();
      switch (entry.kind()) {
        case READ_ONLY, WRITABLE -> deeds.setReadOnly(member, !entry.value().equals("0"));
        case LAG -> {
          awaitReceiving(member);
          setDelay(member, 0);
        }
        case STOPPED_APPLIER ->
            replication(member, "cannot apply again", ReplicaWords::startApplier);
        case STOPPED_RECEIVER ->
            replication(member, "cannot receive again", ReplicaWords::startReceiver);
        case FULL_DISK -> freeDisk(member);
        case WRONG_CLOCK -> rightClock(entry);
      }
    }
    book.strike(entry.id());
  }
}
