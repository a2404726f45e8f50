package topiary.engine.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.intent.Intent;
import topiary.engine.intent.Reshaping;
import topiary.engine.intent.Way;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Undoing;

/**
 * Plans that move several servers, made of the plans that move one: side by side where they do not
 * touch each other, one after the other where one rests on the other.
 */
final class ReshapePlanner {

  private final WayPlanner relocate;
  private final ClassicPlanner classic;
  private final RepointPlanner repoint;
  private final CoSourcePlanner coSource;
  private final EquivalentPlanner equivalent;
  private final TakeOverPlanner takeOver;
  private final RejoinPlanner rejoin;

  ReshapePlanner(
      WayPlanner relocate,
      ClassicPlanner classic,
      RepointPlanner repoint,
      CoSourcePlanner coSource,
      EquivalentPlanner equivalent,
      TakeOverPlanner takeOver,
      RejoinPlanner rejoin) {
    this.equivalent = equivalent;
    this.takeOver = takeOver;
    this.rejoin = rejoin;
    this.coSource = coSource;
    this.relocate = relocate;
    this.classic = classic;
    this.repoint = repoint;
  }

  Plan plan(World world, Intent.InTree wanted) {
    InstanceKey server = wanted.server();
    return switch (wanted.reshaping()) {
      case Reshaping.Replicas r -> replicas(world, server, r, Way.AUTO);
      case Reshaping.ReplicasBy(var r, var way) -> replicas(world, server, r, way);
      case Reshaping.Siblings r -> replicas(world, sourceOf(world, server), all(server), Way.AUTO);
      case Reshaping.Up r -> move(world, up(world, server));
      case Reshaping.ReplicasUp(var pattern) ->
          replicas(
              world, server, new Reshaping.Replicas(sourceOf(world, server), pattern), Way.AUTO);
      case Reshaping.BelowSibling(var sibling) -> belowSibling(world, server, sibling);
      case Reshaping.TakeSource(var source) ->
          takeSource(world, server, source.orElseGet(() -> sourceOf(world, server)));
      case Reshaping.Equivalent(var below) -> equivalent.plan(world, server, below);
      case Reshaping.CoSource(var source) ->
          coSource.plan(world, server, source.orElseGet(() -> sourceOf(world, server)));
      case Reshaping.TakeOver over ->
          takeOver.plan(
              world,
              server,
              over.source().orElseGet(() -> sourceOf(world, server)),
              over,
              moves -> lanes(world, moves, Way.AUTO));
      case Reshaping.Rejoin(var source) -> rejoin.plan(world, server, source);
      case Reshaping.Repoint(var source) -> repoint.plan(world, wanted, server, source);
      case Reshaping.RepointReplicas(var pattern) -> repointReplicas(world, wanted, pattern);
      case Reshaping.Regroup r -> regroup(world, server);
    };
  }

  /** Moves that were chosen one by one: all of them, or none. */
  Plan plan(World world, Intent.Moves wanted) {
    Set<InstanceKey> moved =
        wanted.moves().stream().map(Intent.Relocate::replica).collect(Collectors.toSet());
    Topology after = world.topology();
    for (Intent.Relocate move : wanted.moves()) {
      if (moved.contains(move.below())) {
        throw new Refusal(
            move.below()
                + " is itself to be moved, so nobody can be moved below it at the same time; move"
                + " it first");
      }
      after = after.moved(move.replica(), move.below());
    }
    // Interrupted half-way, and asked for again, some of it is done.
    boolean someLeft = wanted.moves().stream().anyMatch(move -> !isDone(world, move));
    for (Intent.Relocate move : wanted.moves()) {
      if (after.inRing(move.replica())) {
        throw new Refusal("these moves together would cut the tree into a ring");
      }
    }
    List<Intent.Relocate> left =
        wanted.moves().stream().filter(move -> !someLeft || !isDone(world, move)).toList();
    return together(wanted, lanes(world, left, Way.AUTO), List.of());
  }

  private static boolean isDone(World world, Intent.Relocate move) {
    Optional<Channel> only =
        world
            .topology()
            .instance(move.replica())
            .filter(Instance::seen)
            .flatMap(Instance::facts)
            .filter(f -> f.channels().size() == 1)
            .flatMap(Facts::primaryChannel);
    return only.filter(c -> c.source().equals(move.below())).isPresent()
        && world.standing(move.replica(), only.get()).isEmpty();
  }

  /** Whether an interrupted plan has left threads of it stopped. */
  private static boolean isStanding(World world, InstanceKey replica) {
    return world
        .topology()
        .instance(replica)
        .flatMap(Instance::facts)
        .flatMap(Facts::primaryChannel)
        .flatMap(c -> world.standing(replica, c))
        .isPresent();
  }

  private static Intent.Relocate up(World world, InstanceKey server) {
    InstanceKey source = sourceOf(world, server);
    return new Intent.Relocate(
        server,
        world
            .topology()
            .instance(source)
            .flatMap(Instance::source)
            .orElseThrow(
                () ->
                    new Refusal(
                        source + ", the source of " + server + ", is a head: nobody is above it")));
  }

