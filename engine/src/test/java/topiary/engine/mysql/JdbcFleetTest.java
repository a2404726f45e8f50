package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.engine.fake.RealClock;
import topiary.engine.fake.Threads;
import topiary.engine.fake.Trees;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Deadline;
import topiary.engine.port.Secrets;
import topiary.engine.port.ServerTrouble;
import topiary.engine.port.Tls;

class JdbcFleetTest {

  @Test
  void aServerWithoutCredentialsIsNotEvenCalled() {
    var fleet =
        new JdbcFleet(
            new Secrets() {
              @Override
              public Optional<Credentials> credentials(InstanceKey key) {
                return Optional.empty();
              }

              @Override
              public boolean renew(InstanceKey key) {
                return false;
              }
            },
            new Threads());
    Deadline deadline = Deadline.in(Duration.ofSeconds(1), new RealClock());
    var trouble = assertThrows(ServerTrouble.class, () -> fleet.open(Trees.key("db1"), deadline));
    assertEquals(Condition.DENIED, trouble.condition());
    assertEquals(
        "no credentials for db1:3306: no rule under \"credentials\" covers it",
        trouble.getMessage());
  }

  @Test
  void credentialsPrintNoPassword() {
    assertEquals(
        "topiary:<secret>", new Secrets.Credentials("topiary", "x", Tls.PREFERRED).toString());
  }
}
