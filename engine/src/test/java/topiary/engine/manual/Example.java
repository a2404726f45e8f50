package topiary.engine.manual;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.fake.Trees;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Topology;
import topiary.engine.plan.Equivalence;
import topiary.engine.plan.PlanResult;
import topiary.engine.planner.Planner;
import topiary.engine.planner.World;
import topiary.engine.policy.PlanPolicy;

/**
 * A call of an operation on a small tree, and one that is refused; whatever they answer is the
 * planner's.
 *
 * @param operation of which one
 * @param tree its servers, as {@link Trees} reads them
 * @param call the arguments
 * @param before how the tree is made fit for it, by setup
 * @param no what is refused
 * @param note what is to be known besides the catalogue's sentence; empty for nothing
 */
record Example(
    Operation operation,
    String tree,
    Map<String, String> call,
    BiConsumer<Trees, Setup> before,
    Refusal no,
    String note) {

  /** Where a replica of {@code a} stands, in the log of {@code b}. */
  private static final List<Equivalence> NOTED =
      List.of(
          new Equivalence(
              Trees.key("a"),
              new BinlogPosition("bin.000001", 100),
              Trees.key("b"),
              new BinlogPosition("bin.000001", 77),
              new PlanId("p0123456789ab")));

  private static final Planner PLANNER = new Planner(PlanPolicy.DEFAULT);

  /**
   * A call that is refused.
   *
   * @param when in which case, in words that go on from "when"
   * @param call the arguments, where they are others
   * @param change what is otherwise in the tree, after what the example changes itself
   */
  record Refusal(String when, Optional<Map<String, String>> call, BiConsumer<Trees, Setup> change) {

    /** The same call, where something is otherwise. */
    static Refusal when(String when, BiConsumer<Trees, Setup> change) {
      return new Refusal(when, Optional.empty(), change);
    }

    /** Another call. */
    static Refusal of(String when, String... call) {
      return new Refusal(when, Optional.of(arguments(call)), (trees, setup) -> {});
    }
  }

  static Map<String, String> arguments(String... call) {
    var arguments = new LinkedHashMap<String, String>();
    for (int i = 0; i < call.length; i += 2) {
      arguments.put(call[i], call[i + 1]);
    }
    return arguments;
  }

  Example told(String words) {
    return new Example(operation, tree, call, before, no, words);
  }

  Example after(BiConsumer<Trees, Setup> change) {
    return new Example(operation, tree, call, change, no, note);
  }

  private Trees trees(Setup setup) {
    Trees trees = setup.tree(tree);
    before.accept(trees, setup);
    return trees;
  }

  /** Where it is known whom replicas log in as, and a place that an earlier move has noted. */
  private static World world(Trees trees) {
    return new World(
        trees.topology(), Map.of(), Map.of(), Map.of(), Map.of(Trees.key("a"), "repl"), NOTED);
  }

  /** The servers of the call. */
  Topology topology(Setup setup) {
    return trees(setup).topology();
  }

  /** What is planned. */
  PlanResult planned(Setup setup) {
    return PLANNER.plan(world(trees(setup)), intent(call));
  }

  /** What the case that is refused is answered. */
  PlanResult refused(Setup setup) {
    Trees trees = trees(setup);
    no.change().accept(trees, setup);
    return PLANNER.plan(world(trees), intent(no.call().orElse(call)));
  }

  /** What is wanted. */
  Intent intent(Map<String, String> with) {
    try {
      return Catalogue.intent(operation, Arguments.of(operation, with)).orElseThrow();
    } catch (BadArgument e) {
      throw new AssertionError("a bad example of " + operation.name(), e);
    }
  }

  /** A call as the command line takes it. */
  String typed(Map<String, String> with) {
    Function<Argument, String> typed =
        a ->
            a.type() == Argument.Type.SWITCH
                ? " --" + a.name()
                : (a.positional() ? " " : " --" + a.name() + " ") + with.get(a.name());
    return operation.name()
        + operation.arguments().stream()
            .filter(a -> with.containsKey(a.name()))
            .map(typed)
            .collect(Collectors.joining());
  }
}
