package topiary.app.main;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import topiary.app.cli.Exit;
import topiary.engine.dialect.Dialect;

/** Prints what Topiary's user needs on a server. */
final class GrantsCommand {

  private static final String USAGE = "topiary: grants --flavor mariadb";

  private GrantsCommand() {}

  static Exit run(List<String> args, PrintStream out, PrintStream err) {
    if (args.size() != 2 || !args.getFirst().equals("--flavor")) {
      err.println(USAGE);
      return Exit.USAGE;
    }
    String flavor = args.get(1).toLowerCase(Locale.ROOT);
    Optional<Dialect> dialect = Dialect.of("0.0.0-" + flavor);
    if (dialect.isEmpty()) {
      err.println("topiary: this version manages MariaDB only: grants --flavor mariadb");
      return Exit.USAGE;
    }
    dialect.get().needed().statements("topiary").forEach(out::println);
    return Exit.OK;
  }
}
