package topiary.engine.execute;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import topiary.engine.dialect.Dialect;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.plan.Step;
import topiary.engine.port.Clock;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.EventRow;
import topiary.engine.probe.Introduction;

/**
 * Has the scheduled events of a primary run on the server that took its place. Which they are the
 * servers are asked when it is done; what came of each is told, and what could not be done is no
 * failure: writes are taken by then, and nothing is to be put back for the sake of an event.
 */
final class EventDeeds {

  /** So many are told one by one. */
  private static final int TOLD = 20;

  private static final String UNLOGGED = "SET SESSION sql_log_bin = 0";
  private static final String LOGGED = "SET SESSION sql_log_bin = 1";

  private final FencedSession session;
  private final Fleet fleet;
  private final Clock clock;
  private final Duration limit;
  private final List<String> notes = new ArrayList<>();

  /**
   * On one server.
   *
   * @param session to it
   * @param limit within which another has to answer
   */
  EventDeeds(FencedSession session, Fleet fleet, Clock clock, Duration limit) {
    this.session = session;
    this.fleet = fleet;
    this.clock = clock;
    this.limit = limit;
  }

  /** What is known of where events ran, each way of knowing it. */
  private enum Ran {
    YES,
    NO,
    UNKNOWN
  }

  /** Where events ran before. */
  private interface Before {

    Ran of(EventRow here);

    /** Whether the scheduler was on; empty when that is not known. */
    Optional<Boolean> scheduler();
  }

  /**
   * Disables those that run, as on a replica; not logged, as nothing is to come of it elsewhere.
   *
   * @return what came of it, in sentences
   * @throws DeedFailed when what follows on this connection might not be logged
   */
  List<String> disable(Step.DisableEvents step) throws DeedFailed {
    InstanceKey server = step.target();
    try {
      List<EventRow> all = events().stream().filter(EventRow::isEnabled).toList();
      if (all.isEmpty()) {
        return notes;
      }
      session.tell(UNLOGGED, fleet);
      List<EventRow> done;
      try {
        done = alter(server, all, false);
      } finally {
        session.tell(LOGGED, fleet);
      }
      tell("Disabled on " + server + " as on a replica", done);
    } catch (Mandate.Lapsed e) {
      throw e;
    } catch (DeedFailed e) {
      if (isOver(e)) {
        throw e;
      }
      notes.add("Events could not be disabled on " + server + ": " + e.getMessage() + ".");
    }
    return notes;
  }

  /**
   * Enables those that ran before.
   *
   * @return what came of it, in sentences
   */
  List<String> enable(Step.EnableEvents step) throws Mandate.Lapsed {
    InstanceKey server = step.target();
    try {
      List<EventRow> all = events();
      List<EventRow> still = all.stream().filter(EventRow::isOfReplica).toList();
      if (all.isEmpty()) {
        blind(server).ifPresent(notes::add);
      } else if (!still.isEmpty()) {
        Before before = before(step);
        List<EventRow> done = alter(server, which(still, before, Ran.YES), true);
        tell("Enabled on " + server, done);
        tell("Left disabled on " + server + ", as before", which(still, before, Ran.NO));
        unknown(step, which(still, before, Ran.UNKNOWN));
        boolean some = !done.isEmpty() || all.stream().anyMatch(EventRow::isEnabled);
        if (some) {
          scheduler(server, all.getFirst().scheduler(), before.scheduler());
        }
      }
    } catch (Mandate.Lapsed e) {
      throw e;
    } catch (DeedFailed e) {
      notes.add("Not all events could be enabled on " + server + ": " + e.getMessage() + ".");
    }
    return notes;
  }

  private List<EventRow> events() throws DeedFailed {
    return rows(session.ask(session.dialect().events()));
  }

  private static List<EventRow> rows(Fleet.Rows rows) {
    return rows.rows().stream().map(EventRow::of).toList();
  }

