package topiary.engine.planner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import topiary.engine.gtid.MariaPosition;
import topiary.engine.intent.Doing;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Step;
import topiary.engine.plan.Undoing;

/**
 * Plans about one channel of a replica that may have several. They are those of a replica with that
 * channel alone, made in a world in which it has no other; then what they rest on is said of the
 * channel, and what the other channels forbid is added.
 */
final class NamedChannelPlanner {

  private final ChannelPlanner channels;
  private final RelocatePlanner relocate;
  private final BiFunction<World, Intent, Plan> others;

  /**
   * A planner.
   *
   * @param others makes the plan of a replica that has one channel
   */
  NamedChannelPlanner(
      ChannelPlanner channels, RelocatePlanner relocate, BiFunction<World, Intent, Plan> others) {
    this.channels = channels;
    this.relocate = relocate;
    this.others = others;
  }

  Plan plan(World world, Intent.OnChannel wanted) {
    Sight replica = Sight.of(world.topology(), wanted.server());
    Channel channel =
        replica.facts().channels().stream()
            .filter(c -> c.name().equals(wanted.channel()))
            .findFirst()
            .orElseThrow(() -> none(replica, wanted.channel()));
    List<Channel> rest =
        replica.facts().channels().stream().filter(c -> !c.equals(channel)).toList();
    Plan plan = alone(only(world, replica, channel), wanted.wanted(), replica, channel, rest);
    return said(plan, wanted, replica, rest);
  }

  private Plan alone(
      World world, Intent wanted, Sight replica, Channel channel, List<Channel> rest) {
    if (rest.isEmpty()) {
      return others.apply(world, wanted);
    }
    return switch (wanted) {
      case Intent.Relocate move -> {
        mayGo(world.topology(), replica, rest, move.below());
        Plan plan = relocate.planOne(world, move, rest.stream().map(Channel::source).toList());
        yield byDomain(world.topology(), plan, replica, channel, rest, move.below());
      }
      case Intent.InTree(var key, Reshaping.Repoint(var source))
          when source.filter(s -> !s.equals(channel.source())).isPresent() -> {
        InstanceKey target = source.get();
        // One that is seen can be asked all that a move has to know.
        if (world.topology().instance(target).filter(Instance::seen).isPresent()) {
          replica.mustBeAttached(channel);
          yield alone(world, new Intent.Relocate(key, target), replica, channel, rest);
        }
        mayGo(world.topology(), replica, rest, target);
        yield others.apply(world, wanted);
      }
      case Intent.OnServer(var key, Doing.Reset reset) -> channels.reset(world, key, reset, rest);
      default -> others.apply(world, wanted);
    };
  }

  private static Refusal none(Sight replica, String channel) {
    return new Refusal(
        replica.facts().channels().isEmpty()
            ? replica.key() + " is not a replica"
            : replica.key()
                + " has no "
                + Intent.OnChannel.words(channel)
                + "; it replicates by "
                + Sight.channels(replica.facts().channels()));
  }

  /** The world in which a replica has no other channel. */
  private static World only(World world, Sight replica, Channel channel) {
    Instance one = replica.instance().only(channel.name());
    var names = new HashMap<>(world.sourceNames());
    // Of the channel that decides its place it is known what name its source was told by.
    if (!replica.facts().channels().getFirst().equals(channel)) {
      names.remove(replica.key());
    }
    Topology topology = world.topology();
    return new World(
        topology.next(topology.revision(), List.of(), List.of(one)),
        world.held(),
        names,
        world.clusters(),
        world.logins(),
        world.equivalences());
  }

  /** What the other channels have against another source. */
  private static void mayGo(
      Topology topology, Sight replica, List<Channel> rest, InstanceKey target) {
    for (Channel other : rest) {
      if (other.source().equals(target)) {
        throw new Refusal(
            replica.key()
                + " replicates from "
                + target
                + " by "
                + Intent.OnChannel.words(other.name())
                + " already; a source ends the one connection of a replica when that makes"
                + " another");
      }
    }
    if (leadsTo(topology, target, replica.key())) {
      throw new Refusal(
          target
              + " gets, by one of its channels or those above it, what "
              + replica.key()
              + " logs: the move would make a ring");
    }
  }

