package topiary.lab.flavor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.process.Commands;

/** Makes MariaDB's first data directory, with the lab's accounts. */
final class MariaDbTemplate {
  /** The scripts in the server's {@code share} that make the system tables, in order. */
  static final List<String> SCRIPTS =
      List.of(
          "mariadb_system_tables.sql",
          "mariadb_performance_tables.sql",
          "mariadb_system_tables_data.sql");

  /**
   * Raised whenever the template would come out differently, so that an older one is not used any
   * more.
   */
  private static final int RECIPE = 1;

  private static final Duration OTHERS_WORK = Duration.ofMinutes(3);

  private MariaDbTemplate() {}

  static Template make(Cache cache) {
    Path home = MariaDbPackage.install(cache);
    String name = MariaDb.ID + "-r" + RECIPE;
    Path ready = cache.templates().resolve(name);
    if (!Files.isDirectory(ready)) {
      Disk.makePrivate(cache.templates());
      try (var _ = Lock.take(cache.templates().resolve(name + ".lock"), OTHERS_WORK)) {
        if (!Files.isDirectory(ready)) {
          Path fresh = cache.templates().resolve(name + ".new");
          Disk.delete(fresh);
          Disk.needSpace(cache.templates(), 100L << 20, "the template of the servers");
          try {
            bootstrap(home, fresh);
            Disk.rename(fresh, ready);
          } finally {
            Disk.delete(fresh);
          }
        }
      }
    }
    return new Template(ready.resolve("data"), ready.resolve("passwords"));
  }

  private static void bootstrap(Path home, Path into) {
    Path data = into.resolve("data");
    Path passwords = into.resolve("passwords");
    Disk.makePrivate(data.resolve("mysql"));
    Disk.makePrivate(passwords);
    var sql =
        new StringBuilder(
            "create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n");
    SCRIPTS.forEach(
        file -> sql.append(Disk.read(home.resolve("share").resolve(file))).append('\n'));
    // The system tables come with a root that needs no password.
    sql.append(
        "DELETE FROM mysql.global_priv WHERE User='root';\n"
            + "DELETE FROM mysql.proxies_priv;\n"
            + "FLUSH PRIVILEGES;\n");
    account(sql, passwords, "lab", "ALL PRIVILEGES");
    account(
        sql,
        passwords,
        "topiary",
        "PROCESS, REPLICATION SLAVE, RELOAD, BINLOG MONITOR, SLAVE MONITOR, REPLICATION SLAVE"
            + " ADMIN, REPLICATION MASTER ADMIN, BINLOG ADMIN, READ_ONLY ADMIN, CONNECTION ADMIN");
    account(sql, passwords, "repl", "REPLICATION SLAVE");
    Path script = into.resolve("bootstrap.sql");
    Disk.writePrivate(script, sql.toString());
    List<String> command =
        new ArrayList<>(
            List.of(
                MariaDbPackage.program(home).toString(),
                "--no-defaults",
                "--bootstrap",
                "--basedir=" + home,
                "--lc-messages-dir=" + home.resolve("share"),
                "--character-sets-dir=" + home.resolve("share/charsets"),
                "--datadir=" + data,
                "--tmpdir=" + into,
                "--innodb-log-file-size=4M",
                "--innodb-buffer-pool-size=5M",
                "--innodb-flush-method=nosync",
                "--innodb-use-native-aio=0",
                "--log-warnings=0",
                "--skip-log-bin",
                "--skip-ssl"));
    if (MariaDb.root()) {
      command.add("--user=root");
    }
    Commands.Result result = Commands.run(command, script);
    // Bootstrapping ends well even after some errors in its statements.
    if (result.status() != 0 || result.output().contains("ERROR")) {
      throw new LabException(
          "MariaDB could not make its first data directory: "
              + lastLines(result.output()).replace('\n', ' '));
    }
    Disk.delete(script);
  }

  private static void account(StringBuilder sql, Path passwords, String user, String privileges) {
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Disk.writePrivate(passwords.resolve(user), password + "\n");
    sql.append("CREATE USER '%s'@'%%' IDENTIFIED BY '%s';\n".formatted(user, password));
    sql.append("GRANT %s ON *.* TO '%s'@'%%';\n".formatted(privileges, user));
  }

  private static String lastLines(String output) {
    List<String> lines = output.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }
}
