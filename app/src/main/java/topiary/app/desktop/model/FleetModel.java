package topiary.app.desktop.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import topiary.engine.model.InstanceKey;

/** All clusters as tiles: which are shown, in which order, and which one is chosen. */
public final class FleetModel {

  /** So many clusters are seen at once in the list beside a tree; of more, all are shown first. */
  static final int FEW = 6;

  /** In which order. */
  public enum Order {
    /** Those somebody should look at first. */
    TROUBLE("Trouble first"),
    NAME("By name"),
    SIZE("Largest first"),
    LAG("Most behind first");

    private final String words;

    Order(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /** A condition that is worth a button of its own. */
  public enum Condition {
    TROUBLE("trouble", "In trouble"),
    LAG("lag", "Behind"),
    DOWNTIME("downtime", "Downtime"),
    MAINTENANCE("maintenance", "Maintenance");

    private final String word;
    private final String text;

    Condition(String word, String text) {
      this.word = word;
      this.text = text;
    }

    /** What is typed for it. */
    public String word() {
      return word;
    }

    /** What the button says. */
    public String text() {
      return text;
    }

    private boolean holds(ClusterRow row) {
      Health health = row.health();
      return switch (this) {
        case TROUBLE -> health.troubled() > 0;
        case LAG -> health.moods().contains(Mood.LATE);
        case DOWNTIME -> health.downtimed() > 0;
        case MAINTENANCE -> health.maintained() > 0;
      };
    }
  }

  /**
   * A cluster that is shown.
   *
   * @param row which
   * @param names how tiles call the servers
   * @param fits how many of its servers fit what is typed; 0 when nothing is, or the cluster itself
   *     fits
   * @param first one of those
   */
  public record Tile(ClusterRow row, ShortNames names, int fits, Optional<InstanceKey> first) {

    /** What it goes by: what people call the cluster, else its head. */
    public String name() {
      return row.alias().isEmpty() ? names.name(row.head()) : row.alias();
    }

    /** What there is to say of it in one line. */
    public String sentence() {
      if (fits > 0) {
        String more = fits == 1 ? "" : " and " + Human.count(fits - 1L) + " more";
        return "Fits: " + names.name(first.orElseThrow()) + more;
      }
      Health health = row.health();
      return health
          .worst()
          .map(p -> (p.key().equals(row.head()) ? "" : names.name(p.key()) + ": ") + p.sentence())
          .orElse(
              health.troubled() > 0
                  ? "In trouble, which is known"
                  : health.mood() == Mood.LATE ? "Replicates, but late" : "All well");
    }
  }

  /**
   * All there is to show.
   *
   * @param tiles in order
   * @param title how many there are of what, in words
   * @param counts of how many clusters each condition holds, whatever is typed
   * @param message why there are none; empty when there are
   */
  public record State(
      List<Tile> tiles, String title, Map<Condition, Integer> counts, String message) {

    static final State NOTHING = new State(List.of(), "", Map.of(), "");

    public State {
      tiles = List.copyOf(tiles);
      counts = Map.copyOf(counts);
    }
  }

  private static final Comparator<ClusterRow> BY_NAME = Comparator.comparing(ClusterRow::name);

  private final WindowModel model;
  private final ReadOnlyBooleanWrapper open = new ReadOnlyBooleanWrapper();
  private final StringProperty text = new SimpleStringProperty("");
  private final ObjectProperty<Order> order = new SimpleObjectProperty<>(Order.TROUBLE);
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NOTHING);
  private final ReadOnlyObjectWrapper<Optional<Tile>> chosen =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  /** The clusters in order, for as long as they and the order are the same. */
  private record Sorted(
      List<ClusterRow> of,
      Order by,
      List<ClusterRow> rows,
      Map<Condition, Integer> counts,
      String title) {}

  private Sorted sorted = new Sorted(List.of(), Order.TROUBLE, List.of(), Map.of(), "");

  /** Whether somebody has said what to look at; until then it depends on how much there is. */
  private boolean decided;

  FleetModel(WindowModel model) {
    this.model = model;
    text.subscribe(typed -> look());
    order.subscribe(by -> look());
  }

  /** Whether it is looked at. */
  public ReadOnlyBooleanProperty isOpen() {
    return open.getReadOnlyProperty();
  }

  /** What is typed: words, each of which has to fit the cluster or one and the same server. */
  public StringProperty text() {
    return text;
  }

