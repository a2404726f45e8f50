package topiary.lab.sim;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a server tells of its replication, in the columns of its kind. */
final class Replicas {

  private static final long SECOND = 1_000_000;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("yyMMdd HH:mm:ss").withZone(ZoneOffset.UTC);

  private static final Columns MYSQL =
      Columns.of(
          """
          Replica_IO_State Source_Host Source_User Source_Port# Connect_Retry# Source_Log_File
          Read_Source_Log_Pos# Relay_Log_File Relay_Log_Pos# Relay_Source_Log_File Replica_IO_Running
          Replica_SQL_Running Replicate_Do_DB Replicate_Ignore_DB Replicate_Do_Table
          Replicate_Ignore_Table Replicate_Wild_Do_Table Replicate_Wild_Ignore_Table Last_Errno#
          Last_Error Skip_Counter# Exec_Source_Log_Pos# Relay_Log_Space# Until_Condition
          Until_Log_File Until_Log_Pos# Source_SSL_Allowed Source_SSL_CA_File Source_SSL_CA_Path
          Source_SSL_Cert Source_SSL_Cipher Source_SSL_Key Seconds_Behind_Source#
          Source_SSL_Verify_Server_Cert Last_IO_Errno# Last_IO_Error Last_SQL_Errno# Last_SQL_Error
          Replicate_Ignore_Server_Ids Source_Server_Id# Source_UUID Source_Info_File SQL_Delay#
          SQL_Remaining_Delay# Replica_SQL_Running_State Source_Retry_Count# Source_Bind
          Last_IO_Error_Timestamp Last_SQL_Error_Timestamp Source_SSL_Crl Source_SSL_Crlpath
          Retrieved_Gtid_Set Executed_Gtid_Set Auto_Position# Replicate_Rewrite_DB Channel_Name
          Source_TLS_Version Source_public_key_path Get_Source_public_key# Network_Namespace
          """);

  private static final Columns MARIA_ALL =
      Columns.of(
          """
          Connection_name Slave_SQL_State Slave_IO_State Master_Host Master_User Master_Port#
          Connect_Retry# Master_Log_File Read_Master_Log_Pos# Relay_Log_File Relay_Log_Pos#
          Relay_Master_Log_File Slave_IO_Running Slave_SQL_Running Replicate_Do_DB
          Replicate_Ignore_DB Replicate_Do_Table Replicate_Ignore_Table Replicate_Wild_Do_Table
          Replicate_Wild_Ignore_Table Last_Errno# Last_Error Skip_Counter# Exec_Master_Log_Pos#
          Relay_Log_Space# Until_Condition Until_Log_File Until_Log_Pos# Master_SSL_Allowed
          Master_SSL_CA_File Master_SSL_CA_Path Master_SSL_Cert Master_SSL_Cipher Master_SSL_Key
          Seconds_Behind_Master# Master_SSL_Verify_Server_Cert Last_IO_Errno# Last_IO_Error
          Last_SQL_Errno# Last_SQL_Error Replicate_Ignore_Server_Ids Master_Server_Id#
          Master_SSL_Crl Master_SSL_Crlpath Using_Gtid Gtid_IO_Pos Replicate_Do_Domain_Ids
          Replicate_Ignore_Domain_Ids Parallel_Mode SQL_Delay# SQL_Remaining_Delay#
          Slave_SQL_Running_State Slave_DDL_Groups# Slave_Non_Transactional_Groups#
          Slave_Transactional_Groups# Replicate_Rewrite_DB Retried_transactions# Max_relay_log_size#
          Executed_log_entries# Slave_received_heartbeats# Slave_heartbeat_period Gtid_Slave_Pos
          """);

  private static final Columns MARIA =
      MARIA_ALL.without(
          Set.of(
              "connection_name",
              "slave_sql_state",
              "retried_transactions",
              "max_relay_log_size",
              "executed_log_entries",
              "slave_received_heartbeats",
              "slave_heartbeat_period",
              "gtid_slave_pos"));

  private static final Columns MYSQL_HOSTS =
      Columns.of("Server_Id# Host Port# Source_Id# Replica_UUID");
  private static final Columns MARIA_HOSTS = Columns.of("Server_id# Host Port# Master_id#");

  private static final Columns MYSQL_LOG =
      Columns.of("File Position# Binlog_Do_DB Binlog_Ignore_DB Executed_Gtid_Set");
  private static final Columns MARIA_LOG =
      Columns.of("File Position# Binlog_Do_DB Binlog_Ignore_DB");

