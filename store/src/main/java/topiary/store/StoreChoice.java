package topiary.store;

import java.time.Duration;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.Tls;

/** What a node keeps its state in, besides its data folder. */
public sealed interface StoreChoice {

  /** SQLite, with the patience that suits most. */
  StoreChoice STANDARD = new Sqlite(Sqlite.BUSY);

  /** The word orchestrator has for it. */
  String word();

  /**
   * A SQLite file in the data folder.
   *
   * @param busy how long to wait for another program that holds the file
   */
  record Sqlite(Duration busy) implements StoreChoice {

    /** Unless told otherwise. */
    public static final Duration BUSY = Duration.ofSeconds(5);

    @Override
    public String word() {
      return "sqlite";
    }
  }

  /**
   * A schema of its own on a MySQL or MariaDB server.
   *
   * @param server where
   * @param schema its name; made when it is not there
   * @param user whom to log in as
   * @param password that user's
   * @param tls how the connections are encrypted
   * @param limits how long things may take
   */
  record MySql(
      InstanceKey server, String schema, String user, Password password, Tls tls, Limits limits)
      implements StoreChoice {

    @Override
    public String word() {
      return "mysql";
    }

    /** The schema and its server, as sentences name them. */
    public String words() {
      return "the schema " + schema + " on " + server;
    }
  }

  /** Where a password is read, each time somebody logs in. */
  interface Password {
    /**
     * Reads it.
     *
     * @throws StoreException with a sentence when it cannot be read
     */
    String read();
  }

  /**
   * How long things may take on a database server.
   *
   * @param answer connecting, and any answer
   * @param bulk any answer while a snapshot is written or restored
   * @param lock waiting for whoever holds the schema, or a row, to let go of it
   * @param doubt finding out, after a connection was lost during a commit, what became of it; the
   *     server may have to be started again meanwhile
   */
  record Limits(Duration answer, Duration bulk, Duration lock, Duration doubt) {

    /** Unless told otherwise. */
    public static final Limits STANDARD =
        new Limits(
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60));
  }
}
