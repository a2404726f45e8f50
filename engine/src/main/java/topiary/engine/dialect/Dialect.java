package topiary.engine.dialect;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Flavor;
import topiary.engine.plan.Step;

/** How one family of servers is spoken to. */
public sealed interface Dialect permits MariaDialect, MySqlDialect {

  /**
   * The dialect of a server.
   *
   * @param flavor whose server it is; empty for one nobody here knows
   * @param capabilities what it can do
   */
  static Optional<Dialect> of(Flavor flavor, Set<Capability> capabilities) {
    return switch (flavor) {
      case MARIADB -> Optional.of(new MariaDialect());
      case MYSQL, PERCONA -> Optional.of(new MySqlDialect(capabilities));
      case UNKNOWN -> Optional.empty();
    };
  }

  /** Asks who it is, how it is set up and how far it has come: one row. */
  String identity();

  /** Asks for the streams into it: a row each. */
  String channels();

  /** Asks for the end of its binary log: one row, none when it writes none. */
  String logEnd();

  /** Asks who says to replicate from it: a row each. */
  String replicas();

  /** Asks since when it runs: one row. */
  default String uptime() {
    return "SHOW GLOBAL STATUS LIKE 'Uptime'";
  }

  /** Asks what rights the asking user has: a row each. */
  default String grants() {
    return "SHOW GRANTS";
  }

  /** The rights needed here. */
  Grants needed();

  /**
   * Reads a position in this server's notation.
   *
   * @throws IllegalArgumentException when it is something else
   */
  GtidPosition position(String text);

  /** Asks how far a stopped replica has executed: one row, column {@code position}. */
  String executed();

  /** Asks how far a server could serve a replica: one row, column {@code position}. */
  String logged();

  /**
   * The statements that do a step, in order. For a step that waits: what is asked again and again.
   */
  List<String> statements(Step step);

  /** Takes the lock that fences deeds, without waiting: one row, column {@code got}. */
  default String takeFence() {
    return "SELECT GET_LOCK('" + FENCE + "', 0) AS got";
  }

  /** Takes the lock that fences deeds, waiting a little for its killed holder to let go. */
  default String awaitFence() {
    return "SELECT GET_LOCK('" + FENCE + "', 3) AS got";
  }

  /** Asks which connection this is: one row, column {@code connection}. */
  default String connection() {
    return "SELECT CONNECTION_ID() AS connection";
  }

  /** Asks which connection holds the fence: one row, column {@code holder}, absent for none. */
  default String fenceHolder() {
    return "SELECT IS_USED_LOCK('" + FENCE + "') AS holder";
  }

  /** Asks whether this connection holds the fence: one row, column {@code mine}. */
  default String fenceIsMine() {
    return "SELECT IS_USED_LOCK('" + FENCE + "') = CONNECTION_ID() AS mine";
  }

  /** Ends a connection. */
  default String kill(long connection) {
    return "KILL CONNECTION " + connection;
  }

  /** The name of the lock. */
  String FENCE = "topiary.fence";
}