  private Plan belowSibling(World world, InstanceKey server, InstanceKey sibling) {
    InstanceKey its = sourceOf(world, server);
    InstanceKey other = sourceOf(world, sibling);
    if (!its.equals(other)) {
      throw new Refusal(
          sibling
              + " is no sibling of "
              + server
              + ": it replicates from "
              + other
              + ", not from "
              + its
              + "; \"relocate\" moves below any server of the tree");
    }
    return move(world, below(server, sibling));
  }

  /** A chain of three becomes the same chain with the lower two in the other order. */
  private Plan takeSource(World world, InstanceKey server, InstanceKey source) {
    var halves = new ArrayList<Plan>();
    World between = world;
    if (sourceOf(world, server).equals(source)) {
      if (world.topology().instance(source).flatMap(Instance::source).isEmpty()) {
        throw new Refusal(
            source
                + ", the source of "
                + server
                + ", is a head: to take the place of a primary, writes have to be stopped first,"
                + " which \"take-over\" does");
      }
      Intent.Relocate rise = up(world, server);
      halves.add(move(world, rise));
      between = world.moved(server, rise.below());
    } else if (isStanding(world, server)) {
      // Interrupted half-way: it was pointed upwards, and not started.
      halves.add(move(world, below(server, sourceOf(world, server))));
    }
    if (halves.isEmpty() || !sourceOf(world, source).equals(server)) {
      halves.add(move(between, below(source, server)));
    }
    var basis = new LinkedHashSet<Basis>();
    // Of the second half, what is so before the first.
    halves.stream()
        .flatMap(half -> half.basis().stream())
        .filter(b -> b.broken(world.topology()).isEmpty())
        .forEach(basis::add);
    return new Plan(
        new Intent.InTree(server, new Reshaping.TakeSource(Optional.of(source))),
        Lanes.inOrder(halves),
        List.copyOf(basis),
        halves.stream().flatMap(half -> half.outcome().stream()).toList(),
        warnings(halves),
        new Undoing(
            new Intent.InTree(source, new Reshaping.TakeSource(Optional.of(server))),
            halves.stream().flatMap(half -> half.undoing().mustHold().stream()).toList()));
  }

  private static Intent.Relocate below(InstanceKey replica, InstanceKey source) {
    return new Intent.Relocate(replica, source);
  }

  private Plan move(World world, Intent.Relocate move) {
    return relocate.plan(world, move, Way.AUTO);
  }

  private static Reshaping.Replicas all(InstanceKey below) {
    return new Reshaping.Replicas(below, Optional.empty());
  }

  private Plan replicas(World world, InstanceKey of, Reshaping.Replicas wanted, Way way) {
    InstanceKey below = wanted.below();
    Optional<String> pattern = wanted.pattern();
    if (of.equals(below)) {
      throw new Refusal("the replicas of " + of + " are below it already");
    }
    // Those that an interrupted plan has pointed there and not started belong to them.
    List<InstanceKey> held =
        world.held().entrySet().stream()
            .filter(e -> e.getValue().source().equals(of))
            .map(Map.Entry::getKey)
            .filter(key -> world.topology().replicasOf(below).contains(key))
            .filter(key -> isStanding(world, key))
            .sorted()
            .toList();
    List<InstanceKey> all =
        Stream.concat(held.stream(), chosen(world, of, pattern, held.isEmpty()).stream())
            .filter(key -> !key.equals(below))
            .toList();
    Map<InstanceKey, String> left = new LinkedHashMap<>();
    List<Intent.Relocate> moves = new ArrayList<>();
    for (InstanceKey replica : all) {
      try {
        var move = below(replica, below);
        relocate.plan(world, move, way);
        moves.add(move);
      } catch (Refusal e) {
        left.put(replica, e.getMessage());
      }
    }
    return some(
        new Intent.InTree(of, way == Way.AUTO ? wanted : new Reshaping.ReplicasBy(wanted, way)),
        lanes(world, moves, way),
        left,
        "no replica of " + of + " can be moved below " + below);
  }

  /** A plan for each, and one for all that are taken the same way by file and position. */
  private List<Plan> lanes(World world, List<Intent.Relocate> moves, Way way) {
    record Course(InstanceKey from, InstanceKey below) {}
    Map<Object, List<Intent.Relocate>> lanes = new LinkedHashMap<>();
    for (Intent.Relocate move : moves) {
      Optional<InstanceKey> from =
          way == Way.GTID
              ? Optional.empty()
              : world
                  .topology()
                  .instance(move.replica())
                  .flatMap(Instance::facts)
                  .flatMap(Facts::primaryChannel)
                  .filter(c -> c.gtid() == GtidUse.NONE && !c.source().equals(move.below()))
                  .map(Channel::source);
      Object lane = from.<Object>map(f -> new Course(f, move.below())).orElse(move);
      lanes.computeIfAbsent(lane, l -> new ArrayList<>()).add(move);
    }
    return lanes.values().stream().map(lane -> lane(world, lane, way)).toList();
  }

