package topiary.lab.sql;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Something a server is told. */
public sealed interface Statement {

  /** A column of an answer, and how it is called. */
  record Item(Expr value, String label) {}

  /**
   * A table.
   *
   * @param schema in small letters, empty when not said
   * @param name in small letters
   */
  record Table(String schema, String name) {}

  /** What rows are put in order by. */
  record Order(Expr by, boolean descending) {}

  /**
   * A question.
   *
   * @param items what is asked; none for {@code *}
   * @param limit at most so many rows
   */
  record Select(
      List<Item> items, Optional<Table> from, Optional<Expr> where, List<Order> order, long limit)
      implements Statement {
    public Select {
      items = List.copyOf(items);
      order = List.copyOf(order);
    }
  }

  /**
   * A question of the older kind.
   *
   * @param what in capital letters with one blank between: {@code GLOBAL VARIABLES}
   * @param name of a channel, a user, a log
   * @param like a pattern for the first column
   */
  record Show(String what, Optional<String> name, Optional<String> like, Optional<Expr> where)
      implements Statement {}

  /**
   * A variable and its new value.
   *
   * @param scope {@code global}, {@code session}, {@code persist}, {@code user}
   */
  record Assignment(String scope, String name, Expr value) {}

  /** New values of variables. */
  record Set(List<Assignment> assignments) implements Statement {
    public Set {
      assignments = List.copyOf(assignments);
    }
  }

  /**
   * Threads of replication are started or stopped.
   *
   * @param today whether the words are those of today, REPLICA and SOURCE
   * @param until the transactions after which the applying thread stops by itself; empty for never
   * @param channel empty for all of them
   */
  record Replication(
      boolean start,
      boolean today,
      boolean io,
      boolean sql,
      Optional<String> until,
      Optional<String> channel)
      implements Statement {}

  /**
   * A replica is given another source.
   *
   * @param options by name in capital letters, without SOURCE_ or MASTER_
   */
  record ChangeSource(boolean today, String channel, SortedMap<String, String> options)
      implements Statement {}

  /**
   * Which changes a replica leaves out.
   *
   * @param filters what each kind of filter names, in the words of the replica's status
   */
  record ChangeFilter(SortedMap<String, String> filters, Optional<String> channel)
      implements Statement {}

  /** A replica forgets what it has received; with {@code all}, whose replica it is too. */
  record ResetReplica(boolean today, boolean all, Optional<String> channel) implements Statement {}

  /** The binary log begins anew. */
  record ResetBinaryLogs(boolean today) implements Statement {}

  /**
   * Binary logs are deleted.
   *
   * @param file the first that stays
   */
  record PurgeLogs(String file) implements Statement {}

  /** Something is written out or begun anew: logs, privileges. */
  record Flush(String what) implements Statement {}

  /** A connection is ended, or only what it does. */
  record Kill(boolean connection, Expr id) implements Statement {}

  record Use(String schema) implements Statement {}

  /** {@code BEGIN}, {@code COMMIT}, {@code ROLLBACK}. */
  record Transaction(String what) implements Statement {}

  /** Values that are made for what happens thereby. */
  record Do(List<Expr> values) implements Statement {
    public Do {
      values = List.copyOf(values);
    }
  }

  record InstallPlugin(boolean install, String name) implements Statement {}

  /**
   * A stored procedure.
   *
   * @param name with its schema, in small letters
   */
  record Call(String name, List<Expr> arguments) implements Statement {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}
