package topiary.lab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Scratch;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;

class LoadIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void noAcknowledgedRowIsLostByCrashesAndADeletedOneIsFound() throws SQLException {
    Cache cache = Scratch.cache();
    try (Lab lab = Lab.start(LabSpec.of(cache, Lab.freeName(cache, "load"), "p(r1,r2)"))) {
      try (Load load = Load.start(lab, 500)) {
        grows(load);
        assertEquals(Optional.of("p"), load.target());
        assertTrue(
            assertThrows(LabException.class, () -> Load.start(lab))
                .getMessage()
                .contains("a load already"));
        lab.kill("r1");
        grows(load);
        lab.start("r1");
        lab.hang("p");
        lab.resume("p");
        grows(load);
        lab.kill("p");
        assertTrue(
            Await.holds(LIMIT, () -> load.target().isEmpty()),
            "it goes on though the head is dead");
        lab.start("p");
        lab.makeWritable("p");
        grows(load);
        load.stop();
        assertFalse(load.running());
        int written = load.acknowledged();
        List<Check.Result> results = load.check(LIMIT);
        assertTrue(results.stream().allMatch(Check.Result::complete), results::toString);
        assertTrue(
            results.stream()
                .allMatch(
                    r -> r.acknowledged() == written && r.present() <= written + load.unknown()),
            results::toString);
      }
      try (var connection = lab.connection("r2");
          var statement = connection.createStatement()) {
        statement.execute("SET sql_log_bin=0");
        statement.execute("DELETE FROM lab.ledger WHERE id IN (7, 30)");
      }
      lab.kill("r1");
      List<Check.Result> results = Check.all(lab, LIMIT);
      assertTrue(results.get(0).complete());
      assertEquals("not running", results.get(1).fault());
      assertFalse(results.get(1).complete());
      assertEquals(List.of(7, 30), results.get(2).firstMissing());
      assertEquals(2, results.get(2).missing());

      int before = Ledger.read(Load.ledgerFile(lab)).last();
      try (Load again = Load.start(lab, 500)) {
        grows(again);
      }
      assertTrue(Ledger.read(Load.ledgerFile(lab)).acknowledged().nextSetBit(before + 1) > before);
    }
  }

  private static void grows(Load load) {
    int from = load.acknowledged();
    assertTrue(
        Await.holds(LIMIT, () -> load.acknowledged() >= from + 60), "no rows are written any more");
  }
}
