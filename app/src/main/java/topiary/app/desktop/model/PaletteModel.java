package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import topiary.engine.model.InstanceKey;
import topiary.icons.Symbol;

/** Everything that can be done or gone to, found by a few letters. */
public final class PaletteModel {

  /** More than anybody reads. */
  static final int SHOWN = 100;

  /** Deeds are few, and so a little preferred; those that cannot be done now are not. */
  private static final int DEED = 30;

  private static final int NOT_NOW = -300;

  private static final int BY_WORDS = -150;

  /**
   * A line.
   *
   * @param icon its sign
   * @param text what it is
   * @param detail more of it
   * @param key its key, empty for none
   * @param whyNot why it cannot be done now, a sentence; empty when it can
   * @param deed what choosing it does
   */
  public record Item(
      Symbol icon, String text, String detail, String key, String whyNot, Runnable deed) {

    public boolean possible() {
      return whyNot.isEmpty();
    }
  }

  private record Ranked(int score, Item item) {}

  private static final Comparator<Ranked> WORST_FIRST =
      Comparator.comparingInt(Ranked::score)
          .thenComparing(r -> r.item().text(), Comparator.reverseOrder());

  private final WindowModel model;
  private final Actions actions;
  private final Consumer<InstanceKey> fly;
  private final ReadOnlyBooleanWrapper open = new ReadOnlyBooleanWrapper();
  private final StringProperty text = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<List<Item>> items = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyIntegerWrapper chosen = new ReadOnlyIntegerWrapper();
  private Servers servers = Servers.NONE;

  /**
   * A palette.
   *
   * @param fly brings a server into sight
   */
  public PaletteModel(WindowModel model, Actions actions, Consumer<InstanceKey> fly) {
    this.model = model;
    this.actions = actions;
    this.fly = fly;
    text.subscribe(
        (before, now) -> {
          chosen.set(0);
          look();
        });
    model.seen().subscribe(seen -> look());
  }

  public ReadOnlyBooleanProperty isOpen() {
    return open.getReadOnlyProperty();
  }

  /** What is typed. */
  public StringProperty text() {
    return text;
  }

  /** What fits, the best first. */
  public ReadOnlyObjectProperty<List<Item>> items() {
    return items.getReadOnlyProperty();
  }

  /** Which of them is chosen. */
  public ReadOnlyIntegerProperty chosen() {
    return chosen.getReadOnlyProperty();
  }

  /** Opens it, empty. */
  public void open() {
    open.set(true);
    text.set("");
    chosen.set(0);
    look();
  }

  public void close() {
    open.set(false);
    items.set(List.of());
  }

  /** The arrow keys: another one is chosen. */
  public void step(int by) {
    if (!items.get().isEmpty()) {
      chosen.set(Math.floorMod(chosen.get() + by, items.get().size()));
    }
  }

  /** Does what is chosen, if it can be done. */
  public void run() {
    run(chosen.get());
  }

  /** Does one of those shown, if it can be done. */
  public void run(int index) {
    if (index < items.get().size() && items.get().get(index).possible()) {
      Item item = items.get().get(index);
      close();
      item.deed().run();
    }
  }

  private void look() {
    if (!open.get()) {
      return;
    }
    servers = model.index();
    var wanted = new Fuzzy(text.get());
    items.set(wanted.empty() ? everything() : best(wanted));
    chosen.set(Math.clamp(chosen.get(), 0, Math.max(0, items.get().size() - 1)));
  }

  /** Before anything is typed: what can be done, the clusters, what cannot be done. */
  private List<Item> everything() {
    List<Action> all = deeds();
    return Stream.of(
            all.stream().filter(Action::possible).map(PaletteModel::item),
            model.clusters().get().stream().map(this::item),
            all.stream().filter(a -> !a.possible()).map(PaletteModel::item))
        .flatMap(s -> s)
        .limit(SHOWN)
        .toList();
  }

