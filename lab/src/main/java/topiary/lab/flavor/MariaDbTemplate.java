package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.process.Commands;

/** Makes MariaDB's first data directory, with the lab's accounts. */
final class MariaDbTemplate {
  /**
   * Raised whenever the template would come out differently, so that an older one is not used any
   * more.
   */
  private static final int RECIPE = 3;

  private static final long SPACE = 100L << 20;

  private MariaDbTemplate() {}

  /** The scripts in the server's {@code share} that make the system tables, in order. */
  static List<String> scripts(String prefix) {
    return Stream.of("system_tables.sql", "performance_tables.sql", "system_tables_data.sql")
        .map(prefix::concat)
        .toList();
  }

  static Template make(Cache cache, Programs programs, ServerVersion version) {
    String name = "mariadb-" + version.release() + "-r" + RECIPE;
    Path ready =
        Workshop.make(
            cache.templates(),
            name,
            SPACE,
            "the template of the servers",
            fresh -> bootstrap(programs, fresh));
    return new Template(ready.resolve("data"), ready.resolve("passwords"));
  }

  private static void bootstrap(Programs programs, Path into) {
    Path data = into.resolve("data");
    Disk.makePrivate(data.resolve("mysql"));
    var sql =
        new StringBuilder(
            "create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n");
    // Their names changed with the release 11.
    String prefix =
        Stream.of("mariadb_", "mysql_")
            .filter(p -> Files.exists(programs.share().resolve(scripts(p).getFirst())))
            .findFirst()
            .orElseThrow(
                () ->
                    new LabException(
                        "the server in "
                            + programs.home()
                            + " lacks the scripts of its system tables in "
                            + programs.share()
                            + "; unpack all of it"));
    scripts(prefix)
        .forEach(file -> sql.append(Disk.read(programs.share().resolve(file))).append('\n'));
    // The system tables come with a root that needs no password.
    sql.append(
        "DELETE FROM mysql.global_priv WHERE User='root';\n"
            + "DELETE FROM mysql.proxies_priv;\n"
            + "FLUSH PRIVILEGES;\n");
    sql.append(
        new Accounts(into.resolve("passwords"))
            .add("lab", "ALL PRIVILEGES")
            .add("app", Accounts.APPLICATION)
            .add(
                "topiary",
                "PROCESS, REPLICATION SLAVE, RELOAD, BINLOG MONITOR, SLAVE MONITOR, REPLICATION"
                    + " SLAVE ADMIN, REPLICATION MASTER ADMIN, BINLOG ADMIN, READ_ONLY ADMIN,"
                    + " CONNECTION ADMIN, EVENT, SET USER")
            .add("repl", "REPLICATION SLAVE")
            .sql());
    Path script = into.resolve("bootstrap.sql");
    Disk.writePrivate(script, sql.toString());
    List<String> command =
        new ArrayList<>(
            programs.command(
                "--no-defaults",
                "--bootstrap",
                "--basedir=" + programs.home(),
                "--lc-messages-dir=" + programs.share(),
                "--character-sets-dir=" + programs.share().resolve("charsets"),
                "--datadir=" + data,
                "--tmpdir=" + into,
                "--innodb-log-file-size=4M",
                "--innodb-buffer-pool-size=6M",
                "--innodb-flush-method=nosync",
                "--innodb-use-native-aio=0",
                "--log-warnings=0",
                "--skip-log-bin",
                "--skip-ssl"));
    if (Machine.root()) {
      command.add("--user=root");
    }
    Commands.Result result = Commands.run(command, script);
    // Bootstrapping ends well even after some errors in its statements.
    if (result.status() != 0 || result.output().contains("ERROR")) {
      throw new LabException(
          "MariaDB could not make its first data directory: " + lastLines(result.output()));
    }
    Disk.delete(script);
  }

  /** The end of what a program said, on one line. */
  static String lastLines(String output) {
    List<String> lines = output.lines().toList();
    return String.join(" ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }
}
