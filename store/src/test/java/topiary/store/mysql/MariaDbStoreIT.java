package topiary.store.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import topiary.lab.Lab;
import topiary.lab.junit.LabExtension;
import topiary.store.Store;
import topiary.store.StoreChoice;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;

class MariaDbStoreIT extends ServerContract {

  @RegisterExtension
  static final LabExtension LAB = LabExtension.of(() -> Servers.spec("mariadb-11.4"));

  @BeforeAll
  static void user() throws SQLException {
    makeUser(LAB.lab());
  }

  @Override
  Lab lab() {
    return LAB.lab();
  }

  // ---- the connection is lost during a commit; read on its way, so nothing may be encrypted

  @ParameterizedTest
  @EnumSource(
      value = Passage.Loss.class,
      names = {"COMMIT", "ANSWER"})
  void whateverBecomesOfACommitThatIsLostItIsAppliedOnce(Passage.Loss loss) throws Exception {
    try (var passage = new Passage(choice("here").server());
        Store store = through(passage, LIMITS)) {
      store.apply(some(3));
      passage.lose(loss);
      assertEquals(2, store.apply(some(2)).size());
      assertEquals(1, passage.lost());
      assertEquals(5, store.lastApplied().index());
      store.apply(some(1));
      assertEquals(6, store.state().instances().size());
      // Where it cannot be told from the position: what is restored stands where it stood before.
      Path snapshot = folder.resolve("snapshot");
      store.writeSnapshot(snapshot);
      passage.lose(loss);
      store.restore(snapshot);
      assertEquals(2, passage.lost());
      store.apply(some(1));
      assertEquals(7, store.state().instances().size());
    }
    assertEquals("7", query("here", "SELECT count(*) FROM command"));
    assertEquals("7", query("here", "SELECT applied_index FROM meta"));
  }

  @Test
  void aCommitOfWhichNothingIsHeardAnyMoreEndsTheStoreAndTheNextOneKnows() throws Exception {
    var limits =
        new StoreChoice.Limits(
            LIMITS.answer(), LIMITS.bulk(), LIMITS.lock(), Duration.ofMillis(700));
    try (var passage = new Passage(choice("here").server());
        Store store = through(passage, limits)) {
      store.apply(some(3));
      passage.lose(Passage.Loss.EVERYTHING);
      StoreException e = refused(() -> store.apply(some(1)), Kind.BROKEN);
      assertTrue(e.getMessage().contains("was lost during a commit"), e.getMessage());
      passage.open();
      // What it does not know it does not write on.
      assertSame(e, refused(() -> store.apply(some(1)), Kind.BROKEN));
      assertSame(e, refused(store::checkWritable, Kind.BROKEN));
    }
    try (Store store = open("here")) {
      assertEquals(4, store.lastApplied().index());
    }
  }

  private Store through(Passage passage, StoreChoice.Limits limits) {
    return MySqlStore.open(data("here"), choice("here", passage.address(), limits), true);
  }
}
