package topiary.lab.sql;

import java.util.List;

/** An expression. */
public sealed interface Expr {

  /**
   * A value that is written out.
   *
   * @param value a {@code String}, {@code Long}, {@code Double}, or null
   */
  record Literal(Object value) implements Expr {}

  /**
   * A variable of the server: {@code @@global.name}.
   *
   * @param scope {@code global}, {@code session}, or empty when not said
   * @param name in small letters
   */
  record Variable(String scope, String name) implements Expr {}

  /**
   * A variable of the user: {@code @name}.
   *
   * @param name in small letters
   */
  record UserVariable(String name) implements Expr {}

  /** A column of the table that is asked. */
  record Column(String name) implements Expr {}

  /**
   * A function.
   *
   * @param name in capital letters
   * @param arguments what it is given; {@code COUNT(*)} has none
   */
  record Call(String name, List<Expr> arguments) implements Expr {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Two values and what joins them.
   *
   * @param operator a symbol, {@code AND}, {@code OR}, {@code LIKE} or {@code IS}
   */
  record Binary(String operator, Expr left, Expr right) implements Expr {}

  /** The contrary. */
  record Not(Expr of) implements Expr {}

  /** A value that is one of these. */
  record In(Expr value, List<Expr> list) implements Expr {
    public In {
      list = List.copyOf(list);
    }
  }
}
