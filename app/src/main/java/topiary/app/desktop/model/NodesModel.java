package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.NodesSeen;

/** The cluster of nodes: looked at again and again, and changed when a person says so. */
public final class NodesModel {

  private static final System.Logger LOG = System.getLogger(NodesModel.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /**
   * All there is to show.
   *
   * @param nodes the cluster; empty until it is known, and for a node in this program
   * @param chosen the id of the node that is chosen
   * @param leaving the node that may be removed, while that is asked about
   * @param busy what is being done, a sentence; empty when nothing is
   * @param sentence what came of it; empty when there is nothing to say
   * @param refused whether the sentence is a no
   */
  public record State(
      Optional<Nodes> nodes,
      Optional<String> chosen,
      Optional<Nodes.Row> leaving,
      String busy,
      String sentence,
      boolean refused) {

    static final State NONE =
        new State(Optional.empty(), Optional.empty(), Optional.empty(), "", "", false);

    /** The node that is chosen. */
    public Optional<Nodes.Row> row() {
      return nodes.flatMap(n -> chosen.flatMap(n::row));
    }

    private State knows(Optional<Nodes> next) {
      return new State(next, chosen, leaving, busy, sentence, refused);
    }

    private State chooses(Optional<String> id) {
      return new State(nodes, id, Optional.empty(), busy, "", false);
    }

    private State asks(Optional<Nodes.Row> row) {
      return new State(nodes, chosen, row, busy, "", false);
    }

    private State does(String words) {
      return new State(nodes, chosen, Optional.empty(), words, "", false);
    }

    private State says(String words, boolean no) {
      return new State(nodes, chosen, leaving, "", words, no);
    }
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final Consumer<String> told;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);
  private final BooleanProperty open = new SimpleBooleanProperty();

  /** What was seen last. */
  private Optional<NodesSeen> seen = Optional.empty();

  /** Whether the node has answered, if only that it knows of no others. */
  private boolean answered;

  private boolean looking;
  private Instant looked = Instant.MIN;
  private Optional<Instant> leaderlessSince = Optional.empty();

  NodesModel(Gateway gateway, Tasks tasks, Consumer<String> told) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.told = told;
    open.subscribe(
        is -> {
          state.set(state.get().asks(Optional.empty()));
          // Whoever looks sees what is so now.
          looked = Instant.MIN;
        });
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether the nodes are looked at. */
  public BooleanProperty open() {
    return open;
  }

  /** Why nothing can be changed now, a sentence; empty when it can. */
  public String halted() {
    return state.get().nodes().map(Nodes::halted).orElse("");
  }

  // ---- looking

  /**
   * To be called about once a second: ages grow, and the nodes are asked again.
   *
   * @param live whether a node answers
   */
  public void tick(Instant now, boolean live) {
    if (gateway.here()) {
      return;
    }
    if (live && !looking && looked.isBefore(now.minus(PAUSE))) {
      looking = true;
      looked = now;
      tasks.run(gateway::nodes, this::take, this::fail);
    }
    show(now);
  }

  private void take(Optional<NodesSeen> next) {
    looking = false;
    answered = true;
    seen = next;
    next.ifPresent(
        s ->
            leaderlessSince =
                Nodes.led(s) ? Optional.empty() : leaderlessSince.or(() -> Optional.of(s.at())));
    show(next.map(NodesSeen::at).orElse(looked));
  }

  /** That the node does not answer is said elsewhere; what it refuses to say stays unknown. */
  private void fail(GatewayException no) {
    looking = false;
    LOG.log(System.Logger.Level.DEBUG, "how the nodes are is not known", no);
  }

  private void show(Instant now) {
    if (!answered) {
      return;
    }
    Duration leaderless =
        leaderlessSince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    Nodes nodes = seen.map(s -> Nodes.of(s, now, leaderless)).orElse(Nodes.LONE);
    State next = state.get().knows(Optional.of(nodes));
    if (!next.equals(state.get())) {
      state.set(next);
    }
  }

  // ---- choosing

  /** A node is chosen; what was asked about another one is put away. */
  public void choose(String id) {
    if (!state.get().chosen().equals(Optional.of(id))) {
      state.set(state.get().chooses(Optional.of(id)));
    }
  }

  /** The arrow keys: another one is chosen. */
  public void step(int by) {
    state
        .get()
        .nodes()
        .map(Nodes::rows)
        .filter(rows -> !rows.isEmpty())
        .ifPresent(
            rows -> {
              int at = state.get().row().map(rows::indexOf).orElse(by > 0 ? -1 : rows.size());
              choose(rows.get(Math.clamp((long) at + by, 0, rows.size() - 1)).id());
            });
  }

  // ---- deeds

  /** Why the chosen node cannot be made to lead, a sentence; empty when it can. */
  public String notLead() {
    return chosen(Nodes::notLead);
  }

  /** Why the chosen node cannot be removed, a sentence; empty when it can. */
  public String notRemove() {
    return chosen(Nodes::notRemove);
  }

  private interface Objection {
    String of(Nodes nodes, Nodes.Row row);
  }

  private String chosen(Objection objection) {
    State now = state.get();
    if (now.nodes().isEmpty()) {
      return unknown();
    }
    return now.row().map(row -> objection.of(now.nodes().get(), row)).orElse("No node is chosen.");
  }

  /** Why the leader cannot be made to step down, a sentence; empty when it can. */
  public String notStepDown() {
    return state.get().nodes().map(Nodes::notStepDown).orElseGet(this::unknown);
  }

  /** Why there is nothing to show, a sentence; empty when there is. */
  public String unknown() {
    if (gateway.here()) {
      return "This computer's own node is always alone.";
    }
    return state.get().nodes().isPresent() ? "" : "How the nodes are is not known yet.";
  }

  /** Hands the leadership to a node. */
  public void lead(Nodes.Row row) {
    if (notNow(n -> n.notLead(row))) {
      return;
    }
    does(
        "Leadership is handed to " + row.name() + " …",
        () -> gateway.lead(row.id()),
        row.name() + " was handed the leadership.");
  }

  /** Has another node elected. */
  public void stepDown() {
    if (notNow(Nodes::notStepDown)) {
      return;
    }
    does("Another node is elected …", gateway::stepDown, "Another node is elected.");
  }

  /** Asks whether a node is to be removed. */
  public void askToRemove(Nodes.Row row) {
    if (!notNow(n -> n.notRemove(row))) {
      open.set(true);
      choose(row.id());
      state.set(state.get().asks(Optional.of(row)));
    }
  }

  /** Removes the node that was asked about. */
  public void remove() {
    state
        .get()
        .leaving()
        .filter(row -> !notNow(n -> n.notRemove(row)))
        .ifPresent(
            row ->
                does(
                    row.name() + " is removed …",
                    () -> gateway.remove(row.id()),
                    row.name() + " is removed."));
  }

  /** Puts the question away, else the nodes. */
  public void putAway() {
    if (state.get().leaving().isPresent()) {
      state.set(state.get().asks(Optional.empty()));
    } else {
      open.set(false);
    }
  }

  /** Whether something cannot be done now; that is said then. */
  private boolean notNow(Function<Nodes, String> objection) {
    if (!state.get().busy().isEmpty()) {
      return true;
    }
    String no = state.get().nodes().map(objection).orElseGet(this::unknown);
    if (!no.isEmpty()) {
      refuse(no);
    }
    return !no.isEmpty();
  }

  private interface Deed {
    void call() throws GatewayException;
  }

  private void does(String words, Deed deed, String done) {
    state.set(state.get().does(words));
    tasks.run(
        () -> {
          deed.call();
          return done;
        },
        sentence -> {
          state.set(state.get().says(sentence, false));
          told.accept(sentence);
          // The next tick shows it.
          looked = Instant.MIN;
        },
        no -> refuse(Words.sentence(no.getMessage())));
  }

  /** Said where the nodes are shown, and elsewhere while they are not. */
  private void refuse(String sentence) {
    state.set(state.get().says(sentence, true));
    if (!open.get()) {
      told.accept(sentence);
    }
  }
}