  private Plan lane(World world, List<Intent.Relocate> moves, Way way) {
    return moves.size() == 1
        ? relocate.plan(world, moves.getFirst(), way)
        : classic.plan(
            world,
            new Intent.Moves(moves),
            moves.stream().map(Intent.Relocate::replica).toList(),
            moves.getFirst().below());
  }

  private Plan repointReplicas(World world, Intent.InTree wanted, Optional<String> pattern) {
    InstanceKey server = wanted.server();
    return each(
        wanted,
        chosen(world, server, pattern, true),
        "no replica of " + server + " can be pointed at it anew",
        replica -> repoint.plan(world, wanted, replica, Optional.empty()));
  }

  private Plan regroup(World world, InstanceKey server) {
    List<InstanceKey> members = chosen(world, server, Optional.empty(), true);
    Candidates candidates = Candidates.among(world.topology(), members);
    InstanceKey best =
        candidates
            .best()
            .orElseThrow(
                () ->
                    new Refusal(
                        "no replica of "
                            + server
                            + " can take the others: "
                            + candidates.whyNot()));
    return replicas(world, server, all(best), Way.AUTO);
  }

  /**
   * The replicas of a server whose address a pattern is found in.
   *
   * @param some whether there must be some
   */
  private static List<InstanceKey> chosen(
      World world, InstanceKey of, Optional<String> pattern, boolean some) {
    if (world.topology().instance(of).isEmpty()) {
      throw new Refusal(of + " is not known; discover it first");
    }
    List<InstanceKey> all = world.topology().replicasOf(of);
    if (all.isEmpty() && some) {
      throw new Refusal(of + " has no replicas");
    }
    if (pattern.isEmpty()) {
      return all;
    }
    try {
      Pattern p = Pattern.compile(pattern.get());
      List<InstanceKey> found =
          all.stream().filter(key -> p.matcher(key.toString()).find()).toList();
      if (found.isEmpty() && some) {
        throw new Refusal(
            "none of the " + all.size() + " replicas of " + of + " matches " + pattern.get());
      }
      return found;
    } catch (PatternSyntaxException e) {
      throw new Refusal(pattern.get() + " is no regular expression: " + e.getDescription());
    }
  }

  /** Plans for each that can have one; the others stay as they are, and the plan says why. */
  private static Plan each(
      Intent wanted, List<InstanceKey> members, String none, Function<InstanceKey, Plan> one) {
    var lanes = new ArrayList<Plan>();
    Map<InstanceKey, String> left = new LinkedHashMap<>();
    for (InstanceKey member : members) {
      try {
        lanes.add(one.apply(member));
      } catch (Refusal e) {
        left.put(member, e.getMessage());
      }
    }
    return some(wanted, lanes, left, none);
  }

  private static Plan some(
      Intent wanted, List<Plan> lanes, Map<InstanceKey, String> left, String none) {
    if (lanes.isEmpty()) {
      String why =
          left.isEmpty()
              ? "there is no other"
              : left.values().stream().distinct().collect(Collectors.joining("; "));
      throw new Refusal(none + ": " + why);
    }
    return together(
        wanted,
        lanes,
        left.entrySet().stream()
            .map(e -> e.getKey() + " stays as it is: " + e.getValue())
            .toList());
  }

  private static Plan together(Intent wanted, List<Plan> lanes, List<String> left) {
    var outcome = new ArrayList<String>();
    var basis = new LinkedHashSet<Basis>();
    var mustHold = new ArrayList<Basis>();
    var back = new ArrayList<Intent.Relocate>();
    Optional<Intent> cannot = Optional.empty();
    for (Plan lane : lanes) {
      outcome.addAll(lane.outcome());
      basis.addAll(lane.basis());
      mustHold.addAll(lane.undoing().mustHold());
      switch (lane.undoing().inverse()) {
        case Intent.Relocate inverse -> back.add(inverse);
        case Intent.Moves inverse -> back.addAll(inverse.moves());
        case Intent other -> cannot = Optional.of(other);
      }
    }
    var warnings = new ArrayList<>(left);
    warnings.addAll(warnings(lanes));
    Intent inverse = cannot.orElseGet(() -> new Intent.Moves(back));
    return new Plan(
        wanted,
        Lanes.sideBySide(lanes),
        List.copyOf(basis),
        outcome,
        warnings,
        new Undoing(inverse, cannot.isPresent() ? List.of() : mustHold));
  }

  private static List<String> warnings(List<Plan> plans) {
    return plans.stream().flatMap(p -> p.warnings().stream()).distinct().toList();
  }

  private static InstanceKey sourceOf(World world, InstanceKey server) {
    return Sight.of(world.topology(), server)
        .instance()
        .source()
        .orElseThrow(() -> new Refusal(server + " is not a replica: it has no source"));
  }
}
