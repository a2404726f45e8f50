package topiary.lab.flavor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import topiary.lab.base.Disk;

/** What MariaDB and MySQL have in common. */
final class Common {
  /**
   * How long a commit waits for a replica's acknowledgement before it goes on without, in
   * milliseconds.
   */
  static final int SEMI_SYNC_MILLIS = 10_000;

  private Common() {}

  static String proof(Path optionFile) {
    return "--defaults-file=" + optionFile;
  }

  static void tidy(Path data) {
    // With these there the server asks whether "another process is using the socket", and may find
    // a stranger's pid.
    for (String left : List.of("s", "s.lock", "pid")) {
      Disk.delete(data.resolve(left));
    }
  }

  /** A status variable that is a number; 0 when the server has none of that name. */
  static int status(Connection server, String variable) throws SQLException {
    try (var statement = server.createStatement();
        var row = statement.executeQuery("SHOW GLOBAL STATUS LIKE '" + variable + "'")) {
      return row.next() ? row.getInt(2) : 0;
    }
  }
}
