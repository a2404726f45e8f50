package topiary.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import topiary.engine.state.Command;
import topiary.store.Samples;
import topiary.store.StoreChoice;
import topiary.store.StoreContract;
import topiary.store.rows.Jdbc;

class SqliteStoreTest extends StoreContract {

  @Override
  protected StoreChoice choice(String place) {
    return StoreChoice.STANDARD;
  }

  @Override
  protected String query(String place, String sql) {
    try (var connection =
        Connections.toRead(data(place).resolve("topiary.db"), StoreChoice.Sqlite.BUSY)) {
      return Jdbc.one(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected void change(String place, String sql) {
    Path file = data(place).resolve("topiary.db");
    try (var connection = Connections.toWrite(file, StoreChoice.Sqlite.BUSY)) {
      Jdbc.execute(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected int many() {
    return 4000;
  }

  @Test
  void everythingIsForItsUserOnly() throws Exception {
    Path made = folder.resolve("a ?#%41 ü/data");
    try (SqliteStore store = SqliteStore.open(made)) {
      store.apply(List.of(next(new Command.NameHead(Samples.CLUSTER, Samples.DB1))));
      Path snapshot = made.resolve("snapshot");
      store.writeSnapshot(snapshot);
      assertEquals("rwx------", mode(made));
      List<Path> files;
      try (var list = Files.list(made)) {
        files = list.filter(Files::isRegularFile).sorted().toList();
      }
      assertEquals(
          List.of("lock", "snapshot", "topiary.db", "topiary.db-shm", "topiary.db-wal"),
          files.stream().map(f -> f.getFileName().toString()).toList());
      for (Path file : files) {
        assertEquals("rw-------", mode(file), file.toString());
      }
    }
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
