package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.RecoveryView;
import topiary.engine.catalogue.Recovering;

/**
 * The recoveries there were and are: asked of the node again and again, soon again while one is
 * under way or somebody looks; one of them told whole.
 */
public final class RecoveriesModel {

  /** So many of the latest are shown. */
  static final int SHOWN = 50;

  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration CLOSELY = Duration.ofSeconds(1);

  /**
   * All there is to show.
   *
   * @param all newest first
   * @param chosen the id of the one that is told whole
   * @param whole that one; empty until the node has told it
   * @param sentence the node's no; empty when there is none
   */
  public record State(
      List<RecoveryView> all,
      Optional<String> chosen,
      Optional<RecoveryView> whole,
      String sentence) {

    static final State NONE = new State(List.of(), Optional.empty(), Optional.empty(), "");

    public State {
      all = List.copyOf(all);
    }

    /** The one that is chosen, as far as it is known. */
    public Optional<RecoveryView> one() {
      return whole.or(
          () -> all.stream().filter(r -> chosen.filter(r.id()::equals).isPresent()).findFirst());
    }

    /** How many of them somebody has to see to, or go on. */
    public int open() {
      return (int) all.stream().filter(RecoveryView::open).count();
    }

    /** Whether one is under way. */
    public boolean underWay() {
      return all.stream().anyMatch(RecoveryView::underWay);
    }

    private State knows(List<RecoveryView> next) {
      return new State(next, chosen, whole, "");
    }

    private State chooses(String id) {
      return new State(all, Optional.of(id), Optional.empty(), "");
    }

    private State tells(RecoveryView view) {
      return new State(all, chosen, Optional.of(view), "");
    }

    private State says(String no) {
      return new State(all, chosen, whole, no);
    }
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final Consumer<String> told;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);
  private final BooleanProperty open = new SimpleBooleanProperty();
  private Optional<Instant> asked = Optional.empty();
  private boolean waiting;

  RecoveriesModel(Gateway gateway, Tasks tasks, Consumer<String> told) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.told = told;
    // Whoever looks sees what is so now.
    open.subscribe(is -> asked = Optional.empty());
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether they are looked at. */
  public BooleanProperty open() {
    return open;
  }

  /**
   * To be called about once a second.
   *
   * @param live whether a node answers
   */
  public void tick(Instant now, boolean live) {
    Duration pause = open.get() || state.get().underWay() ? CLOSELY : PAUSE;
    if (live && !waiting && asked.filter(at -> now.isBefore(at.plus(pause))).isEmpty()) {
      asked = Optional.of(now);
      ask();
    }
  }

  private void ask() {
    waiting = true;
    tasks.run(
        () -> gateway.recoveries(SHOWN),
        all -> {
          waiting = false;
          take(all);
        },
        no -> {
          waiting = false;
          fail(no.getMessage());
        });
  }

  private void take(List<RecoveryView> all) {
    State before = state.get();
    State next = before.knows(all);
    if (!next.equals(before)) {
      state.set(next);
    }
    if (!open.get() || all.isEmpty()) {
      return;
    }
    if (next.chosen().isEmpty()) {
      choose(all.getFirst().id());
    } else if (next.whole().isEmpty() || stale(next)) {
      tell(next.chosen().get());
    }
  }

  /** Whether more is known of the one that is told than is told. */
  private static boolean stale(State state) {
    RecoveryView whole = state.whole().orElseThrow();
    return whole.underWay()
        || state.all().stream()
            .filter(r -> r.id().equals(whole.id()))
            .anyMatch(r -> !r.acknowledged().equals(whole.acknowledged()));
  }

  private void fail(String no) {
    // One that does not answer is told of elsewhere; here it is the answer to who looks.
    if (open.get()) {
      state.set(state.get().says(Words.sentence(no)));
    }
  }

  /** Has one told whole. */
  public void choose(String id) {
    if (state.get().chosen().filter(id::equals).isEmpty()) {
      state.set(state.get().chooses(id));
      tell(id);
    }
  }

  private void tell(String id) {
    tasks.run(
        () -> gateway.recovery(id),
        view -> {
          // Another may have been chosen meanwhile.
          if (state.get().chosen().filter(id::equals).isPresent()) {
            state.set(state.get().tells(view));
          }
        },
        no -> fail(no.getMessage()));
  }

  /** Says that somebody has seen to the chosen one, so that another may begin in its cluster. */
  public void acknowledge(String comment) {
    Optional<String> id = state.get().chosen();
    if (id.isEmpty()) {
      return;
    }
    tasks.run(
        () -> {
          gateway.say(
              Recovering.ACKNOWLEDGE, Map.of("recovery", id.get(), "comment", comment.strip()));
          return gateway.recoveries(SHOWN);
        },
        all -> {
          told.accept("Recovery " + id.get() + " is acknowledged.");
          take(all);
        },
        no -> fail(no.getMessage()));
  }
}
