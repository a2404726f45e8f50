package topiary.app.desktop.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ObservableStringValue;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.model.InstanceKey;
import topiary.icons.Symbol;

/** Everything a person can do in the window, each declared once. */
public final class Actions {

  /** What only the painted window can do. */
  public interface View {
    /** Brings the whole tree into sight. */
    void fit();

    /** Shows everything larger. */
    void zoomIn();

    /** Shows everything smaller. */
    void zoomOut();

    /** Selects a server and brings it into sight, readable. */
    void fly(InstanceKey key);

    /** Puts the cursor where a server is searched. */
    void search();

    /** Goes to the next server that was searched for. */
    void next();

    /** Copies what is known of the selected server. */
    void copy();

    /** Opens or closes the palette of everything that can be done. */
    void palette();

    /** Opens or closes the list of what happened. */
    void news();

    /** Opens or closes the list of what is wrong. */
    void findings();

    /** Puts a text where others take it from. */
    void copy(String text);

    /** Goes to all clusters, or back to the tree. */
    void fleet();

    /** Opens or closes the sheet of keys. */
    void keys();
  }

  public final Action move;
  public final Action start;
  public final Action stop;
  public final Action readOnly;
  public final Action writeable;
  public final Action fold;
  public final Action copy;
  public final Action undo;
  public final Action search;
  public final Action next;
  public final Action fit;
  public final Action zoomIn;
  public final Action zoomOut;
  public final Action palette;
  public final Action news;

  /** Shows what is wrong now. */
  public final Action findings;

  /** Shows the recoveries there were. */
  public final Action recoveries;

  public final Action dark;

  /** Has the system's notifications tell what breaks, or not. */
  public final Action outside;

  public final Action drawer;
  public final Action add;
  public final Action forget;

  /** Shows what would come of the selected server's death. */
  public final Action whatIf;

  /** Shows what would stop a recovery of the cluster that is shown. */
  public final Action whyNot;

  /** What is said about whether recoveries of the cluster that is shown begin by themselves. */
  public final List<Action> recovering;

  public final Action connect;

  /** Shows how it was. */
  public final Action past;

  /** Shows all clusters as tiles. */
  public final Action clusters;

  /** Shows the cluster of nodes. */
  public final Action nodes;

  /** Makes the chosen node lead. */
  public final Action lead;

  /** Removes the chosen node. */
  public final Action removeNode;

  /** Has another node elected. */
  public final Action stepDown;

  /** Copies the command line that adds a node. */
  public final Action join;

  /** Whether what is known of the selected server is shown beside the tree. */
  public final BooleanProperty details = new SimpleBooleanProperty(true);

  public final Action keys;

  /** Selects the replicas of the selected server in its place. */
  public final Action replicas;

  /** What is said of the selected server. */
  public final List<Action> sayings;

  /** What else can be done with the selected server. */
  public final List<Action> doings;

  /** Moves of several servers around the selected one, or of it by its place. */
  public final List<Action> reshapings;

  private final List<Action> appearances;
  private final List<Action> all;

