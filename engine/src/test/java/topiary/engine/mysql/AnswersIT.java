package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.Ground;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.model.Condition;
import topiary.engine.port.Deadline;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;

/** What is read below JDBC is what JDBC reads, of a real server. */
final class AnswersIT {

  private static final List<String> VALUES =
      List.of(
          "NULL",
          "''",
          "'ü€𝄞'",
          "_latin1 x'fc'",
          "x'414243'",
          "x'c3bc'",
          "b'1'",
          "-5",
          "18446744073709551615",
          "1.50",
          "0.00000001",
          "1e0",
          "1e20",
          "TRUE",
          "CAST(7 AS UNSIGNED)",
          "DATE '2026-01-02'",
          "TIME '01:02:03'",
          "TIMESTAMP '2026-01-02 03:04:05'",
          "REPEAT('ab', 5000)",
          "REPEAT('ü', 100000)",
          "@@version",
          "@@server_id",
          "@@hostname");

  private static Ground ground;

  @BeforeAll
  static void up() {
    ground = Ground.up("answers", "p");
  }

  @AfterAll
  static void down() {
    if (ground != null) {
      ground.close();
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), new RealClock());
  }

  private static Fleet.Session session(Threads threads) throws ServerTrouble {
    return new JdbcFleet(ground.passwords(), threads).open(ground.key("p"), soon());
  }

  private static Map<String, String> byJdbc(String sql) throws SQLException {
    var p = new Properties();
    p.setProperty("user", ground.lab().credentials().user());
    p.setProperty("password", ground.lab().credentials().password());
    try (Connection c = new Driver().connect("jdbc:mysql://" + ground.key("p") + "/", p);
        ResultSet result = c.createStatement().executeQuery(sql)) {
      assertTrue(result.next(), sql);
      var row = new TreeMap<String, String>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        if (result.getString(i) != null) {
          row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
        }
      }
      return row;
    }
  }

  @Test
  void valuesAreThoseThatJdbcReads() throws Exception {
    try (var threads = new Threads();
        Fleet.Session session = session(threads)) {
      for (String value : VALUES) {
        for (String first : List.of("1", "@@port")) {
          String sql = "SELECT " + first + " AS f, " + value + " AS v, 'next' AS n";
          Map<String, String> jdbc = byJdbc(sql);
          // Of the server itself: the columns are known the second time, the third it is the same.
          for (int i = 0; i < 3; i++) {
            assertEquals(
                jdbc, new TreeMap<>(session.ask(sql, soon()).first().orElseThrow()), value);
          }
        }
      }
    }
  }

  /** Else a kept session would see tables as they were at its first question. */
  @Test
  void noQuestionBeginsATransaction() throws Exception {
    ground.tell("p", "SET GLOBAL autocommit = 0", "SET GLOBAL character_set_results = latin1");
    try (var threads = new Threads();
        Fleet.Session session = session(threads)) {
      assertEquals(
          Map.of("auto", "1", "results", "utf8mb4"),
          session
              .ask("SELECT @@autocommit AS auto, @@character_set_results AS results", soon())
              .first()
              .orElseThrow());
    } finally {
      ground.tell("p", "SET GLOBAL autocommit = 1");
    }
  }

  @Test
  void aRefusedQuestionLeavesTheSessionOfUse() throws Exception {
    try (var threads = new Threads();
        Fleet.Session session = session(threads)) {
      var trouble = assertThrows(ServerTrouble.class, () -> session.ask("SELECT ü", soon()));
      assertEquals(Condition.SEEN, trouble.condition(), trouble::getMessage);
      assertTrue(trouble.getMessage().contains("ü"), trouble.getMessage());
      assertTrue(session.usable());
      assertEquals(Map.of("1", "1"), session.ask("SELECT 1", soon()).first().orElseThrow());
    }
  }

  @Test
  void whatIsTheSameToTheLetterIsSaidToBe() throws Exception {
    String sql = "SELECT @@global.max_connections AS most";
    try (var threads = new Threads();
        Fleet.Session session = session(threads)) {
      String before = session.ask(sql, soon()).first().orElseThrow().get("most");
      session.ask(sql, soon());
      Fleet.Rows again = session.ask(sql, soon());
      assertTrue(again.asBefore());
      assertEquals(before, again.first().orElseThrow().get("most"));
      ground.tell("p", "SET GLOBAL max_connections = 77");
      Fleet.Rows other = session.ask(sql, soon());
      assertFalse(other.asBefore());
      assertEquals("77", other.first().orElseThrow().get("most"));
      assertTrue(session.ask(sql, soon()).asBefore());
      ground.tell("p", "SET GLOBAL max_connections = " + before);
    }
  }

  @Test
  void whatIsAskedInOneBreathIsAnsweredInItsOrder() throws Exception {
    List<String> questions =
        List.of("SELECT 1 AS a", "SELECT ü", "SELECT @@port AS p", "SELECT 4 AS d");
    try (var threads = new Threads();
        Fleet.Session session = session(threads)) {
      session.foretell(questions, soon());
      assertEquals("1", session.ask("SELECT 1 AS a", soon()).first().orElseThrow().get("a"));
      var trouble = assertThrows(ServerTrouble.class, () -> session.ask("SELECT ü", soon()));
      assertEquals(Condition.SEEN, trouble.condition(), trouble::getMessage);
      String port = Integer.toString(ground.key("p").port());
      assertEquals(port, session.ask("SELECT @@port AS p", soon()).first().orElseThrow().get("p"));
      assertEquals("4", session.ask("SELECT 4 AS d", soon()).first().orElseThrow().get("d"));
    }
  }

  @Test
  void whatWasForetoldAndIsNotAskedIsPassedOver() throws Exception {
    List<String> questions = List.of("SELECT 1 AS a", "SELECT ü", "SELECT 3 AS c");
    try (var threads = new Threads();
        Fleet.Session session = session(threads)) {
      session.foretell(questions, soon());
      assertEquals("9", session.ask("SELECT 9 AS x", soon()).first().orElseThrow().get("x"));
      session.foretell(questions, soon());
      session.tell("SET @told = 5", soon());
      assertEquals("5", session.ask("SELECT @told AS t", soon()).first().orElseThrow().get("t"));
      session.foretell(questions, soon());
      session.foretell(List.of("SELECT 7 AS y"), soon());
      assertEquals("7", session.ask("SELECT 7 AS y", soon()).first().orElseThrow().get("y"));
      assertTrue(session.usable());
    }
  }
}
