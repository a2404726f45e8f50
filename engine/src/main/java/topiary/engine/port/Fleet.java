package topiary.engine.port;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import topiary.engine.model.InstanceKey;

/** The managed servers. */
public interface Fleet {

  /**
   * Connects and logs in.
   *
   * @throws ServerTrouble when that fails
   */
  Session open(InstanceKey key, Deadline deadline) throws ServerTrouble;

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
