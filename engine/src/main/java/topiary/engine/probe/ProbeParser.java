package topiary.engine.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import topiary.engine.dialect.Terms;
import topiary.engine.model.Background;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Capability;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.Group;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Identity;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.LongQuery;
import topiary.engine.model.Positions;
import topiary.engine.model.ReplicationError;
import topiary.engine.model.SemiSync;
import topiary.engine.model.Settings;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Version;

/**
 * Makes facts of the rows a server answered with. Pure; what it cannot read becomes a complaint.
 */
public final class ProbeParser {

  private static final String UPTIME = "uptime";

  /** Columns that, when set, keep rows away. */
  private static final Pattern FILTER =
      Pattern.compile(
          "replicate_(wild_)?(do|ignore)_(db|table|domain_ids|server_ids)",
          Pattern.CASE_INSENSITIVE);

  /** Columns that tell of filters and rewritings. */
  private static final String FILTERS = "replicate_";

  /** Channels with such names are a group's own, and have no source that could be named. */
  private static final String OF_GROUP = "group_replication_";

  /** The columns of how a channel encrypts, and the option that sets each. */
  private static final Map<String, String> ENCRYPTION =
      Map.of(
          "Source_SSL_CA_File", "SSL_CA",
          "Source_SSL_CA_Path", "SSL_CAPATH",
          "Source_SSL_Cert", "SSL_CERT",
          "Source_SSL_Cipher", "SSL_CIPHER",
          "Source_SSL_Key", "SSL_KEY",
          "Source_SSL_Crl", "SSL_CRL",
          "Source_SSL_Crlpath", "SSL_CRLPATH",
          "Source_TLS_Version", "TLS_VERSION",
          "Source_public_key_path", "PUBLIC_KEY_PATH",
          "Source_Bind", "BIND");

  /** Of a server that has no such variables. */
  private static final SemiSync NO_SEMI_SYNC =
      new SemiSync(
          false,
          new SemiSync.Source(false, false, 0, 0, false, 0),
          new SemiSync.Replica(false, false, false));

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
   * @param status by name in lower case
   * @param group the members of its group, a row each; none when it is in none
   * @param complaints what could not be asked
   */
  public record Answers(
      Map<String, String> identity,
      Set<Capability> capabilities,
      List<Map<String, String>> channels,
      Optional<Map<String, String>> logEnd,
      List<Map<String, String>> replicas,
      Map<String, String> status,
      List<Map<String, String>> group,
      List<String> complaints) {}

  /** The columns in which a server's identity tells how far it has come, and nothing else does. */
  static final Set<String> FAR =
      Set.of("executed_gtid", "logged_gtid", "purged_gtid", "history_gtid");

  /**
   * The columns of a replication status from which nothing follows but a channel's progress, or
   * nothing at all, in the words of all who use them.
   */
  static final Set<String> PROGRESS =
      Set.of(
          "Source_Log_File",
          "Master_Log_File",
          "Read_Source_Log_Pos",
          "Read_Master_Log_Pos",
          "Relay_Source_Log_File",
          "Relay_Master_Log_File",
          "Exec_Source_Log_Pos",
          "Exec_Master_Log_Pos",
          "Relay_Log_File",
          "Relay_Log_Pos",
          "Relay_Log_Space",
          "Retrieved_Gtid_Set",
          "Executed_Gtid_Set",
          "Gtid_IO_Pos",
          "Gtid_Slave_Pos",
          "Seconds_Behind_Source",
          "Seconds_Behind_Master",
          "Replica_IO_State",
          "Slave_IO_State",
          "Replica_SQL_Running_State",
          "Slave_SQL_Running_State",
          "Slave_DDL_Groups",
          "Slave_Non_Transactional_Groups",
          "Slave_Transactional_Groups");

  /**
   * What of a server need not be read again.
   *
   * @param facts what was read before, without a complaint
   * @param identity whether who it is, and how it is set up, is to the letter the same
   * @param channel whether it has one channel, of which nothing but the progress, and whether it
   *     lacks room, is another
   */
  record Known(Facts facts, boolean identity, boolean channel) {}

  /**
   * The facts in a server's answers.
   *
   * @throws IllegalArgumentException when a value without which nothing is known cannot be read
   */
  public static Facts parse(Answers answers) {
    return parse(answers, Optional.empty());
  }

