package topiary.lab.flavor;

import topiary.lab.base.LabException;

/**
 * The option file of a MySQL server that wants little. It has nothing forced to the disk: what a
 * lab kills is a process, whose files the machine keeps, and a table is made in half the time.
 */
final class MySqlOptions {
  private MySqlOptions() {}

  static String text(ServerOptions server, Programs programs, ServerVersion version) {
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
            read_only=ON
            log-bin=%s
            relay-log=relay
            binlog_format=ROW
            gtid_mode=%s
            enforce_gtid_consistency=%s
            sync_binlog=0
            innodb_flush_log_at_trx_commit=2
            innodb_buffer_pool_size=5M
            innodb_log_buffer_size=1M
            innodb_doublewrite=0
            innodb_flush_method=nosync
            innodb_use_native_aio=0
            innodb_read_io_threads=1
            innodb_write_io_threads=1
            innodb_purge_threads=1
            key_buffer_size=64K
            table_open_cache=64
            table_definition_cache=400
            max_connections=100
            performance_schema=OFF
            """
                .formatted(
                    ServerOptions.quoted(programs.home()),
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
                    server.mode().gtid() ? "ON" : "OFF",
                    server.mode().gtid() ? "ON" : "OFF"));
    if (Machine.root()) {
      text.append("user=root\n");
    }
    programs
        .plugins()
        .ifPresent(p -> text.append("plugin-dir=").append(ServerOptions.quoted(p)).append('\n'));
    boolean sourceWords = MySqlWords.of(version.major(), version.minor()) == MySqlWords.SOURCE;
    if (version.atLeast(5, 7, 8)) {
      text.append("super_read_only=ON\nsecure_file_priv=NULL\n");
    }
    text.append(
        sourceWords
            ? """
            log_replica_updates=ON
            skip_replica_start=OFF
            replica_net_timeout=4
            """
            : """
            log_slave_updates=ON
            skip_slave_start=OFF
            slave_net_timeout=4
            """);
    text.append(
        version.atLeast(8, 0, 30) ? "innodb_redo_log_capacity=8M\n" : "innodb_log_file_size=4M\n");
    text.append(
        version.atLeast(8, 0, 0)
            ? """
            mysqlx=0
            innodb_page_cleaners=1
            temptable_max_ram=2M
            """
            // The replica's positions are written at once: a killed 5.6 would else apply again what
            // it has.
            : """
            master_info_repository=TABLE
            relay_log_info_repository=TABLE
            sync_master_info=1
            sync_relay_log_info=1
            explicit_defaults_for_timestamp=1
            """);
    if (!server.mode().gtid()) {
      // What a killed replica had received may be ahead of where it believes to have received to;
      // without GTIDs it would apply twice what it then receives again.
      text.append("relay_log_recovery=ON\n");
    }
    if (server.mode().semiSync()) {
      text.append(semiSync(programs, sourceWords));
    }
    return text.toString();
  }

  private static String semiSync(Programs programs, boolean sourceWords) {
    String source = sourceWords ? "source" : "master";
    String replica = sourceWords ? "replica" : "slave";
    if (programs.plugins().isEmpty()) {
      throw new LabException(
          "the server in "
              + programs.home()
              + " comes without the plugins of semi-synchronous replication; use another flavour"
              + " for --semi-sync");
    }
    // A server without replicas would make whoever applies on it wait.
    return """
    plugin-load-add=rpl_semi_sync_%1$s=semisync_%1$s.so
    plugin-load-add=rpl_semi_sync_%2$s=semisync_%2$s.so
    rpl_semi_sync_%1$s_enabled=ON
    rpl_semi_sync_%1$s_timeout=%3$d
    rpl_semi_sync_%1$s_wait_no_%2$s=OFF
    rpl_semi_sync_%2$s_enabled=ON
    """
        .formatted(source, replica, Common.SEMI_SYNC_MILLIS);
  }
}
