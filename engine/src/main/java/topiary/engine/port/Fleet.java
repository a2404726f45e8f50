package topiary.engine.port;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
     * Says what will be asked next, in this order, so that all of it can be sent at once: it costs
     * one way there and back then, however many questions there are. Whatever of it is not asked
     * after all is answered all the same, so these are questions only.
     *
     * @throws ServerTrouble as when asking
     */
    default void foretell(List<String> questions, Deadline deadline) throws ServerTrouble {
      // Whoever cannot make use of that asks one after the other.
    }

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

    /**
     * Nobody asks anything for a while. Until somebody does, or closes the session, this hears when
     * the server ends the connection, or says something unasked: once, on any thread. Which of them
     * it was, and why, only another question tells. Whoever does not call this again after the next
     * question hears of nothing any more.
     */
    default void rest(Runnable stirred) {
      // Whoever cannot tell leaves it to the next question.
    }

    /**
     * Asks whether the server still answers, the least that can be asked, while the session is at
     * rest; and waits for nothing. Whoever asks something else next has the answer read first.
     *
     * @param stamp by which this hail is known
     * @return false when nothing was asked: it is not at rest, a hail is not answered yet, or the
     *     fleet has no such thing
     * @throws ServerTrouble when the session is of no use any more
     */
    default boolean hail(long stamp) throws ServerTrouble {
      return false;
    }

    /** Whether this hail is not answered yet, and nothing else was asked since. */
    default boolean owes(long stamp) {
      return false;
    }

    /** Whether another question makes sense. */
    boolean usable();

    /** Ends the connection without waiting for the server. */
    @Override
    void close();
  }

  /**
   * An answer. Immutable; its rows may be read from what the server sent when they are asked for.
   */
  final class Rows {

    /** No rows. */
    public static final Rows NONE = new Rows(List.of());

    private final boolean asBefore;

    /** In which columns its only row is another than the only one before; null for unknown. */
    private final Set<String> others;

    private final Supplier<List<Map<String, String>>> reading;
    private volatile List<Map<String, String>> rows;

    /**
     * An answer.
     *
     * @param rows each by column label, in any case; SQL's NULL is an absent column
     */
    public Rows(List<Map<String, String>> rows) {
      this.asBefore = false;
      this.others = null;
      this.rows = List.copyOf(rows);
      this.reading = () -> this.rows;
    }

    private Rows(Set<String> others, Supplier<List<Map<String, String>>> reading) {
      this.asBefore = others.isEmpty();
      this.others = others;
      this.reading = reading;
    }

    /**
     * An answer that is to the letter the last one to the same question over the same session.
     *
     * @param reading its rows, if somebody asks for them
     */
    public static Rows asBefore(Supplier<List<Map<String, String>>> reading) {
      return new Rows(Set.of(), reading);
    }

    /**
     * An answer of one row that is to the letter the last one to the same question over the same
     * session, which had one row too, but for some columns.
     *
     * @param others their labels, as the server writes them; at least one
     * @param reading its rows, if somebody asks for them
     */
    public static Rows asBeforeBut(
        Set<String> others, Supplier<List<Map<String, String>>> reading) {
      if (others.isEmpty()) {
        throw new IllegalArgumentException("it differs in nothing");
      }
      return new Rows(Set.copyOf(others), reading);
    }

    /**
     * Whether it is known to be to the letter the last answer to the same question over the same
     * session, but for some of these columns at the most. Nothing follows from its not being known.
     */
    public boolean asBeforeBut(Set<String> columns) {
      return others != null && columns.containsAll(others);
    }

    /**
     * Whether it is known to be to the letter the last answer to the same question over the same
     * session. Nothing follows from its not being known.
     */
    public boolean asBefore() {
      return asBefore;
    }

    /** Each by column label, in any case; SQL's NULL is an absent column. */
    public List<Map<String, String>> rows() {
      List<Map<String, String>> read = rows;
      if (read == null) {
        read = List.copyOf(reading.get());
        rows = read;
      }
      return read;
    }

    /** The first of them, if there is one. */
    public Optional<Map<String, String>> first() {
      return rows().isEmpty() ? Optional.empty() : Optional.of(rows().getFirst());
    }
  }
}
