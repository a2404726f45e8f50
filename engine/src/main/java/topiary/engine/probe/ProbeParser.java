package topiary.engine.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import topiary.engine.dialect.Terms;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Version;

/**
 * Makes facts of the rows a server answered with. Pure; what it cannot read becomes a complaint.
 */
public final class ProbeParser {

  /** Columns that, when set, keep rows away. */
  private static final Pattern FILTER =
      Pattern.compile(
          "replicate_(wild_)?(do|ignore)_(db|table|domain_ids|server_ids)",
          Pattern.CASE_INSENSITIVE);

  private final List<String> complaints = new ArrayList<>();

  private ProbeParser() {}

  /**
   * What a server answered.
   *
   * @param identity one row
   * @param capabilities what it can do
   * @param channels a row each
   * @param logEnd one row, or none
   * @param replicas a row each
   * @param uptimeSeconds since it started
   * @param complaints what could not be asked
   */
  public record Answers(
      Map<String, String> identity,
      Set<Capability> capabilities,
      List<Map<String, String>> channels,
      Optional<Map<String, String>> logEnd,
      List<Map<String, String>> replicas,
      long uptimeSeconds,
      List<String> complaints) {}

  /**
   * The facts in a server's answers.
   *
   * @throws IllegalArgumentException when a value without which nothing is known cannot be read
   */
  public static Facts parse(Answers answers) {
    var parser = new ProbeParser();
    parser.complaints.addAll(answers.complaints());
    Map<String, String> row = answers.identity();
    return new Facts(
        parser.identity(row, answers.capabilities()),
        settings(row),
        parser.channels(answers.channels()),
        answers.replicas().stream().flatMap(r -> parser.replica(r).stream()).toList(),
        new Positions(
            answers.logEnd().map(r -> position(r, "File", "Position")).orElse(BinlogPosition.NONE),
            oneLine(row, "executed_gtid"),
            oneLine(row, "logged_gtid"),
            oneLine(row, "purged_gtid"),
            row.getOrDefault("history_gtid", ""),
            answers.uptimeSeconds()),
        parser.complaints);
  }

  /**
   * The streams into a server, from the rows of its replication status.
   *
   * @throws IllegalArgumentException when a value without which nothing is known cannot be read
   */
  public static List<Channel> channelsOf(List<Map<String, String>> status) {
    return new ProbeParser().channels(status);
  }

  private List<Channel> channels(List<Map<String, String>> status) {
    return Terms.today(status).stream().flatMap(c -> channel(c).stream()).toList();
  }

  /** GTIDs without the line breaks that MySQL puts between them. */
  private static String oneLine(Map<String, String> row, String column) {
    return row.getOrDefault(column, "").replace("\n", "");
  }

  private Identity identity(Map<String, String> row, Set<Capability> capabilities) {
    String version = need(row, "version");
    String comment = row.getOrDefault("version_comment", "");
    String reportHost = row.getOrDefault("report_host", "");
    Optional<InstanceKey> reported =
        reportHost.isBlank()
            ? Optional.empty()
            : key(
                () -> new InstanceKey(reportHost, Integer.parseInt(need(row, "report_port"))),
                "report_host");
    return new Identity(
        Long.parseLong(need(row, "server_id")),
        Optional.ofNullable(row.get("server_uuid")),
        Flavor.of(version, comment),
        Version.parse(version),
        comment,
        row.getOrDefault("hostname", ""),
        reported,
        capabilities);
  }

  private static Settings settings(Map<String, String> row) {
    return new Settings(
        // NO_LOCK and NO_LOCK_NO_ADMIN of MariaDB 12 refuse writes as well.
        !isOff(need(row, "read_only")),
        isOn(row.getOrDefault("super_read_only", "0")),
        isOn(need(row, "log_bin")),
        isOn(need(row, "log_updates")),
        BinlogFormat.valueOf(need(row, "binlog_format")),
        row.getOrDefault("binlog_row_image", ""),
        isOn(row.getOrDefault("gtid_strict", "0")),
        row.getOrDefault("gtid_mode", ""));
  }

  private Optional<Channel> channel(Map<String, String> row) {
    return key(
            () ->
                new InstanceKey(
                    need(row, "Source_Host"), Integer.parseInt(need(row, "Source_Port"))),
            "source address")
        .map(
            source ->
                new Channel(
                    row.getOrDefault("Channel_Name", ""),
                    source,
                    row.getOrDefault("Source_User", ""),
                    gtid(row),
                    ThreadState.of(need(row, "Replica_IO_Running")),
                    ThreadState.of(need(row, "Replica_SQL_Running")),
                    filtered(row),
                    "Yes".equals(row.get("Source_SSL_Allowed")),
                    Integer.parseInt(row.getOrDefault("SQL_Delay", "0")),
                    progress(row),
                    error(row, "Last_IO_Errno", "Last_IO_Error"),
                    error(row, "Last_SQL_Errno", "Last_SQL_Error")));
  }

  private static boolean filtered(Map<String, String> row) {
    return row.entrySet().stream()
        .anyMatch(e -> FILTER.matcher(e.getKey()).matches() && !e.getValue().isBlank());
  }

  private static Channel.Progress progress(Map<String, String> row) {
    return new Channel.Progress(
        position(row, "Source_Log_File", "Read_Source_Log_Pos"),
        position(row, "Relay_Source_Log_File", "Exec_Source_Log_Pos"),
        position(row, "Relay_Log_File", "Relay_Log_Pos"),
        oneLine(row, "Retrieved_Gtid_Set"),
        Optional.ofNullable(row.get("Seconds_Behind_Source")).map(Long::parseLong));
  }

  private Optional<InstanceKey> replica(Map<String, String> row) {
    String host = row.getOrDefault("Host", "");
    return host.isBlank()
        ? Optional.empty()
        : key(
            () -> new InstanceKey(host, Integer.parseInt(need(row, "Port"))),
            "address of a replica");
  }

  private Optional<InstanceKey> key(Supplier<InstanceKey> made, String what) {
    try {
      return Optional.of(made.get());
    } catch (IllegalArgumentException e) {
      complaints.add("its " + what + " cannot be used: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static GtidUse gtid(Map<String, String> row) {
    if ("1".equals(row.get("Auto_Position"))) {
      return GtidUse.AUTO_POSITION;
    }
    return switch (row.getOrDefault("Using_Gtid", "No")) {
      case "Slave_Pos" -> GtidUse.SLAVE_POS;
      case "Current_Pos" -> GtidUse.CURRENT_POS;
      default -> GtidUse.NONE;
    };
  }

  private static ReplicationError error(Map<String, String> row, String code, String message) {
    return new ReplicationError(
        Integer.parseInt(row.getOrDefault(code, "0")), row.getOrDefault(message, ""));
  }

  private static BinlogPosition position(Map<String, String> row, String file, String offset) {
    return new BinlogPosition(
        row.getOrDefault(file, ""), Long.parseLong(row.getOrDefault(offset, "0")));
  }

  private static boolean isOn(String value) {
    return value.equals("1") || value.equalsIgnoreCase("ON");
  }

  private static boolean isOff(String value) {
    return value.equals("0") || value.equalsIgnoreCase("OFF");
  }

  private static String need(Map<String, String> row, String column) {
    String value = row.get(column);
    if (value == null) {
      throw new IllegalArgumentException("the server's answer has no column " + column);
    }
    return value;
  }
}
