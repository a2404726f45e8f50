package topiary.engine.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import topiary.engine.dialect.Dialect;
import topiary.engine.fake.MemoryLog;
import topiary.engine.fake.RealClock;
import topiary.engine.model.Condition;
import topiary.engine.model.Events;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ScheduledEvent;
import topiary.engine.plan.Step;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** What is done with events, and told, by what servers answer. */
class EventDeedsTest {

  private static final InstanceKey P = new InstanceKey("p", 3306);
  private static final InstanceKey R = new InstanceKey("r", 3306);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String ENABLE = "ALTER DEFINER=`app`@`%` EVENT `shop`.`tick` ENABLE";

  private final Map<InstanceKey, List<Map<String, String>>> events = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private String grants = "GRANT EVENT ON *.* TO `t`@`%`";
  private Set<String> refused = Set.of();

  private static Map<String, String> event(String name, String status, long altered) {
    var row = new HashMap<String, String>();
    row.put("event_schema", "shop");
    row.put("event_name", name);
    row.put("definer", "app@%");
    row.put("event_status", status);
    row.put("originator", "1");
    row.put("altered", Long.toString(altered));
    row.put("client_charset", "utf8mb4");
    row.put("event_collation", "utf8mb4_general_ci");
    row.put("session_charset", "utf8mb4");
    row.put("session_collation", "utf8mb4_general_ci");
    row.put("server", "2");
    row.put("scheduler", "ON");
    return row;
  }

  private static Map<String, String> with(Map<String, String> row, String column, String value) {
    row.put(column, value);
    return row;
  }

  /** A server of the kind that needs the fewest words to get to know it. */
  private final class Session implements Fleet.Session {
    private final InstanceKey key;

    private Session(InstanceKey key) {
      this.key = key;
    }

    @Override
    public String version() {
      return "11.4.5-MariaDB";
    }

    @Override
    public Fleet.Rows ask(String sql, Deadline deadline) {
      return sql.contains("information_schema.EVENTS")
          ? new Fleet.Rows(events.getOrDefault(key, List.of()))
          : new Fleet.Rows(List.of(Map.of("got", "1", "connection", "7", "grants", grants)));
    }

    @Override
    public void tell(String sql, Deadline deadline) throws ServerTrouble {
      if (!sql.contains("lock_wait_timeout")) {
        told.add(sql);
      }
      if (refused.stream().anyMatch(sql::contains)) {
        throw new ServerTrouble(Condition.SEEN, 1227, "Access denied", null);
      }
    }

