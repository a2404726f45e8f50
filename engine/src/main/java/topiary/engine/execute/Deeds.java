package topiary.engine.execute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.dialect.Dialect;
import topiary.engine.dialect.MySqlDialect;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.gtid.MariaGtid;
import topiary.engine.gtid.MariaPosition;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Login;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Introduction;
import topiary.engine.probe.ProbeParser;

/** The deeds of one stage of a plan: its slots, and what each kind of step does. */
final class Deeds {

  private static final Duration GLANCE = Duration.ofMillis(50);

  /** How long a replica must have looked well before it is believed. */
  private static final Duration STEADY = Duration.ofMillis(100);

  /** MariaDB's event that begins a transaction, in its log. */
  private static final Pattern FAILED = Pattern.compile("GTID (\\d+-\\d+-\\d+)");

  /** How long MySQL waits for the rest of a transaction. */
  private static final Duration REST_OF_TRANSACTION = Duration.ofSeconds(65);

  /** The error of a server that has waited for a lock as long as it was to. */
  private static final int LOCK_WAIT = 1205;

  /**
   * How a statement stands that waits for us, not we for it: in MySQL's words for the lock that
   * {@code SET GLOBAL read_only} takes, and in MariaDB's.
   */
  private static final Pattern VICTIM =
      Pattern.compile("^Waiting for (global read|commit|backup) lock", Pattern.CASE_INSENSITIVE);

  /** {@code ER_TABLEACCESS_DENIED_ERROR} of both kinds of server. */
  private static final int TABLE_DENIED = 1142;

  /** {@code ER_KILL_DENIED_ERROR} of both kinds of server. */
  static final int NOT_OWNER = 1095;

  /** Why a step failed that was cancelled while it waited. */
  static final String CANCELLED = "cancelled while it waited";

  private final Sessions sessions;
  private final Fleet fleet;
  private final Clock clock;
  private final PlanPolicy policy;
  private final UnaryOperator<InstanceKey> names;
  private final Mandate mandate;
  private BooleanSupplier cancelled;
  private boolean puttingBack;
  private final Map<Slot<?>, Slot.Kind> slots = new HashMap<>();
  private final Map<Step, Step> told = new HashMap<>();

  /** Of what these have received they have applied all that can be. */
  private final Set<InstanceKey> drained = new HashSet<>();

  private final List<String> notes = new ArrayList<>();
  private final PlaceDeeds places = new PlaceDeeds(this);

  /**
   * The deeds of one stage of a plan.
   *
   * @param sessions of the plan
   * @param names gives the name the server behind a name is known by
   * @param mandate without which nothing is done
   * @param cancelled asked while a step waits: a wait is as good a place to stop as a border
   */
  Deeds(
      Sessions sessions,
      Fleet fleet,
      Clock clock,
      PlanPolicy policy,
      UnaryOperator<InstanceKey> names,
      Mandate mandate,
      BooleanSupplier cancelled) {
    this.sessions = sessions;
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
    this.names = names;
    this.mandate = mandate;
    this.cancelled = cancelled;
  }

  /** From here on what was moved is put back; nobody can cancel that. */
  void puttingBack() {
    puttingBack = true;
    cancelled = () -> false;
  }

