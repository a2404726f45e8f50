package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/** Makes MySQL's first data directory, with the lab's accounts. */
final class MySqlTemplate {
  /**
   * Raised whenever the template would come out differently, so that an older one is not used any
   * more.
   */
  private static final int RECIPE = 3;

  private static final long SPACE = 250L << 20;

  private static final String FINE_GRAINED =
      "REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN, BINLOG_ADMIN, SESSION_VARIABLES_ADMIN,"
          + " REPLICATION_APPLIER, CONNECTION_ADMIN, PERSIST_RO_VARIABLES_ADMIN";

  private MySqlTemplate() {}

  static Template make(Cache cache, Programs programs, ServerVersion version) {
    String name = "mysql-" + version.release() + "-r" + RECIPE;
    Path ready =
        Workshop.make(
            cache.templates(),
            name,
            SPACE,
            "the template of the servers",
            fresh -> bootstrap(programs, version, fresh));
    return new Template(ready.resolve("data"), ready.resolve("passwords"));
  }

  private static void bootstrap(Programs programs, ServerVersion version, Path into) {
    Path data = into.resolve("data");
    Disk.makePrivate(data);
    var accounts = new Accounts(into.resolve("passwords"));
    accounts.add("lab", "ALL PRIVILEGES");
    accounts.add("app", Accounts.APPLICATION);
    accounts.add(
        "topiary",
        version.atLeast(8, 0, 0)
            ? "PROCESS, REPLICATION CLIENT, REPLICATION SLAVE, RELOAD, EVENT, "
                + (version.atLeast(8, 2, 0) ? "SET_ANY_DEFINER, " : "SET_USER_ID, ")
                + FINE_GRAINED
            : "SUPER, PROCESS, REPLICATION CLIENT, REPLICATION SLAVE, RELOAD, EVENT");
    accounts.add("repl", "REPLICATION SLAVE");
    Path script = into.resolve("accounts.sql");
    List<String> command =
        new ArrayList<>(
            programs.command(
                "--no-defaults",
                "--basedir=" + programs.home(),
                "--lc-messages-dir=" + programs.share(),
                "--character-sets-dir=" + programs.share().resolve("charsets"),
                "--datadir=" + data,
                "--tmpdir=" + into,
                "--innodb-buffer-pool-size=5M",
                "--innodb-doublewrite=OFF",
                "--innodb-flush-method=nosync",
                "--innodb-use-native-aio=0",
                "--skip-log-bin"));
    if (Machine.root()) {
      command.add("--user=root");
    }
    command.add(
        version.atLeast(8, 0, 30) ? "--innodb-redo-log-capacity=8M" : "--innodb-log-file-size=4M");
    Commands.Result result;
    if (version.atLeast(5, 7, 6)) {
      command.add("--secure-file-priv=NULL");
      // It makes a root without a password, which nobody is to use.
      Disk.writePrivate(script, accounts.sql() + "DROP USER 'root'@'localhost';\n");
      command.add("--initialize-insecure");
      command.add("--init-file=" + script);
      result = Commands.run(command);
    } else {
      Disk.makePrivate(data.resolve("mysql"));
      Disk.writePrivate(script, systemTables(programs) + accounts.sql());
      command.add("--bootstrap");
      result = Commands.run(command, script);
    }
    // It may end well even after errors in the statements.
    if (result.status() != 0 || result.output().contains("ERROR")) {
      throw new LabException(
          "MySQL could not make its first data directory: "
              + MariaDbTemplate.lastLines(result.output()));
    }
    Disk.delete(script);
    // With it every copy would have the same server UUID.
    Disk.delete(data.resolve("auto.cnf"));
  }

  /** The scripts that make 5.6's system tables, without the accounts they bring. */
  private static String systemTables(Programs programs) {
    var sql = new StringBuilder("CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\n");
    for (String file : List.of("mysql_system_tables.sql", "mysql_system_tables_data.sql")) {
      Path script = programs.share().resolve(file);
      if (!Files.exists(script)) {
        throw new LabException(
            "the server in " + programs.home() + " lacks " + script + "; unpack all of it");
      }
      sql.append(Disk.read(script)).append('\n');
    }
    return sql.append(
            """
            DELETE FROM mysql.user;
            DELETE FROM mysql.db;
            DELETE FROM mysql.proxies_priv;
            FLUSH PRIVILEGES;
            """)
        .toString();
  }
}
