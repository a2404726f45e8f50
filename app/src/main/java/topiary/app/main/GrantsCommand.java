package topiary.app.main;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import topiary.app.cli.Exit;
import topiary.engine.dialect.Dialect;
import topiary.engine.dialect.MariaDialect;
import topiary.engine.dialect.MySqlDialect;

/** Prints what Topiary's user needs on a server. */
final class GrantsCommand {

  /** By the word it is asked with; the older MySQLs have no right but SUPER for most of it. */
  private static final Map<String, Dialect> FLAVORS =
      Map.of(
          "mariadb", new MariaDialect(),
          "mysql", MySqlDialect.NEWEST,
          "percona", MySqlDialect.NEWEST,
          "mysql-5.7", new MySqlDialect(Set.of()),
          "mysql-5.6", new MySqlDialect(Set.of()));

  private static final String USAGE =
      "topiary: grants --flavor " + String.join("|", FLAVORS.keySet().stream().sorted().toList());

  private GrantsCommand() {}

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    if (args.size() != 2 || !args.getFirst().equals("--flavor")) {
      err.println(USAGE);
      return Exit.USAGE;
    }
    Dialect dialect = FLAVORS.get(args.get(1).toLowerCase(Locale.ROOT));
    if (dialect == null) {
      err.println(USAGE);
      return Exit.USAGE;
    }
    dialect.needed().statements("topiary").forEach(out::println);
    return Exit.OK;
  }
}