  void perform(Step step) throws DeedFailed {
    FencedSession session = sessions.to(step.target());
    switch (step) {
      case Step.StopReplication s -> stop(session, s);
      case Step.StartReplication s -> start(session, s, s);
      case Step.TryConnect s ->
          start(session, new Step.StartReplication(s.target(), s.channel(), Threads.IO), s);
      case Step.PointAt s -> pointAt(session, s);
      case Step.SetReadOnly s -> tell(session, s);
      case Step.QuietDown s -> quietDown(session, s);
      case Step.ForgetSource s -> tell(session, s);
      case Step.SetDelay s -> tell(session, s);
      case Step.SetSemiSync s -> tell(session, s);
      case Step.SkipTransaction s -> skip(session, s);
      case Step.InjectEmpty s -> inject(session, s);
      case Step.ForgetTransactions s -> forget(session, s);
      case Step.FlushLogs s -> tell(session, s);
      case Step.PurgeLogs s -> purge(session, s);
      case Step.KillQuery s -> kill(session, s);
      case Step.Detach s -> detach(session, s);
      case Step.DetachAtFile s -> detachAtFile(session, s);
      case Step.Attach s -> tell(session, s);
      case Step.PointAtPlace s -> pointAtPlace(session, s);
      case Step.Follow s ->
          follow(session, session.dialect().statements(s).getFirst(), s.source(), s.login());
      case Step.FollowAtFile s -> {
        Slot.Kind.Coordinates at = place(s.at());
        String position = Long.toString(at.position());
        String sql = session.dialect().followAtFile(s, at.file(), position);
        follow(session, sql, s.source(), s.login());
      }
      case Step.ApplyPending s -> applyPending(session, s);
      case Step.ReadCoordinates s -> slots.put(s.into(), coordinates(session, s));
      case Step.PointAtFile s -> pointAtFile(session, s);
      case Step.ReadExecuted s -> slots.put(s.into(), new Slot.Kind.Executed(position(session, s)));
      case Step.ReadLogged s -> slots.put(s.into(), new Slot.Kind.Executed(position(session, s)));
      case Step.AwaitDrained s -> awaitDrained(session, s);
      case Step.AwaitLogged s ->
          awaitLogged(
              session, s, s.position(), session.dialect().position(noted(s.position())), s.limit());
      case Step.AwaitLoggedOf s ->
          awaitLogged(
              session,
              s,
              s.position(),
              MariaPosition.parse(noted(s.position())).in(s.domains()),
              s.limit());
      case Step.ReadPending s -> slots.put(s.into(), new Slot.Kind.Pending(pending(session, s)));
      case Step.AwaitSendable s -> awaitSendable(session, s);
      case Step.AwaitReplicating s -> awaitReplicating(session, s);
      case Step.ReadLogEnd s -> slots.put(s.into(), places.logEnd(session, s));
      case Step.NotePlace s -> places.note(session, s);
      case Step.DisableEvents s -> notes.addAll(events(session).disable(s));
      case Step.EnableEvents s -> notes.addAll(events(session).enable(s));
      case Step.ReadReceived s -> slots.put(s.into(), PlaceDeeds.received(session, s));
      case Step.AwaitPlace s -> places.await(session, s);
      case Step.ApplyUpTo s -> places.applyUpTo(session, s);
      case Step.PointBack s -> places.pointBack(session, s);
    }
  }

  private EventDeeds events(FencedSession session) {
    return new EventDeeds(session, fleet, clock, policy.statement());
  }

  private void tell(FencedSession session, Step step) throws DeedFailed {
    for (String sql : session.dialect().statements(step)) {
      session.tell(sql, fleet);
    }
  }

  /**
   * Has a server refuse writes. It waits for statements that are under way, and everybody waits for
   * it, so its own waiting is limited on the server; who was in the way all that time is told.
   */
  private void quietDown(FencedSession session, Step.QuietDown s) throws DeedFailed {
    long whole = Math.max(1, s.limit().toSeconds());
    long first = s.ending() ? Math.max(1, whole / 2) : whole;
    try {
      quietDown(session, s, first);
      disconnect(session, s);
      return;
    } catch (DeedFailed e) {
      if (!isLockWait(e.getCause())) {
        throw e;
      }
      InTheWay inTheWay = inTheWay(session, first);
      if (!s.ending()) {
        throw new DeedFailed(
            s.target()
                + " did not come to refuse writes within "
                + first
                + " s. "
                + inTheWay.words(),
            e);
      }
      for (LongQuery one : inTheWay.all()) {
        kill(session, new Step.KillQuery(s.target(), one.id()));
      }
      // Who has locked tables may run nothing, and not be told: it goes with all others.
      disconnect(session, s);
    }
    try {
      quietDown(session, s, Math.max(1, whole - first));
    } catch (DeedFailed e) {
      throw new DeedFailed(
          s.target()
              + " did not come to refuse writes within "
              + whole
              + " s, although statements were ended. "
              + (isLockWait(e.getCause()) ? inTheWay(session, 1).words() : e.getMessage()),
          e);
    }
    disconnect(session, s);
  }

  /**
   * Ends the connections of a server's clients, where that is wanted; what came of it is noted, and
   * is nothing that the step would fail for, as writes are refused already.
   */
  private void disconnect(FencedSession session, Step.QuietDown s) throws DeedFailed {
    if (!s.ending()) {
      return;
    }
    try {
      new Clients(session, fleet).end(s.target()).ifPresent(notes::add);
    } catch (Mandate.Lapsed e) {
      throw e;
    } catch (DeedFailed e) {
      notes.add(
          "Connections to " + s.target() + " could not all be ended: " + e.getMessage() + ".");
    }
  }

