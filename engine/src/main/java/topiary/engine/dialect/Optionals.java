package topiary.engine.dialect;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Variables that only some servers have, whoever's they are: those of plugins and of TLS, and marks
 * of services. A server is asked now and then which of them it has, and from then on for their
 * values.
 */
public final class Optionals {

  /** Read at every look, where they are. */
  private static final List<String> LIVE =
      List.of(
          "group_replication_group_name",
          "group_replication_single_primary_mode",
          "have_ssl",
          "require_secure_transport",
          "rpl_semi_sync_master_enabled",
          "rpl_semi_sync_master_timeout",
          "rpl_semi_sync_master_wait_for_slave_count",
          "rpl_semi_sync_replica_enabled",
          "rpl_semi_sync_slave_enabled",
          "rpl_semi_sync_source_enabled",
          "rpl_semi_sync_source_timeout",
          "rpl_semi_sync_source_wait_for_replica_count",
          "ssl_cert",
          "tls_version");

  /** Read only when it is asked which there are. */
  private static final List<String> MARKS =
      List.of("aad_auth_only", "aurora_version", "basedir", "datadir");

  private static final List<String> STATUS =
      List.of(
          "Rpl_semi_sync_master_clients",
          "Rpl_semi_sync_master_status",
          "Rpl_semi_sync_replica_status",
          "Rpl_semi_sync_slave_status",
          "Rpl_semi_sync_source_clients",
          "Rpl_semi_sync_source_status",
          "Uptime");

  private static final String PRESENT =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ("
          + quoted(Stream.of(MARKS, LIVE).flatMap(Collection::stream).toList())
          + ")";

  private static final String LIVE_STATUS =
      "SHOW GLOBAL STATUS WHERE Variable_name IN (" + quoted(STATUS) + ")";

  private Optionals() {}

  /** Asks which there are, and what they are: a row each. */
  public static String present() {
    return PRESENT;
  }

  /** What is put behind {@link Dialect#identity}, for a server that has these variables. */
  static String columns(Set<String> has) {
    return LIVE.stream()
        .filter(has::contains)
        .map(name -> ", @@global." + name + " AS " + name)
        .collect(Collectors.joining());
  }

  /** Asks how semi-synchronous replication works now, and since when the server runs. */
  static String status() {
    return LIVE_STATUS;
  }

  private static String quoted(List<String> names) {
    return names.stream().sorted().collect(Collectors.joining("', '", "'", "'"));
  }
}