    @Override
    public boolean usable() {
      return true;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private EventDeeds deeds() throws DeedFailed {
    var clock = new RealClock();
    Fleet fleet = (key, deadline) -> new Session(key);
    FencedSession session = FencedSession.open(R, fleet, clock, LIMIT, Mandate.of(new MemoryLog()));
    return new EventDeeds(session, fleet, clock, LIMIT);
  }

  private String enable(Step.EnableEvents step) throws DeedFailed {
    return String.join(" ", deeds().enable(step));
  }

  private static Step.EnableEvents known(ScheduledEvent... all) {
    return Step.EnableEvents.knownOf(P, R, Optional.of(new Events(true, List.of(all))));
  }

  @Test
  void onlyWhatIsKnownToHaveRunIsEnabled() throws DeedFailed {
    events.put(
        R,
        List.of(
            event("tick", "SLAVESIDE_DISABLED", 7),
            event("off", "SLAVESIDE_DISABLED", 8),
            event("changed", "SLAVESIDE_DISABLED", 99),
            event("new", "REPLICA_SIDE_DISABLED", 100),
            event("mine", "DISABLED", 3)));
    String words =
        enable(
            known(
                new ScheduledEvent("shop", "tick", 7, true),
                new ScheduledEvent("shop", "off", 8, false),
                new ScheduledEvent("shop", "changed", 50, true)));
    assertEquals(List.of(ENABLE), told);
    assertEquals(
        "Enabled on r:3306: shop.tick. Left disabled on r:3306, as before: shop.off. Disabled on"
            + " r:3306 as on a replica, and left so, as it is not known whether they ran on p:3306"
            + " (whichever is to run: ALTER DEFINER=`app`@`%` EVENT `shop`.`changed` ENABLE):"
            + " shop.changed, shop.new.",
        words);
  }

  @Test
  void whereNothingIsKnownNothingIsEnabledAndThatIsTold() throws DeedFailed {
    events.put(R, List.of(event("tick", "SLAVESIDE_DISABLED", 7)));
    String words = enable(Step.EnableEvents.knownOf(P, R, Optional.empty()));
    assertEquals(List.of(), told);
    assertTrue(words.contains("not known whether they ran on p:3306"), words);
    assertTrue(words.contains(ENABLE), words);
  }

  /** It has disabled its own by itself; what it got from elsewhere so ran nowhere. */
  @Test
  void oneThatAnswersIsAsked() throws DeedFailed {
    events.put(
        P,
        List.of(
            with(event("tick", "SLAVESIDE_DISABLED", 90), "originator", "2"),
            event("idle", "SLAVESIDE_DISABLED", 1),
            event("off", "DISABLED", 1)));
    events.put(
        R, Stream.of("tick", "idle", "off").map(n -> event(n, "SLAVESIDE_DISABLED", 7)).toList());
    String words = enable(Step.EnableEvents.askedOf(P, R));
    assertEquals(List.of(ENABLE), told);
    assertTrue(words.contains("Left disabled on r:3306, as before: shop.idle, shop.off."), words);
  }

  @Test
  void whatIsRefusedIsToldAndTheOthersAreDone() throws DeedFailed {
    events.put(
        R, List.of(event("tick", "SLAVESIDE_DISABLED", 7), event("tock", "SLAVESIDE_DISABLED", 7)));
    refused = Set.of("`tick`");
    String words =
        enable(
            known(
                new ScheduledEvent("shop", "tick", 7, true),
                new ScheduledEvent("shop", "tock", 7, true)));
    assertEquals(
        "shop.tick could not be enabled on r:3306, and does not run: Access denied. By hand: "
            + ENABLE
            + ". Enabled on r:3306: shop.tock.",
        words);
  }

  @Test
  void eachIsAlteredInTheCharacterSetItsTextWasSentIn() throws DeedFailed {
    var old = with(event("tick", "SLAVESIDE_DISABLED", 7), "client_charset", "latin1");
    old.put("event_collation", "latin1_german2_ci");
    var named = new HashMap<>(old);
    named.put("event_name", "täglich");
    events.put(R, List.of(old, named));
    String words =
        enable(
            known(
                new ScheduledEvent("shop", "tick", 7, true),
                new ScheduledEvent("shop", "täglich", 7, true)));
    assertEquals(
        List.of(
            "SET SESSION character_set_client = 'latin1', collation_connection ="
                + " 'latin1_german2_ci'",
            ENABLE,
            "SET SESSION character_set_client = 'utf8mb4', collation_connection ="
                + " 'utf8mb4_general_ci'"),
        told);
    assertTrue(
        words.contains("shop.täglich could not be enabled on r:3306, and does not run: its name"),
        words);
  }

  @Test
  void whoMayNotSeeEventsSaysSo() throws DeedFailed {
    assertEquals("", enable(known(new ScheduledEvent("shop", "tick", 7, true))));
    grants = "GRANT PROCESS ON *.* TO `t`@`%`";
    assertTrue(enable(known()).contains("is not known, as Topiary's user lacks the grant EVENT"));
  }

  @Test
  void aSchedulerThatIsOffIsTurnedOnWhereTheOtherWasOn() throws DeedFailed {
    events.put(R, List.of(with(event("tick", "SLAVESIDE_DISABLED", 7), "scheduler", "OFF")));
    var known = known(new ScheduledEvent("shop", "tick", 7, true));
    String words = enable(known);
    assertEquals(List.of(ENABLE, Dialect.SCHEDULER_ON), told);
    assertTrue(words.contains("event_scheduler was OFF on r:3306, and is ON until"), words);
    refused = Set.of("event_scheduler");
    words = enable(known);
    assertTrue(words.contains("until somebody does: SET GLOBAL event_scheduler = ON"), words);
    told.clear();
    words = enable(new Step.EnableEvents(R, P, false, known.known(), false));
    assertEquals(List.of(ENABLE), told);
    assertTrue(words.contains("OFF on r:3306, as it was before: no event runs there"), words);
  }

  @Test
  void whatIsDisabledIsNotLoggedAndAllElseIsAgain() throws DeedFailed {
    events.put(R, List.of(event("tick", "ENABLED", 7), event("off", "DISABLED", 7)));
    refused = Set.of("ALTER");
    List<String> notes = deeds().disable(new Step.DisableEvents(R));
    assertEquals(
        List.of(
            "SET SESSION sql_log_bin = 0",
            "ALTER DEFINER=`app`@`%` EVENT `shop`.`tick` DISABLE ON SLAVE",
            "SET SESSION sql_log_bin = 1"),
        told);
    assertTrue(notes.getFirst().contains("could not be disabled on r:3306, and runs on"));
  }
}
