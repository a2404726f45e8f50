package topiary.engine.model;

import java.util.Optional;
import java.util.Set;

/**
 * Who a server is; changes only when another server takes its place.
 *
 * @param serverId {@code @@server_id}
 * @param uuid {@code @@server_uuid} of MySQL; MariaDB has none that tells two servers of one
 *     machine apart
 * @param flavor whose server it is
 * @param version what it runs
 * @param versionComment {@code @@version_comment}
 * @param hostname {@code @@hostname}, what the machine calls itself
 * @param reported {@code report_host} and {@code report_port}, when set
 * @param capabilities what it can do that others of its family cannot
 */
public record Identity(
    long serverId,
    Optional<String> uuid,
    Flavor flavor,
    Version version,
    String versionComment,
    String hostname,
    Optional<InstanceKey> reported,
    Set<Capability> capabilities) {

  public Identity {
    capabilities = Set.copyOf(capabilities);
  }

  /**
   * Equal for two answers of one server, and mostly for no other: a reason to look closer, never a
   * proof. A copy of a data folder has the uuid of its model, and MariaDB has none.
   */
  public String mark() {
    return uuid.orElseGet(
        () ->
            serverId
                + "@"
                + hostname
                + reported.map(InstanceKey::toString).map(" "::concat).orElse(""));
  }

  /** Whether this may be the same server as before, by what makes a server itself. */
  public boolean continues(Identity before) {
    return uuid.isPresent() || before.uuid.isPresent()
        ? uuid.equals(before.uuid)
        : serverId == before.serverId;
  }
}