  private static final Columns RELAY_EVENTS =
      Columns.of("Log_name Pos# Event_type Server_id# End_log_pos# Info");

  private static final Columns MYSQL_LOGS = Columns.of("Log_name File_size# Encrypted");
  private static final Columns MARIA_LOGS = Columns.of("Log_name File_size#");

  private static final Columns MYSQL_PROCESSES =
      Columns.of("Id# User Host db Command Time# State Info");
  private static final Columns MARIA_PROCESSES =
      Columns.of("Id# User Host db Command Time# State Info Progress");
  private static final Columns MYSQL_PROCESSLIST = capital(MYSQL_PROCESSES);
  private static final Columns MARIA_PROCESSLIST = capital(MARIA_PROCESSES);

  private Replicas() {}

  static String time(long micros) {
    return TIME.format(Instant.ofEpochMilli(micros / 1000));
  }

  /** The refusal of what cannot be done while a channel's threads run. */
  static Refused running(Channel channel, Kind kind) {
    return kind.maria()
        ? new Refused(
            1198,
            "HY000",
            "This operation cannot be performed as you have a running slave '%s'; run STOP SLAVE '%s' first"
                .formatted(channel.name, channel.name))
        : new Refused(
            3081,
            "HY000",
            "This operation cannot be performed with running replication threads; run STOP REPLICA"
                + " FOR CHANNEL '"
                + channel.name
                + "' first");
  }

  /** The refusal of a channel that there is none of. */
  static Refused unknown(String channel, Kind kind) {
    return kind.maria()
        ? new Refused(1617, "HY000", "There is no master connection '" + channel + "'")
        : new Refused(3074, "HY000", "Replica channel '" + channel + "' does not exist.");
  }

  // ---- status

  /**
   * The state of each channel, or of one.
   *
   * @param all MariaDB's longer form
   */
  static Answer status(Server server, Optional<String> channel, boolean all, long now)
      throws Refused {
    if (channel.isPresent() && !channel.get().isEmpty() && server.known(channel.get()).isEmpty()) {
      throw unknown(channel.get(), server.kind());
    }
    boolean maria = server.kind().maria();
    Columns columns = !maria ? MYSQL : all ? MARIA_ALL : MARIA;
    var rows = new ArrayList<Object[]>();
    for (Channel c : server.channels()) {
      // Of several, MariaDB's shorter form means the unnamed one.
      if ((channel.isEmpty() && (all || !maria)) || c.name.equals(channel.orElse(""))) {
        Columns.Filling row = columns.filling();
        both(row, c, now);
        if (maria) {
          maria(row, server, c, now);
        } else {
          mysql(row, server, c, now);
        }
        rows.add(row.row());
      }
    }
    return new Answer.Rows(columns, rows);
  }

  private static void both(Columns.Filling v, Channel c, long now) {
    Log.Position executed = c.executed();
    v.put("Connect_Retry", (long) c.connectRetry);
    String relay = c.name.isEmpty() ? "relay" : "relay-" + c.name;
    v.put("Relay_Log_File", relay + (c.read.file().isEmpty() ? ".000001" : ".000002"));
    long relayed = c.read.file().isEmpty() ? 4 : executed.offset();
    v.put("Relay_Log_Pos", relayed);
    v.put("Relay_Log_Space", relayed + 300 + c.pending() * Log.TRANSACTION);
    v.put("Until_Condition", c.until().isPresent() ? "SQL_AFTER_GTIDS" : "None");
    v.put("Last_IO_Errno", (long) c.ioErrno);
    v.put("Last_IO_Error", c.ioError);
    v.put("Last_SQL_Errno", (long) c.sqlErrno);
    v.put("Last_SQL_Error", c.sqlError);
    v.put("Last_Errno", (long) c.sqlErrno);
    v.put("Last_Error", c.sqlError);
    v.put("SQL_Delay", (long) c.delaySeconds);
    v.put("SQL_Remaining_Delay", remaining(c, now));
    c.filters().forEach(v::put);
  }

  private static Object remaining(Channel c, long now) {
    Long behind = c.secondsBehind(now);
    boolean held = c.delaySeconds > 0 && c.pending() > 0 && behind != null;
    return held ? Math.max(0, c.delaySeconds - behind) : null;
  }

  private static String io(Channel c) {
    return !c.ioRunning() ? "No" : c.connected() ? "Yes" : "Connecting";
  }

