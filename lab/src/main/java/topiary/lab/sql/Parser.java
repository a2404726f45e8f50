package topiary.lab.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads one statement. What it does not know it refuses, naming the place. */
public final class Parser {

  private static final Set<String> CLAUSES =
      Set.of(
          "FROM", "WHERE", "ORDER", "LIMIT", "AS", "FOR", "LIKE", "AND", "OR", "IN", "IS", "NOT");

  private final String text;
  private final List<Token> tokens;
  private int at;

  private Parser(String text) throws SyntaxError {
    this.text = text;
    tokens = Lexer.tokens(text);
  }

  /**
   * The statement that a text is.
   *
   * @throws SyntaxError from where on it is none
   */
  public static Statement parse(String text) throws SyntaxError {
    var parser = new Parser(text);
    Statement statement = parser.statement();
    parser.accept(";");
    if (parser.peek().kind() != Token.Kind.END) {
      throw parser.error();
    }
    return statement;
  }

  private Statement statement() throws SyntaxError {
    String first = peek().text().toUpperCase(Locale.ROOT);
    if (peek().kind() != Token.Kind.WORD) {
      throw error();
    }
    return switch (first) {
      case "SELECT" -> select();
      case "SHOW" -> show();
      case "SET" -> set();
      case "START", "STOP" -> startOrStop();
      case "CHANGE" -> change();
      case "RESET" -> reset();
      case "PURGE" -> purge();
      case "FLUSH" -> flush();
      case "KILL" -> kill();
      case "USE" -> {
        at++;
        yield new Statement.Use(name());
      }
      case "BEGIN", "COMMIT", "ROLLBACK" -> {
        at++;
        accept("WORK");
        yield new Statement.Transaction(first);
      }
      case "DO" -> {
        at++;
        yield new Statement.Do(list());
      }
      case "INSTALL", "UNINSTALL" -> plugin();
      case "CALL" -> call();
      default -> throw error();
    };
  }

  // ---- questions

  private Statement select() throws SyntaxError {
    expect("SELECT");
    var items = new ArrayList<Statement.Item>();
    if (!accept("*")) {
      do {
        items.add(item());
      } while (accept(","));
    }
    Optional<Statement.Table> from = Optional.empty();
    if (accept("FROM")) {
      String name = name();
      from =
          Optional.of(
              accept(".")
                  ? new Statement.Table(lower(name), lower(name()))
                  : new Statement.Table("", lower(name)));
      if (peek().kind() == Token.Kind.WORD && !clause(peek())) {
        at++;
      }
    } else if (items.isEmpty()) {
      throw error();
    }
    Optional<Expr> where = accept("WHERE") ? Optional.of(expression()) : Optional.empty();
    var order = new ArrayList<Statement.Order>();
    if (accept("ORDER")) {
      expect("BY");
      do {
        Expr by = expression();
        boolean descending = accept("DESC");
        if (!descending) {
          accept("ASC");
        }
        order.add(new Statement.Order(by, descending));
      } while (accept(","));
    }
    long limit = accept("LIMIT") ? number() : Long.MAX_VALUE;
    return new Statement.Select(items, from, where, order, limit);
  }

  private Statement.Item item() throws SyntaxError {
    int start = peek().start();
    boolean quoted = peek().kind() == Token.Kind.TEXT;
    Expr value = expression();
    int end = tokens.get(at - 1).end();
    String label =
        quoted && value instanceof Expr.Literal l
            ? l.value().toString()
            : text.substring(start, end);
    if (value instanceof Expr.Column column) {
      label = column.name();
    }
    if (accept("AS") || (peek().kind() == Token.Kind.WORD && !clause(peek()))) {
      label = tokens.get(at++).text();
    } else if (peek().kind() == Token.Kind.NAME || peek().kind() == Token.Kind.TEXT) {
      label = tokens.get(at++).text();
    }
    return new Statement.Item(value, label);
  }

  private static boolean clause(Token token) {
    return CLAUSES.contains(token.text().toUpperCase(Locale.ROOT));
  }