  /** All but the one that opened this. */
  private List<Action> deeds() {
    return actions.all().stream().filter(a -> a != actions.palette).toList();
  }

  private List<Item> best(Fuzzy wanted) {
    var best = new PriorityQueue<>(WORST_FIRST);
    for (Action action : deeds()) {
      int score = wanted.score(Fuzzy.lower(action.text() + " " + action.group().title()));
      int said = score == Fuzzy.NONE ? wanted.whole(Fuzzy.lower(action.help())) : score;
      if (said != Fuzzy.NONE) {
        keep(
            best,
            new Ranked(Math.max(0, said + (action.possible() ? DEED : NOT_NOW)), item(action)));
      }
    }
    for (Item item : nodes()) {
      int score = wanted.score(Fuzzy.lower(item.text() + " " + item.detail()));
      if (score != Fuzzy.NONE) {
        keep(best, new Ranked(Math.max(0, score + (item.possible() ? 0 : NOT_NOW)), item));
      }
    }
    for (ClusterRow row : model.clusters().get()) {
      int score = wanted.score(row.text());
      if (score != Fuzzy.NONE) {
        keep(best, new Ranked(score, item(row)));
      }
    }
    long letters = Servers.letters(Fuzzy.lower(text.get()));
    for (Servers.Server server : servers.all()) {
      if ((server.letters() & letters) != letters) {
        continue;
      }
      int score = score(wanted, server);
      if (score != Fuzzy.NONE && (best.size() < SHOWN || score >= best.peek().score())) {
        keep(best, new Ranked(score, item(server)));
      }
    }
    var sorted = new ArrayList<>(best);
    sorted.sort(WORST_FIRST.reversed());
    return sorted.stream().map(Ranked::item).toList();
  }

  static int score(Fuzzy wanted, Servers.Server server) {
    int score = wanted.score(server.name());
    if (score != Fuzzy.NONE) {
      return score;
    }
    int words = wanted.score(server.text());
    return words == Fuzzy.NONE ? words : Math.max(0, words + BY_WORDS);
  }

  private static void keep(PriorityQueue<Ranked> best, Ranked next) {
    best.add(next);
    if (best.size() > SHOWN) {
      best.poll();
    }
  }

  private static Item item(Action action) {
    String detail = action.group().title();
    return new Item(
        action.icon(), action.text(), detail, action.key(), action.whyNot(), action::run);
  }

  /** What can be done with each node of a cluster of several. */
  private List<Item> nodes() {
    NodesModel of = model.nodes();
    return of.state().get().nodes().filter(n -> n.rows().size() > 1).stream()
        .flatMap(n -> n.rows().stream().flatMap(row -> items(of, n, row)))
        .toList();
  }

  private Stream<Item> items(NodesModel of, Nodes nodes, Nodes.Row row) {
    String detail = Group.NODES.title();
    return Stream.of(
        new Item(
            Symbol.LEAD,
            "Hand leadership to " + row.name(),
            detail,
            "",
            unable(nodes.notLead(row)),
            () -> of.lead(row)),
        new Item(
            Symbol.REMOVE,
            "Remove the node " + row.name() + "…",
            detail,
            "",
            unable(nodes.notRemove(row)),
            () -> of.askToRemove(row)));
  }

  private String unable(String otherwise) {
    String unable = model.unable().get();
    return unable.isEmpty() ? otherwise : unable;
  }

  private Item item(ClusterRow row) {
    return new Item(
        Symbol.CLUSTER,
        row.alias().isEmpty() ? "Cluster of " + row.head() : "Cluster " + row.alias(),
        row.words(),
        "",
        "",
        () -> model.show(row.id()));
  }

  private Item item(Servers.Server server) {
    return new Item(
        Symbol.SERVER,
        server.key().toString(),
        server.detail(),
        "",
        "",
        () -> {
          model.go(server.key());
          fly.accept(server.key());
        });
  }
}
