package topiary.app.desktop.model;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableStringValue;
import topiary.app.desktop.layout.Layout;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.Seen;
import topiary.app.gateway.Then;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.planner.Planner;

/** The window's state: what is seen, what is chosen, what is in the hand. */
public final class WindowModel {

  private final Gateway gateway;
  private final Tasks tasks;
  private final Planner planner;
  private final PlanModel plan;
  private final Pictures pictures = new Pictures();
  private final ServersModel servers;
  private final SayingModel saying;
  private final AttributesModel attributes;
  private final NodesModel nodes;
  private final Digests digests = new Digests();
  private final AtomicReference<Digest> arrived = new AtomicReference<>();
  private Digest digest = Digest.NOTHING;

  /** What is seen now, also while something else is shown. */
  private final ReadOnlyObjectWrapper<Seen> live = new ReadOnlyObjectWrapper<>(Seen.NOTHING);

  private Digest latest = Digest.NOTHING;
  private final PastModel past;
  private final ChangesModel changes;

  private final ReadOnlyObjectWrapper<Seen> seen = new ReadOnlyObjectWrapper<>(Seen.NOTHING);
  private final ReadOnlyObjectWrapper<List<ClusterRow>> clusters =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper cluster = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<Picture> picture = new ReadOnlyObjectWrapper<>(Picture.EMPTY);
  private final ReadOnlyObjectWrapper<Set<InstanceKey>> also =
      new ReadOnlyObjectWrapper<>(Set.of());
  private final ReadOnlyObjectWrapper<Optional<InstanceKey>> selected =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<PickUp>> hand =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("");
  private final Looks looks;
  private final SearchModel search = new SearchModel(this);
  private final FleetModel fleet = new FleetModel(this);
  private final Outside outside;
  private final NewsModel news;
  private final OutsideModel told;
  private final FindingsModel findings;
  private final WhatIfModel whatIf;
  private final WhyNotModel whyNot;
  private final ReadinessModel readiness;
  private final RecoveriesModel recoveries;
  private final StringBinding unable;
  private final ObjectProperty<Optional<Runnable>> elsewhere =
      new SimpleObjectProperty<>(Optional.empty());

  /** A server that was added and is not seen yet. */
  private Optional<InstanceKey> added = Optional.empty();

  public WindowModel(Gateway gateway, Tasks tasks, Planner planner) {
    this(gateway, tasks, planner, new Looks(), new Outside(Message.Way.NONE));
  }

  /**
   * A model.
   *
   * @param looks how the window looks, on whatever node it is
   * @param outside what is told outside of the window
   */
  public WindowModel(Gateway gateway, Tasks tasks, Planner planner, Looks looks, Outside outside) {
    this.looks = looks;
    this.outside = outside;
    this.gateway = gateway;
    this.tasks = tasks;
    this.planner = planner;
    this.plan = new PlanModel(gateway, tasks);
    this.past = new PastModel(gateway, tasks, WindowModel::thought, this::shows);
    this.changes = new ChangesModel(gateway, tasks);
    this.news = new NewsModel(live.getReadOnlyProperty(), plan.state());
    this.told = new OutsideModel(outside, live.getReadOnlyProperty(), tasks, news, this::tell);
    this.whatIf = new WhatIfModel(gateway, tasks, () -> live.get().topology());
    this.whyNot = new WhyNotModel(gateway, tasks);
    this.readiness = new ReadinessModel(gateway, tasks);
    this.recoveries = new RecoveriesModel(gateway, tasks, notice::set);
    this.findings = new FindingsModel(live.getReadOnlyProperty());
    this.servers = new ServersModel(gateway, tasks, this::added, notice::set);
    this.saying = new SayingModel(gateway, tasks, this::said, plan::propose);
    this.attributes = new AttributesModel(gateway, tasks, saying, notice::set);
    selected.subscribe(attributes::select);
    this.nodes = new NodesModel(gateway, tasks, notice::set);
    this.unable =
        Bindings.createStringBinding(
            () ->
                past.state().get().then().isPresent()
                    ? "What is shown is past; go back to now to change anything."
                    : seen.get().live() ? nodes.halted() : "The node does not answer.",
            seen,
            past.state(),
            nodes.state());
  }

  /** Something was said: what is known of the host may be other now. */
  private void said(String sentence) {
    notice.set(sentence);
    attributes.reload();
    whyNot.reload();
  }