  private static void mysql(Columns.Filling v, Server server, Channel c, long now) {
    Log.Position executed = c.executed();
    v.put("Replica_IO_State", ioState(c, "source"));
    v.put("Source_Host", c.host);
    v.put("Source_User", c.user);
    v.put("Source_Port", (long) c.port);
    v.put("Source_Log_File", c.read.file());
    v.put("Read_Source_Log_Pos", c.read.offset());
    v.put("Relay_Source_Log_File", executed.file());
    v.put("Exec_Source_Log_Pos", executed.offset());
    v.put("Replica_IO_Running", io(c));
    v.put("Replica_SQL_Running", c.sqlRunning() ? "Yes" : "No");
    v.put("Source_SSL_Allowed", c.tls ? "Yes" : "No");
    v.put("Source_SSL_Verify_Server_Cert", "No");
    v.put("Seconds_Behind_Source", c.secondsBehind(now));
    v.put("Source_Server_Id", c.sourceId);
    v.put("Source_UUID", c.sourceUuid);
    v.put("Source_Info_File", "mysql.slave_master_info");
    v.put("Replica_SQL_Running_State", sqlState(c, "Replica"));
    v.put("Source_Retry_Count", c.retryCount);
    v.put("Last_IO_Error_Timestamp", c.ioErrorAt == 0 ? "" : stamp(c.ioErrorAt));
    v.put("Last_SQL_Error_Timestamp", c.sqlErrorAt == 0 ? "" : stamp(c.sqlErrorAt));
    v.put("Retrieved_Gtid_Set", c.received.toString());
    v.put("Executed_Gtid_Set", server.executedSet().toString());
    v.put("Auto_Position", c.autoPosition ? 1L : 0L);
    v.put("Channel_Name", c.name);
  }

  private static String stamp(long micros) {
    return SHORT.format(Instant.ofEpochMilli(micros / 1000));
  }

  private static void maria(Columns.Filling v, Server server, Channel c, long now) {
    Log.Position executed = c.executed();
    v.put("Connection_name", c.name);
    v.put("Slave_SQL_State", sqlState(c, "Slave"));
    v.put("Slave_IO_State", ioState(c, "master"));
    v.put("Master_Host", c.host);
    v.put("Master_User", c.user);
    v.put("Master_Port", (long) c.port);
    v.put("Master_Log_File", c.read.file());
    v.put("Read_Master_Log_Pos", c.read.offset());
    v.put("Relay_Master_Log_File", executed.file());
    v.put("Exec_Master_Log_Pos", executed.offset());
    v.put("Slave_IO_Running", io(c));
    v.put("Slave_SQL_Running", c.sqlRunning() ? "Yes" : "No");
    v.put("Master_SSL_Allowed", c.tls ? "Yes" : "No");
    v.put("Master_SSL_Verify_Server_Cert", "No");
    v.put("Seconds_Behind_Master", c.secondsBehind(now));
    v.put("Master_Server_Id", c.sourceId);
    v.put("Using_Gtid", c.usingGtid);
    v.put("Gtid_IO_Pos", c.usingGtid.equals("No") ? "" : c.received.toString());
    v.put("Parallel_Mode", "optimistic");
    v.put("Slave_SQL_Running_State", sqlState(c, "Slave"));
    v.put("Max_relay_log_size", 1L << 30);
    v.put("Slave_heartbeat_period", "30.000");
    v.put("Gtid_Slave_Pos", server.slavePosition().toString());
  }

  private static String ioState(Channel c, String source) {
    return !c.ioRunning()
        ? ""
        : c.connected() ? "Waiting for " + source + " to send event" : "Connecting to " + source;
  }

  private static String sqlState(Channel c, String replica) {
    if (!c.sqlRunning()) {
      return "";
    }
    return c.pending() == 0
        ? replica + " has read all relay log; waiting for more updates"
        : c.delaySeconds > 0
            ? "Waiting until SOURCE_DELAY seconds after source executed event"
                .replace("SOURCE", replica.equals("Slave") ? "MASTER" : "SOURCE")
                .replace(" source ", replica.equals("Slave") ? " master " : " source ")
            : "Reading event from the relay log";
  }

  // ---- the other side

  static Answer hosts(Server server, long now) {
    boolean maria = server.kind().maria();
    var rows = new ArrayList<Object[]>();
    for (Server replica : server.connectedReplicas(now)) {
      long id = replica.serverId();
      String host = replica.address().host();
      long port = replica.address().port();
      rows.add(
          maria
              ? new Object[] {id, host, port, server.serverId()}
              : new Object[] {id, host, port, server.serverId(), replica.uuid()});
    }
    return new Answer.Rows(maria ? MARIA_HOSTS : MYSQL_HOSTS, rows);
  }