  private Statement show() throws SyntaxError {
    expect("SHOW");
    var what = new ArrayList<String>();
    Optional<String> name = Optional.empty();
    Optional<String> like = Optional.empty();
    Optional<Expr> where = Optional.empty();
    while (peek().kind() != Token.Kind.END && !peek().is(";")) {
      if (accept("LIKE")) {
        like = Optional.of(text());
      } else if (accept("WHERE")) {
        where = Optional.of(expression());
      } else if (accept("FOR")) {
        if (accept("CHANNEL")) {
          name = Optional.of(text());
        } else if (accept("CURRENT_USER")) {
          if (accept("(")) {
            expect(")");
          }
        } else {
          throw error();
        }
      } else if (peek().is("FROM") || peek().is("LIMIT")) {
        at++;
        number();
      } else if (peek().kind() == Token.Kind.TEXT
          && !what.isEmpty()
          && what.getLast().equals("IN")) {
        // The file, of which there is one.
        at++;
      } else if (peek().kind() == Token.Kind.TEXT && name.isEmpty()) {
        name = Optional.of(text());
      } else if (peek().kind() == Token.Kind.WORD && like.isEmpty() && where.isEmpty()) {
        what.add(tokens.get(at++).text().toUpperCase(Locale.ROOT));
      } else {
        throw error();
      }
    }
    return new Statement.Show(String.join(" ", what), name, like, where);
  }

  // ---- deeds

  private Statement set() throws SyntaxError {
    expect("SET");
    if (accept("NAMES")) {
      at++;
      if (accept("COLLATE")) {
        at++;
      }
      return new Statement.Set(List.of());
    }
    if (accept("TRANSACTION")
        || (peek(1).is("TRANSACTION") && (accept("SESSION") || accept("GLOBAL")))) {
      while (peek().kind() == Token.Kind.WORD || peek().is(",")) {
        at++;
      }
      return new Statement.Set(List.of());
    }
    var all = new ArrayList<Statement.Assignment>();
    String scope = "session";
    do {
      String said = scope();
      scope = said.isEmpty() ? scope : said;
      all.add(assignment(scope));
    } while (accept(","));
    return new Statement.Set(all);
  }

  private String scope() {
    for (String scope : List.of("GLOBAL", "SESSION", "LOCAL", "PERSIST")) {
      if (peek().is(scope) && !peek(1).is("=") && !peek(1).is(":=")) {
        at++;
        return scope.equals("LOCAL") ? "session" : lower(scope);
      }
    }
    return "";
  }

  private Statement.Assignment assignment(String scope) throws SyntaxError {
    String where = scope;
    if (accept("@")) {
      where = "user";
    } else if (accept("@@")) {
      where = scope();
      if (where.isEmpty()) {
        where = "session";
      } else {
        expect(".");
      }
    }
    String name = lower(name());
    if (!accept(":=")) {
      expect("=");
    }
    // ON, OFF and DEFAULT are words here, no columns.
    Expr value =
        peek().kind() == Token.Kind.WORD && !peek(1).is("(") && !peek().is("NULL")
            ? new Expr.Literal(tokens.get(at++).text())
            : expression();
    return new Statement.Assignment(where, name, value);
  }

  private Statement purge() throws SyntaxError {
    expect("PURGE");
    expect("BINARY");
    expect("LOGS");
    expect("TO");
    return new Statement.PurgeLogs(text());
  }

  private Statement startOrStop() throws SyntaxError {
    boolean start = accept("START");
    if (!start) {
      expect("STOP");
    } else if (accept("TRANSACTION")) {
      while (peek().kind() == Token.Kind.WORD || peek().is(",")) {
        at++;
      }
      return new Statement.Transaction("BEGIN");
    }
    boolean today = replica();
    Optional<String> channel =
        peek().kind() == Token.Kind.TEXT ? Optional.of(text()) : Optional.empty();
    boolean io = false;
    boolean sql = false;
    do {
      if (accept("IO_THREAD")) {
        io = true;
      } else if (accept("SQL_THREAD")) {
        sql = true;
      }
    } while (accept(","));
    Optional<String> until = Optional.empty();
    if (start && accept("UNTIL")) {
      expect("SQL_AFTER_GTIDS");
      expect("=");
      until = Optional.of(text());
    }
    if (channel.isEmpty()) {
      channel = forChannel();
    }
    return new Statement.Replication(start, today, io || !sql, sql || !io, until, channel);
  }

  /** Whether what stands here is REPLICA, not SLAVE. */
  private boolean replica() throws SyntaxError {
    boolean today = accept("REPLICA");
    if (!today) {
      expect("SLAVE");
    }
    return today;
  }