  /** Begins to listen. */
  public void start() {
    gateway.listen(
        next -> {
          // Many events before the window gets to them are one to it.
          if (arrived.getAndSet(digests.of(next)) == null) {
            tasks.onWindow(() -> take(arrived.getAndSet(null)));
          }
        });
  }

  private void take(Digest thought) {
    boolean fresh = thought.version() != latest.version();
    boolean back = thought.seen().live() && !live.get().live();
    latest = thought;
    live.set(thought.seen());
    if (past.state().get().then().isEmpty()) {
      show(thought, fresh);
    }
    if (back) {
      plan.reconnected();
      // What is worth telling once is worth it each time: somebody else may sit here now.
      tasks.think(gateway::warnings, this::tell);
    }
  }

  private static Digest thought(Then was) {
    return new Digests()
        .of(new Seen(was.topology(), was.clusters(), Seen.Link.LIVE, Optional.empty(), ""));
  }

  /** Shows another moment than now, or now again; the connection is as it is now. */
  private void shows(Optional<Digest> then) {
    putBack();
    show(
        then.map(
                was ->
                    new Digest(
                        new Seen(
                            was.seen().topology(),
                            was.seen().clusters(),
                            latest.seen().link(),
                            latest.seen().heard(),
                            latest.seen().trouble()),
                        was.version(),
                        was.clusters(),
                        was.servers()))
            .orElse(latest),
        true);
  }

  private void show(Digest thought, boolean fresh) {
    Seen next = thought.seen();
    digest = thought;
    seen.set(next);
    if (fresh) {
      Topology topology = next.topology();
      clusters.set(thought.clusters());
      paint();
      fleet.seen();
      hand.get()
          .ifPresent(
              h -> {
                hold(h.in(next));
                judge();
              });
      selected
          .get()
          .filter(key -> topology.instance(key).isEmpty())
          .ifPresent(key -> selected.set(Optional.empty()));
      var there = new LinkedHashSet<>(also.get());
      there.removeIf(key -> topology.instance(key).isEmpty());
      chooseAlso(selected.get().isPresent() ? there : Set.of());
      added.ifPresent(this::added);
    }
    if (!next.live()) {
      putBack();
    }
  }

  private void paint() {
    Optional<ClusterRow> shown = shown().or(() -> clusters.get().stream().findFirst());
    cluster.set(shown.map(ClusterRow::id).orElse(""));
    picture.set(
        shown
            .map(row -> pictures.of(row, seen.get().topology(), digest.servers()))
            .orElse(Picture.EMPTY));
  }

  /** The cluster that is shown. */
  public Optional<ClusterRow> shown() {
    return clusters.get().stream().filter(row -> row.id().equals(cluster.get())).findFirst();
  }

  // ---- what is shown

  public ReadOnlyObjectProperty<Seen> seen() {
    return seen.getReadOnlyProperty();
  }

