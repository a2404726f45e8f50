package topiary.lab;

import java.sql.Connection;
import java.sql.SQLException;

/** How a server wants to be told about its replication, which depends on its make and age. */
enum ReplicaWords {
  MARIADB("SLAVE", "CHANGE MASTER TO MASTER_DELAY=", true),
  MYSQL_OLD("SLAVE", "CHANGE MASTER TO MASTER_DELAY=", false),
  /** From 8.0.23 on. */
  MYSQL("REPLICA", "CHANGE REPLICATION SOURCE TO SOURCE_DELAY=", false);

  private final String replica;
  private final String delay;

  /** Whether nothing of replication may run while it is changed. */
  private final boolean wholeStop;

  ReplicaWords(String replica, String delay, boolean wholeStop) {
    this.replica = replica;
    this.delay = delay;
    this.wholeStop = wholeStop;
  }

  static ReplicaWords of(Connection server) throws SQLException {
    String version = server.getMetaData().getDatabaseProductVersion();
    if (version.contains("MariaDB")) {
      return MARIADB;
    }
    String[] parts = version.split("[^0-9]+");
    int number = 0;
    for (int i = 0; i < 3; i++) {
      number = number * 1000 + (i < parts.length ? Integer.parseInt(parts[i]) : 0);
    }
    return number >= 8_000_023 ? MYSQL : MYSQL_OLD;
  }

  String status() {
    return "SHOW " + replica + " STATUS";
  }

  /** The column of the status that tells whether it receives. */
  String receives() {
    return (this == MYSQL ? "Replica" : "Slave") + "_IO_Running";
  }

  String start() {
    return "START " + replica;
  }

  String stopApplier() {
    return "STOP " + replica + " SQL_THREAD";
  }

  String startApplier() {
    return "START " + replica + " SQL_THREAD";
  }

  String stopReceiver() {
    return "STOP " + replica + " IO_THREAD";
  }

  String startReceiver() {
    return "START " + replica + " IO_THREAD";
  }

  /** What to say, in order, to have this delay. */
  String[] delay(long seconds) {
    return wholeStop
        ? new String[] {"STOP " + replica, delay + seconds, "START " + replica}
        : new String[] {stopApplier(), delay + seconds, startApplier()};
  }

  boolean wholeStop() {
    return wholeStop;
  }
}