  private Optional<String> forChannel() throws SyntaxError {
    if (!accept("FOR")) {
      return Optional.empty();
    }
    expect("CHANNEL");
    return Optional.of(text());
  }

  private Statement change() throws SyntaxError {
    expect("CHANGE");
    boolean today = accept("REPLICATION");
    if (today && accept("FILTER")) {
      return filter();
    }
    expect(today ? "SOURCE" : "MASTER");
    Optional<String> channel =
        peek().kind() == Token.Kind.TEXT ? Optional.of(text()) : Optional.empty();
    expect("TO");
    var options = new TreeMap<String, String>();
    do {
      String name = name().toUpperCase(Locale.ROOT).replaceFirst("^(SOURCE|MASTER)_", "");
      expect("=");
      options.put(name, tokens.get(at).text());
      if (peek().kind() == Token.Kind.SYMBOL || peek().kind() == Token.Kind.END) {
        throw error();
      }
      at++;
    } while (accept(","));
    Optional<String> named = channel.isPresent() ? channel : forChannel();
    return new Statement.ChangeSource(today, named.orElse(""), options);
  }

  private Statement filter() throws SyntaxError {
    var filters = new TreeMap<String, String>();
    do {
      String name = name();
      expect("=");
      filters.put(name.toUpperCase(Locale.ROOT), parts());
    } while (accept(","));
    return new Statement.ChangeFilter(filters, forChannel());
  }

  /** What stands in parentheses, separated by commas; pairs in parentheses of their own. */
  private String parts() throws SyntaxError {
    var parts = new ArrayList<String>();
    expect("(");
    while (!accept(")")) {
      if (!parts.isEmpty()) {
        expect(",");
      }
      boolean pair = peek().text().equals("(");
      parts.add(pair ? "(" + parts() + ")" : peek().kind() == Token.Kind.TEXT ? text() : name());
    }
    return String.join(",", parts);
  }

  private Statement reset() throws SyntaxError {
    expect("RESET");
    if (accept("MASTER")) {
      return new Statement.ResetBinaryLogs(false);
    }
    if (accept("BINARY")) {
      expect("LOGS");
      expect("AND");
      expect("GTIDS");
      return new Statement.ResetBinaryLogs(true);
    }
    boolean today = replica();
    Optional<String> channel =
        peek().kind() == Token.Kind.TEXT ? Optional.of(text()) : Optional.empty();
    boolean all = accept("ALL");
    return new Statement.ResetReplica(today, all, channel.isPresent() ? channel : forChannel());
  }

  private Statement flush() throws SyntaxError {
    expect("FLUSH");
    if (!accept("LOCAL")) {
      accept("NO_WRITE_TO_BINLOG");
    }
    for (String what : List.of("BINARY LOGS", "LOGS", "PRIVILEGES", "STATUS")) {
      if (peek().is(what.split(" ")[0])) {
        for (String word : what.split(" ")) {
          expect(word);
        }
        return new Statement.Flush(what);
      }
    }
    throw error();
  }

  private Statement kill() throws SyntaxError {
    expect("KILL");
    boolean query = accept("QUERY");
    if (!query) {
      accept("CONNECTION");
    }
    return new Statement.Kill(!query, expression());
  }

  private Statement plugin() throws SyntaxError {
    boolean install = accept("INSTALL");
    if (!install) {
      expect("UNINSTALL");
    }
    expect("PLUGIN");
    String name = lower(name());
    if (install) {
      expect("SONAME");
      text();
    }
    return new Statement.InstallPlugin(install, name);
  }

  private Statement call() throws SyntaxError {
    expect("CALL");
    String name = name();
    if (accept(".")) {
      name += "." + name();
    }
    List<Expr> arguments = List.of();
    if (accept("(")) {
      if (!peek().is(")")) {
        arguments = list();
      }
      expect(")");
    }
    return new Statement.Call(lower(name), arguments);
  }

  // ---- expressions

  private List<Expr> list() throws SyntaxError {
    var all = new ArrayList<Expr>();
    do {
      all.add(expression());
    } while (accept(","));
    return all;
  }

  private Expr expression() throws SyntaxError {
    Expr left = and();
    while (accept("OR")) {
      left = new Expr.Binary("OR", left, and());
    }
    return left;
  }