  public Actions(WindowModel model, View view) {
    var server = new ServerActions(model);
    move = server.move();
    start = server.start();
    stop = server.stop();
    readOnly = server.readOnly();
    writeable = server.writeable();
    fold = server.fold();
    copy = server.copy(view::copy);
    sayings = server.sayings();
    doings = server.doings();
    reshapings = server.reshapings();
    replicas = server.replicas();
    add = server.add();
    forget = server.forget();
    whatIf = server.whatIf();
    var cluster = new ClusterActions(model);
    whyNot = cluster.whyNot();
    recovering = cluster.recovering();
    var node = new NodeActions(model);
    nodes = node.show();
    lead = node.lead();
    removeNode = node.remove();
    stepDown = node.stepDown();
    join = node.join(view::copy);
    undo =
        new Action(
            "undo",
            Group.EDIT,
            Symbol.UNDO,
            "Undo the last plan…",
            List.of("Shortcut+Z"),
            Optional.of(Catalogue.UNDO),
            Bindings.createStringBinding(
                () -> undoing(model),
                model.unable(),
                model.plan().state(),
                model.plan().undoable()),
            model.plan()::undo);
    search =
        own(Group.EDIT, "search", Symbol.SEARCH, "Find a server", view::search, "Shortcut+F", "/");
    next =
        new Action(
            "next",
            Group.EDIT,
            Symbol.NEXT,
            "Go to the next server found",
            List.of("F3"),
            Optional.empty(),
            Bindings.createStringBinding(
                () -> model.search().text().get().isBlank() ? "Nothing was searched for yet." : "",
                model.search().text()),
            view::next);
    clusters =
        new Action(
            "clusters",
            Group.CLUSTER,
            Symbol.CLUSTER,
            "All clusters",
            List.of("Shortcut+L"),
            Optional.empty(),
            Bindings.createStringBinding(
                () -> model.fleet().worthwhile() ? "" : "There is only one cluster.",
                model.clusters()),
            view::fleet);
    past =
        new Action(
            "past",
            Group.VIEW,
            Symbol.UNDO,
            "As it was at…",
            List.of("Shortcut+H"),
            Optional.empty(),
            Bindings.createStringBinding(
                () -> model.plan().state().get().running() ? "A plan is being carried out." : "",
                model.plan().state()),
            model.past()::open);
    fit = own(Group.VIEW, "fit", Symbol.FIT, "Fit the tree", view::fit, "F");
    zoomIn = own(Group.VIEW, "zoom-in", Symbol.ZOOM_IN, "Zoom in", view::zoomIn, "+");
    zoomOut = own(Group.VIEW, "zoom-out", Symbol.ZOOM_OUT, "Zoom out", view::zoomOut, "-");
    palette =
        own(
            Group.WINDOW,
            "palette",
            Symbol.COMMAND,
            "Do or find anything…",
            view::palette,
            "Shortcut+K");
    news = own(Group.WINDOW, "news", Symbol.BELL, "What happened", view::news, "Shortcut+B");
    findings =
        own(Group.WINDOW, "findings", Symbol.ALERT, "What is wrong", view::findings, "Shortcut+E");
    recoveries =
        own(
            Group.WINDOW,
            "recoveries",
            Symbol.PULSE,
            "Recoveries",
            () -> model.recoveries().open().set(!model.recoveries().open().get()),
            "Shortcut+R");
    dark =
        own(
            Group.WINDOW,
            "dark",
            Symbol.CONTRAST,
            "Light or dark",
            model.looks()::toggle,
            "Shortcut+Shift+L");
    outside =
        own(
            Group.WINDOW,
            "outside",
            Symbol.BELL,
            "Tell what breaks while the window is behind",
            () -> tellOutside(model));
    connect =
        new Action(
            "connect",
            Group.WINDOW,
            Symbol.CONNECT,
            "Connect to…",
            List.of("Shortcut+O"),
            Optional.empty(),
            Bindings.createStringBinding(
                () -> connecting(model), model.elsewhere(), model.plan().state()),
            () -> model.elsewhere().get().ifPresent(Runnable::run));
    drawer =
        own(
            Group.VIEW,
            "drawer",
            Symbol.PANEL,
            "Show or hide details",
            () -> details.set(!details.get()),
            "Shortcut+I");
    appearances =
        List.of(
            appearance(model, Appearance.SYSTEM, Symbol.SCREEN, "As the system"),
            appearance(model, Appearance.LIGHT, Symbol.SUN, "Light"),
            appearance(model, Appearance.DARK, Symbol.MOON, "Dark"));
    keys = own(Group.HELP, "keys", Symbol.KEYBOARD, "All keys", view::keys, "F1", "?");
    all =
        Stream.of(
                Stream.of(add, move, replicas, start, stop, readOnly, writeable),
                reshapings.stream(),
                doings.stream(),
                sayings.stream(),
                Stream.concat(Stream.of(clusters), cluster.all().stream()),
                Stream.of(
                    whatIf,
                    fold,
                    copy,
                    forget,
                    undo,
                    search,
                    next,
                    nodes,
                    lead,
                    removeNode,
                    stepDown,
                    join,
                    past,
                    fit,
                    zoomIn,
                    zoomOut,
                    drawer,
                    connect,
                    palette,
                    findings,
                    recoveries,
                    news,
                    outside,
                    dark,
                    keys),
                appearances.stream())
            .flatMap(actions -> actions)
            .toList();
  }

  private static String undoing(WindowModel model) {
    String unable = model.unable().get();
    if (!unable.isEmpty()) {
      return unable;
    }
    if (model.plan().state().get().running()) {
      return "A plan is being carried out.";
    }
    return model.plan().undoable().get().isPresent() ? "" : "There is no plan that can be undone.";
  }

  private static void tellOutside(WindowModel model) {
    boolean now = !model.outside().wanted().get();
    model.outside().wanted().set(now);
    model.tell(
        now
            ? "While this window is behind, what breaks is told by the system's notifications."
            : "While this window is behind, what breaks is told by nothing outside of it.");
  }

  private static String connecting(WindowModel model) {
    if (model.plan().state().get().running()) {
      return "A plan is being carried out.";
    }
    return model.elsewhere().get().isPresent() ? "" : "This window is for one node only.";
  }

  private static Action appearance(
      WindowModel model, Appearance appearance, Symbol icon, String text) {
    return own(
        Group.APPEARANCE,
        "appearance-" + appearance.word(),
        icon,
        text,
        () -> model.looks().chosen().set(appearance));
  }

  /** Something that needs no node, and can always be done. */
  private static Action own(
      Group group, String id, Symbol icon, String text, Runnable deed, String... keys) {
    return new Action(id, group, icon, text, List.of(keys), Optional.empty(), always(), deed);
  }

  private static ObservableStringValue always() {
    return new ReadOnlyStringWrapper("");
  }

  /** Every one of them. */
  public List<Action> all() {
    return all;
  }

  /** Those of a group, in order. */
  public List<Action> in(Group group) {
    return all.stream().filter(a -> a.group() == group).toList();
  }

  /** Those that are about the selected server. */
  public List<Action> onServer() {
    return in(Group.SERVER).stream().filter(a -> a != add).toList();
  }

  /** The action that chooses an appearance. */
  public Action choosing(Appearance appearance) {
    return appearances.get(appearance.ordinal());
  }
}