  /**
   * The facts in a server's answers, some of which are known.
   *
   * @throws IllegalArgumentException when a value without which nothing is known cannot be read
   */
  static Facts parse(Answers answers, Optional<Known> known) {
    var parser = new ProbeParser();
    parser.complaints.addAll(answers.complaints());
    Map<String, String> row = answers.identity();
    Map<String, String> status = answers.status();
    List<Map<String, String>> replicas = answers.replicas();
    Optional<Facts> same = known.filter(Known::identity).map(Known::facts);
    Identity identity =
        same.map(Facts::identity).orElseGet(() -> parser.identity(row, answers.capabilities()));
    Optional<Channel> one = moved(known, answers.channels());
    return new Facts(
        identity,
        same.map(Facts::settings).orElseGet(() -> settings(row)),
        one.isPresent() ? List.of(one.get()) : parser.channels(answers.channels()),
        replicas.isEmpty()
            ? List.of()
            : replicas.stream()
                .flatMap(r -> parser.replica(r).stream())
                .distinct()
                .sorted()
                .toList(),
        new Positions(
            answers.logEnd().map(r -> position(r, "File", "Position")).orElse(BinlogPosition.NONE),
            oneLine(row, "executed_gtid"),
            oneLine(row, "logged_gtid"),
            oneLine(row, "purged_gtid"),
            row.getOrDefault("history_gtid", ""),
            uptime(status)),
        parser.complaints,
        same.map(Facts::semiSync)
            .filter(s -> s == NO_SEMI_SYNC)
            .orElseGet(() -> semiSync(row, status)),
        parser.group(row, answers.group(), identity),
        Background.NONE,
        Optional.empty());
  }

  /** The one channel that is known, where it has come to; empty when it has to be read again. */
  private static Optional<Channel> moved(Optional<Known> known, List<Map<String, String>> rows) {
    if (known.isEmpty() || !known.get().channel() || known.get().facts().channels().size() != 1) {
      return Optional.empty();
    }
    Channel before = known.get().facts().channels().getFirst();
    Map<String, String> row = Terms.today(rows.getFirst());
    return before.lacksRoom() == lacksRoom(row)
        ? Optional.of(before.at(progress(row)))
        : Optional.empty();
  }

  /** Rows of a name and a value each, by the name in lower case. */
  static Map<String, String> byName(List<Map<String, String>> rows) {
    var values = new HashMap<String, String>();
    for (Map<String, String> row : rows) {
      values.put(
          row.getOrDefault("Variable_name", "").toLowerCase(Locale.ROOT),
          row.getOrDefault("Value", ""));
    }
    return values;
  }

  /** Whether a server has semi-synchronous replication turned on, by its identity. */
  static boolean semiSync(Map<String, String> identity) {
    return semiSync(identity, Map.of()).enabled();
  }

  private static SemiSync semiSync(Map<String, String> row, Map<String, String> status) {
    boolean newSource = row.containsKey("rpl_semi_sync_source_enabled");
    boolean newReplica = row.containsKey("rpl_semi_sync_replica_enabled");
    boolean none =
        !newSource
            && !newReplica
            && !row.containsKey("rpl_semi_sync_master_enabled")
            && !row.containsKey("rpl_semi_sync_slave_enabled");
    if (none) {
      return NO_SEMI_SYNC;
    }
    String source = newSource ? "rpl_semi_sync_source_" : "rpl_semi_sync_master_";
    String replica = newReplica ? "rpl_semi_sync_replica_" : "rpl_semi_sync_slave_";
    boolean hasSource = row.containsKey(source + "enabled");
    String count = newSource ? "wait_for_replica_count" : "wait_for_slave_count";
    return new SemiSync(
        newSource || newReplica,
        new SemiSync.Source(
            hasSource,
            isOn(row.getOrDefault(source + "enabled", "0")),
            Long.parseLong(row.getOrDefault(source + "timeout", "0")),
            Integer.parseInt(row.getOrDefault(source + count, hasSource ? "1" : "0")),
            isOn(status.getOrDefault(source + "status", "0")),
            Integer.parseInt(status.getOrDefault(source + "clients", "0"))),
        new SemiSync.Replica(
            row.containsKey(replica + "enabled"),
            isOn(row.getOrDefault(replica + "enabled", "0")),
            isOn(status.getOrDefault(replica + "status", "0"))));
  }

  /** The group's name in a server's identity; empty when it is set up for none. */
  static String groupName(Map<String, String> identity) {
    return identity.getOrDefault("group_replication_group_name", "");
  }

  private Optional<Group> group(
      Map<String, String> row, List<Map<String, String>> members, Identity identity) {
    String name = groupName(row);
    if (name.isEmpty() || members.isEmpty()) {
      return Optional.empty();
    }
    String state = "OFFLINE";
    String role = "";
    var primaries = new ArrayList<InstanceKey>();
    var others = new ArrayList<InstanceKey>();
    for (Map<String, String> member : members) {
      boolean self = identity.uuid().equals(Optional.ofNullable(member.get("MEMBER_ID")));
      String itsState = member.getOrDefault("MEMBER_STATE", "OFFLINE");
      String itsRole = member.getOrDefault("MEMBER_ROLE", "");
      if (self) {
        state = itsState;
        role = itsRole;
      }
      if (!itsState.equals("OFFLINE")) {
        Optional<InstanceKey> key =
            key(
                () ->
                    new InstanceKey(
                        need(member, "MEMBER_HOST"), Integer.parseInt(need(member, "MEMBER_PORT"))),
                "address of a group member");
        key.filter(k -> itsRole.equals("PRIMARY")).ifPresent(primaries::add);
        key.filter(k -> !self).ifPresent(others::add);
      }
    }
    return Optional.of(
        new Group(
            name,
            isOn(row.getOrDefault("group_replication_single_primary_mode", "0")),
            state,
            role,
            primaries.size() == 1 ? Optional.of(primaries.getFirst()) : Optional.empty(),
            others));
  }