  /** Whether what one server logs comes to another, by whatever channels. */
  private static boolean leadsTo(Topology topology, InstanceKey from, InstanceKey to) {
    Set<InstanceKey> above = new HashSet<>();
    Deque<InstanceKey> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      InstanceKey next = open.pop();
      if (next.equals(to)) {
        return true;
      }
      if (above.add(next)) {
        topology
            .instance(next)
            .flatMap(Instance::facts)
            .ifPresent(f -> f.channels().forEach(c -> open.push(c.source())));
      }
    }
    return false;
  }

  /** The domains in which servers have executed anything, as MariaDB has them. */
  private static SortedSet<Long> domains(Topology topology, InstanceKey... servers) {
    var domains = new TreeSet<Long>();
    Stream.of(servers)
        .flatMap(key -> topology.instance(key).flatMap(Instance::facts).stream())
        .map(Facts::positions)
        .forEach(p -> domains.addAll(MariaPosition.parse(p.executedGtid()).last().keySet()));
    return domains;
  }

  /** A new source must have logged what the replica has got of its tree, and of no other. */
  private static Plan byDomain(
      Topology topology,
      Plan plan,
      Sight replica,
      Channel channel,
      List<Channel> rest,
      InstanceKey target) {
    if (replica.facts().identity().flavor() != Flavor.MARIADB || channel.gtid() == GtidUse.NONE) {
      return plan;
    }
    SortedSet<Long> domains = domains(topology, channel.source(), target);
    for (Channel other : rest) {
      SortedSet<Long> shared = domains(topology, other.source());
      shared.retainAll(domains);
      if (!shared.isEmpty()) {
        throw new Refusal(
            replica.key()
                + " gets GTID domain "
                + shared.first()
                + " by "
                + Intent.OnChannel.words(other.name())
                + " from "
                + other.source()
                + ", too, so its position there does not tell what it has got of "
                + channel.source()
                + ": each head needs a gtid_domain_id of its own");
      }
    }
    List<Long> mine = List.copyOf(domains);
    return new Plan(
        plan.intent(),
        plan.stages().stream()
            .map(
                stage ->
                    new Stage(
                        stage.title(),
                        stage.guards(),
                        stage.steps().stream()
                            .map(
                                step ->
                                    step instanceof Step.AwaitLogged s
                                        ? new Step.AwaitLoggedOf(
                                            s.target(), s.position(), mine, s.limit())
                                        : step)
                            .toList(),
                        stage.lastly(),
                        stage.start()))
            .toList(),
        plan.basis(),
        plan.outcome(),
        plan.warnings(),
        plan.undoing());
  }

  /** The plan as one about this channel. */
  private static Plan said(Plan plan, Intent.OnChannel wanted, Sight replica, List<Channel> rest) {
    Intent inverse = plan.undoing().inverse();
    var warnings = new ArrayList<>(plan.warnings());
    if (!rest.isEmpty()) {
      warnings.add(replica.key() + " goes on as it does by " + Sight.channels(rest));
    }
    return new Plan(
        wanted,
        plan.stages().stream()
            .map(
                stage ->
                    new Stage(
                        stage.title(),
                        said(stage.guards(), wanted, replica),
                        stage.steps(),
                        stage.lastly(),
                        stage.start()))
            .toList(),
        said(plan.basis(), wanted, replica),
        plan.outcome(),
        warnings,
        new Undoing(
            inverse instanceof Intent.CannotBeUndone
                ? inverse
                : new Intent.OnChannel(inverse, wanted.channel()),
            said(plan.undoing().mustHold(), wanted, replica)));
  }

  private static List<Basis> said(List<Basis> of, Intent.OnChannel wanted, Sight replica) {
    return of.stream()
        .map(
            basis ->
                !basis.instance().equals(wanted.server())
                    ? basis
                    : basis.field() == Field.CHANNELS
                        ? Basis.of(replica.instance(), Field.CHANNELS)
                        : basis.field().ofChannel() ? basis.on(wanted.channel()) : basis)
        .toList();
  }
}
