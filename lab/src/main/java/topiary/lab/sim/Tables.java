package topiary.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import topiary.lab.sql.Statement;

/** The tables that a server can be asked. */
final class Tables {

  private static final Columns VARIABLES = Columns.of("VARIABLE_NAME VARIABLE_VALUE");

  private static final Columns GROUP =
      Columns.of(
          "CHANNEL_NAME MEMBER_ID MEMBER_HOST MEMBER_PORT# MEMBER_STATE MEMBER_ROLE MEMBER_VERSION"
              + " MEMBER_COMMUNICATION_STACK");

  private static final Columns PLUGINS =
      Columns.of("PLUGIN_NAME PLUGIN_VERSION PLUGIN_STATUS PLUGIN_TYPE");

  private static final Columns CONNECTIONS =
      Columns.of(
          "CHANNEL_NAME GROUP_NAME SOURCE_UUID THREAD_ID# SERVICE_STATE COUNT_RECEIVED_HEARTBEATS#"
              + " RECEIVED_TRANSACTION_SET LAST_ERROR_NUMBER# LAST_ERROR_MESSAGE");

  private static final Columns APPLIERS =
      Columns.of("CHANNEL_NAME SERVICE_STATE REMAINING_DELAY# COUNT_TRANSACTIONS_RETRIES#");

  private static final Columns EVENTS =
      Columns.of(
          "EVENT_SCHEMA EVENT_NAME DEFINER STATUS ORIGINATOR# LAST_ALTERED CHARACTER_SET_CLIENT"
              + " COLLATION_CONNECTION");

  private static final Columns SCHEMATA = Columns.of("CATALOG_NAME SCHEMA_NAME");

  private Tables() {}

  /** The databases there are. */
  static List<String> schemas(Kind kind) {
    return kind.maria()
        ? List.of("information_schema", "mysql", "performance_schema")
        : List.of("information_schema", "mysql", "performance_schema", "sys");
  }

  static Answer.Rows of(Session session, Statement.Table table, long now) throws Refused {
    Server server = session.server();
    Kind kind = server.kind();
    String schema =
        !table.schema().isEmpty()
            ? table.schema()
            : session.schema() == null ? "" : session.schema();
    if (schema.isEmpty()) {
      throw new Refused(1046, "3D000", "No database selected");
    }
    String name = schema + "." + table.name();
    if (name.equals("information_schema.processlist")) {
      return Replicas.processes(server, true, now);
    }
    if (name.equals("information_schema.events")) {
      return new Answer.Rows(EVENTS, List.of());
    }
    if (name.equals("information_schema.schemata")) {
      return new Answer.Rows(
          SCHEMATA, schemas(kind).stream().map(s -> new Object[] {"def", s}).toList());
    }
    if (name.equals("information_schema.plugins")) {
      return plugins(server);
    }
    String variables = kind.maria() ? "information_schema." : "performance_schema.";
    if (name.equals(variables + "global_variables")) {
      return variables(server);
    }
    if (name.equals(variables + "global_status")) {
      return new Answer.Rows(VARIABLES, server.status(Optional.empty(), now));
    }
    if (!kind.maria()) {
      switch (name) {
        case "performance_schema.processlist" -> {
          return Replicas.processes(server, true, now);
        }
        case "performance_schema.replication_group_members" -> {
          return new Answer.Rows(GROUP, List.of());
        }
        case "performance_schema.replication_connection_status" -> {
          return connections(server);
        }
        case "performance_schema.replication_applier_status" -> {
          return appliers(server);
        }
        default -> {}
      }
    }
    if (!schemas(kind).contains(schema) && !kind.maria()) {
      throw new Refused(1049, "42000", "Unknown database '" + schema + "'");
    }
    throw schema.equals("information_schema")
        ? new Refused(
            1109,
            "42S02",
            "Unknown table '" + table.name().toUpperCase(Locale.ROOT) + "' in information_schema")
        : new Refused(1146, "42S02", "Table '" + name + "' doesn't exist");
  }

  private static Answer.Rows variables(Server server) {
    var rows = new ArrayList<Object[]>();
    for (Template.Entry variable : server.variables(Optional.empty())) {
      rows.add(new Object[] {variable.name(), server.variable(variable)});
    }
    return new Answer.Rows(VARIABLES, rows);
  }

  private static Answer.Rows plugins(Server server) {
    var rows = new ArrayList<Object[]>();
    rows.add(new Object[] {"binlog", "1.0", "ACTIVE", "STORAGE ENGINE"});
    rows.add(new Object[] {"InnoDB", "1.0", "ACTIVE", "STORAGE ENGINE"});
    for (String plugin : List.of("rpl_semi_sync_source", "rpl_semi_sync_replica")) {
      if (server.hasPlugin(plugin)) {
        rows.add(new Object[] {plugin, "1.0", "ACTIVE", "REPLICATION"});
      }
    }
    return new Answer.Rows(PLUGINS, rows);
  }

  private static Answer.Rows connections(Server server) {
    var rows = new ArrayList<Object[]>();
    for (Channel c : server.channels()) {
      String state = !c.ioRunning() ? "OFF" : c.connected() ? "ON" : "CONNECTING";
      rows.add(
          new Object[] {
            c.name,
            "",
            c.sourceUuid,
            null,
            state,
            0L,
            c.received.toString(),
            (long) c.ioErrno,
            c.ioError
          });
    }
    return new Answer.Rows(CONNECTIONS, rows);
  }

  private static Answer.Rows appliers(Server server) {
    var rows = new ArrayList<Object[]>();
    for (Channel c : server.channels()) {
      rows.add(new Object[] {c.name, c.sqlRunning() ? "ON" : "OFF", null, 0L});
    }
    return new Answer.Rows(APPLIERS, rows);
  }
}
