package topiary.store.orchestrator;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Names;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.policy.SaidPolicy;
import topiary.store.StoreException;
import topiary.store.StoreException.Kind;
import topiary.store.rows.Jdbc;

/**
 * orchestrator's own database, in SQLite. Tables and columns that a version did not have yet, or
 * has no more, are missing and nothing else; whatever makes no sense is left out and told.
 */
public final class Backend {

  private static final String READ_ONLY_MODE = "1";
  private static final String INSTANCES = "database_instance";

  private final Connection connection;
  private final List<String> odd = new ArrayList<>();

  private Backend(Connection connection) {
    this.connection = connection;
  }

  /**
   * Reads all that is of use from a file, which may be in use.
   *
   * @throws StoreException when it cannot be read, or is nothing of orchestrator's
   */
  public static Stored read(Path file) {
    if (!Files.isReadable(file)) {
      throw new StoreException(Kind.BROKEN, file + " is not there, or may not be read");
    }
    var properties = new Properties();
    properties.setProperty("open_mode", READ_ONLY_MODE);
    // As a URI, so that no sign in the path has a meaning for the driver.
    String url = "jdbc:sqlite:" + file.toUri();
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      return Jdbc.transaction(connection, "BEGIN", () -> new Backend(connection).stored(file));
    } catch (SQLException e) {
      throw new StoreException(
          Kind.BROKEN,
          file
              + " cannot be read ("
              + e.getMessage()
              + "): if it is orchestrator's, copy it, with its -wal and -shm files if there are"
              + " any, into a folder you may write, and try again",
          e);
    }
  }

  private Stored stored(Path file) throws SQLException {
    Map<String, List<Row>> tables = tables();
    if (!tables.containsKey(INSTANCES)) {
      throw new StoreException(
          Kind.BROKEN,
          file + " is no database of orchestrator: it has no table \"" + INSTANCES + "\"");
    }
    var rows = new TreeMap<InstanceKey, Row>();
    var instances = new TreeMap<InstanceKey, Instance>();
    for (Row row : tables.get(INSTANCES)) {
      Optional<InstanceKey> key = row.key("hostname", "port");
      if (key.isEmpty()) {
        odd.add("a row of " + INSTANCES + " is left out: it names no server");
        continue;
      }
      rows.put(key.get(), row);
      instances.put(key.get(), InstanceRows.instance(row.about(key.get()), key.get()));
    }
    Names names = names(tables.getOrDefault("hostname_resolve", List.of()), instances);
    instances.replaceAll((key, i) -> i.knowing(i.facts().map(names::real)));
    Instant now =
        instances.values().stream()
            .flatMap(InstanceRows::looks)
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    Map<InstanceKey, ClusterId> clusters = clusters(new Topology(1, instances));
    Map<InstanceKey, String> called = called(rows, clusters, new Topology(1, instances));
    var byName = new HashMap<String, ClusterId>();
    called.forEach((key, name) -> byName.putIfAbsent(name, clusters.get(key)));
    // The cluster whose head has the name is meant, where somebody was moved since.
    clusters.forEach((key, cluster) -> byName.computeIfPresent(key.toString(), (n, c) -> cluster));
    var said =
        new SaidTables(table -> tables.getOrDefault(table, List.of()), now, SaidPolicy.DEFAULT);
    return new Stored(
        now,
        instances,
        clusters,
        called,
        said.said(byName),
        still(
            tables.getOrDefault("database_instance_stale_binlog_coordinates", List.of()),
            instances),
        errant(rows),
        odd);
  }

  /** The rows of all tables that are of use and there. */
  private Map<String, List<Row>> tables() throws SQLException {
    var there = new HashMap<String, List<Row>>();
    for (String table :
        List.of(
            INSTANCES,
            "hostname_resolve",
            "cluster_alias",
            "cluster_alias_override",
            "cluster_domain_name",
            "database_instance_downtime",
            "database_instance_maintenance",
            "candidate_database_instance",
            "database_instance_tags",
            "database_instance_pool",
            "database_instance_stale_binlog_coordinates")) {
      String count =
          Jdbc.one(
              connection,
              "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '" + table + "'");
      if (!count.equals("0")) {
        there.put(table, rows(table));
      }
    }
    return there;
  }

  private List<Row> rows(String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      ResultSetMetaData columns = rows.getMetaData();
      var all = new ArrayList<Row>();
      while (rows.next()) {
        var values = new TreeMap<String, Object>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          values.put(columns.getColumnName(i).toLowerCase(Locale.ROOT), rows.getObject(i));
        }
        all.add(new Row(table, values, odd::add));
      }
      return all;
    }
  }

  /**
   * Other names of known servers: replicas name the one a host's name resolves to, or the one that
   * was resolved.
   */
  private static Names names(List<Row> resolved, Map<InstanceKey, Instance> instances) {
    Map<String, List<InstanceKey>> byHost =
        instances.keySet().stream().collect(Collectors.groupingBy(InstanceKey::host));
    var aliases = new TreeMap<InstanceKey, InstanceKey>();
    for (Row row : resolved) {
      String host = row.text("hostname");
      String other = row.text("resolved_hostname");
      name(byHost.getOrDefault(host, List.of()), other, instances, aliases);
      name(byHost.getOrDefault(other, List.of()), host, instances, aliases);
    }
    return new Names(aliases);
  }

  /** Servers of one host are reached by the name of another, unless servers are known by that. */
  private static void name(
      List<InstanceKey> servers,
      String host,
      Map<InstanceKey, Instance> instances,
      Map<InstanceKey, InstanceKey> aliases) {
    for (InstanceKey server : servers) {
      key(host, server.port())
          .filter(name -> !instances.containsKey(name))
          .ifPresent(name -> aliases.putIfAbsent(name, server));
    }
  }

  private static Optional<InstanceKey> key(String host, int port) {
    try {
      return Optional.of(new InstanceKey(host, port));
    } catch (IllegalArgumentException e) {
      // No server can go by it, so that nothing is lost.
      return Optional.empty();
    }
  }

  /** An id for each tree, made of its head's address: the same whenever it is read. */
  private static Map<InstanceKey, ClusterId> clusters(Topology topology) {
    var clusters = new HashMap<InstanceKey, ClusterId>();
    for (Tree tree : topology.trees()) {
      ClusterId id = id(tree.head());
      tree.places().forEach(place -> clusters.put(place.key(), id));
    }
    return clusters;
  }

  private static ClusterId id(InstanceKey head) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(head.toString().getBytes(StandardCharsets.UTF_8));
      return new ClusterId("c" + HexFormat.of().formatHex(hash, 0, 6));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** As stored; where nothing is, the head's address. */
  private static Map<InstanceKey, String> called(
      Map<InstanceKey, Row> rows, Map<InstanceKey, ClusterId> clusters, Topology topology) {
    var heads = new HashMap<ClusterId, String>();
    topology.trees().forEach(tree -> heads.put(id(tree.head()), tree.head().toString()));
    var called = new HashMap<InstanceKey, String>();
    rows.forEach(
        (key, row) -> {
          String name = row.text("cluster_name");
          called.put(key, name.isEmpty() ? heads.get(clusters.get(key)) : name);
        });
    return called;
  }

  /** Since when a server's binary log stands where it stood when it was seen last. */
  private static Map<InstanceKey, Instant> still(
      List<Row> rows, Map<InstanceKey, Instance> instances) {
    var still = new HashMap<InstanceKey, Instant>();
    for (Row row : rows) {
      Optional<InstanceKey> key = row.key("hostname", "port");
      Optional<Facts> facts =
          key.flatMap(k -> Optional.ofNullable(instances.get(k))).flatMap(Instance::facts);
      boolean same =
          facts
              .map(f -> f.positions().logEnd())
              .filter(
                  end ->
                      end.file().equals(row.text("binary_log_file"))
                          && end.offset() == row.number("binary_log_pos").orElse(-1L))
              .isPresent();
      if (same) {
        row.about(key.orElseThrow())
            .time("first_seen")
            .ifPresent(since -> still.put(key.orElseThrow(), since));
      }
    }
    return still;
  }

  private static Map<InstanceKey, String> errant(Map<InstanceKey, Row> rows) {
    var errant = new HashMap<InstanceKey, String>();
    rows.forEach(
        (key, row) -> {
          String gtids = row.text("gtid_errant");
          if (!gtids.isEmpty()) {
            errant.put(key, gtids);
          }
        });
    return errant;
  }
}