  static Answer logEnd(Server server) {
    Log.Position end = server.log().end();
    boolean maria = server.kind().maria();
    Object[] row =
        maria
            ? new Object[] {end.file(), end.offset(), "", ""}
            : new Object[] {end.file(), end.offset(), "", "", server.executedSet().toString()};
    return new Answer.Rows(maria ? MARIA_LOG : MYSQL_LOG, List.<Object[]>of(row));
  }

  /** What a channel has not applied of its relay log, but for the first of it nothing. */
  static Answer nextEvent(Server server, String channel) {
    return new Answer.Rows(
        RELAY_EVENTS,
        server.known(channel).stream()
            .flatMap(
                c ->
                    c.nextEvent().stream()
                        .map(
                            gtid ->
                                new Object[] {
                                  "relay.000002",
                                  c.executed().offset(),
                                  "Gtid",
                                  c.sourceId,
                                  c.executed().offset(),
                                  "BEGIN GTID " + gtid
                                }))
            .toList());
  }

  static Answer logs(Server server) {
    boolean maria = server.kind().maria();
    var rows = new ArrayList<Object[]>();
    for (int i = server.log().first(); i < server.log().count(); i++) {
      rows.add(
          maria
              ? new Object[] {Log.name(i), server.log().size(i)}
              : new Object[] {Log.name(i), server.log().size(i), "No"});
    }
    return new Answer.Rows(maria ? MARIA_LOGS : MYSQL_LOGS, rows);
  }

  /**
   * Connections and threads.
   *
   * @param schema as the table of information_schema has them, in capital letters
   */
  static Answer.Rows processes(Server server, boolean schema, long now) {
    Kind kind = server.kind();
    var rows = new ArrayList<Object[]>();
    long id = 1;
    for (Channel c : server.channels()) {
      if (c.ioRunning()) {
        String command = kind.maria() && c.connected() ? "Slave_IO" : "Connect";
        String state = ioState(c, kind.maria() ? "master" : "source");
        String host = kind.maria() ? "" : "connecting host";
        rows.add(process(kind, id++, "system user", host, command, now - c.ioSince(), state, null));
      }
      if (c.sqlRunning()) {
        String command = kind.maria() ? "Slave_SQL" : "Query";
        String state = sqlState(c, kind.maria() ? "Slave" : "Replica");
        rows.add(process(kind, id++, "system user", "", command, now - c.sqlSince(), state, null));
      }
    }
    for (Server replica : server.connectedReplicas(now)) {
      for (Channel c : replica.channels()) {
        if (c.connected() && c.source().equals(server.address())) {
          boolean gtid = !kind.maria() && c.autoPosition;
          rows.add(
              process(
                  kind,
                  DUMPS + replica.serverId(),
                  c.user,
                  replica.address().host() + ":40000",
                  gtid ? "Binlog Dump GTID" : "Binlog Dump",
                  now - c.ioSince(),
                  kind.maria()
                      ? "Master has sent all binlog to slave; waiting for more updates"
                      : "Source has sent all binlog to replica; waiting for more updates",
                  null));
        }
      }
    }
    for (Session s : server.sessions()) {
      boolean busy = s.busySince() != 0;
      rows.add(
          process(
              kind,
              s.id(),
              s.user(),
              s.clientAddress(),
              busy ? "Query" : "Sleep",
              now - (busy ? s.busySince() : s.idleSince()),
              busy ? (kind.maria() ? "starting" : "init") : "",
              busy ? s.statement() : null));
      rows.getLast()[3] = s.schema();
    }
    return new Answer.Rows(
        kind.maria()
            ? schema ? MARIA_PROCESSLIST : MARIA_PROCESSES
            : schema ? MYSQL_PROCESSLIST : MYSQL_PROCESSES,
        rows);
  }

  /** The connections of replicas are told from those of clients by their numbers. */
  private static final long DUMPS = 1_000_000;

  private static Object[] process(
      Kind kind,
      long id,
      String user,
      String host,
      String command,
      long age,
      String state,
      String info) {
    long seconds = Math.max(0, age) / SECOND;
    return kind.maria()
        ? new Object[] {id, user, host, null, command, seconds, state, info, "0.000"}
        : new Object[] {id, user, host, null, command, seconds, state, info};
  }

  private static Columns capital(Columns columns) {
    return new Columns(
        columns.list().stream()
            .map(c -> new Columns.Column(c.name().toUpperCase(Locale.ROOT), c.number()))
            .toList());
  }
}
