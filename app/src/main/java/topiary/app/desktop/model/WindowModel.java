package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import topiary.app.desktop.layout.Layout;
import topiary.app.desktop.layout.TidyTree;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.Seen;
import topiary.engine.intent.Intent;
import topiary.engine.model.Change;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.model.Tree;
import topiary.engine.planner.Planner;

/** The window's state: what is seen, what is chosen, what is in the hand. */
public final class WindowModel {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Gateway gateway;
  private final Tasks tasks;
  private final Planner planner;
  private final PlanModel plan;
  private final AtomicReference<Seen> arrived = new AtomicReference<>();

  private final ReadOnlyObjectWrapper<Seen> seen = new ReadOnlyObjectWrapper<>(Seen.NOTHING);
  private final ReadOnlyObjectWrapper<List<ClusterRow>> clusters =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper cluster = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<Picture> picture = new ReadOnlyObjectWrapper<>(Picture.EMPTY);
  private final ReadOnlyObjectWrapper<Optional<InstanceKey>> selected =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<PickUp>> hand =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("");
  private final BooleanProperty dark = new SimpleBooleanProperty();

  public WindowModel(Gateway gateway, Tasks tasks, Planner planner) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.planner = planner;
    this.plan = new PlanModel(gateway, tasks);
  }

  /** Begins to listen. */
  public void start() {
    gateway.listen(
        next -> {
          // Many events before the window gets to them are one to it.
          if (arrived.getAndSet(next) == null) {
            tasks.onWindow(() -> take(arrived.getAndSet(null)));
          }
        });
  }

  private void take(Seen next) {
    boolean back = next.live() && !seen.get().live();
    Change change = Change.between(seen.get().topology(), next.topology());
    boolean fresh =
        change.compareTo(Change.LOOKED) > 0 || !next.clusters().equals(seen.get().clusters());
    seen.set(next);
    if (fresh) {
      Topology topology = next.topology();
      clusters.set(topology.trees().stream().map(tree -> row(tree, next)).toList());
      paint();
      hand.get().ifPresent(h -> hold(h.in(topology)));
      selected
          .get()
          .filter(key -> topology.instance(key).isEmpty())
          .ifPresent(key -> selected.set(Optional.empty()));
    }
    if (!next.live()) {
      putBack();
    }
    if (back) {
      plan.reconnected();
    }
  }

  private static ClusterRow row(Tree tree, Seen seen) {
    long troubled =
        tree.members().stream()
            .flatMap(key -> seen.topology().instance(key).stream())
            .filter(i -> ServerCard.of(i, seen.topology()).mood().troubled())
            .count();
    String id =
        Optional.ofNullable(seen.clusters().get(tree.head()))
            .map(Object::toString)
            .orElse(tree.head().toString());
    return new ClusterRow(id, tree.head(), tree.places().size(), troubled, tree);
  }

  private void paint() {
    List<ClusterRow> rows = clusters.get();
    Optional<ClusterRow> shown =
        rows.stream().filter(r -> r.id().equals(cluster.get())).findFirst().or(() -> first(rows));
    cluster.set(shown.map(ClusterRow::id).orElse(""));
    if (shown.isEmpty()) {
      picture.set(Picture.EMPTY);
      return;
    }
    Tree tree = shown.get().tree();
    Picture before = picture.get();
    Layout layout = tree.equals(before.tree()) ? before.layout() : TidyTree.of(tree);
    Map<InstanceKey, ServerCard> cards = new HashMap<>();
    Topology topology = seen.get().topology();
    for (InstanceKey key : tree.members()) {
      topology.instance(key).ifPresent(i -> cards.put(key, ServerCard.of(i, topology)));
    }
    picture.set(new Picture(tree, layout, cards));
  }

  private static Optional<ClusterRow> first(List<ClusterRow> rows) {
    return rows.stream().findFirst();
  }

  // ---- what is shown

  public ReadOnlyObjectProperty<Seen> seen() {
    return seen.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<List<ClusterRow>> clusters() {
    return clusters.getReadOnlyProperty();
  }

  /** The id of the cluster that is shown. */
  public ReadOnlyStringProperty cluster() {
    return cluster.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Picture> picture() {
    return picture.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Optional<InstanceKey>> selected() {
    return selected.getReadOnlyProperty();
  }

  /** What is being moved. */
  public ReadOnlyObjectProperty<Optional<PickUp>> hand() {
    return hand.getReadOnlyProperty();
  }

  /** The last thing to tell. */
  public ReadOnlyStringProperty notice() {
    return notice.getReadOnlyProperty();
  }

  public BooleanProperty dark() {
    return dark;
  }

  public PlanModel plan() {
    return plan;
  }

  public String address() {
    return gateway.address();
  }

  /** Everything known of the selected server. */
  public List<Details.Group> details() {
    Topology topology = seen.get().topology();
    return selected
        .get()
        .flatMap(topology::instance)
        .map(i -> Details.of(i, topology, Optional.ofNullable(seen.get().clusters().get(i.key()))))
        .orElse(List.of());
  }

  /** How old what is shown is, when the node is gone. */
  public Optional<String> staleness(Instant now) {
    return seen.get().live() ? Optional.empty() : seen.get().heard().map(at -> age(at, now));
  }

  /** How the connection is, and how old what is shown. */
  public String connection(Instant now) {
    Seen is = seen.get();
    return switch (is.link()) {
      case CONNECTING -> "Connecting to " + address() + " …";
      case LIVE ->
          "Live from "
              + address()
              + "  ·  revision "
              + is.topology().revision()
              + "  ·  last word "
              + is.heard().map(at -> age(at, now)).orElse("now");
      case LOST -> is.heard().map(at -> "No word since " + CLOCK.format(at)).orElse("No node");
    };
  }

  /** What the banner says while the node is gone. */
  public String absence(Instant now) {
    Seen is = seen.get();
    String since =
        is.heard()
            .map(
                at ->
                    "No word since "
                        + CLOCK.format(at)
                        + ", "
                        + age(at, now)
                        + ". What is shown is that old.")
            .orElse("Nothing was heard of it yet.");
    return capital(is.trouble()) + ". " + since + " It is asked again and again.";
  }

  private static String capital(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private static String age(Instant at, Instant now) {
    long seconds = Math.max(0, Duration.between(at, now).toSeconds());
    if (seconds < 1) {
      return "just now";
    }
    return (seconds < 120 ? seconds + " s" : seconds / 60 + " min") + " ago";
  }

  // ---- choosing

  /** Shows another cluster. */
  public void show(String id) {
    if (!id.equals(cluster.get())) {
      putBack();
      cluster.set(id);
      selected.set(Optional.empty());
      paint();
    }
  }

  public void select(Optional<InstanceKey> key) {
    if (!key.equals(selected.get())) {
      selected.set(key);
    }
  }

  /** Selects the first server whose address contains a text, in whatever cluster it is. */
  public boolean find(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    for (ClusterRow row : clusters.get()) {
      for (InstanceKey key : row.tree().members()) {
        if (!wanted.isEmpty() && key.toString().toLowerCase(Locale.ROOT).contains(wanted)) {
          show(row.id());
          select(Optional.of(key));
          return true;
        }
      }
    }
    notice.set(wanted.isEmpty() ? "" : "No server's address contains “" + text.strip() + "”.");
    return false;
  }

  /** The arrow keys: another card is selected, or held over. */
  public void step(Layout.Direction to) {
    Layout layout = picture.get().layout();
    if (hand.get().isPresent()) {
      PickUp held = hand.get().get();
      InstanceKey from = held.over().orElse(held.carried());
      layout.next(from, to).ifPresent(key -> over(Optional.of(key)));
    } else {
      selected
          .get()
          .flatMap(from -> layout.next(from, to))
          .or(() -> selected.get().isPresent() ? Optional.empty() : head())
          .ifPresent(key -> select(Optional.of(key)));
    }
  }

  private Optional<InstanceKey> head() {
    return picture.get().tree().members().stream().findFirst();
  }

  // ---- moving

  /** Whether a server can be picked up; that it is no replica is said when it is put down. */
  public boolean movable(InstanceKey key) {
    return seen.get().live()
        && !plan.state().get().running()
        && seen.get().topology().instance(key).isPresent();
  }

  /** Takes a replica into the hand. */
  public void pickUp(InstanceKey key) {
    if (movable(key)) {
      notice.set("");
      select(Optional.of(key));
      hold(new PickUp(key, seen.get().topology(), planner));
    }
  }

  /** Holds it over a card, or over none. */
  public void over(Optional<InstanceKey> target) {
    hand.get()
        .filter(h -> !Objects.equals(h.over(), target))
        .ifPresent(h -> hold(h.over(target.filter(key -> !key.equals(h.carried())))));
  }

  private void hold(PickUp held) {
    hand.set(Optional.of(held));
  }

  /** Lets go: over a legal target its plan is asked for, anywhere else nothing happens. */
  public void drop() {
    hand.get()
        .ifPresent(
            held -> {
              hand.set(Optional.empty());
              Optional<PickUp.Verdict> verdict = held.verdict();
              if (verdict.filter(PickUp.Verdict::legal).isPresent()) {
                plan.propose(new Intent.Relocate(held.carried(), held.over().orElseThrow()));
              } else {
                notice.set(
                    verdict
                        .map(v -> "Nothing was done: " + v.sentence() + ".")
                        .orElse("Nothing was done."));
              }
            });
  }

  /** Lets go, and nothing happens. */
  public void putBack() {
    if (hand.get().isPresent()) {
      hand.set(Optional.empty());
    }
  }
}
