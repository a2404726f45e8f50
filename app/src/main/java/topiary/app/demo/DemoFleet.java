package topiary.app.demo;

import java.time.Duration;
import java.util.List;
import topiary.app.config.CredentialRule;
import topiary.engine.model.InstanceKey;
import topiary.lab.Lab;
import topiary.lab.Member;
import topiary.lab.sim.Address;
import topiary.lab.wire.SimulatedFleet;

/**
 * The servers that a demo is about.
 *
 * @param members all of them
 * @param seeds one of each tree
 * @param account how Topiary logs in to them
 * @param poll how often they are looked at
 * @param eachWell whether the demo begins when each is seen and replicates; else when all are
 *     found, as of thousands on a busy machine there is always one that answers late
 */
record DemoFleet(
    List<InstanceKey> members,
    List<InstanceKey> seeds,
    CredentialRule account,
    Duration poll,
    boolean eachWell) {

  DemoFleet {
    members = List.copyOf(members);
    seeds = List.copyOf(seeds);
  }

  /** Real ones, in one tree. */
  static DemoFleet of(Lab lab) {
    List<InstanceKey> members =
        lab.members().stream().map(Member::address).map(InstanceKey::parse).toList();
    return new DemoFleet(
        members, members.subList(0, 1), LabAccount.rule(lab), Duration.ofSeconds(1), true);
  }

  /** Simulated ones. */
  static DemoFleet of(SimulatedFleet fleet) {
    return new DemoFleet(
        keys(fleet.servers()),
        keys(fleet.seeds()),
        new CredentialRule(
            "*", fleet.spec().user(), new CredentialRule.Source.InMemory(fleet.spec().password())),
        Duration.ofSeconds(5),
        false);
  }

  private static List<InstanceKey> keys(List<Address> addresses) {
    return addresses.stream().map(a -> new InstanceKey(a.host(), a.port())).toList();
  }
}