  /** What is to be told of steps that were done, in sentences; once. */
  List<String> notes() {
    List<String> all = List.copyOf(notes);
    notes.clear();
    return all;
  }

  private void quietDown(FencedSession session, Step.QuietDown s, long seconds) throws DeedFailed {
    session.waitForLocks(Duration.ofSeconds(seconds), fleet);
    try {
      for (String sql : session.dialect().statements(s)) {
        session.tell(sql, policy.statement().plus(s.limit()), fleet);
      }
    } finally {
      session.waitForLocks(policy.statement(), fleet);
    }
  }

  private static boolean isLockWait(Throwable cause) {
    return cause instanceof ServerTrouble refused && refused.code() == LOCK_WAIT;
  }

  private static InTheWay inTheWay(FencedSession session, long seconds) throws DeedFailed {
    Dialect dialect = session.dialect();
    var all = new ArrayList<LongQuery>();
    take(session.ask(dialect.longQueries((int) seconds)).rows(), all);
    boolean seen = true;
    if (dialect.tableLocks().isPresent()) {
      try {
        take(session.ask(dialect.tableLocks().get()).rows(), all);
      } catch (DeedFailed e) {
        if (!isDenied(e.getCause())) {
          throw e;
        }
        seen = false;
      }
    }
    return new InTheWay(all, seen);
  }

  private static void take(List<? extends Map<String, String>> rows, List<LongQuery> into) {
    for (Map<String, String> row : rows) {
      LongQuery one = ProbeParser.longQuery(row);
      boolean waits = VICTIM.matcher(one.state()).find();
      if (!waits && into.stream().noneMatch(other -> other.id() == one.id())) {
        into.add(one);
      }
    }
  }

  private static boolean isDenied(Throwable cause) {
    return cause instanceof ServerTrouble refused && refused.code() == TABLE_DENIED;
  }

  /**
   * Who kept a server from refusing writes.
   *
   * @param all the statements, and the locks that are held without one
   * @param locksSeen whether Topiary's user may see who holds locks
   */
  private record InTheWay(List<LongQuery> all, boolean locksSeen) {

    String words() {
      return (all.isEmpty()
              ? "No statement is seen that was in the way: somebody may hold LOCK TABLES"
              : "In the way: "
                  + all.stream().map(InTheWay::words).collect(Collectors.joining("; ")))
          + (locksSeen
              ? ""
              : ". Who holds LOCK TABLES Topiary's user may not see (GRANT SELECT ON"
                  + " performance_schema.metadata_locks, and ON performance_schema.threads)");
    }

    private static String words(LongQuery one) {
      return "connection "
          + one.id()
          + " of "
          + one.user()
          + " from "
          + one.host()
          + " for "
          + one.seconds()
          + " s"
          + (one.text().isEmpty() ? "" : ": " + one.text());
    }
  }

  /** Whoever has gone meanwhile runs nothing any more. */
  private void kill(FencedSession session, Step.KillQuery s) throws DeedFailed {
    try {
      tell(session, s);
    } catch (DeedFailed e) {
      if (e.getCause() instanceof ServerTrouble refused && refused.code() == NOT_OWNER) {
        throw new DeedFailed(
            "connection "
                + s.connection()
                + " at "
                + s.target()
                + " may not be ended by Topiary's user: it lacks CONNECTION_ADMIN, or that is of an"
                + " account with SYSTEM_USER, which only another such one may end",
            e);
      }
      if (!FencedSession.isGone(e.getCause())) {
        throw e;
      }
    }
  }

  /**
   * Stops threads. An applying thread in the middle of a transaction whose rest was not received
   * waits a minute for it before it gives up, and the statement with it.
   */
  void stop(FencedSession session, Step.StopReplication s) throws DeedFailed {
    for (String sql : session.dialect().statements(s)) {
      session.tell(sql, policy.statement().plus(REST_OF_TRANSACTION), fleet);
    }
  }

