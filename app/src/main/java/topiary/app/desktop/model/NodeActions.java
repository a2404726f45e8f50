package topiary.app.desktop.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import topiary.icons.Symbol;

/** What can be done with the nodes. */
final class NodeActions {

  private final WindowModel window;
  private final NodesModel model;

  NodeActions(WindowModel window) {
    this.window = window;
    this.model = window.nodes();
  }

  Action show() {
    return action(
        "nodes",
        Symbol.NODES,
        "Show the nodes",
        List.of("Shortcut+Shift+N"),
        Bindings.createStringBinding(model::unknown, model.state()),
        () -> model.open().set(!model.open().get()));
  }

  Action lead() {
    return action(
        "node-lead",
        Symbol.LEAD,
        "Hand leadership to the chosen node",
        List.of(),
        obstacle(model::notLead),
        () -> model.state().get().row().ifPresent(model::lead));
  }

  Action remove() {
    return action(
        "node-remove",
        Symbol.REMOVE,
        "Remove the chosen node…",
        List.of(),
        obstacle(model::notRemove),
        () -> model.state().get().row().ifPresent(model::askToRemove));
  }

  Action stepDown() {
    return action(
        "node-step-down",
        Symbol.NODES,
        "Let another node lead",
        List.of(),
        obstacle(model::notStepDown),
        model::stepDown);
  }

  /** The command line to add a node. */
  Action join(Consumer<String> copy) {
    return action(
        "node-join",
        Symbol.COPY,
        "Copy the command that adds a node",
        List.of(),
        Bindings.createStringBinding(model::unknown, model.state()),
        () -> model.state().get().nodes().ifPresent(n -> copy.accept(n.joinCommand())));
  }

  private static Action action(
      String id,
      Symbol icon,
      String text,
      List<String> keys,
      StringBinding obstacle,
      Runnable deed) {
    return new Action(id, Group.NODES, icon, text, keys, Optional.empty(), obstacle, deed);
  }

  private StringBinding obstacle(Supplier<String> whyNot) {
    return Bindings.createStringBinding(
        () -> {
          String unable = window.unable().get();
          return unable.isEmpty() ? whyNot.get() : unable;
        },
        window.unable(),
        model.state());
  }
}
