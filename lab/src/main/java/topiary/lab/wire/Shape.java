package topiary.lab.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import topiary.lab.sim.Address;
import topiary.lab.sim.Kind;
import topiary.lab.sim.Server;
import topiary.lab.sim.SimFleet;
import topiary.lab.tree.Tree;

/** Makes the trees of a fleet. */
final class Shape {

  /** So many servers have addresses with the same third number. */
  private static final int PER_BLOCK = 250;

  private static final String REPLICATION_USER = "repl";
  private static final int EARLIER = 1000;

  /** In smaller trees there is no place for all that. */
  private static final int LEAST_VARIED = 5;

  private Shape() {}

  /** The servers of each tree, its head first. */
  static List<List<Server>> make(SimulatedSpec spec, SimFleet fleet, long now) {
    var random = new Random(spec.seed());
    var trees = new ArrayList<List<Server>>();
    int made = 0;
    for (int tree = 0; tree < spec.clusters(); tree++) {
      int size = (spec.servers() - made) / (spec.clusters() - tree);
      Kind kind = spec.kinds().get(tree % spec.kinds().size());
      var members = new ArrayList<Server>();
      for (int i = 0; i < size; i++) {
        members.add(server(spec, fleet, kind, made + i, now));
      }
      made += size;
      if (spec.tree().isPresent()) {
        wire(spec.tree().get(), members, spec, random, now);
      } else {
        // Two trees of one domain cannot have a replica in common.
        wire(members, spec, spec.varied() ? tree : 0, random, now);
      }
      trees.add(List.copyOf(members));
    }
    if (spec.varied()) {
      vary(trees, spec.kinds().size(), now);
    }
    return trees;
  }

  private static Server server(SimulatedSpec spec, SimFleet fleet, Kind kind, int index, long now) {
    String host = "127." + spec.network() + "." + index / PER_BLOCK + "." + (1 + index % PER_BLOCK);
    String uuid = "%08x-7069-11f0-8000-%012x".formatted((int) spec.seed(), (long) index + 1);
    return fleet.add(new Address(host, spec.port()), kind, index + 1, uuid, now);
  }

  /** A head; a few replicas with replicas of their own; the others below any of these. */
  private static void wire(
      List<Server> members, SimulatedSpec spec, long domain, Random random, long now) {
    Server head = members.getFirst();
    head.head(EARLIER + random.nextInt(EARLIER), spec.writes(), domain, now);
    int sources = 1 + (members.size() - 1) / 5;
    for (int i = 1; i < members.size(); i++) {
      int above = i < sources && random.nextInt(4) > 0 ? 0 : random.nextInt(Math.min(i, sources));
      members.get(i).replica("", members.get(above), REPLICATION_USER, now);
    }
  }

  /** As a text has it: the first source in the unnamed channel, every further one in its own. */
  private static void wire(
      Tree tree, List<Server> members, SimulatedSpec spec, Random random, long now) {
    List<String> names = tree.members().stream().map(Tree.Member::name).toList();
    List<String> writers = tree.writers();
    for (Tree.Member member : tree.members()) {
      Server server = members.get(names.indexOf(member.name()));
      int domain = Math.max(0, writers.indexOf(member.name()));
      if (member.head()) {
        server.head(EARLIER + random.nextInt(EARLIER), spec.writes(), domain, now);
      } else {
        server.domain(domain);
      }
    }
    for (Tree.Member member : tree.members()) {
      for (String source : member.sources()) {
        String channel = source.equals(member.sources().getFirst()) ? "" : source;
        Server from = members.get(names.indexOf(source));
        members.get(names.indexOf(member.name())).replica(channel, from, REPLICATION_USER, now);
      }
    }
  }

  /** Gives some trees what real ones have. */
  private static void vary(List<List<Server>> trees, int kinds, long now) {
    for (int i = 0; i < trees.size(); i++) {
      int number = i + 1;
      List<Server> members = trees.get(i);
      Server head = members.getFirst();
      Server last = members.getLast();
      if (number % 3 == 0) {
        members.forEach(server -> server.semiSync(now));
      }
      if (members.size() < LEAST_VARIED) {
        continue;
      }
      if (number % 5 == 0) {
        members.get(members.size() - 2).filter("REPLICATE_IGNORE_DB", "scratch");
      }
      if (number % 7 == 0) {
        // The second of every tree is below its head.
        Server second = members.get(1);
        second.domain(trees.size() + i);
        head.replica("", second, REPLICATION_USER, now);
      }
      if (number % 11 == 0) {
        last.delay(3600, now);
      }
      if (number % 13 == 0 && i >= kinds) {
        Server other = trees.get(i - kinds).getFirst();
        members.get(members.size() - 3).replica("other", other, REPLICATION_USER, now);
      }
    }
  }
}