  /**
   * Starts threads, unless that would throw away what was received and is nowhere else: MariaDB
   * drops the relay log when a replica that uses GTID starts from a standstill, and asks its source
   * again.
   *
   * <p>An applying thread that runs, and is to stop by itself at some place, as a step of ours that
   * was given up has told it, keeps to that when it is started: it is stopped first.
   *
   * @param how what is told the server
   */
  private void start(FencedSession session, Step.StartReplication s, Step how) throws DeedFailed {
    Channel c = statusOf(session, s.target(), s.channel());
    if (s.threads().sql()
        && c.sql() != ThreadState.STOPPED
        && stopsByItself(session, s.channel())) {
      stop(session, new Step.StopReplication(s.target(), s.channel(), Threads.SQL));
      c = statusOf(session, s.target(), s.channel());
    }
    if (c.stopped() && c.gtid().startDropsReceived()) {
      GtidPosition executed = executed(session);
      GtidPosition received = received(session, c);
      if (received instanceof MariaPosition all && executed instanceof MariaPosition done) {
        // Of what it has executed nothing is needed again; it may be from another source.
        received = all.beyond(done);
      }
      Optional<String> why =
          executed.covers(received)
              ? Optional.empty()
              : c.detached()
                  ? Optional.of(s.target() + " is detached from " + c.source())
                  : sendsAgain(names.apply(c.source()), received);
      if (why.isPresent()) {
        throw new DeedFailed(
            s.target()
                + " has received "
                + received
                + " and not applied all of it, and starting it now would throw the rest"
                + " away, which its source cannot send again: "
                + why.get()
                + ". It stands still, as it is, until its source is back",
            null);
      }
    }
    tell(session, how);
  }

  /**
   * Points a replica at a source. One that is put back may have received from where it was led to
   * what its former source has not got yet, and would throw that away now; and MariaDB refuses a
   * replica that has executed more than its source has. So it is put back once its former source
   * has all that, and otherwise stays below the one that had sent it.
   */
  private void pointAt(FencedSession session, Step.PointAt s) throws DeedFailed {
    if (puttingBack) {
      Channel c = statusOf(session, s.target(), s.channel());
      if (named(c.source()).equals(named(s.source())) && !c.detached() && c.gtid() == s.gtid()) {
        // It was not led anywhere.
        return;
      }
      awaitHad(session, s, c);
    }
    tell(session, s);
  }

  private void awaitHad(FencedSession session, Step.PointAt s, Channel c) throws DeedFailed {
    GtidPosition has = executed(session);
    GtidPosition received = received(session, c);
    boolean pending = !has.covers(received);
    // Where GTIDs are sets, only what is pending is asked for again.
    List<GtidPosition> needed =
        has instanceof GtidSet done && received instanceof GtidSet got
            ? List.of(got.minus(done))
            : List.of(has, received);
    if (needed.stream().allMatch(GtidPosition::isEmpty)) {
      return;
    }
    InstanceKey source = named(s.source());
    Deadline deadline = in(policy.catchUp());
    try (Fleet.Session there = fleet.open(source, Deadline.in(policy.statement(), clock))) {
      Dialect dialect =
          Introduction.to(source, there, Deadline.in(policy.statement(), clock)).dialect();
      while (true) {
        String logged =
            there
                .ask(dialect.logged(), Deadline.in(policy.statement(), clock))
                .first()
                .map(r -> r.getOrDefault("position", ""))
                .orElse("");
        GtidPosition at = dialect.position(logged);
        if (needed.stream().allMatch(at::covers)) {
          return;
        }
        pauseOrGiveUp(
            deadline,
            source
                + " has only "
                + logged
                + " after "
                + policy.catchUp().toSeconds()
                + " s, and "
                + s.target()
                + " has got "
                + received
                + " from "
                + c.source()
                + ": it stays there, so that nothing is lost");
      }
    } catch (ServerTrouble | IllegalArgumentException e) {
      // With nothing pending it loses nothing, wherever it is pointed.
      if (pending) {
        throw new DeedFailed(
            s.target()
                + " has received "
                + received
                + " from "
                + c.source()
                + " and not applied all of it, which "
                + source
                + " is to have before it is pointed back there: "
                + e.getMessage(),
            e);
      }
    }
  }

  /**
   * Writes a replica's host such that it cannot connect. One that is put back, and has received
   * what it has not applied, would throw that away, and could get it from nobody.
   */
  private void detach(FencedSession session, Step.Detach s) throws DeedFailed {
    if (puttingBack) {
      Channel c = statusOf(session, s.target(), s.channel());
      GtidPosition received = received(session, c);
      if (c.stopped() && !c.detached() && !executed(session).covers(received)) {
        throw new DeedFailed(
            s.target()
                + " has received "
                + received
                + " from "
                + c.source()
                + " and not applied all of it; detached now it would lose the rest",
            null);
      }
    }
    tell(session, s);
  }

