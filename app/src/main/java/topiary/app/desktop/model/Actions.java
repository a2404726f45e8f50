package topiary.app.desktop.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Threads;

/** Everything a person can do in the window, each declared once. */
public final class Actions {

  /** What only the painted window can do. */
  public interface View {
    /** Brings the whole tree into sight. */
    void fit();

    /** Puts the cursor where a server is searched. */
    void search();

    /** Copies what is known of the selected server. */
    void copy();
  }

  public final Action move;
  public final Action start;
  public final Action stop;
  public final Action readOnly;
  public final Action writeable;
  public final Action copy;
  public final Action undo;
  public final Action fit;
  public final Action search;
  public final Action dark;
  public final Action add;
  public final Action forget;
  public final Action connect;

  private final WindowModel model;

  public Actions(WindowModel model, View view) {
    this.model = model;
    move =
        new Action(
            "move",
            "Move to another source…",
            "Shortcut+M",
            Bindings.createBooleanBinding(
                () -> model.selected().get().filter(model::movable).isPresent(),
                model.selected(),
                model.seen(),
                model.plan().state()),
            () -> model.selected().get().ifPresent(model::pickUp));
    start =
        deed(
            "start",
            "Start replication…",
            replicates(c -> !c.replicating()),
            key -> new Intent.StartReplication(key, Threads.BOTH));
    stop =
        deed(
            "stop",
            "Stop replication…",
            replicates(c -> !c.stopped()),
            key -> new Intent.StopReplication(key, Threads.BOTH));
    readOnly =
        deed(
            "read-only",
            "Make read-only…",
            known(f -> !f.settings().readOnly()),
            key -> new Intent.SetReadOnly(key, true));
    writeable =
        deed(
            "writeable",
            "Make writeable…",
            known(f -> f.settings().readOnly()),
            key -> new Intent.SetReadOnly(key, false));
    copy =
        new Action(
            "copy",
            "Copy all that is known",
            "Shortcut+Shift+C",
            Bindings.createBooleanBinding(
                () -> model.selected().get().isPresent(), model.selected()),
            view::copy);
    undo =
        new Action(
            "undo",
            "Undo the last plan…",
            "Shortcut+Z",
            Bindings.createBooleanBinding(
                () -> model.seen().get().live() && model.plan().undoable().get().isPresent(),
                model.seen(),
                model.plan().undoable()),
            model.plan()::undo);
    fit = new Action("fit", "Fit the tree", "F", always(), view::fit);
    search = new Action("search", "Find a server", "Shortcut+F", always(), view::search);
    dark =
        new Action(
            "dark",
            "Light or dark",
            "Shortcut+Shift+L",
            always(),
            () -> model.dark().set(!model.dark().get()));
    add =
        new Action(
            Catalogue.DISCOVER.name(),
            "Add a server…",
            "Shortcut+N",
            Bindings.createBooleanBinding(() -> model.seen().get().live(), model.seen()),
            model.servers()::askToAdd);
    forget =
        new Action(
            Catalogue.FORGET.name(),
            "Forget this server…",
            "",
            Bindings.createBooleanBinding(
                () -> model.seen().get().live() && model.selected().get().isPresent(),
                model.seen(),
                model.selected()),
            () -> model.selected().get().ifPresent(model.servers()::askToForget));
    connect =
        new Action(
            "connect",
            "Connect to…",
            "Shortcut+O",
            Bindings.createBooleanBinding(
                () -> model.elsewhere().get().isPresent() && !model.plan().state().get().running(),
                model.elsewhere(),
                model.plan().state()),
            () -> model.elsewhere().get().ifPresent(Runnable::run));
  }

  private static BooleanBinding always() {
    return Bindings.createBooleanBinding(() -> true);
  }

  private Action deed(
      String id, String text, Predicate<Instance> sensible, Function<InstanceKey, Intent> intent) {
    return new Action(
        id,
        text,
        "",
        Bindings.createBooleanBinding(
            () ->
                model.seen().get().live()
                    && !model.plan().state().get().running()
                    && model
                        .selected()
                        .get()
                        .flatMap(key -> model.seen().get().topology().instance(key))
                        .filter(Instance::seen)
                        .filter(sensible)
                        .isPresent(),
            model.selected(),
            model.seen(),
            model.plan().state()),
        () -> model.selected().get().ifPresent(key -> model.plan().propose(intent.apply(key))));
  }

  private static Predicate<Instance> replicates(Predicate<Channel> how) {
    return i -> i.primaryChannel().filter(how).isPresent();
  }

  private static Predicate<Instance> known(Predicate<Facts> how) {
    return i -> Optional.of(i).flatMap(Instance::facts).filter(how).isPresent();
  }

  /** Those that are about the selected server. */
  public List<Action> onServer() {
    return List.of(move, start, stop, readOnly, writeable, copy, forget);
  }

  /** Those that are about the window. */
  public List<Action> onWindow() {
    return List.of(undo, fit, search, dark, connect);
  }
}
