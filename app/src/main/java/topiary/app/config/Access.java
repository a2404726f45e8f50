package topiary.app.config;

import java.util.List;
import java.util.Optional;

/**
 * Who may come in, and how.
 *
 * @param tls by what the node and its clients know each other; without it, plain HTTP is spoken
 * @param users who comes in by a password
 * @param open whether anybody may who reaches the node, from other machines too; only without the
 *     two above
 * @param hosts further names the node is asked by
 */
public record Access(
    Optional<TlsFiles> tls, List<NodeUser> users, boolean open, List<String> hosts) {

  /** Whoever is on this machine. */
  public static final Access LOCAL = new Access(Optional.empty(), List.of(), false, List.of());

  public Access {
    users = List.copyOf(users);
    hosts = List.copyOf(hosts);
  }

  /** Whether everybody is asked who they are. */
  public boolean guarded() {
    return tls.isPresent() || !users.isEmpty();
  }
}
