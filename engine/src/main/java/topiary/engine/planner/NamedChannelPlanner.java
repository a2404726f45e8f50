package topiary.engine.planner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
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
import topiary.engine.model.ThreadState;
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
      case Intent.OnServer(var key, Doing.SkipTransaction skip) -> {
        Plan plan = channels.skip(world, key, skip);
        maySkip(world.topology(), plan, replica, channel, rest);
        yield plan;
      }
      case Intent.OnServer(_, Doing.UseGtid(boolean on)) -> {
        if (on && isMaria(replica)) {
          ownDomains(world.topology(), replica, channel, rest, List.of(channel.source()));
        }
        yield others.apply(world, wanted);
      }
      default -> others.apply(world, wanted);
    };
  }

  /**
   * What the other channels have against leaving out a transaction of one. An empty transaction in
   * its place, and MariaDB's counter, are about that channel; MariaDB's position and MySQL's
   * counter are about all of them.
   */
  private static void maySkip(
      Topology topology, Plan plan, Sight replica, Channel channel, List<Channel> rest) {
    boolean empty =
        plan.stages().stream()
            .flatMap(stage -> stage.steps().stream())
            .noneMatch(step -> step instanceof Step.SkipTransaction s && s.transaction().isEmpty());
    boolean maria = isMaria(replica);
    boolean counts = channel.gtid() == GtidUse.NONE;
    if (empty || maria && counts) {
      return;
    }
    List<Channel> inTheWay =
        rest.stream().filter(c -> counts ? c.sql() != ThreadState.STOPPED : !c.stopped()).toList();
    if (!inTheWay.isEmpty()) {
      throw new Refusal(
          (counts
                  ? replica.key()
                      + " takes the number of transactions to skip, while gtid_mode is not ON, only"
                      + " if no channel applies, for the next one that is started"
                  : replica.key()
                      + " takes another gtid_slave_pos, which is how one is skipped, only while all"
                      + " its channels stand still")
              + ", and it replicates by "
              + Sight.channels(inTheWay)
              + ": stop that nicely, with its \"channel\", ask again, and start it afterwards");
    }
    if (maria) {
      ownDomains(topology, replica, channel, rest, List.of(channel.source()));
    }
  }

  private static boolean isMaria(Sight replica) {
    return replica.facts().identity().flavor() == Flavor.MARIADB;
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
    // Of the channel that decides its place it is known what name its source was told by.
    boolean decides = replica.facts().channels().getFirst().equals(channel);
    return world.only(
        one, Optional.ofNullable(world.sourceNames().get(replica.key())).filter(name -> decides));
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
  private static SortedSet<Long> domains(Topology topology, List<InstanceKey> servers) {
    var domains = new TreeSet<Long>();
    servers.stream()
        .flatMap(key -> topology.instance(key).flatMap(Instance::facts).stream())
        .map(Facts::positions)
        .forEach(p -> domains.addAll(MariaPosition.parse(p.executedGtid()).last().keySet()));
    return domains;
  }

  /**
   * The domains of some servers, none of which another channel of a replica gets anything in.
   *
   * @throws Refusal when one does: its position there tells nothing then
   */
  private static SortedSet<Long> ownDomains(
      Topology topology,
      Sight replica,
      Channel channel,
      List<Channel> rest,
      List<InstanceKey> servers) {
    SortedSet<Long> domains = domains(topology, servers);
    for (Channel other : rest) {
      SortedSet<Long> shared = domains(topology, List.of(other.source()));
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
    if (!isMaria(replica) || channel.gtid() == GtidUse.NONE) {
      return plan;
    }
    SortedSet<Long> domains =
        ownDomains(topology, replica, channel, rest, List.of(channel.source(), target));
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