  /** Whether there may be events that Topiary's user is not told of. */
  private Optional<String> blind(InstanceKey server) throws DeedFailed {
    List<String> shown =
        session.ask(Dialect.GRANTS).rows().stream().flatMap(row -> row.values().stream()).toList();
    return Dialect.EVENTS_SEEN.missing(shown).isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Whether "
                + server
                + " has events that are to run now is not known, as Topiary's user lacks the grant"
                + " EVENT.");
  }

  private static List<EventRow> which(List<EventRow> all, Before before, Ran ran) {
    return all.stream()
        // What was disabled here on purpose of ours, and not by replication, had run here.
        .filter(e -> (e.isOwn() ? Ran.YES : before.of(e)) == ran)
        .toList();
  }

  private Before before(Step.EnableEvents step) throws Mandate.Lapsed {
    if (!step.asked()) {
      return new Known(step.known(), step.scheduler());
    }
    InstanceKey former = step.former();
    try (Fleet.Session there = fleet.open(former, soon())) {
      Dialect dialect = Introduction.to(former, there, soon()).dialect();
      return new Told(rows(there.ask(dialect.events(), soon())));
    } catch (ServerTrouble trouble) {
      notes.add(
          "Which events ran on " + former + " it did not tell: " + trouble.getMessage() + ".");
      return new Known(List.of(), false);
    }
  }

  private Deadline soon() {
    return Deadline.in(limit, clock);
  }

  /** By what was known of a server that does not answer any more. */
  private record Known(List<ScheduledEvent> all, boolean on) implements Before {

    @Override
    public Ran of(EventRow here) {
      return all.stream()
          // One that was altered since may have been disabled, or enabled.
          .filter(e -> e.altered() == here.altered())
          .filter(e -> e.schema().equals(here.schema()) && e.name().equals(here.name()))
          .findFirst()
          .map(e -> e.runs() ? Ran.YES : Ran.NO)
          .orElse(Ran.UNKNOWN);
    }

    @Override
    public Optional<Boolean> scheduler() {
      return all.isEmpty() ? Optional.empty() : Optional.of(on);
    }
  }

  /** By what the server on which they ran says now. */
  private record Told(List<EventRow> all) implements Before {

    @Override
    public Ran of(EventRow here) {
      return all.stream()
          .filter(e -> e.schema().equals(here.schema()) && e.name().equals(here.name()))
          .findFirst()
          .map(e -> e.isEnabled() || e.isOfReplica() && e.isOwn() ? Ran.YES : Ran.NO)
          .orElse(Ran.UNKNOWN);
    }

    @Override
    public Optional<Boolean> scheduler() {
      return all.stream().findFirst().map(e -> e.scheduler().equals("ON"));
    }
  }

  private void unknown(Step.EnableEvents step, List<EventRow> all) {
    if (all.isEmpty()) {
      return;
    }
    tell(
        "Disabled on "
            + step.target()
            + " as on a replica, and left so, as it is not known whether they ran on "
            + step.former()
            + " (whichever is to run: "
            + sql(all.getFirst(), true)
            + ")",
        all);
  }

  /** Alters them one by one; those that were. */
  private List<EventRow> alter(InstanceKey server, List<EventRow> all, boolean enabled)
      throws DeedFailed {
    var done = new ArrayList<EventRow>();
    for (EventRow one : all) {
      try {
        alter(one, enabled);
        done.add(one);
      } catch (Mandate.Lapsed e) {
        throw e;
      } catch (DeedFailed e) {
        if (isOver(e)) {
          throw e;
        }
        notes.add(
            name(one)
                + " could not be "
                + (enabled ? "enabled on " : "disabled on ")
                + server
                + ", and "
                + (enabled ? "does not run" : "runs on")
                + ": "
                + e.getMessage()
                + ". By hand: "
                + sql(one, enabled)
                + ".");
      }
    }
    return done;
  }

  /**
   * Alters one. The server takes its text for sent as this statement is, from then on, so that is
   * sent as the other was.
   */
  private void alter(EventRow one, boolean enabled) throws DeedFailed {
    boolean same =
        one.clientCharset().equals(one.sessionCharset())
            && one.collation().equals(one.sessionCollation());
    if (same) {
      session.tell(sql(one, enabled), fleet);
      return;
    }
    boolean plain = StandardCharsets.US_ASCII.newEncoder().canEncode(sql(one, enabled));
    if (!plain && !one.clientCharset().startsWith("utf8")) {
      throw new DeedFailed(
          "its name cannot be sent in "
              + one.clientCharset()
              + ", in which its text was, and must be",
          null);
    }
    Dialect dialect = session.dialect();
    session.tell(dialect.sentIn(one.clientCharset(), one.collation()), fleet);
    try {
      session.tell(sql(one, enabled), fleet);
    } finally {
      session.tell(dialect.sentIn(one.sessionCharset(), one.sessionCollation()), fleet);
    }
  }

  private String sql(EventRow one, boolean enabled) {
    return session.dialect().alterEvent(one.schema(), one.name(), one.user(), one.host(), enabled);
  }

  /** An event scheduler that is off is turned on where the other one's was on. */
  private void scheduler(InstanceKey server, String state, Optional<Boolean> was)
      throws Mandate.Lapsed {
    if (state.equals("ON")) {
      return;
    }
    String off = "event_scheduler is " + state + " on " + server;
    if (!was.orElse(false)) {
      notes.add(
          off
              + (was.isPresent() ? ", as it was before" : "")
              + ": no event runs there until it is ON.");
      return;
    }
    if (state.equals("DISABLED")) {
      notes.add(off + ", which only a restart changes: no event runs there.");
      return;
    }
    try {
      session.tell(Dialect.SCHEDULER_ON, fleet);
      notes.add("event_scheduler was OFF on " + server + ", and is ON until it restarts.");
    } catch (Mandate.Lapsed e) {
      throw e;
    } catch (DeedFailed e) {
      notes.add(
          off
              + ", and no event runs there until somebody does: "
              + Dialect.SCHEDULER_ON
              + " ("
              + e.getMessage()
              + ").");
    }
  }

  /** Whether it is no use to go on: the server has not just refused something. */
  private static boolean isOver(DeedFailed e) {
    return e.getCause() instanceof ServerTrouble trouble && trouble.condition() != Condition.SEEN;
  }

  private void tell(String what, List<EventRow> all) {
    if (!all.isEmpty()) {
      notes.add(
          what
              + ": "
              + all.stream().limit(TOLD).map(EventDeeds::name).collect(Collectors.joining(", "))
              + (all.size() > TOLD ? " and " + (all.size() - TOLD) + " more" : "")
              + ".");
    }
  }

  private static String name(EventRow one) {
    return one.schema() + "." + one.name();
  }
}