  private static Slot.Kind.Coordinates coordinates(FencedSession session, Step.ReadCoordinates s)
      throws DeedFailed {
    BinlogPosition at = statusOf(session, s.target(), s.channel()).progress().executed();
    if (at.file().isEmpty()) {
      throw new DeedFailed(
          s.target() + " does not know its place in the log of its source: it has received nothing",
          null);
    }
    return new Slot.Kind.Coordinates(at.file(), at.offset());
  }

  /**
   * Leaves out what a replica has failed at. MariaDB is told to go on after it, as its counter of
   * transactions to skip is only for accounts that may do everything; which one that is stands
   * first in what it has not applied of its relay log.
   */
  private void skip(FencedSession session, Step.SkipTransaction s) throws DeedFailed {
    Channel c = statusOf(session, s.target(), s.channel());
    if (!s.gtid().startDropsReceived()) {
      tell(session, s);
      return;
    }
    MariaGtid failed =
        session
            .ask(session.dialect().failedEvent(s, c.progress().relay()))
            .first()
            .map(row -> FAILED.matcher(row.getOrDefault("Info", "")))
            .filter(Matcher::find)
            .map(found -> MariaGtid.parse(found.group(1)))
            .orElseThrow(
                () ->
                    new DeedFailed(
                        s.target()
                            + " does not tell in its relay log, at "
                            + c.progress().relay()
                            + ", which transaction it failed at",
                        null));
    var after = new TreeMap<>(MariaPosition.parse(position(session, s)).last());
    after.put(failed.domain(), failed);
    session.tell(session.dialect().goOnAfter(new MariaPosition(after).toString()), fleet);
  }

  /**
   * A log stays while somebody reads it, be it over a connection that has just ended, and on
   * MariaDB until all that was committed in it is on disk; what is kept, MariaDB does not say.
   */
  private void purge(FencedSession session, Step.PurgeLogs s) throws DeedFailed {
    Deadline deadline = Deadline.in(policy.statement(), clock);
    while (true) {
      tell(session, s);
      String oldest =
          session
              .ask("SHOW BINARY LOGS")
              .first()
              .map(row -> row.getOrDefault("log_name", row.getOrDefault("Log_name", "")))
              .orElse("");
      if (oldest.equals(s.file())) {
        return;
      }
      pauseOrGiveUp(
          deadline,
          s.target()
              + " has kept "
              + oldest
              + ": somebody reads it still, or not all of it is on disk; try again later");
    }
  }

  private void inject(FencedSession session, Step.InjectEmpty s) throws DeedFailed {
    GtidSet left = GtidSet.parse(s.gtids());
    if (executed(session) instanceof GtidSet has) {
      // Some may have come there by another way meanwhile, or by an attempt that was broken off.
      left = left.minus(has);
    }
    for (String gtid : left.each(Integer.MAX_VALUE)) {
      for (String sql : MySqlDialect.empty(gtid)) {
        session.tell(sql, fleet);
      }
    }
  }

  private void forget(FencedSession session, Step.ForgetTransactions s) throws DeedFailed {
    if (!(session.dialect() instanceof MySqlDialect dialect
        && executed(session) instanceof GtidSet executed)) {
      throw new DeedFailed(s.target() + " has no sets of GTIDs", null);
    }
    String kept = executed.minus(GtidSet.parse(s.gtids())).toString();
    List<String> statements = dialect.forgetting(kept);
    session.tell(statements.getFirst(), fleet);
    try {
      session.tell(statements.getLast(), fleet);
    } catch (DeedFailed e) {
      throw new DeedFailed(
          e.getMessage()
              + ". Its logs are deleted, and it does not know any more what it has executed: before"
              + " it replicates, somebody has to say there: "
              + statements.getLast(),
          e);
    }
  }

  /** A step as it is told of afterwards: with the places that were noted, where it pointed. */
  Step told(Step step) {
    return told.getOrDefault(step, step);
  }

  /** Whether a channel's source is that server. */
  boolean isAt(Channel c, InstanceKey source) {
    return names.apply(c.source()).equals(source);
  }