  /** Every server, as it is looked for. */
  Servers index() {
    return digest.servers();
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

  /** The servers that are chosen besides the selected one. */
  public ReadOnlyObjectProperty<Set<InstanceKey>> also() {
    return also.getReadOnlyProperty();
  }

  /** What is being moved. */
  public ReadOnlyObjectProperty<Optional<PickUp>> hand() {
    return hand.getReadOnlyProperty();
  }

  /** The last thing to tell. */
  public ReadOnlyStringProperty notice() {
    return notice.getReadOnlyProperty();
  }

  /** Tells something in a sentence; nothing when there is none. */
  public void tell(String sentence) {
    if (!sentence.isEmpty()) {
      notice.set(sentence);
    }
  }

  /** Light or dark, and what was chosen of them. */
  public Looks looks() {
    return looks;
  }

  public BooleanProperty dark() {
    return looks.dark();
  }

  public SearchModel search() {
    return search;
  }

  /** A moment that is past. */
  public PastModel past() {
    return past;
  }

  /** What changed in the cluster that is shown. */
  public ChangesModel changes() {
    return changes;
  }

  /** All clusters as tiles. */
  public FleetModel fleet() {
    return fleet;
  }

  /** What happened while nobody looked. */
  public NewsModel news() {
    return news;
  }

  /** What is told outside of the window. */
  public OutsideModel told() {
    return told;
  }

  /** Whether anything is, and the way. */
  public Outside outside() {
    return outside;
  }

  /** How many servers the shown cluster has, and how many of them are in trouble. */
  public String size() {
    return shown().map(row -> (seen.get().live() ? "" : "as it was: ") + row.words()).orElse("");
  }

  /** What is wrong now. */
  public FindingsModel findings() {
    return findings;
  }

  /** What would come of a server's death. */
  public WhatIfModel whatIf() {
    return whatIf;
  }

  /** What would stop a recovery of a cluster. */
  public WhyNotModel whyNot() {
    return whyNot;
  }

  /** Which recoveries there were. */
  public RecoveriesModel recoveries() {
    return recoveries;
  }

  /** How ready clusters are for the death of their heads. */
  public ReadinessModel readiness() {
    return readiness;
  }

  /** Why the node cannot be asked about what is shown, a sentence; empty when it can. */
  String asking() {
    return past.state().get().then().isPresent()
        ? "What is shown is past; go back to now to ask about it."
        : seen.get().live() ? "" : "The node does not answer.";
  }

  public PlanModel plan() {
    return plan;
  }

  public ServersModel servers() {
    return servers;
  }

  /** What is said of servers. */
  public SayingModel saying() {
    return saying;
  }

  /** What is said of the host of the selected server. */
  public AttributesModel attributes() {
    return attributes;
  }

  /** The cluster of nodes. */
  public NodesModel nodes() {
    return nodes;
  }

  /** Why nothing can be changed now, a sentence; empty when it can. */
  public ObservableStringValue unable() {
    return unable;
  }

  /** What offers other nodes; empty when the window is on one node for good. */
  public ObjectProperty<Optional<Runnable>> elsewhere() {
    return elsewhere;
  }

  /** Whether the node is in this program, and ends with the window. */
  public boolean here() {
    return gateway.here();
  }

  public String address() {
    return gateway.address();
  }

  /** Everything known of the selected server. */
  public List<Details.Group> details(Instant now) {
    Topology topology = seen.get().topology();
    return selected
        .get()
        .flatMap(topology::instance)
        .map(
            i ->
                Details.of(
                    i,
                    topology,
                    Optional.ofNullable(seen.get().clusters().get(i.key())),
                    seen.get().said(i.key()),
                    seen.get().found(i.key()),
                    // Of a moment that is past it is not known.
                    past.state().get().then().isPresent()
                        ? List.of()
                        : attributes.state().get().attributes(),
                    now.atZone(ZoneId.systemDefault())))
        .orElse(List.of());
  }

  /** How old what is shown is, when the node is gone. */
  public Optional<String> staleness(Instant now) {
    return LinkWords.staleness(seen.get(), now);
  }

  /** How the connection is, and how old what is shown. */
  public String connection(Instant now) {
    return LinkWords.connection(seen.get(), address(), now);
  }

  /** What the banner says while the node is gone. */
  public String absence(Instant now) {
    return LinkWords.absence(seen.get(), here(), now);
  }

  // ---- choosing

  /** Shows the tree of a cluster. */
  public void show(String id) {
    fleet.close();
    changes.cluster(id);
    if (!id.equals(cluster.get())) {
      putBack();
      cluster.set(id);
      chooseAlso(Set.of());
      selected.set(Optional.empty());
      paint();
    }
  }

  /** Chooses a server, and no other. */
  public void select(Optional<InstanceKey> key) {
    if (key.isPresent()) {
      fleet.close();
    }
    chooseAlso(Set.of());
    if (!key.equals(selected.get())) {
      selected.set(key);
    }
  }

  /** Chooses a server besides those that are chosen, or not any more. */
  public void toggle(InstanceKey key) {
    var now = new LinkedHashSet<>(also.get());
    Optional<InstanceKey> first = selected.get();
    if (first.filter(key::equals).isPresent()) {
      // Another one comes first then; the last one stays.
      now.stream()
          .findFirst()
          .ifPresent(
              next -> {
                now.remove(next);
                selected.set(Optional.of(next));
                chooseAlso(now);
              });
    } else if (first.isEmpty()) {
      select(Optional.of(key));
    } else {
      if (!now.remove(key)) {
        now.add(key);
      }
      chooseAlso(now);
    }
  }

  /** Of several that are chosen, has this one come first: what is about one server is about it. */
  public void lead(InstanceKey key) {
    if (!chosen(key)) {
      select(Optional.of(key));
    } else if (also.get().contains(key)) {
      stepTo(key, true);
    }
  }

  /** Chooses the replicas of the chosen server in its place. */
  public void chooseReplicas() {
    selected
        .get()
        .map(key -> seen.get().topology().replicasOf(key))
        .filter(replicas -> !replicas.isEmpty())
        .ifPresent(
            replicas -> {
              replicas.stream()
                  .filter(key -> pictures.uncover(key, seen.get().topology()))
                  .findFirst()
                  .ifPresent(folded -> paint());
              selected.set(Optional.of(replicas.getFirst()));
              chooseAlso(new LinkedHashSet<>(replicas.subList(1, replicas.size())));
            });
  }

  private void chooseAlso(Set<InstanceKey> others) {
    if (!others.equals(also.get())) {
      also.set(Collections.unmodifiableSet(new LinkedHashSet<>(others)));
    }
  }

  /** Whether a server is chosen, be it with others. */
  public boolean chosen(InstanceKey key) {
    return selected.get().filter(key::equals).isPresent() || also.get().contains(key);
  }

  /** Shows a server's cluster and selects the server. */
  public void go(InstanceKey key) {
    clusters.get().stream()
        .filter(row -> row.tree().contains(key))
        .findFirst()
        .ifPresent(
            row -> {
              show(row.id());
              reveal(key);
            });
  }

  /** Shows a server that was added, as soon as it is seen. */
  private void added(InstanceKey key) {
    boolean seenNow = seen.get().topology().instance(key).isPresent();
    added = seenNow ? Optional.empty() : Optional.of(key);
    if (seenNow) {
      go(key);
    }
  }

  /**
   * The arrow keys: another card is selected, or held over.
   *
   * @param adding whether those that are chosen stay so
   */
  public void step(Layout.Direction to, boolean adding) {
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
          .ifPresent(key -> stepTo(key, adding));
    }
  }

