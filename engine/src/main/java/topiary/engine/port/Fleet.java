package topiary.engine.port;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.Condition;
import topiary.engine.model.InstanceKey;

/** The managed servers. */
public interface Fleet {

  /**
   * Connects and logs in.
   *
   * @throws ServerTrouble when that fails
   */
  Session open(InstanceKey key, Deadline deadline) throws ServerTrouble;

  /**
   * Whom a replica logs in as at a source, as the operator has it; empty when that is not said, or
   * the password cannot be read.
   */
  default Optional<String> replicationUser(InstanceKey source) {
    return Optional.empty();
  }

  /**
   * A password a replica logs in with, by where it is.
   *
   * @param source where it logs in
   * @param user whom as
   * @param kept who keeps it in a table; empty for what the operator has given
   */
  record Password(InstanceKey source, String user, Optional<Kept> kept) {}

  /**
   * A password in a server's table.
   *
   * @param server which
   * @param query asks for it: one row, column {@code password}
   */
  record Kept(InstanceKey server, String query) {}

  /** One connection to one server; used by one thread at a time. */
  interface Session extends AutoCloseable {

    /** The version the server named when greeting. */
    String version();

    /**
     * Asks, and reads the answer whole.
     *
     * @throws ServerTrouble when the server refuses, dies or does not answer in time; unless it
     *     refused, the session is of no use any more
     */
    Rows ask(String sql, Deadline deadline) throws ServerTrouble;

    /**
     * Does something that has no answer.
     *
     * @throws ServerTrouble as above
     */
    void tell(String sql, Deadline deadline) throws ServerTrouble;

    /**
     * Does something that needs a password, which takes its place in the statement on the way to
     * the server, and is told nowhere else.
     *
     * @param sql with {@link topiary.engine.dialect.Dialect#SECRET} in it
     * @throws ServerTrouble as above, and when the password is not to be had
     */
    default void tell(String sql, Password password, Deadline deadline) throws ServerTrouble {
      throw new ServerTrouble(
          Condition.DENIED, 0, "the password of " + password.user() + " is not known", null);
    }

    /** Whether another question makes sense. */
    boolean usable();

    /** Ends the connection without waiting for the server. */
    @Override
    void close();
  }

  /**
   * An answer.
   *
   * @param rows each by column label, in any case; SQL's NULL is an absent column
   */
  record Rows(List<Map<String, String>> rows) {

    public Rows {
      rows = List.copyOf(rows);
    }

    public Optional<Map<String, String>> first() {
      return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }
  }
}
