package topiary.store.mysql;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.Tls;
import topiary.lab.Lab;
import topiary.lab.junit.LabExtension;
import topiary.store.StoreChoice;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

class MySqlStoreIT extends ServerContract {

  @RegisterExtension
  static final LabExtension LAB = LabExtension.of(() -> Servers.spec("mysql-9.7"));

  @BeforeAll
  static void user() throws SQLException {
    makeUser(LAB.lab());
  }

  @Override
  Lab lab() {
    return LAB.lab();
  }

  @Test
  void thePasswordIsGivenOnlyWhereTlsIsAskedForAndToWhomIsTrusted() {
    StoreChoice.MySql good = choice("here");
    // The server remembers who has logged in, and would then be content with less.
    assertDoesNotThrow(() -> tell("", "FLUSH PRIVILEGES"));
    for (var each :
        Map.of(
                Tls.PREFERRED,
                "in a way that would give it away",
                new Tls(TlsMode.VERIFY_CA, Optional.empty()),
                "no trusted TLS with ")
            .entrySet()) {
      var at =
          new StoreChoice.MySql(
              good.server(), good.schema(), good.user(), good.password(), each.getKey(), LIMITS);
      StoreException e = refused(() -> MySqlStore.open(data("here"), at, true), Kind.UNWRITABLE);
      assertTrue(e.getMessage().contains(each.getValue()), e.getMessage());
    }
  }
}
