package topiary.lab.flavor;

import java.sql.Connection;
import java.sql.SQLException;

/** MySQL renamed its replication statements; 8.4 dropped the old ones. */
enum MySqlWords {
  /** SOURCE and REPLICA. */
  SOURCE,
  /** MASTER and SLAVE. */
  MASTER;

  /** Those of the server at the other end. */
  static MySqlWords of(Connection server) throws SQLException {
    var about = server.getMetaData();
    return of(about.getDatabaseMajorVersion(), about.getDatabaseMinorVersion());
  }

  /** Those of a release. */
  static MySqlWords of(int major, int minor) {
    return major > 8 || major == 8 && minor >= 4 ? SOURCE : MASTER;
  }

  /** A statement, or the name of a column, written in the new words, in these. */
  String say(String newWords) {
    return this == SOURCE
        ? newWords
        : newWords
            .replace("CHANGE REPLICATION SOURCE", "CHANGE MASTER")
            .replace("BINARY LOG STATUS", "MASTER STATUS")
            .replace("SOURCE_", "MASTER_")
            .replace("Source_", "Master_")
            .replace("REPLICA", "SLAVE")
            .replace("Replica_", "Slave_");
  }
}
