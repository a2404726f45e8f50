package topiary.lab.sim;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import topiary.lab.sql.Expr;

/**
 * What expressions are worth for a session at a moment, and to a row when there is one.
 *
 * @param since when the statement was first tried
 */
record Eval(Session session, long now, long since, Columns columns, Object[] row) {

  private static final double MICROS = 1_000_000;

  Eval on(Columns of, Object[] one) {
    return new Eval(session, now, since, of, one);
  }

  /** A text, a {@code Long}, a {@code Double}, or null. */
  Object value(Expr expr) throws Refused, Later {
    return switch (expr) {
      case Expr.Literal l -> l.value();
      case Expr.Variable v -> session.variable(v.scope(), v.name());
      case Expr.UserVariable u -> session.userVariable(u.name());
      case Expr.Column c -> column(c.name());
      case Expr.Call c -> call(c);
      case Expr.Not n -> not(value(n.of()));
      case Expr.In in -> in(in);
      case Expr.Binary b -> binary(b);
    };
  }

  boolean holds(Expr expr) throws Refused, Later {
    return truth(value(expr)) == Boolean.TRUE;
  }

  private Object column(String name) throws Refused {
    int index = columns == null ? -1 : columns.index(name);
    if (index < 0) {
      throw new Refused(1054, "42S22", "Unknown column '" + name + "' in 'field list'");
    }
    return row[index];
  }

  // ---- operators

  private static Boolean truth(Object value) {
    return value == null ? null : number(value) != 0;
  }

  private static Object not(Object value) {
    Boolean truth = truth(value);
    return truth == null ? null : (Object) (truth ? 0L : 1L);
  }

  private Object in(Expr.In in) throws Refused, Later {
    Object value = value(in.value());
    if (value == null) {
      return null;
    }
    for (Expr one : in.list()) {
      Object other = value(one);
      if (other != null && compare(value, other) == 0) {
        return 1L;
      }
    }
    return 0L;
  }

  private Object binary(Expr.Binary b) throws Refused, Later {
    Object left = value(b.left());
    if (b.operator().equals("AND") && truth(left) == Boolean.FALSE) {
      return 0L;
    }
    if (b.operator().equals("OR") && truth(left) == Boolean.TRUE) {
      return 1L;
    }
    Object right = value(b.right());
    if (b.operator().equals("IS") || b.operator().equals("<=>")) {
      boolean same =
          left == null || right == null
              ? Objects.equals(left, right)
              : b.operator().equals("IS")
                  ? Objects.equals(truth(left), truth(right))
                  : compare(left, right) == 0;
      return same ? 1L : 0L;
    }
    if (left == null || right == null) {
      return null;
    }
    return switch (b.operator()) {
      case "AND", "OR" -> truth(right) ? 1L : 0L;
      case "LIKE" -> like(text(right)).matcher(text(left)).matches() ? 1L : 0L;
      case "+" -> sum(left, right, 1);
      case "-" -> sum(left, right, -1);
      case "=" -> compare(left, right) == 0 ? 1L : 0L;
      case "<>" -> compare(left, right) != 0 ? 1L : 0L;
      case "<" -> compare(left, right) < 0 ? 1L : 0L;
      case ">" -> compare(left, right) > 0 ? 1L : 0L;
      case "<=" -> compare(left, right) <= 0 ? 1L : 0L;
      default -> compare(left, right) >= 0 ? 1L : 0L;
    };
  }

  private static Object sum(Object left, Object right, int sign) {
    if (left instanceof Long a && right instanceof Long b) {
      return a + sign * b;
    }
    return number(left) + sign * number(right);
  }

