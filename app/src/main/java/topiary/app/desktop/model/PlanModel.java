package topiary.app.desktop.model;

import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.PlanView;
import topiary.app.gateway.RunView;
import topiary.app.gateway.Undoable;
import topiary.engine.intent.Intent;
import topiary.engine.intent.PlanId;
import topiary.engine.intent.Way;

/** A plan from the wish to its end: asked for, shown, approved, run, undone. */
public final class PlanModel {

  /** How far it is. */
  public enum Phase {
    /** There is none. */
    NONE,
    /** The node is asked. */
    ASKED,
    /** It can be approved. */
    SHOWN,
    /** It cannot be done; the message says why. */
    REFUSED,
    /** It is being carried out. */
    RUNNING,
    /** It stops at the next safe border. */
    STOPPING,
    /** It is over; the message says how. */
    ENDED
  }

  /**
   * All there is to show.
   *
   * @param phase how far it is
   * @param intent what is wanted, in words
   * @param effect what it comes down to; empty for undoing what the node has not described
   * @param plan as the node showed it
   * @param run as the node told it last
   * @param way how what is moved finds its place; empty where that is not to be chosen
   * @param message a sentence for the person, empty when there is nothing to say
   */
  public record State(
      Phase phase,
      String intent,
      Optional<Intent> effect,
      Optional<PlanView> plan,
      Optional<RunView> run,
      Optional<Way> way,
      String message) {

    public static final State NONE =
        new State(
            Phase.NONE,
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "");

    public boolean running() {
      return phase == Phase.RUNNING || phase == Phase.STOPPING;
    }

    /** The run without what puts back what was begun. */
    public Optional<RunView> course() {
      return run.map(
          r ->
              new RunView(
                  r.plan(),
                  r.version(),
                  r.total(),
                  r.steps().stream().filter(s -> plan.filter(p -> p.has(s)).isPresent()).toList(),
                  r.end(),
                  r.report()));
    }

    /** Whether it ended as it should, so that it can be undone. */
    public boolean done() {
      return phase == Phase.ENDED
          && run.flatMap(RunView::end).filter(e -> e == RunView.End.DONE).isPresent();
    }

    /**
     * What is asked before the window is closed on it; empty when there is nothing to ask.
     *
     * @param here whether the node is in this program, and ends with it
     */
    public Optional<String> beforeLeaving(boolean here) {
      if (!running()) {
        return Optional.empty();
      }
      return Optional.of(
          here
              ? "A plan is being carried out. It stops at its next safe border when this window is"
                  + " closed, because the node that carries it out ends with it."
              : "A plan is being carried out. The node goes on with it when this window is"
                  + " closed.");
    }

    private State with(Phase next, String words) {
      return new State(next, intent, effect, plan, run, way, words);
    }

    private State with(RunView next) {
      return new State(phase, intent, effect, plan, Optional.of(next), way, message);
    }
  }

  private static final System.Logger LOG = System.getLogger(PlanModel.class.getName());

