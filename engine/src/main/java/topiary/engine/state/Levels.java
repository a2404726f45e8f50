package topiary.engine.state;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import topiary.engine.model.NodeId;

/**
 * Which feature level a cluster can be raised to. A level is raised once every node that decides
 * has said that it understands it, and is never lowered. Pure.
 *
 * @param supported the highest level that this node, which leads, understands or is to use
 * @param members the nodes that decide; empty for a node that is alone
 */
public record Levels(int supported, Set<NodeId> members) {

  public Levels {
    members = Set.copyOf(members);
  }

  /** The command that raises a cluster as far as it can be; empty when it stands there already. */
  public Optional<Command.RaiseLevel> raise(ManagerState state) {
    if (supported <= state.level() || !state.nodes().keySet().containsAll(members)) {
      return Optional.empty();
    }
    int lowest =
        state.nodes().values().stream().mapToInt(NodeInfo::level).reduce(supported, Math::min);
    return lowest > state.level() ? Optional.of(new Command.RaiseLevel(lowest)) : Optional.empty();
  }

  /** Why a command cannot be put into the log, in a sentence; empty when it can. */
  public Optional<String> refusal(Command command, ManagerState state) {
    int needed = command.level();
    if (needed <= state.level()) {
      return Optional.empty();
    }
    return Optional.of(
        "needs feature level "
            + needed
            + "; the cluster is at "
            + state.level()
            + because(needed, state));
  }

  private String because(int needed, ManagerState state) {
    Optional<NodeInfo> older =
        state.nodes().values().stream().filter(node -> node.level() < needed).findFirst();
    if (older.isPresent()) {
      return " because " + older.get().words() + " supports no more";
    }
    if (supported < needed) {
      return " because this node is held back at " + supported + " by its configuration";
    }
    return members.stream()
        .filter(id -> !state.nodes().containsKey(id))
        .sorted()
        .findFirst()
        .map(id -> " because node " + id + " has not said yet what it supports")
        .orElse(" and is about to be raised; try again in a moment");
  }

  /** Why a node may not be in a cluster, in a sentence; empty when it may. */
  static Optional<String> tooOld(Command.AnnounceNode node, ManagerState state) {
    return node.supports() >= state.level()
        ? Optional.empty()
        : Optional.of(
            "the cluster is at feature level "
                + state.level()
                + ", and "
                + info(node).words()
                + " supports only "
                + node.supports()
                + ": update this node");
  }

  /** Why a cluster may not be raised, in a sentence; empty when it may. */
  static Optional<String> tooHigh(Command.RaiseLevel raise, ManagerState state) {
    if (raise.to() <= state.level()) {
      return Optional.of("the cluster is at feature level " + state.level() + " already");
    }
    return state.nodes().entrySet().stream()
        .map(Map.Entry::getValue)
        .filter(node -> node.level() < raise.to())
        .findFirst()
        .map(node -> node.words() + " supports only feature level " + node.level());
  }

  static NodeInfo info(Command.AnnounceNode node) {
    return new NodeInfo(node.name(), node.http(), node.supports(), node.version());
  }
}
