package topiary.engine.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import topiary.engine.fake.Ground;
import topiary.lab.flavor.Flavor;

/**
 * Scheduled events on real servers: one that inserts a row every second, with who it is and where
 * it runs, made in another character set than Topiary's; and one that somebody has disabled.
 */
final class Scheduled {

  /** The event that runs, whose name holds whatever it likes. */
  private static final String TICK = "ti``ck'; --";

  private final Ground ground;

  /**
   * Makes them on a primary.
   *
   * @param others its replicas
   */
  Scheduled(Ground ground, String primary, List<String> others, Flavor flavor) {
    this.ground = ground;
    boolean maria = flavor.id().startsWith("mariadb");
    ground.tell(
        primary,
        "SET GLOBAL event_scheduler = ON",
        "CREATE DATABASE sched",
        "CREATE TABLE sched.t (id INT AUTO_INCREMENT PRIMARY KEY, who VARCHAR(90), place INT)",
        "SET SESSION character_set_client = latin1, collation_connection = latin1_german2_ci",
        "CREATE DEFINER='app'@'%' EVENT sched.`"
            + TICK
            + "` ON SCHEDULE EVERY 1 SECOND DO INSERT INTO sched.t (who, place)"
            + " VALUES (CURRENT_USER(), @@server_id)",
        "CREATE DEFINER='app'@'%' EVENT sched.off ON SCHEDULE EVERY 1 SECOND DISABLE"
            + " DO INSERT INTO sched.t (who, place) VALUES ('off', @@server_id)");
    // On MariaDB only SUPER may turn it on, which Topiary's user has not.
    others.forEach(r -> ground.tell(r, "SET GLOBAL event_scheduler = " + (maria ? "ON" : "OFF")));
    Ground.await(() -> rows(primary, primary) > 1, "the event does not run on " + primary);
    others.forEach(
        r -> Ground.await(() -> !event(r, TICK).isEmpty(), "the event did not come to " + r));
  }

  private String id(String member) {
    return ground.ask(member, "SELECT @@server_id AS id").get("id");
  }

  /** So many rows that were inserted at one server does another have. */
  private int rows(String at, String member) {
    return Integer.parseInt(
        ground.ask(at, "SELECT COUNT(*) AS n FROM sched.t WHERE place = " + id(member)).get("n"));
  }

  private Map<String, String> event(String member, String name) {
    return ground.ask(
        member,
        "SELECT DEFINER AS definer, STATUS AS status, CHARACTER_SET_CLIENT AS charset,"
            + " COLLATION_CONNECTION AS collation FROM information_schema.EVENTS"
            + " WHERE EVENT_SCHEMA = 'sched' AND EVENT_NAME = '"
            + name.replace("``", "`").replace("'", "''")
            + "'");
  }

  /** They run at one server, as they were, and nowhere else; those that did not do not. */
  void run(String head, List<String> others, String report) {
    runsAgain(head, others, report);
    assertTrue(
        report.contains("Left disabled on " + ground.key(head) + ", as before: sched.off."),
        report);
  }

  /** As above, where nobody but it has come to run them. */
  void runsAgain(String head, List<String> others, String report) {
    assertEquals(
        Map.of(
            "definer",
            "app@%",
            "status",
            "ENABLED",
            "charset",
            "latin1",
            "collation",
            "latin1_german2_ci"),
        event(head, TICK),
        report);
    int before = rows(head, head);
    Map<String, Integer> elsewhere = elsewhere(head, others);
    Ground.await(() -> rows(head, head) > before + 2, "the event does not run: " + report);
    assertEquals(elsewhere, elsewhere(head, others), "it runs twice");
    assertEquals(
        "app@%",
        ground.ask(head, "SELECT GROUP_CONCAT(DISTINCT who) AS who FROM sched.t").get("who"));
    assertFalse(event(head, "off").get("status").equals("ENABLED"), report);
    others.forEach(this::isDisabled);
    assertTrue(report.contains("Enabled on " + ground.key(head) + ": sched.ti`ck'; --."), report);
  }

  /** It comes not to run on a server. */
  void isDisabled(String member) {
    Ground.await(
        () -> event(member, TICK).get("status").matches("(SLAVESIDE|REPLICA_SIDE)_DISABLED"),
        "it is not disabled on " + member);
  }

  private Map<String, Integer> elsewhere(String head, List<String> others) {
    return others.stream().collect(Collectors.toMap(o -> o, o -> rows(head, o)));
  }
}
