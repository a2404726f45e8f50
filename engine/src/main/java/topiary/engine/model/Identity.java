package topiary.engine.model;

import java.util.Optional;

/**
 * Who a server is; changes only when another server takes its place.
 *
 * @param serverId {@code @@server_id}
 * @param uuid {@code @@server_uuid} on MySQL, {@code @@server_uid} on MariaDB 11.4 and newer
 * @param flavor whose server it is
 * @param version what it runs
 * @param versionComment {@code @@version_comment}
 * @param hostname {@code @@hostname}, what the machine calls itself
 * @param reported {@code report_host} and {@code report_port}, when set
 */
public record Identity(
    long serverId,
    Optional<String> uuid,
    Flavor flavor,
    Version version,
    String versionComment,
    String hostname,
    Optional<InstanceKey> reported) {}