  /** Texts without regard to capitals; numbers, and a text with a number, as numbers. */
  static int compare(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return a.compareToIgnoreCase(b);
    }
    return Double.compare(number(left), number(right));
  }

  private static double number(Object value) {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    var matcher = NUMERIC.matcher(value.toString());
    return matcher.find() ? Double.parseDouble(matcher.group()) : 0;
  }

  private static final Pattern NUMERIC = Pattern.compile("^\\s*-?[0-9]+(\\.[0-9]+)?");

  /** A pattern of SQL. */
  static Pattern like(String pattern) {
    var regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
      } else {
        regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  static String text(Object value) {
    return value == null ? null : value.toString();
  }

  // ---- functions

  private Object call(Expr.Call c) throws Refused, Later {
    List<Expr> given = c.arguments();
    return switch (c.name()) {
      case "CONNECTION_ID" -> session.id();
      case "VERSION" -> session.server().kind().version();
      case "USER", "SESSION_USER", "SYSTEM_USER" -> session.user() + "@" + session.clientHost();
      case "CURRENT_USER" -> session.user() + "@%";
      case "DATABASE", "SCHEMA" -> session.schema();
      case "NOW", "CURRENT_TIMESTAMP", "SYSDATE", "UTC_TIMESTAMP" -> Replicas.time(now);
      case "UNIX_TIMESTAMP" -> now / 1_000_000;
      case "SLEEP" -> waited(given, 0, 1, c) ? 0L : later();
      case "GET_LOCK" -> lock(c);
      case "RELEASE_LOCK" -> release(argument(c, 0, 1));
      case "RELEASE_ALL_LOCKS" -> releaseAll();
      case "IS_USED_LOCK" ->
          Optional.ofNullable(session.server().locks().get(lockName(argument(c, 0, 1))))
              .map(Session::id)
              .orElse(null);
      case "IS_FREE_LOCK" ->
          session.server().locks().containsKey(lockName(argument(c, 0, 1))) ? 0L : 1L;
      case "CONCAT" -> {
        var text = new StringBuilder();
        for (Expr one : given) {
          Object part = value(one);
          if (part == null) {
            yield null;
          }
          text.append(part);
        }
        yield text.toString();
      }
      case "IFNULL", "COALESCE" -> {
        for (Expr one : given) {
          Object part = value(one);
          if (part != null) {
            yield part;
          }
        }
        yield null;
      }
      case "IF" -> truth(argument(c, 0, 3)) == Boolean.TRUE ? argument(c, 1, 3) : argument(c, 2, 3);
      case "UPPER" ->
          Optional.ofNullable(text(argument(c, 0, 1)))
              .map(t -> t.toUpperCase(Locale.ROOT))
              .orElse(null);
      case "LOWER" ->
          Optional.ofNullable(text(argument(c, 0, 1)))
              .map(t -> t.toLowerCase(Locale.ROOT))
              .orElse(null);
      case "GTID_SUBSET" -> {
        only(false, c);
        yield sets(argument(c, 1, 2)).covers(sets(argument(c, 0, 2))) ? 1L : 0L;
      }
      case "GTID_SUBTRACT" -> {
        only(false, c);
        yield sets(argument(c, 0, 2)).minus(sets(argument(c, 1, 2))).toString();
      }
      case "WAIT_FOR_EXECUTED_GTID_SET" -> {
        only(false, c);
        session.server().settle(now);
        if (session.server().executedSet().covers(sets(argument(c, 0, 0)))) {
          yield 0L;
        }
        yield given.size() > 1 && waited(given, 1, 0, c) ? 1L : later();
      }
      case "MASTER_GTID_WAIT" -> {
        only(true, c);
        session.server().settle(now);
        if (session.server().slavePosition().covers(position(argument(c, 0, 0)))) {
          yield 0L;
        }
        yield given.size() > 1 && waited(given, 1, 0, c) ? -1L : later();
      }
      default -> throw unknown(c);
    };
  }

  private void only(boolean maria, Expr.Call c) throws Refused {
    if (session.server().kind().maria() != maria) {
      throw unknown(c);
    }
  }

  private static Refused unknown(Expr.Call c) {
    return new Refused(
        1305, "42000", "FUNCTION " + c.name().toLowerCase(Locale.ROOT) + " does not exist");
  }

  private static Object later() throws Later {
    throw Later.NOW;
  }

  /**
   * An argument.
   *
   * @param count how many there have to be; 0 for any number that has this one
   */
  private Object argument(Expr.Call c, int index, int count) throws Refused, Later {
    int given = c.arguments().size();
    if (index >= given || (count != 0 && given != count)) {
      throw new Refused(
          1582,
          "42000",
          "Incorrect parameter count in the call to native function '" + c.name() + "'");
    }
    return value(c.arguments().get(index));
  }

  /** Whether so many seconds have gone by since the statement came. */
  private boolean waited(List<Expr> given, int index, int count, Expr.Call c)
      throws Refused, Later {
    Object limit = argument(c, index, count);
    return now - since >= number(limit == null ? 0L : limit) * MICROS;
  }

  private static String lockName(Object name) throws Refused {
    if (name == null || name.toString().isEmpty() || name.toString().length() > 64) {
      throw new Refused(3057, "42000", "Incorrect user-level lock name '" + name + "'.");
    }
    return name.toString().toLowerCase(Locale.ROOT);
  }

  private Object lock(Expr.Call c) throws Refused, Later {
    String name = lockName(argument(c, 0, 2));
    Session holder = session.server().locks().putIfAbsent(name, session);
    if (holder == null || holder == session) {
      return 1L;
    }
    Object limit = argument(c, 1, 2);
    double seconds = number(limit == null ? 0L : limit);
    return seconds >= 0 && now - since >= seconds * MICROS ? 0L : later();
  }

  private Object release(Object given) throws Refused {
    String name = lockName(given);
    Session holder = session.server().locks().get(name);
    if (holder == null) {
      return null;
    }
    if (holder != session) {
      return 0L;
    }
    session.server().locks().remove(name);
    return 1L;
  }

  private Object releaseAll() {
    int before = session.server().locks().size();
    session.server().locks().values().removeIf(holder -> holder == session);
    return (long) before - session.server().locks().size();
  }

  private static MySqlGtids sets(Object text) throws Refused {
    try {
      return MySqlGtids.parse(text == null ? "" : text.toString());
    } catch (IllegalArgumentException e) {
      throw new Refused(1772, "HY000", "Malformed GTID set specification '" + text + "'.");
    }
  }

  private static MariaGtids position(Object text) throws Refused {
    try {
      return MariaGtids.parse(text == null ? "" : text.toString());
    } catch (IllegalArgumentException e) {
      throw new Refused(1941, "HY000", "Could not parse GTID list");
    }
  }
}
