package topiary.lab.flavor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import topiary.lab.base.Cache;

/** MariaDB from 10.5 on. */
final class MariaDb implements Flavor {
  private final String id;
  private final String about;
  private final Origin origin;

  MariaDb(String id, String about, Origin origin) {
    this.id = id;
    this.about = about;
    this.origin = origin;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String about() {
    return about;
  }

  @Override
  public String origin() {
    return origin.words();
  }

  @Override
  public Optional<Path> home(Cache cache) {
    return origin.home(cache);
  }

  @Override
  public String version(Path home) {
    return origin.version(home).text();
  }

  @Override
  public Path install(Cache cache) {
    return origin.install(cache);
  }

  @Override
  public Template template(Cache cache) {
    Path home = install(cache);
    return MariaDbTemplate.make(cache, Programs.at(home), origin.version(home));
  }

  @Override
  public boolean multiSource() {
    return true;
  }

  @Override
  public String options(ServerOptions server) {
    Programs programs = Programs.at(server.home());
    // skip-ssl: without it 11.4 generates an RSA certificate at every start, for seconds.
    // socket: relative to the data directory, since a socket's path must not exceed 107 bytes.
    var text =
        new StringBuilder(
            """
            [mysqld]
            basedir=%s
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
            log-bin=%s
            relay-log=relay
            binlog_format=ROW
            log_slave_updates=ON
            skip_slave_start=OFF
            gtid_domain_id=%d
            gtid_strict_mode=ON
            slave_net_timeout=4
            sync_binlog=0
            innodb_flush_log_at_trx_commit=2
            innodb_buffer_pool_size=6M
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
                    ServerOptions.quoted(server.home()),
                    ServerOptions.quoted(programs.share()),
                    ServerOptions.quoted(programs.share().resolve("charsets")),
                    ServerOptions.quoted(server.data()),
                    ServerOptions.quoted(server.directory()),
                    ServerOptions.quoted(server.directory().resolve("error.log")),
                    server.host(),
                    server.port(),
                    server.host(),
                    server.port(),
                    server.number(),
                    server.binaryLog(),
                    server.domain()));
    if (Machine.root()) {
      text.append("user=root\n");
    }
    if (server.sources() > 1 && server.mode().gtid()) {
      // A transaction may come from two sources that have it from one another.
      text.append("gtid_ignore_duplicates=ON\n");
    }
    if (server.mode().semiSync()) {
      // A server without replicas would make whoever applies on it wait.
      text.append(
          """
          rpl_semi_sync_master_enabled=ON
          rpl_semi_sync_master_timeout=%d
          rpl_semi_sync_master_wait_no_slave=OFF
          rpl_semi_sync_slave_enabled=ON
          """
              .formatted(Common.SEMI_SYNC_MILLIS));
    }
    return text.toString();
  }

  @Override
  public List<String> command(Path home, Path optionFile) {
    return Programs.at(home).command(proof(optionFile));
  }

  @Override
  public String proof(Path optionFile) {
    return Common.proof(optionFile);
  }

  @Override
  public void tidy(Path data) {
    Common.tidy(data);
  }

  @Override
  public void follow(Connection replica, Source source, Mode mode) throws SQLException {
    String name = source.channel().isEmpty() ? "" : "'" + source.channel() + "' ";
    try (var statement = replica.createStatement()) {
      // 11.4 insists on TLS unless told otherwise.
      statement.execute(
          """
          CHANGE MASTER %sTO MASTER_HOST='%s', MASTER_PORT=%d, MASTER_USER='%s', MASTER_PASSWORD='%s',
            MASTER_USE_GTID=%s, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1,
            MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0
          """
              .formatted(
                  name,
                  source.host(),
                  source.port(),
                  source.credentials().user(),
                  source.credentials().password(),
                  mode.gtid() ? "slave_pos" : "no"));
      statement.execute("START SLAVE " + name);
    }
  }

  @Override
  public void makeWritable(Connection server) throws SQLException {
    try (var statement = server.createStatement()) {
      statement.execute("SET GLOBAL read_only=OFF");
    }
  }

  @Override
  public ServerView look(Connection server, Mode mode) throws SQLException {
    List<ServerView.Replication> channels = new ArrayList<>();
    try (var statement = server.createStatement()) {
      try (var row = statement.executeQuery("SHOW ALL SLAVES STATUS")) {
        while (row.next()) {
          channels.add(channel(row));
        }
      }
      boolean readOnly;
      String position;
      try (var row = statement.executeQuery("SELECT @@read_only, @@gtid_binlog_pos")) {
        row.next();
        readOnly = row.getBoolean(1);
        position = row.getString(2);
      }
      if (!mode.gtid()) {
        try (var row = statement.executeQuery("SHOW MASTER STATUS")) {
          position = row.next() ? row.getString("File") + ":" + row.getLong("Position") : "";
        }
      }
      return new ServerView(readOnly, position, channels);
    }
  }

  private static ServerView.Replication channel(ResultSet row) throws SQLException {
    String fault = row.getString("Last_SQL_Error");
    return new ServerView.Replication(
        row.getString("Connection_name"),
        row.getString("Master_Host"),
        row.getInt("Master_Port"),
        "Yes".equals(row.getString("Slave_IO_Running")),
        "Yes".equals(row.getString("Slave_SQL_Running")),
        fault == null || fault.isEmpty() ? row.getString("Last_IO_Error") : fault,
        row.getString("Relay_Master_Log_File") + ":" + row.getLong("Exec_Master_Log_Pos"));
  }

  @Override
  public boolean reach(Connection replica, String gtids, Duration limit) throws SQLException {
    try (var statement = replica.prepareStatement("SELECT MASTER_GTID_WAIT(?, ?)")) {
      statement.setString(1, gtids);
      statement.setInt(2, (int) Math.max(1, limit.toSeconds()));
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1) == 0;
      }
    }
  }

  @Override
  public int acknowledging(Connection source) throws SQLException {
    return Common.status(source, "Rpl_semi_sync_master_clients");
  }
}