  private void stepTo(InstanceKey key, boolean adding) {
    Optional<InstanceKey> from = selected.get();
    if (!adding || from.isEmpty()) {
      select(Optional.of(key));
      return;
    }
    var others = new LinkedHashSet<>(also.get());
    others.add(from.get());
    others.remove(key);
    selected.set(Optional.of(key));
    chooseAlso(others);
  }

  /** Selects a server; one that is folded away is unfolded. */
  public void reveal(InstanceKey key) {
    if (pictures.uncover(key, seen.get().topology())) {
      paint();
    }
    select(Optional.of(key));
  }

  /** Hides what hangs below a server, or shows it again. */
  public void fold(InstanceKey key) {
    if (picture.get().source(key)) {
      pictures.toggle(key);
      paint();
      selected
          .get()
          .map(chosen -> pictures.standing(chosen, seen.get().topology()))
          .ifPresent(standing -> select(Optional.of(standing)));
    }
  }

  private Optional<InstanceKey> head() {
    return picture.get().tree().members().stream().findFirst();
  }

  // ---- moving

  /** Whether a server can be picked up; that it is no replica is said when it is put down. */
  public boolean movable(InstanceKey key) {
    return unable.get().isEmpty()
        && !plan.state().get().running()
        && seen.get().topology().instance(key).isPresent();
  }

  /** Takes a replica into the hand, with all that are chosen together with it. */
  public void pickUp(InstanceKey key) {
    if (movable(key)) {
      notice.set("");
      var all = new ArrayList<InstanceKey>();
      all.add(key);
      if (chosen(key)) {
        selected.get().filter(first -> !first.equals(key)).ifPresent(all::add);
        also.get().stream().filter(other -> !other.equals(key)).forEach(all::add);
      } else {
        select(Optional.of(key));
      }
      hold(new PickUp(all, seen.get(), planner));
      judge();
    }
  }

  /** Thinks about every place in the background: in a large tree that takes a moment. */
  private void judge() {
    PickUp held = hand.get().orElseThrow();
    List<InstanceKey> targets = List.copyOf(picture.get().layout().boxes().keySet());
    tasks.think(
        () -> held.judge(targets),
        found -> hand.get().filter(held::like).ifPresent(h -> hold(h.knowing(found))));
  }

  /** Holds it over a card, or over none. */
  public void over(Optional<InstanceKey> target) {
    hand.get()
        .filter(h -> !Objects.equals(h.over(), target))
        .ifPresent(h -> hold(h.over(target.filter(h::fits))));
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
                plan.propose(held.intent(held.over().orElseThrow()));
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
