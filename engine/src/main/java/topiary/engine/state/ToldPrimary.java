package topiary.engine.state;

import topiary.engine.model.InstanceKey;

/**
 * Where applications are told to write.
 *
 * @param alias what they call the cluster
 * @param primary who takes its writes
 * @param ipv4 the address of that host; empty where it has none, or that is not known yet
 * @param ipv6 the same
 */
public record ToldPrimary(String alias, InstanceKey primary, String ipv4, String ipv6) {

  /** The same of another server, whose addresses are looked up later. */
  ToldPrimary by(InstanceKey successor) {
    return successor.equals(primary) ? this : new ToldPrimary(alias, successor, "", "");
  }
}
