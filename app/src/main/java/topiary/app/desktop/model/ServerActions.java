package topiary.app.desktop.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;
import topiary.icons.Symbol;

/** What can be done with the selected server. */
final class ServerActions {

  private static final String NONE = "No server is selected.";

  private final WindowModel model;

  ServerActions(WindowModel model) {
    this.model = model;
  }

  Action move() {
    return new Action(
        "move",
        Group.SERVER,
        Symbol.MOVE,
        "Move to another source…",
        List.of("Shortcut+M"),
        Optional.of(Catalogue.RELOCATE),
        obstacle(
            i ->
                i.seen() && i.primaryChannel().isEmpty()
                    ? i.key() + " is not a replica: it has no source to change."
                    : ""),
        () -> model.selected().get().ifPresent(model::pickUp));
  }

  Action add() {
    return new Action(
        Catalogue.DISCOVER.name(),
        Group.SERVER,
        Symbol.ADD,
        "Add a server…",
        List.of("Shortcut+N"),
        Optional.of(Catalogue.DISCOVER),
        Bindings.createStringBinding(
            () -> model.seen().get().live() ? "" : "The node does not answer.", model.seen()),
        model.servers()::askToAdd);
  }

  Action forget() {
    return new Action(
        Catalogue.FORGET.name(),
        Group.SERVER,
        Symbol.REMOVE,
        "Forget this server…",
        List.of(),
        Optional.of(Catalogue.FORGET),
        obstacle(i -> ""),
        () -> model.selected().get().ifPresent(model.servers()::askToForget));
  }

  Action start() {
    return deed(
        "start",
        Symbol.START,
        "Start replication…",
        Catalogue.START_REPLICATION,
        replica(c -> c.replicating() ? " replicates already." : ""),
        key -> new Intent.StartReplication(key, Threads.BOTH));
  }

  Action stop() {
    return deed(
        "stop",
        Symbol.STOP,
        "Stop replication…",
        Catalogue.STOP_REPLICATION,
        replica(c -> c.stopped() ? " does not replicate now." : ""),
        key -> new Intent.StopReplication(key, Threads.BOTH));
  }

  Action readOnly() {
    return deed(
        "read-only",
        Symbol.LOCK,
        "Make read-only…",
        Catalogue.SET_READ_ONLY,
        i -> readOnly(i) ? i.key() + " is read-only already." : "",
        key -> new Intent.SetReadOnly(key, true));
  }

  Action writeable() {
    return deed(
        "writeable",
        Symbol.PENCIL,
        "Make writeable…",
        Catalogue.SET_WRITEABLE,
        i -> readOnly(i) ? "" : i.key() + " is writeable already.",
        key -> new Intent.SetReadOnly(key, false));
  }

  Action fold() {
    return new Action(
        "fold",
        Group.SERVER,
        Symbol.FOLD,
        "Fold or unfold what is below",
        List.of("Space"),
        Optional.empty(),
        Bindings.createStringBinding(
            () ->
                model
                    .selected()
                    .get()
                    .map(
                        key ->
                            model.picture().get().source(key)
                                ? ""
                                : "Nothing replicates from " + key + ".")
                    .orElse(NONE),
            model.selected(),
            model.picture()),
        () -> model.selected().get().ifPresent(model::fold));
  }

  Action copy(Runnable deed) {
    return new Action(
        "copy",
        Group.SERVER,
        Symbol.COPY,
        "Copy all that is known",
        List.of("Shortcut+Shift+C"),
        Optional.empty(),
        Bindings.createStringBinding(
            () -> model.selected().get().isPresent() ? "" : NONE, model.selected()),
        deed);
  }

  private Action deed(
      String id,
      Symbol icon,
      String text,
      Operation operation,
      Function<Instance, String> whyNot,
      Function<InstanceKey, Intent> intent) {
    return new Action(
        id,
        Group.SERVER,
        icon,
        text,
        List.of(),
        Optional.of(operation),
        obstacle(i -> i.seen() ? whyNot.apply(i) : i.key() + " is " + i.condition().words() + "."),
        () -> model.selected().get().ifPresent(key -> model.plan().propose(intent.apply(key))));
  }

  /** Why nothing can be done now, or not with the selected server. */
  private StringBinding obstacle(Function<Instance, String> whyNot) {
    return Bindings.createStringBinding(
        () -> {
          if (model.selected().get().isEmpty()) {
            return NONE;
          }
          if (!model.seen().get().live()) {
            return "The node does not answer.";
          }
          if (model.plan().state().get().running()) {
            return "A plan is being carried out.";
          }
          return model
              .selected()
              .get()
              .flatMap(key -> model.seen().get().topology().instance(key))
              .map(whyNot)
              .orElse("The selected server is not known any more.");
        },
        model.selected(),
        model.seen(),
        model.plan().state());
  }

  private static Function<Instance, String> replica(Function<Channel, String> whyNot) {
    return i ->
        i.primaryChannel()
            .map(whyNot)
            .map(words -> words.isEmpty() ? "" : i.key() + words)
            .orElse(i.key() + " is not a replica.");
  }

  private static boolean readOnly(Instance i) {
    return i.facts().filter(f -> f.settings().readOnly()).isPresent();
  }
}