  /**
   * How many seconds a server is up.
   *
   * @param status by name in lower case
   */
  static long uptime(Map<String, String> status) {
    return Long.parseLong(status.getOrDefault(UPTIME, "0"));
  }

  /** The status of a server that is up for so many seconds. */
  static Map<String, String> status(long uptime) {
    return Map.of(UPTIME, Long.toString(uptime));
  }

  /** Whether two tell the same, but for how long the server is up. */
  static boolean sameButUptime(Map<String, String> one, Map<String, String> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (Map.Entry<String, String> value : one.entrySet()) {
      if (!value.getKey().equals(UPTIME) && !value.getValue().equals(other.get(value.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /** A statement that runs, from a row of what {@code Dialect.longQueries} asks. */
  public static LongQuery longQuery(Map<String, String> row) {
    return Asked.longQuery(row);
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
    if (status.isEmpty()) {
      return List.of();
    }
    if (status.size() == 1) {
      Map<String, String> only = Terms.today(status.getFirst());
      return only.getOrDefault("Channel_Name", "").startsWith(OF_GROUP)
          ? List.of()
          : channel(only).map(List::of).orElse(List.of());
    }
    return Terms.today(status).stream()
        .filter(c -> !c.getOrDefault("Channel_Name", "").startsWith(OF_GROUP))
        .flatMap(c -> channel(c).stream())
        .sorted(Comparator.comparing(Channel::name))
        .toList();
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
        row.getOrDefault("gtid_mode", ""),
        tls(row));
  }

  /**
   * Newer MySQL servers have no {@code have_ssl}: TLS is there when they have a certificate, of
   * which nothing is told when there is none, and when not every version of it is ruled out.
   */
  private static Settings.Tls tls(Map<String, String> row) {
    boolean tells = row.containsKey("tls_version") || row.containsKey("require_secure_transport");
    Optional<Boolean> available =
        row.containsKey("have_ssl")
            ? Optional.of("YES".equals(row.get("have_ssl")))
            : tells
                ? Optional.of(
                    !row.getOrDefault("ssl_cert", "").isBlank()
                        && !row.getOrDefault("tls_version", "").isBlank())
                : Optional.empty();
    return new Settings.Tls(available, isOn(row.getOrDefault("require_secure_transport", "0")));
  }

  private Optional<Channel> channel(Map<String, String> row) {
    SortedMap<String, String> filters = filters(row);
    return key(
            () ->
                new InstanceKey(
                    host(need(row, "Source_Host")), Integer.parseInt(need(row, "Source_Port"))),
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
                    filtered(filters),
                    "Yes".equals(row.get("Source_SSL_Allowed")),
                    Integer.parseInt(row.getOrDefault("SQL_Delay", "0")),
                    progress(row),
                    lacksRoom(row)
                        ? ReplicationError.NO_ROOM
                        : error(row, "Last_IO_Errno", "Last_IO_Error"),
                    error(row, "Last_SQL_Errno", "Last_SQL_Error"),
                    setup(row, filters)));
  }

  /** A source's host, be the replica detached from it or not. */
  private static String host(String told) {
    return detached(told) ? told.substring(Channel.DETACHED.length()) : told;
  }

  private static boolean detached(String told) {
    return told.startsWith(Channel.DETACHED);
  }

  private static Channel.Setup setup(Map<String, String> row, SortedMap<String, String> filters) {
    var options = new TreeMap<String, String>();
    ENCRYPTION.forEach(
        (column, option) -> {
          String value = row.getOrDefault(column, "");
          if (!value.isBlank()) {
            options.put(option, value);
          }
        });
    return new Channel.Setup(
        row.getOrDefault("Source_UUID", ""),
        filters,
        new Channel.Encryption(
            options,
            Optional.ofNullable(row.get("Source_SSL_Verify_Server_Cert")).map("Yes"::equals),
            Optional.ofNullable(row.get("Get_Source_public_key"))
                .map(v -> v.equals("1") || v.equalsIgnoreCase("Yes"))),
        detached(row.getOrDefault("Source_Host", "")));
  }

  /** The columns that tell of filters and rewritings, of those that are set. */
  private static SortedMap<String, String> filters(Map<String, String> row) {
    SortedMap<String, String> filters = Terms.beginning(FILTERS, row);
    filters.values().removeIf(String::isBlank);
    return filters;
  }

  private static boolean filtered(SortedMap<String, String> filters) {
    for (String column : filters.keySet()) {
      if (FILTER.matcher(column).matches()) {
        return true;
      }
    }
    return false;
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

  /** Nothing but the state's text tells it; both threads are said to run. */
  private static boolean lacksRoom(Map<String, String> row) {
    return ReplicationError.NO_ROOM.message().equals(row.get("Replica_IO_State"));
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
