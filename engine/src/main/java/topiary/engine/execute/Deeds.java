package topiary.engine.execute;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import topiary.engine.dialect.Dialect;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.model.Channel;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.ThreadState;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;
import topiary.engine.policy.PlanPolicy;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.Introduction;
import topiary.engine.probe.ProbeParser;

/** The deeds of one plan: its sessions, its slots, and what each kind of step does. */
final class Deeds implements AutoCloseable {

  private static final Duration GLANCE = Duration.ofMillis(50);

  /** How long a replica must have looked well before it is believed. */
  private static final Duration STEADY = Duration.ofMillis(100);

  /** How long MySQL waits for the rest of a transaction. */
  private static final Duration REST_OF_TRANSACTION = Duration.ofSeconds(65);

  /** Why a step failed that was cancelled while it waited. */
  static final String CANCELLED = "cancelled while it waited";

  private final Fleet fleet;
  private final Clock clock;
  private final PlanPolicy policy;
  private final UnaryOperator<InstanceKey> names;
  private BooleanSupplier cancelled;
  private final Map<InstanceKey, FencedSession> sessions = new HashMap<>();
  private final Map<Slot<?>, Slot.Kind> slots = new HashMap<>();

  /**
   * The deeds of a plan.
   *
   * @param names gives the name the server behind a name is known by
   * @param cancelled asked while a step waits: a wait is as good a place to stop as a border
   */
  Deeds(
      Fleet fleet,
      Clock clock,
      PlanPolicy policy,
      UnaryOperator<InstanceKey> names,
      BooleanSupplier cancelled) {
    this.fleet = fleet;
    this.clock = clock;
    this.policy = policy;
    this.names = names;
    this.cancelled = cancelled;
  }

  /** From here on what was moved is put back; nobody can cancel that. */
  void puttingBack() {
    cancelled = () -> false;
  }

  /** Slots do not cross a stage's border. */
  void newStage() {
    slots.clear();
  }

  void perform(Step step) throws DeedFailed {
    FencedSession session = session(step.target());
    switch (step) {
      case Step.StopReplication s -> stop(session, s);
      case Step.StartReplication s -> start(session, s);
      case Step.PointAt s -> tell(session, s);
      case Step.SetReadOnly s -> tell(session, s);
      case Step.ReadExecuted s -> slots.put(s.into(), new Slot.Kind.Executed(position(session, s)));
      case Step.AwaitDrained s -> awaitDrained(session, s);
      case Step.AwaitLogged s -> awaitLogged(session, s);
      case Step.ReadPending s -> slots.put(s.into(), new Slot.Kind.Pending(pending(session, s)));
      case Step.AwaitSendable s -> awaitSendable(session, s);
      case Step.AwaitReplicating s -> awaitReplicating(session, s);
    }
  }

  private FencedSession session(InstanceKey key) throws DeedFailed {
    FencedSession session = sessions.get(key);
    if (session == null) {
      session = FencedSession.open(key, fleet, clock, policy.statement());
    } else if (!session.holds()) {
      session.close();
      session = session.again(fleet);
    }
    sessions.put(key, session);
    return session;
  }

  private void tell(FencedSession session, Step step) throws DeedFailed {
    for (String sql : session.dialect().statements(step)) {
      session.tell(sql, fleet);
    }
  }

  /**
   * Stops threads. An applying thread in the middle of a transaction whose rest was not received
   * waits a minute for it before it gives up, and the statement with it.
   */
  private void stop(FencedSession session, Step.StopReplication s) throws DeedFailed {
    for (String sql : session.dialect().statements(s)) {
      session.tell(sql, policy.statement().plus(REST_OF_TRANSACTION), fleet);
    }
  }

  /**
   * Starts threads, unless that would throw away what was received and is nowhere else: MariaDB
   * drops the relay log when a replica that uses GTID starts from a standstill, and asks its source
   * again.
   */
  private void start(FencedSession session, Step.StartReplication s) throws DeedFailed {
    Channel c = statusOf(session, s.target(), s.channel());
    if (c.stopped() && c.gtid().startDropsReceived()) {
      GtidPosition received = received(session, c);
      Optional<String> why =
          executed(session).covers(received)
              ? Optional.empty()
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
    tell(session, s);
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

  private void awaitDrained(FencedSession session, Step.AwaitDrained s) throws DeedFailed {
    Deadline deadline = Deadline.in(s.limit(), clock);
    while (true) {
      Channel c = statusOf(session, s.target(), s.channel());
      GtidPosition received = received(session, c);
      GtidPosition applied = executed(session);
      if (applied.covers(received)) {
        return;
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

  private void awaitLogged(FencedSession session, Step.AwaitLogged s) throws DeedFailed {
    Slot.Kind.Executed executed = executed(s);
    GtidPosition needed = session.dialect().position(executed.gtid());
    Deadline deadline = Deadline.in(s.limit(), clock);
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
              + s.limit().toSeconds()
              + " s: it lags, or lacks transactions that "
              + s.position().name()
              + " has executed");
    }
  }

  private Slot.Kind.Executed executed(Step.AwaitLogged s) throws DeedFailed {
    if (slots.get(s.position()) instanceof Slot.Kind.Executed executed) {
      return executed;
    }
    throw new DeedFailed("no position was noted for " + s.position().name(), null);
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
      pauseOrGiveUp(
          deadline,
          s.target()
              + " is not connected to "
              + s.source()
              + " after "
              + s.limit().toSeconds()
              + " s: "
              + c.ioError().message());
    }
  }

  private static Channel statusOf(FencedSession session, InstanceKey target, String channel)
      throws DeedFailed {
    List<Map<String, String>> rows = session.ask(session.dialect().channels()).rows();
    return ProbeParser.channelsOf(rows).stream()
        .filter(c -> channel.equals(c.name()))
        .findFirst()
        .orElseThrow(() -> new DeedFailed(target + " is not a replica any more", null));
  }

  private static Optional<String> stoppedByError(ThreadState thread, ReplicationError error) {
    return thread == ThreadState.STOPPED && error.present()
        ? Optional.of(error.message() + " (error " + error.code() + ")")
        : Optional.empty();
  }

  private void pauseOrGiveUp(Deadline deadline, String sentence) throws DeedFailed {
    if (deadline.over()) {
      throw new DeedFailed(sentence, null);
    }
    if (cancelled.getAsBoolean()) {
      throw new DeedFailed(CANCELLED, null);
    }
    clock.pause(GLANCE);
  }

  @Override
  public void close() {
    sessions.values().forEach(FencedSession::close);
    sessions.clear();
  }
}