  private Expr and() throws SyntaxError {
    Expr left = not();
    while (accept("AND")) {
      left = new Expr.Binary("AND", left, not());
    }
    return left;
  }

  private Expr not() throws SyntaxError {
    return accept("NOT") ? new Expr.Not(not()) : comparison();
  }

  private Expr comparison() throws SyntaxError {
    Expr left = sum();
    for (String operator : List.of("=", "<=>", "<=", ">=", "<>", "!=", "<", ">")) {
      if (accept(operator)) {
        return new Expr.Binary(operator.equals("!=") ? "<>" : operator, left, sum());
      }
    }
    if (accept("IS")) {
      boolean not = accept("NOT");
      Expr is = new Expr.Binary("IS", left, sum());
      return not ? new Expr.Not(is) : is;
    }
    boolean not = accept("NOT");
    if (accept("LIKE")) {
      Expr like = new Expr.Binary("LIKE", left, sum());
      return not ? new Expr.Not(like) : like;
    }
    if (accept("IN")) {
      expect("(");
      Expr in = new Expr.In(left, list());
      expect(")");
      return not ? new Expr.Not(in) : in;
    }
    if (not) {
      throw error();
    }
    return left;
  }

  private Expr sum() throws SyntaxError {
    Expr left = value();
    while (peek().is("+") || peek().is("-")) {
      left = new Expr.Binary(tokens.get(at++).text(), left, value());
    }
    return left;
  }

  private Expr value() throws SyntaxError {
    Token token = peek();
    switch (token.kind()) {
      case TEXT -> {
        at++;
        return new Expr.Literal(token.text());
      }
      case NUMBER -> {
        at++;
        return new Expr.Literal(numeric(token));
      }
      case END -> throw error();
      default -> {}
    }
    if (accept("(")) {
      Expr inner = expression();
      expect(")");
      return inner;
    }
    if (accept("-")) {
      return new Expr.Binary("-", new Expr.Literal(0L), value());
    }
    if (accept("@@")) {
      String first = lower(name());
      if (Set.of("global", "session", "local").contains(first) && accept(".")) {
        return new Expr.Variable(first.equals("local") ? "session" : first, lower(name()));
      }
      return new Expr.Variable("", first);
    }
    if (accept("@")) {
      return new Expr.UserVariable(lower(name()));
    }
    if (token.kind() == Token.Kind.SYMBOL || clause(token)) {
      throw error();
    }
    at++;
    if (token.is("NULL")) {
      return new Expr.Literal(null);
    }
    if (token.is("TRUE") || token.is("FALSE")) {
      return new Expr.Literal(token.is("TRUE") ? 1L : 0L);
    }
    if (accept("(")) {
      String function = token.text().toUpperCase(Locale.ROOT);
      List<Expr> arguments = List.of();
      if (!accept("*") && !peek().is(")")) {
        arguments = list();
      }
      expect(")");
      return new Expr.Call(function, arguments);
    }
    if (token.is("CURRENT_USER")) {
      return new Expr.Call("CURRENT_USER", List.of());
    }
    // The table or its alias before the column says nothing, as there is only one.
    return new Expr.Column(accept(".") ? name() : token.text());
  }

  private Object numeric(Token token) throws SyntaxError {
    if (token.text().matches("[0-9]{1,18}")) {
      return Long.valueOf(token.text());
    }
    if (token.text().matches("[0-9]+\\.?[0-9]*")) {
      return Double.valueOf(token.text());
    }
    throw error(token);
  }

  // ---- words

  private Token peek() {
    return tokens.get(at);
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  private boolean accept(String word) {
    if (peek().is(word)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String word) throws SyntaxError {
    if (!accept(word)) {
      throw error();
    }
  }

  private String name() throws SyntaxError {
    Token token = peek();
    if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.NAME) {
      throw error();
    }
    at++;
    return token.text();
  }

  private String text() throws SyntaxError {
    if (peek().kind() != Token.Kind.TEXT) {
      throw error();
    }
    return tokens.get(at++).text();
  }

  private long number() throws SyntaxError {
    if (peek().kind() == Token.Kind.NUMBER && numeric(peek()) instanceof Long number) {
      at++;
      return number;
    }
    throw error();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private SyntaxError error() {
    return error(peek());
  }

  private SyntaxError error(Token token) {
    int from = token.start();
    int line = 1 + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
    return new SyntaxError(text.substring(from).strip(), line);
  }
}
