package topiary.app.legacy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.JudgementPolicy;
import topiary.store.orchestrator.Backend;
import topiary.store.orchestrator.Stored;

/**
 * A situation as text, in the words of the engine's own, as rows of orchestrator's tables.
 *
 * @param name what it shows
 * @param servers the row of each server, by host
 * @param others rows of other tables, by table
 * @param policy how it is judged
 * @param expected lines of {@code = server Code}, {@code + server Code}, {@code ! server Code}
 */
record StoredSituation(
    String name,
    Map<String, Map<String, Object>> servers,
    Map<String, List<Map<String, Object>>> others,
    JudgementPolicy policy,
    List<String> expected) {

  static final Instant NOW = Instant.parse("2026-11-28T03:00:00Z");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  /** As it writes what a server says: between quotes, with escapes. */
  private static final String REFUSED =
      "\"error connecting to master 'r@p:3306' - retry-time: 60 message: Can't connect to server on"
          + " \\\"p\\\" (111)\"";

  /** All of a text. */
  static List<StoredSituation> all(String text) {
    return Stream.of(text.split("(?m)^== ")).skip(1).map(StoredSituation::parse).toList();
  }

  private static StoredSituation parse(String block) {
    List<String> lines = block.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    var reading = new Reading(lines.get(1));
    for (String line : lines.subList(2, lines.size())) {
      reading.line(line);
    }
    return reading.situation(lines.getFirst());
  }

  /** Writes it as a file, and reads that. */
  Stored through(Path file) throws Exception {
    try (BackendFile backend = BackendFile.make(file)) {
      for (Map<String, Object> row : servers.values()) {
        backend.add("database_instance", row);
      }
      for (String table : others.keySet()) {
        for (Map<String, Object> row : others.get(table)) {
          backend.add(table, row);
        }
      }
    }
    return Backend.read(file);
  }

  /**
   * What is found otherwise than it should be.
   *
   * @param fails how a server fails; "-" for not at all
   * @param besides the words of what else is found of it
   */
  List<String> wrong(
      Function<InstanceKey, String> fails, Function<InstanceKey, Set<String>> besides) {
    var wrong = new ArrayList<String>();
    for (String line : expected) {
      String[] words = line.split(" ");
      var key = new InstanceKey(words[1], 3306);
      boolean so =
          switch (words[0]) {
            case "=" -> fails.apply(key).equals(words[2]);
            case "+" -> besides.apply(key).contains(words[2]);
            default -> !besides.apply(key).contains(words[2]);
          };
      if (!so) {
        wrong.add(line + ", but found: " + fails.apply(key) + ", " + besides.apply(key));
      }
    }
    return wrong;
  }

  /** The same without what a code is expected of that is not known to whoever is asked. */
  StoredSituation without(Predicate<String> unknown) {
    return new StoredSituation(
        name,
        servers,
        others,
        policy,
        expected.stream().filter(line -> !unknown.test(line.split(" ")[2])).toList());
  }

  @Override
  public String toString() {
    return name;
  }

  static String time(Instant at) {
    return TIME.format(at);
  }

  static String ago(long seconds) {
    return time(NOW.minusSeconds(seconds));
  }

  /** A server that is well, below another or nobody. */
  static Map<String, Object> server(String host, int id, Optional<String> source) {
    var row = new LinkedHashMap<String, Object>();
    row.put("hostname", host);
    row.put("port", 3306);
    row.put("last_checked", ago(0));
    row.put("last_attempted_check", ago(0));
    row.put("last_seen", ago(0));
    row.put("server_id", id);
    row.put("version", "11.4.5-MariaDB-log");
    row.put("read_only", source.isPresent() ? 1 : 0);
    row.put("log_bin", 1);
    row.put("log_slave_updates", 1);
    row.put("binlog_format", "ROW");
    row.put("binlog_row_image", "FULL");
    row.put("binary_log_file", "bin.000001");
    row.put("binary_log_pos", 100);
    row.put("cluster_name", "p:3306");
    source.ifPresent(
        at -> {
          below(row, at);
          row.put("seconds_behind_master", 0);
          row.put("slave_lag_seconds", 0);
        });
    return row;
  }

  private static void below(Map<String, Object> row, String source) {
    row.put("master_host", source);
    row.put("master_port", 3306);
    row.put("mariadb_gtid", 1);
    thread(row, "io", 1);
    thread(row, "sql", 1);
  }

  private static void thread(Map<String, Object> row, String which, int state) {
    row.put("slave_" + which + "_running", state == 1 ? 1 : 0);
    row.put("replication_" + which + "_thread_state", state);
  }

  /** Puts one together. */
  private static final class Reading {
    private final Map<String, Map<String, Object>> servers = new LinkedHashMap<>();
    private final Map<String, List<Map<String, Object>>> others = new TreeMap<>();
    private final List<String> expected = new ArrayList<>();
    private boolean exact;
    private boolean recover;

    Reading(String tree) {
      var above = new ArrayList<String>();
      var name = new StringBuilder();
      String last = "";
      for (char c : (tree + " ").toCharArray()) {
        if (Character.isLetterOrDigit(c)) {
          name.append(c);
          continue;
        }
        if (!name.isEmpty()) {
          last = name.toString();
          Optional<String> source =
              above.isEmpty() ? Optional.empty() : Optional.of(above.getLast());
          servers.put(last, server(last, servers.size() + 1, source));
          name.setLength(0);
        }
        switch (c) {
          case '(' -> above.add(last);
          case ')' -> above.removeLast();
          case ',', ' ' -> {}
          default -> throw new IllegalArgumentException("not a tree: " + tree);
        }
      }
    }

    StoredSituation situation(String name) {
      JudgementPolicy standard = JudgementPolicy.DEFAULT;
      return new StoredSituation(
          name,
          servers,
          others,
          new JudgementPolicy(
              Duration.ofSeconds(3),
              standard.reasonableLag(),
              standard.lockedAfter(),
              exact,
              recover,
              List.of()),
          expected);
    }

    void line(String line) {
      if ("=+!".indexOf(line.charAt(0)) >= 0) {
        expected.add(line);
        return;
      }
      var words = new ArrayList<>(List.of(line.split(" ")));
      String first = words.removeFirst();
      if (first.equals("policy")) {
        exact |= words.getFirst().equals("exact");
        recover |= words.getFirst().equals("recoverreadonly");
        return;
      }
      while (!words.isEmpty()) {
        change(servers.get(first), words.removeFirst(), words);
      }
    }

    private void other(String table, Map<String, Object> row) {
      others.computeIfAbsent(table, t -> new ArrayList<>()).add(row);
    }

    private static Map<String, Object> of(Map<String, Object> server) {
      var row = new LinkedHashMap<String, Object>();
      row.put("hostname", server.get("hostname"));
      row.put("port", server.get("port"));
      return row;
    }

    private void change(Map<String, Object> row, String word, List<String> rest) {
      switch (word) {
        // Nothing tells them apart any more: orchestrator has failed to read each.
        case "absent" -> row.put("last_seen", ago(10));
        case "silent", "hung", "denied" -> row.put("last_seen", ago(number(rest)));
        case "half" -> {
          row.put("last_seen", ago(number(rest)));
          row.put("last_check_partial_success", 1);
        }
        case "connecting" -> {
          thread(row, "io", 2);
          row.put("last_io_error", REFUSED);
        }
        // What a thread waits for is no column.
        case "full" -> {}
        case "trying" -> thread(row, "io", 2);
        case "gaveup" -> {
          thread(row, "io", 0);
          row.put("last_io_error", REFUSED);
        }
        case "diverged" -> {
          thread(row, "io", 0);
          row.put(
              "last_io_error",
              "\"Got fatal error 1236 from source when reading data from binary log: 'Replica has"
                  + " more GTIDs than the source has'\"");
        }
        case "stopped" -> {
          thread(row, "io", 0);
          thread(row, "sql", 0);
        }
        case "sqlstopped" -> thread(row, "sql", 0);
        case "lag" -> row.put("slave_lag_seconds", number(rest));
        case "delay" -> row.put("sql_delay", number(rest));
        case "readonly" -> row.put("read_only", 1);
        case "writable" -> row.put("read_only", 0);
        case "below" -> below(row, rest.removeFirst());
        case "waits" -> waiting(row, 1, rest);
        case "gaveupwaiting" -> waiting(row, 0, rest);
        case "acknowledges" -> row.put("semi_sync_replica_enabled", 1);
        case "old" -> {
          String at = ago(number(rest));
          List.of("last_seen", "last_checked", "last_attempted_check")
              .forEach(column -> row.put(column, at));
        }
        case "still" -> {
          var stale = of(row);
          stale.put("binary_log_file", row.get("binary_log_file"));
          stale.put("binary_log_pos", row.get("binary_log_pos"));
          stale.put("first_seen", ago(number(rest)));
          other("database_instance_stale_binlog_coordinates", stale);
        }
        case "downtime" -> {
          var downtime = of(row);
          downtime.put("downtime_active", 1);
          downtime.put("begin_timestamp", ago(5));
          downtime.put("end_timestamp", ago(-60));
          downtime.put("owner", "ann");
          downtime.put("reason", "disk");
          other("database_instance_downtime", downtime);
        }
        case "maintenance" -> {
          var lock = of(row);
          lock.put("maintenance_active", 1);
          lock.put("begin_timestamp", ago(5));
          lock.put("end_timestamp", ago(-60));
          lock.put("owner", "ann");
          other("database_instance_maintenance", lock);
        }
        case "mustnot" -> {
          var rule = of(row);
          rule.put("promotion_rule", "must_not");
          rule.put("last_suggested", ago(5));
          other("candidate_database_instance", rule);
        }
        case "noupdates" -> row.put("log_slave_updates", 0);
        case "nolog" -> row.put("log_bin", 0);
        case "classic" -> row.put("mariadb_gtid", 0);
        case "format" -> row.put("binlog_format", rest.removeFirst());
        case "version" -> row.put("version", rest.removeFirst());
        case "mode" -> row.put("gtid_mode", rest.removeFirst());
        case "serverid" -> row.put("server_id", number(rest));
        case "errant" -> row.put("gtid_errant", "00000000-0000-0000-0000-000000000001:7");
        case "twin" -> {
          row.put("server_uuid", "00000000-0000-0000-0000-00000000000a");
          Map<String, Object> elsewhere = server("elsewhere", 99, Optional.empty());
          elsewhere.put("server_uuid", row.get("server_uuid"));
          elsewhere.put("cluster_name", "elsewhere:3306");
          servers.put("elsewhere", elsewhere);
        }
        // Not in the tables.
        case "starts" -> rest.removeFirst();
        case "managed" -> {}
        case "detached" -> row.put("master_host", "//" + row.get("master_host"));
        case "group" -> {
          row.put("replication_group_name", "g");
          row.put("replication_group_is_single_primary_mode", 1);
          row.put("replication_group_member_state", "ONLINE");
          row.put("replication_group_member_role", rest.removeFirst());
        }
        default -> throw new IllegalArgumentException(word);
      }
    }

    private static void waiting(Map<String, Object> row, int active, List<String> rest) {
      row.put("semi_sync_master_enabled", 1);
      row.put("semi_sync_master_status", active);
      row.put("semi_sync_master_wait_for_slave_count", number(rest));
      rest.removeFirst();
      row.put("semi_sync_master_clients", number(rest));
    }

    private static int number(List<String> rest) {
      return Integer.parseInt(rest.removeFirst());
    }
  }
}