  /** In which order. */
  public ObjectProperty<Order> order() {
    return order;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** The tile the keys are on; empty when there is none. */
  public ReadOnlyObjectProperty<Optional<Tile>> chosen() {
    return chosen.getReadOnlyProperty();
  }

  /** Whether there is more than one cluster to choose from. */
  public boolean worthwhile() {
    return model.clusters().get().size() > 1;
  }

  /** Looks at all clusters. */
  public void open() {
    if (worthwhile() && !open.get()) {
      decided = true;
      choose(model.cluster().get());
      show(true);
    }
  }

  /** Goes back to the tree. */
  public void close() {
    decided = true;
    show(false);
  }

  private void show(boolean is) {
    if (is) {
      model.putBack();
      model.select(Optional.empty());
    }
    open.set(is);
    look();
  }

  /** Takes a condition into what is typed, or out of it. */
  public void toggle(Condition condition) {
    var words = new ArrayList<>(words());
    if (!words.remove(condition.word())) {
      words.add(condition.word());
    }
    text.set(String.join(" ", words));
  }

  /** Whether a condition is in what is typed. */
  public boolean asks(Condition condition) {
    return words().contains(condition.word());
  }

  private List<String> words() {
    return Servers.Typed.of(text.get()).words();
  }

  /** Other clusters are seen, or the same otherwise. */
  void seen() {
    int clusters = model.clusters().get().size();
    boolean is = clusters > 1 && (decided ? open.get() : clusters > FEW);
    if (is != open.get()) {
      show(is);
    } else {
      look();
    }
  }

  // ---- what fits

  private void look() {
    if (!open.get()) {
      return;
    }
    List<ClusterRow> rows = model.clusters().get();
    if (rows != sorted.of() || order.get() != sorted.by()) {
      sorted =
          new Sorted(
              rows, order.get(), rows.stream().sorted(by()).toList(), counts(rows), sizes(rows));
    }
    Servers.Typed typed = Servers.Typed.of(text.get());
    List<String> words = typed.words();
    Map<String, Found> found = words.isEmpty() ? Map.of() : found(typed);
    List<Tile> tiles =
        sorted.rows().stream()
            .flatMap(row -> words.isEmpty() ? Stream.of(all(row)) : tile(row, words, found))
            .toList();
    String some = tiles.size() == rows.size() ? "" : Human.count(tiles.size()) + " of ";
    state.set(
        new State(tiles, some + sorted.title(), sorted.counts(), tiles.isEmpty() ? nothing() : ""));
    keep();
  }

  /** Servers of a cluster that fit. */
  private static final class Found {
    private int servers;
    private InstanceKey first;

    private void add(InstanceKey key) {
      servers++;
      first = first == null ? key : first;
    }
  }

  private Map<String, Found> found(Servers.Typed typed) {
    var found = new HashMap<String, Found>();
    for (Servers.Server server : model.index().all()) {
      if (typed.rank(server) >= 0) {
        found.computeIfAbsent(server.cluster(), id -> new Found()).add(server.key());
      }
    }
    return found;
  }

  private Tile all(ClusterRow row) {
    return new Tile(row, model.index().names(), 0, Optional.empty());
  }

  private Stream<Tile> tile(ClusterRow row, List<String> words, Map<String, Found> found) {
    if (words.stream().allMatch(word -> fits(row, word))) {
      return Stream.of(all(row));
    }
    Found servers = found.get(row.id());
    return servers == null
        ? Stream.empty()
        : Stream.of(
            new Tile(row, model.index().names(), servers.servers, Optional.of(servers.first)));
  }

  /** Whether a word fits the cluster as such: what it is called, or a condition that holds. */
  private static boolean fits(ClusterRow row, String word) {
    for (Condition condition : Condition.values()) {
      if (condition.word().equals(word)) {
        return condition.holds(row);
      }
    }
    return Servers.lower(row.alias()).contains(word) || row.id().startsWith(word);
  }

  private Comparator<ClusterRow> by() {
    return switch (order.get()) {
      case TROUBLE ->
          Comparator.comparingInt((ClusterRow row) -> row.health().rank())
              .thenComparing(row -> row.health().urgent(), Comparator.reverseOrder())
              .thenComparing(row -> row.health().troubled(), Comparator.reverseOrder())
              .thenComparing(BY_NAME);
      case NAME -> BY_NAME;
      case SIZE -> Comparator.comparingInt(ClusterRow::servers).reversed().thenComparing(BY_NAME);
      case LAG -> Comparator.comparingLong(FleetModel::behind).reversed().thenComparing(BY_NAME);
    };
  }

  private static long behind(ClusterRow row) {
    return row.health().lag().map(Overview.Lag::seconds).orElse(0L);
  }

  private static Map<Condition, Integer> counts(List<ClusterRow> rows) {
    return Stream.of(Condition.values())
        .collect(
            Collectors.toMap(
                condition -> condition,
                condition -> (int) rows.stream().filter(condition::holds).count()));
  }

  private static String sizes(List<ClusterRow> rows) {
    long servers = 0;
    long troubled = 0;
    for (ClusterRow row : rows) {
      servers += row.servers();
      troubled += row.troubled();
    }
    return Human.many(rows.size(), "cluster")
        + "  ·  "
        + Human.many(servers, "server")
        + (troubled == 0 ? "" : "  ·  " + Human.count(troubled) + " in trouble");
  }

  private String nothing() {
    return "No cluster has “"
        + text.get().strip()
        + "” in its name, or in the address, state, role, version, tags or pools of a server.";
  }

  // ---- choosing

  /** The chosen one stays so wherever it stands now; one that is gone gives way to the first. */
  private void keep() {
    chosen.set(
        chosen
            .get()
            .flatMap(was -> tile(was.row().id()))
            .or(() -> state.get().tiles().stream().findFirst()));
  }

  private Optional<Tile> tile(String id) {
    return state.get().tiles().stream().filter(t -> t.row().id().equals(id)).findFirst();
  }

  /** Chooses a cluster by its id. */
  public void choose(String id) {
    Optional<ClusterRow> row =
        model.clusters().get().stream().filter(r -> r.id().equals(id)).findFirst();
    chosen.set(tile(id).or(() -> row.map(this::all)));
  }

  /** Which of the tiles is chosen; -1 for none. */
  public int index() {
    return chosen.get().map(state.get().tiles()::indexOf).orElse(-1);
  }

  /** The keys go on by so many tiles, and stay within them. */
  public void step(int by) {
    List<Tile> tiles = state.get().tiles();
    if (!tiles.isEmpty()) {
      int next = index() < 0 ? 0 : Math.clamp((long) index() + by, 0, tiles.size() - 1);
      chosen.set(Optional.of(tiles.get(next)));
    }
  }

  /**
   * Opens the tree of the chosen cluster.
   *
   * @return the server that was found in it; empty when the cluster itself was
   */
  public Optional<InstanceKey> go() {
    Optional<Tile> tile = chosen.get();
    tile.ifPresent(t -> model.show(t.row().id()));
    return tile.flatMap(Tile::first);
  }
}