  /** Where a replica stands, before it is pointed elsewhere: both places are one moment. */
  private void note(FencedSession session, Step.PointAtFile s, Slot.Kind.Coordinates at)
      throws DeedFailed {
    Channel c = statusOf(session, s.target(), s.channel());
    InstanceKey former = names.apply(c.source());
    InstanceKey source = names.apply(s.source());
    BinlogPosition stands = c.progress().executed();
    // One that goes by GTID may not know its place.
    boolean known = c.stopped() && c.gtid() == GtidUse.NONE && !stands.file().isEmpty();
    if (known && !former.equals(source)) {
      var there = new BinlogPosition(at.file(), at.position());
      told.put(s, new Step.PointAtPlace(s.target(), s.channel(), source, there, former, stands));
    }
  }

  private void pointAtPlace(FencedSession session, Step.PointAtPlace s) throws DeedFailed {
    Channel c = statusOf(session, s.target(), s.channel());
    if (!names.apply(c.source()).equals(s.former())) {
      throw new DeedFailed(
          s.target() + " points at " + c.source() + ", somebody else has changed it", null);
    }
    BinlogPosition stands = c.progress().executed();
    if (!c.stopped() || !stands.equals(s.formerAt())) {
      throw new DeedFailed(
          s.target()
              + " has applied up to "
              + stands
              + " in the log of "
              + s.former()
              + ", which is not "
              + s.formerAt()
              + " any more",
          null);
    }
    if (!c.progress().read().equals(stands) && !drained.contains(s.target())) {
      throw new DeedFailed(
          s.target()
              + " has received up to "
              + c.progress().read()
              + " and applied only "
              + stands
              + ": the rest would be thrown away",
          null);
    }
    session.tell(session.dialect().statements(s).getLast(), fleet);
  }

  void pointAtFile(FencedSession session, Step.PointAtFile s) throws DeedFailed {
    Slot.Kind.Coordinates at = place(s.at());
    note(session, s, at);
    String position = Long.toString(at.position());
    session.tell(session.dialect().pointAtFile(s, at.file(), position), fleet);
  }

  private void detachAtFile(FencedSession session, Step.DetachAtFile s) throws DeedFailed {
    Slot.Kind.Coordinates at = place(s.at());
    String position = Long.toString(at.position());
    session.tell(session.dialect().detachAtFile(s, at.file(), position), fleet);
  }

  private void follow(FencedSession session, String sql, InstanceKey source, Login login)
      throws DeedFailed {
    session.tell(
        sql,
        new Fleet.Password(
            source,
            login.user(),
            login
                .kept()
                .flatMap(
                    kept ->
                        session
                            .dialect()
                            .password(kept)
                            .map(query -> new Fleet.Kept(kept.replica(), query)))),
        fleet);
  }

  /** A place that was noted. */
  Slot.Kind.Coordinates place(Slot<Slot.Kind.Coordinates> slot) throws DeedFailed {
    if (slots.get(slot) instanceof Slot.Kind.Coordinates at) {
      return at;
    }
    throw new DeedFailed("no place was noted for " + slot.name(), null);
  }

  void tell(FencedSession session, String sql) throws DeedFailed {
    session.tell(sql, fleet);
  }

  Deadline in(Duration limit) {
    return Deadline.in(limit, clock);
  }

  /** The name that the server behind a name is known by. */
  InstanceKey named(InstanceKey name) {
    return names.apply(name);
  }