  private final Gateway gateway;
  private final Tasks tasks;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);
  private final ReadOnlyObjectWrapper<Optional<PlanId>> undoable =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper folded = new ReadOnlyBooleanWrapper();

  /** What the node said last can be undone. */
  private Optional<Undoable> back = Optional.empty();

  /** What was undone last from here. */
  private Optional<PlanId> undone = Optional.empty();

  private Intent wanted;

  /** Counts what was asked for, so that a late answer to something given up is not shown. */
  private int asked;

  /** Whether a run is under way that could not be followed for want of a connection. */
  private boolean lost;

  public PlanModel(Gateway gateway, Tasks tasks) {
    this.gateway = gateway;
    this.tasks = tasks;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether it is out of the way while it runs. */
  public ReadOnlyBooleanProperty folded() {
    return folded.getReadOnlyProperty();
  }

  /** Puts what runs out of the way; it goes on. */
  public void fold() {
    folded.set(state.get().running());
  }

  /** Brings it back into sight. */
  public void unfold() {
    folded.set(false);
  }

  /** The plan that was carried out last, from wherever, and can be undone. */
  public ReadOnlyObjectProperty<Optional<PlanId>> undoable() {
    return undoable.getReadOnlyProperty();
  }

  /** Asks for a plan; nothing is done. */
  public void propose(Intent intent) {
    propose(intent, "");
  }

  /** What is wanted; of an undo, what it comes down to. */
  private static String words(Intent intent, Optional<Intent> effect) {
    return intent instanceof Intent.Undo && effect.isPresent()
        ? "undo: " + effect.get().words()
        : intent.words();
  }

  private void propose(Intent intent, String message) {
    if (state.get().running()) {
      return;
    }
    wanted = intent;
    int mine = ++asked;
    unfold();
    Optional<Intent> effect = effect(intent);
    state.set(
        new State(
            Phase.ASKED,
            words(intent, effect),
            effect,
            Optional.empty(),
            Optional.empty(),
            Ways.of(intent),
            message));
    tasks.run(
        () -> gateway.plan(intent),
        plan -> {
          if (mine == asked) {
            state.set(
                new State(
                    Phase.SHOWN,
                    words(intent, effect),
                    effect,
                    Optional.of(plan),
                    Optional.empty(),
                    Ways.of(intent),
                    message));
          }
        },
        no -> {
          if (mine == asked) {
            state.set(state.get().with(Phase.REFUSED, no.getMessage()));
          }
        });
  }

  /** Whether another way can be chosen now. */
  public boolean choosing() {
    Phase phase = state.get().phase();
    return state.get().way().isPresent()
        && state.get().run().isEmpty()
        && (phase == Phase.ASKED || phase == Phase.SHOWN || phase == Phase.REFUSED);
  }

  /** Asks for the plan of the same move by another way. */
  public void choose(Way way) {
    if (choosing() && !state.get().way().equals(Optional.of(way))) {
      propose(Ways.by(wanted, way));
    }
  }

  private Optional<Intent> effect(Intent intent) {
    return intent instanceof Intent.Undo undo
        ? back.filter(b -> b.plan().equals(undo.plan())).map(Undoable::back)
        : Optional.of(intent);
  }

  /** Runs the plan that is shown. */
  public void apply() {
    if (state.get().phase() != Phase.SHOWN) {
      return;
    }
    PlanView plan = state.get().plan().orElseThrow();
    state.set(state.get().with(Phase.RUNNING, ""));
    tasks.run(
        () -> gateway.apply(plan.fingerprint()),
        this::goesOn,
        no -> {
          unfold();
          state.set(state.get().with(Phase.REFUSED, no.getMessage()));
          if (no.kind() == GatewayException.Kind.CHANGED) {
            propose(wanted, "The servers have changed meanwhile; this is the plan now.");
          }
        });
  }

  private void goesOn(RunView run) {
    State now = state.get();
    if (run.end().isEmpty()) {
      state.set(now.with(run));
      follow(run);
      return;
    }
    if (run.end().get() == RunView.End.DONE) {
      // What undid something is not offered to be undone in turn.
      undone = wanted instanceof Intent.Undo(var plan) ? Optional.of(plan) : Optional.empty();
      // Whether this one can be undone only the node says.
      undoable.set(Optional.empty());
    } else {
      unfold();
    }
    state.set(now.with(run).with(Phase.ENDED, run.report()));
    learn();
  }

  /** Asks the node what can be undone; while it does not answer, what was known holds. */
  private void learn() {
    tasks.run(
        gateway::undoable,
        latest -> {
          // The node notes that a plan was undone a moment after it tells that the undoing ended.
          back = latest.filter(u -> !undone.equals(Optional.of(u.plan())));
          undoable.set(back.map(Undoable::plan));
        },
        no -> LOG.log(System.Logger.Level.DEBUG, "what can be undone is not known", no));
  }

  private void follow(RunView run) {
    tasks.run(
        () -> gateway.follow(run.plan(), run.version()),
        this::goesOn,
        no -> {
          lost = no.kind() == GatewayException.Kind.UNREACHABLE;
          String words =
              lost
                  ? "The node does not answer; it goes on by itself, and so does this when it is"
                      + " back."
                  : no.getMessage();
          if (!lost) {
            unfold();
          }
          state.set(state.get().with(lost ? state.get().phase() : Phase.ENDED, words));
        });
  }

  /**
   * The node is there, or back: what can be undone is asked, and a run that could not be followed
   * is taken up again.
   */
  void reconnected() {
    learn();
    if (lost) {
      lost = false;
      state.set(state.get().with(state.get().phase(), ""));
      state.get().run().ifPresent(this::follow);
    }
  }

  /** Stops the run at its next safe border. */
  public void cancel() {
    State now = state.get();
    if (now.phase() != Phase.RUNNING || now.run().isEmpty()) {
      return;
    }
    state.set(now.with(Phase.STOPPING, "It stops at the next safe border."));
    tasks.run(
        () -> gateway.cancel(now.run().get().plan()),
        run -> {},
        no -> {
          if (state.get().running()) {
            state.set(state.get().with(Phase.RUNNING, no.getMessage()));
          }
        });
  }

  /** Asks for the plan that takes the latest one back. */
  public void undo() {
    undoable.get().ifPresent(plan -> propose(new Intent.Undo(plan)));
  }

  /** Puts the sheet away; a run that is under way stays. */
  public void close() {
    if (!state.get().running()) {
      asked++;
      unfold();
      state.set(State.NONE);
    }
  }
}
