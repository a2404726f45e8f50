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
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Plan;
import topiary.engine.plan.Stage;
import topiary.engine.plan.Undoing;

/**
 * Plans that move several servers, made of the plans that move one: side by side where they do not
 * touch each other, one after the other where one rests on the other.
 */
final class ReshapePlanner {

  private final RelocatePlanner relocate;
  private final RepointPlanner repoint;

  ReshapePlanner(RelocatePlanner relocate, RepointPlanner repoint) {
    this.relocate = relocate;
    this.repoint = repoint;
  }

  Plan plan(World world, Intent.InTree wanted) {
    InstanceKey server = wanted.server();
    return switch (wanted.reshaping()) {
      case Reshaping.Replicas(var below, var pattern) -> replicas(world, server, below, pattern);
      case Reshaping.Siblings r ->
          replicas(world, sourceOf(world, server), server, Optional.empty());
      case Reshaping.Up r -> relocate.plan(world, up(world, server));
      case Reshaping.ReplicasUp(var pattern) ->
          replicas(world, server, sourceOf(world, server), pattern);
      case Reshaping.BelowSibling(var sibling) -> belowSibling(world, server, sibling);
      case Reshaping.TakeSource(var source) ->
          takeSource(world, server, source.orElseGet(() -> sourceOf(world, server)));
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
    var lanes = new ArrayList<Plan>();
    // Interrupted half-way, and asked for again, some of it is done.
    boolean someLeft = wanted.moves().stream().anyMatch(move -> !isDone(world, move));
    for (Intent.Relocate move : wanted.moves()) {
      if (after.inRing(move.replica())) {
        throw new Refusal("these moves together would cut the tree into a ring");
      }
      if (!someLeft || !isDone(world, move)) {
        lanes.add(relocate.plan(world, move));
      }
    }
    return together(wanted, lanes, List.of());
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
        && (!world.held().containsKey(move.replica()) || only.get().replicating());
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
    return relocate.plan(world, below(server, sibling));
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
                + " which this operation does not do");
      }
      Intent.Relocate rise = up(world, server);
      halves.add(relocate.plan(world, rise));
      between = world.moved(server, rise.below());
    } else if (world.held().containsKey(server)) {
      // Interrupted half-way: it was pointed upwards, and not started.
      halves.add(relocate.plan(world, below(server, sourceOf(world, server))));
    }
    if (halves.isEmpty() || !sourceOf(world, source).equals(server)) {
      halves.add(relocate.plan(between, below(source, server)));
    }
    var basis = new LinkedHashSet<Basis>();
    // Of the second half, what is so before the first.
    halves.stream()
        .flatMap(half -> half.basis().stream())
        .filter(b -> b.broken(world.topology()).isEmpty())
        .forEach(basis::add);
    return new Plan(
        new Intent.InTree(server, new Reshaping.TakeSource(Optional.of(source))),
        halves.stream().flatMap(half -> half.stages().stream()).toList(),
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

  private Plan replicas(World world, InstanceKey of, InstanceKey below, Optional<String> pattern) {
    if (of.equals(below)) {
      throw new Refusal("the replicas of " + of + " are below it already");
    }
    // Those that an interrupted plan has pointed there and not started belong to them.
    List<InstanceKey> held =
        world.held().entrySet().stream()
            .filter(e -> e.getValue().equals(of))
            .map(Map.Entry::getKey)
            .filter(key -> world.topology().replicasOf(below).contains(key))
            .sorted()
            .toList();
    List<InstanceKey> all =
        Stream.concat(held.stream(), chosen(world, of, pattern, held.isEmpty()).stream())
            .filter(key -> !key.equals(below))
            .toList();
    return each(
        new Intent.InTree(of, new Reshaping.Replicas(below, pattern)),
        all,
        "no replica of " + of + " can be moved below " + below,
        replica -> relocate.plan(world, below(replica, below)));
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
    return replicas(world, server, best, Optional.empty());
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
    var stages = new ArrayList<Stage>();
    var outcome = new ArrayList<String>();
    var basis = new LinkedHashSet<Basis>();
    var mustHold = new ArrayList<Basis>();
    var back = new ArrayList<Intent.Relocate>();
    Optional<Intent> cannot = Optional.empty();
    for (Plan lane : lanes) {
      boolean first = true;
      for (Stage stage : lane.stages()) {
        List<Integer> after = first ? List.of() : List.of(stages.size() - 1);
        stages.add(lanes.size() == 1 ? stage : stage.startedAt(new Stage.Start(after, false)));
        first = false;
      }
      outcome.addAll(lane.outcome());
      basis.addAll(lane.basis());
      mustHold.addAll(lane.undoing().mustHold());
      if (lane.undoing().inverse() instanceof Intent.Relocate inverse) {
        back.add(inverse);
      } else {
        cannot = Optional.of(lane.undoing().inverse());
      }
    }
    var warnings = new ArrayList<>(left);
    warnings.addAll(warnings(lanes));
    Intent inverse = cannot.orElseGet(() -> new Intent.Moves(back));
    return new Plan(
        wanted,
        stages,
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