  /** Why a replica's source could not send again what was received up to here; empty if it can. */
  private Optional<String> sendsAgain(InstanceKey source, GtidPosition received) {
    Deadline deadline = Deadline.in(policy.statement(), clock);
    try (Fleet.Session session = fleet.open(source, deadline)) {
      Dialect dialect = Introduction.to(source, session, deadline).dialect();
      String logged =
          session
              .ask(dialect.logged(), deadline)
              .first()
              .map(r -> r.getOrDefault("position", ""))
              .orElse("");
      return dialect.position(logged).covers(received)
          ? Optional.empty()
          : Optional.of(source + " has only " + logged);
    } catch (ServerTrouble | IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static GtidPosition executed(FencedSession session) throws DeedFailed {
    return session
        .dialect()
        .position(
            session
                .ask(session.dialect().executed())
                .first()
                .map(r -> r.getOrDefault("position", ""))
                .orElse(""));
  }

  private static GtidPosition received(FencedSession session, Channel c) {
    return session.dialect().position(c.progress().receivedGtid());
  }

  private static String position(FencedSession session, Step step) throws DeedFailed {
    String sql = session.dialect().statements(step).getFirst();
    return session
        .ask(sql)
        .first()
        .map(row -> row.getOrDefault("position", ""))
        .orElseThrow(() -> new DeedFailed(step.target() + " gave no answer to " + sql, null));
  }

  private void applyPending(FencedSession session, Step.ApplyPending s) throws DeedFailed {
    if (!(slots.get(s.pending()) instanceof Slot.Kind.Pending pending)) {
      throw new DeedFailed("nothing was noted for " + s.pending().name(), null);
    }
    GtidSet needed = GtidSet.parse(pending.gtid());
    if (needed.isEmpty()) {
      return;
    }
    session.tell(session.dialect().applyPending(s, needed.toString()), fleet);
    Deadline deadline = Deadline.in(s.limit(), clock);
    boolean rested = false;
    while (true) {
      Channel c = statusOf(session, s.target(), s.channel());
      // Old servers count a transaction as received from its first event on: one that is not whole
      // is not applied before its rest comes.
      boolean idle = idle(session, s.channel());
      if (executed(session).covers(needed) || idle && rested) {
        // Some notice that they are to stop only when there is more to apply.
        if (c.sql() != ThreadState.STOPPED) {
          stop(session, new Step.StopReplication(s.target(), s.channel(), Threads.SQL));
        }
        return;
      }
      rested = idle;
      Optional<String> error = stoppedByError(c.sql(), c.sqlError());
      if (error.isPresent()) {
        throw new DeedFailed(s.target() + " stopped applying: " + error.get(), null);
      }
      pauseOrGiveUp(
          deadline,
          s.target() + " has not applied " + needed + " after " + s.limit().toSeconds() + " s");
    }
  }

  private void awaitDrained(FencedSession session, Step.AwaitDrained s) throws DeedFailed {
    Deadline deadline = Deadline.in(s.limit(), clock);
    boolean rested = false;
    while (true) {
      Channel c = statusOf(session, s.target(), s.channel());
      String received;
      String applied;
      if (c.gtid() == GtidUse.NONE) {
        received = c.progress().read().toString();
        applied = c.progress().executed().toString();
        // What was received of a transaction whose rest was not is not applied, and never counts.
        boolean idle = idle(session, s.channel());
        if (received.equals(applied) || idle && rested) {
          drained.add(s.target());
          return;
        }
        rested = idle;
      } else {
        GtidPosition all = received(session, c);
        GtidPosition done = executed(session);
        if (done.covers(all)) {
          return;
        }
        received = all.toString();
        applied = done.toString();
      }
      Optional<String> error = stoppedByError(c.sql(), c.sqlError());
      if (error.isPresent()) {
        throw new DeedFailed(s.target() + " stopped applying: " + error.get(), null);
      }
      String behind = s.target() + " has received " + received + " and applied only " + applied;
      if (c.sql() == ThreadState.STOPPED) {
        throw new DeedFailed(behind + ", and its applying thread stands still", null);
      }
      pauseOrGiveUp(deadline, behind + " after " + s.limit().toSeconds() + " s");
    }
  }

  private void awaitLogged(
      FencedSession session,
      Step s,
      Slot<Slot.Kind.Executed> noted,
      GtidPosition needed,
      Duration limit)
      throws DeedFailed {
    Deadline deadline = Deadline.in(limit, clock);
    while (true) {
      String logged = position(session, s);
      if (session.dialect().position(logged).covers(needed)) {
        return;
      }
      pauseOrGiveUp(
          deadline,
          s.target()
              + " has logged "
              + logged
              + " and not "
              + needed
              + " after "
              + limit.toSeconds()
              + " s: it lags, or lacks transactions that "
              + noted.name()
              + " has executed");
    }
  }

  private String noted(Slot<Slot.Kind.Executed> slot) throws DeedFailed {
    if (slots.get(slot) instanceof Slot.Kind.Executed executed) {
      return executed.gtid();
    }
    throw new DeedFailed("no position was noted for " + slot.name(), null);
  }

  private static String pending(FencedSession session, Step.ReadPending s) throws DeedFailed {
    GtidSet received =
        GtidSet.parse(statusOf(session, s.target(), s.channel()).progress().receivedGtid());
    return executed(session) instanceof GtidSet applied
        ? received.minus(applied).toString()
        : received.toString();
  }

  private void awaitSendable(FencedSession session, Step.AwaitSendable s) throws DeedFailed {
    if (!(slots.get(s.pending()) instanceof Slot.Kind.Pending pending)) {
      throw new DeedFailed("nothing was noted for " + s.pending().name(), null);
    }
    GtidSet needed = GtidSet.parse(pending.gtid());
    Deadline deadline = Deadline.in(s.limit(), clock);
    while (true) {
      GtidSet missing = needed.minus(GtidSet.parse(position(session, s)));
      if (missing.isEmpty()) {
        return;
      }
      pauseOrGiveUp(
          deadline,
          s.target()
              + " has not got "
              + missing
              + " after "
              + s.limit().toSeconds()
              + " s, which "
              + s.pending().name()
              + " has received and not applied, and would lose");
    }
  }

  private void awaitReplicating(FencedSession session, Step.AwaitReplicating s) throws DeedFailed {
    Deadline deadline = Deadline.in(s.limit(), clock);
    Optional<Deadline> steady = Optional.empty();
    while (true) {
      Channel c = statusOf(session, s.target(), s.channel());
      if (!names.apply(c.source()).equals(names.apply(s.source()))) {
        throw new DeedFailed(
            s.target() + " points at " + c.source() + ", somebody else has changed it", null);
      }
      // Connected is not yet served: a source says only then that it lacks what the replica needs.
      // The name of its log, which pointing at it had cleared, comes with its first event; where it
      // was not cleared, only time tells.
      boolean served = !c.progress().read().file().isEmpty();
      boolean good = c.replicating() && served;
      if (good && steady.isPresent() && steady.get().over()) {
        return;
      }
      steady = good ? steady.or(() -> Optional.of(Deadline.in(STEADY, clock))) : Optional.empty();
      Optional<String> error =
          stoppedByError(c.io(), c.ioError()).or(() -> stoppedByError(c.sql(), c.sqlError()));
      if (error.isPresent()) {
        throw new DeedFailed(s.target() + " does not replicate: " + error.get(), null);
      }
      // Once it is served it has got what its former source may not have got yet, and might refuse
      // it for: nobody turns back for a cancellation then.
      pauseOrGiveUp(
          deadline,
          s.target()
              + " is not connected to "
              + s.source()
              + " after "
              + s.limit().toSeconds()
              + " s: "
              + c.ioError().message(),
          c.io() == ThreadState.RUNNING ? () -> false : cancelled);
    }
  }

  /** Whether the applying thread was started with a place where it is to stop. */
  private static boolean stopsByItself(FencedSession session, String channel) throws DeedFailed {
    return rowsOf(session, channel)
        .map(row -> row.getOrDefault("Until_Condition", "None"))
        .anyMatch(until -> !until.isEmpty() && !until.equalsIgnoreCase("None"));
  }

  private static Stream<Map<String, String>> rowsOf(FencedSession session, String channel)
      throws DeedFailed {
    return session.ask(session.dialect().channels()).rows().stream()
        .filter(row -> ProbeParser.channelsOf(List.of(row)).getFirst().name().equals(channel));
  }

  /** Whether the applying thread says that it waits for more to be received. */
  static boolean idle(FencedSession session, String channel) throws DeedFailed {
    return rowsOf(session, channel)
        .flatMap(
            row ->
                Stream.of("Replica_SQL_Running_State", "Slave_SQL_Running_State", "Slave_SQL_State")
                    .map(row::get))
        .anyMatch(state -> state != null && state.contains("has read all relay log"));
  }

  static List<Channel> channelsOf(FencedSession session) throws DeedFailed {
    return ProbeParser.channelsOf(session.ask(session.dialect().channels()).rows());
  }

  static Channel statusOf(FencedSession session, InstanceKey target, String channel)
      throws DeedFailed {
    return channelsOf(session).stream()
        .filter(c -> channel.equals(c.name()))
        .findFirst()
        .orElseThrow(() -> new DeedFailed(target + " is not a replica any more", null));
  }

  static Optional<String> stoppedByError(ThreadState thread, ReplicationError error) {
    return thread == ThreadState.STOPPED && error.present()
        ? Optional.of(error.message() + " (error " + error.code() + ")")
        : Optional.empty();
  }

  void pauseOrGiveUp(Deadline deadline, String sentence) throws DeedFailed {
    pauseOrGiveUp(deadline, sentence, cancelled);
  }

  private void pauseOrGiveUp(Deadline deadline, String sentence, BooleanSupplier stop)
      throws DeedFailed {
    if (deadline.over()) {
      throw new DeedFailed(sentence, null);
    }
    mandate.require();
    if (stop.getAsBoolean()) {
      throw new DeedFailed(CANCELLED, null);
    }
    clock.pause(GLANCE);
  }
}
