package topiary.lab.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import topiary.lab.sql.Expr;
import topiary.lab.sql.Parser;
import topiary.lab.sql.Statement;
import topiary.lab.sql.SyntaxError;

/** A text that was read, and what follows from it whoever is told it. Not thread-safe. */
final class Read {

  private final Optional<Statement> statement;

  /** Why it is none. */
  private final SyntaxError error;

  /** What of its table a question of names is about, by the kind of servers; made when needed. */
  private final Map<Kind, List<Template.Entry>> named = new EnumMap<>(Kind.class);

  /** The columns it was answered with last. */
  private Columns columns;

  private Read(Optional<Statement> statement, SyntaxError error) {
    this.statement = statement;
    this.error = error;
  }

  /** A text as it is understood, if it is: some are asked of every server, and refused by each. */
  static Read of(String text) {
    try {
      return new Read(Optional.of(Parser.parse(text)), null);
    } catch (SyntaxError e) {
      return new Read(Optional.empty(), e);
    }
  }

  /**
   * What it says.
   *
   * @throws SyntaxError when it is not understood
   */
  Statement statement() throws SyntaxError {
    if (statement.isEmpty()) {
      throw error;
    }
    return statement.get();
  }

  /**
   * The columns of the answer to this question: the same object as long as they are the same.
   *
   * @param first the first row; empty when there is none
   */
  Columns columns(Statement.Select s, Optional<Object[]> first) {
    if (columns == null || !fits(first)) {
      var list = new ArrayList<Columns.Column>();
      for (int i = 0; i < s.items().size(); i++) {
        list.add(new Columns.Column(s.items().get(i).label(), number(first, i)));
      }
      columns = new Columns(list);
    }
    return columns;
  }

  private boolean fits(Optional<Object[]> first) {
    List<Columns.Column> list = columns.list();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).number() != number(first, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean number(Optional<Object[]> first, int place) {
    return first.isPresent() && first.get()[place] instanceof Long;
  }

  /**
   * The variables, or the status, that a question is about which names each of them, in their
   * order: {@code SHOW … WHERE Variable_name IN ('a', 'b')}; empty for any other question.
   *
   * @param all those there are, by name in small letters, in their order
   */
  Optional<List<Template.Entry>> named(
      Statement.Show s, Kind kind, Map<String, Template.Entry> all) {
    if (s.like().isPresent()
        || !(s.where().orElse(null) instanceof Expr.In in)
        || !(in.value() instanceof Expr.Column column)
        || !column.name().equalsIgnoreCase("Variable_name")) {
      return Optional.empty();
    }
    List<Template.Entry> known = named.get(kind);
    if (known == null) {
      var names = new TreeSet<String>();
      for (Expr one : in.list()) {
        if (!(one instanceof Expr.Literal(String name))) {
          return Optional.empty();
        }
        names.add(name.toLowerCase(Locale.ROOT));
      }
      known = names.stream().filter(all::containsKey).map(all::get).toList();
      named.put(kind, known);
    }
    return Optional.of(known);
  }
}
