package topiary.engine.manager;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import topiary.engine.model.ClusterId;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.state.Command;
import topiary.engine.state.ManagerState;

/**
 * Which tree goes by which id. An id stays with the tree that holds its recorded head; a tree
 * without one gets a new id; members that have come from elsewhere take the id of their tree. Trees
 * with a member that was never seen, or with a source that is not known, are left as they are.
 * Pure.
 */
final class Clusters {

  private Clusters() {}

  /** The commands that bring the state to what the topology shows; none when it agrees. */
  static List<Command> reconcile(Topology topology, ManagerState state, Supplier<ClusterId> newId) {
    var commands = new ArrayList<Command>();
    var taken = new HashSet<ClusterId>();
    Map<InstanceKey, List<ClusterId>> headed = headed(state);
    for (Tree tree : topology.trees()) {
      // A server that was never seen, as all are after a restart, has its place by assumption only.
      // So has one that is about to be joined by a source which was named just now.
      // And while a dead head is replaced, what was its tree is on its way to another.
      boolean replaced =
          state.recoveries().open().values().stream().anyMatch(r -> r.failed().equals(tree.head()));
      boolean known =
          !replaced
              && complete(tree, topology)
              && tree.members().stream()
                  .allMatch(
                      key ->
                          state.instances().containsKey(key)
                              && topology.instance(key).flatMap(Instance::facts).isPresent());
      if (known) {
        settle(tree, state, headed, taken, newId, commands);
      }
    }
    return commands;
  }

  private static boolean complete(Tree tree, Topology topology) {
    return topology
        .instance(tree.head())
        .flatMap(Instance::source)
        .map(topology.instances()::containsKey)
        .orElse(true);
  }

  private static void settle(
      Tree tree,
      ManagerState state,
      Map<InstanceKey, List<ClusterId>> headed,
      Set<ClusterId> taken,
      Supplier<ClusterId> newId,
      List<Command> commands) {
    ClusterId id = idOf(tree, state, headed, taken).orElseGet(newId);
    taken.add(id);
    for (InstanceKey member : tree.members()) {
      if (!id.equals(state.instances().get(member))) {
        commands.add(new Command.RegisterInstance(member, id));
      }
    }
    // An id whose last members are given another is gone, with its head, until it is given anew.
    boolean fresh = members(tree, state, id) == 0;
    if (fresh || !tree.head().equals(state.heads().get(id))) {
      commands.add(new Command.NameHead(id, tree.head()));
    }
  }

  /** The trees each server is recorded as the head of; looked up for every member of every tree. */
  private static Map<InstanceKey, List<ClusterId>> headed(ManagerState state) {
    var headed = new HashMap<InstanceKey, List<ClusterId>>();
    state
        .heads()
        .forEach((id, head) -> headed.computeIfAbsent(head, k -> new ArrayList<>()).add(id));
    return headed;
  }

  private static Optional<ClusterId> idOf(
      Tree tree,
      ManagerState state,
      Map<InstanceKey, List<ClusterId>> headed,
      Set<ClusterId> taken) {
    ClusterId ofHead = state.instances().get(tree.head());
    List<ClusterId> claimed =
        tree.members().stream()
            .flatMap(member -> headed.getOrDefault(member, List.of()).stream())
            .filter(id -> !taken.contains(id))
            .toList();
    if (claimed.contains(ofHead)) {
      return Optional.of(ofHead);
    }
    // Several trees have become one without their heads agreeing: the larger part names it.
    Optional<ClusterId> largest =
        claimed.stream()
            .max(
                Comparator.comparingLong((ClusterId id) -> members(tree, state, id))
                    .thenComparing(Comparator.reverseOrder()));
    boolean fresh = ofHead != null && !state.heads().containsKey(ofHead) && !taken.contains(ofHead);
    return largest.or(() -> fresh ? Optional.of(ofHead) : Optional.empty());
  }

  private static long members(Tree tree, ManagerState state, ClusterId id) {
    return tree.members().stream().filter(m -> id.equals(state.instances().get(m))).count();
  }
}
