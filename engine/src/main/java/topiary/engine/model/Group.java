package topiary.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * What a server says of the MySQL Group Replication group it is a member of.
 *
 * @param name the group's uuid
 * @param singlePrimary whether one member takes the writes
 * @param state its own state, as the server says it: ONLINE, RECOVERING, UNREACHABLE, ERROR;
 *     OFFLINE for a member that has left or was expelled
 * @param role its own role: PRIMARY or SECONDARY; empty where the server tells none
 * @param primary the member that takes the writes; empty when there is none, or more than one
 * @param members the other members that are not offline, in order of their address
 */
public record Group(
    String name,
    boolean singlePrimary,
    String state,
    String role,
    Optional<InstanceKey> primary,
    List<InstanceKey> members) {

  public Group {
    members = members.stream().sorted().toList();
  }

  /** Whether the group has it as one that works. */
  public boolean online() {
    return state.equals("ONLINE");
  }

  /** Whether it gets its changes from the group's primary. */
  public boolean secondary() {
    return role.equals("SECONDARY");
  }
}
