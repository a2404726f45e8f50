package topiary.app.desktop.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import topiary.app.gateway.Gateway;
import topiary.engine.model.InstanceKey;

/** Servers that are added and forgotten: asked about, done, told. */
public final class ServersModel {

  /** What is asked about. */
  public enum Question {
    /** Nothing. */
    NONE,
    /** Which server is to be added. */
    ADD,
    /** Whether a server is to be forgotten. */
    FORGET
  }

  /**
   * All there is to show.
   *
   * @param question what is asked about
   * @param server which is to be forgotten
   * @param busy whether the node is asked
   * @param sentence the node's no, or what is wrong; empty when nothing is
   */
  public record State(
      Question question, Optional<InstanceKey> server, boolean busy, String sentence) {

    static final State NONE = new State(Question.NONE, Optional.empty(), false, "");

    /** As a sheet shows it; empty when nothing is asked. */
    Optional<Form> form() {
      return switch (question) {
        case NONE -> Optional.empty();
        case ADD ->
            Optional.of(
                new Form(
                    "Add a server",
                    "Name any one server of a replication tree; Topiary finds the others. The port"
                        + " is 3306 when left out.",
                    List.of(new Form.Field(ADDRESS, "new-server", "", "HOST:PORT", "")),
                    "Add",
                    false,
                    LOOKING,
                    busy,
                    sentence));
        case FORGET ->
            Optional.of(
                new Form(
                    "Forget " + server.map(Object::toString).orElse("") + "?",
                    "Topiary stops looking after it. The server itself is left as it is. It comes"
                        + " back if another server that is looked after still names it.",
                    List.of(),
                    "Forget",
                    true,
                    LOOKING,
                    busy,
                    sentence));
      };
    }

    private State says(String words) {
      return new State(question, server, false, Words.sentence(words));
    }

    private State asked() {
      return new State(question, server, true, "");
    }
  }

  private static final String ADDRESS = "address";
  private static final String LOOKING = "The server is looked at …";

  private final Gateway gateway;
  private final Tasks tasks;
  private final Consumer<InstanceKey> added;
  private final Consumer<String> told;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);

  /** Counts the questions, so that a late answer to one that was put away is not shown. */
  private int asked;

  ServersModel(Gateway gateway, Tasks tasks, Consumer<InstanceKey> added, Consumer<String> told) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.added = added;
    this.told = told;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** What is asked, as a sheet shows it. */
  public ObservableValue<Optional<Form>> form() {
    return state.map(State::form);
  }

  /** Does what was asked about, with what was filled in. */
  public void answer(Map<String, String> values) {
    if (state.get().question() == Question.ADD) {
      add(values.getOrDefault(ADDRESS, ""));
    } else {
      forget();
    }
  }

  /** Asks which server is to be added. */
  public void askToAdd() {
    ask(new State(Question.ADD, Optional.empty(), false, ""));
  }

  /** Asks whether a server is to be forgotten. */
  public void askToForget(InstanceKey server) {
    ask(new State(Question.FORGET, Optional.of(server), false, ""));
  }

  private void ask(State question) {
    asked++;
    state.set(question);
  }

  /** Adds the server of this address, port 3306 when none is given. */
  public void add(String address) {
    if (state.get().question() != Question.ADD || state.get().busy()) {
      return;
    }
    if (address.isBlank()) {
      state.set(state.get().says("enter the address of a server"));
      return;
    }
    try {
      InstanceKey server = InstanceKey.parse(address);
      does(
          () -> gateway.discover(server),
          name -> {
            told.accept("Looking after " + name + " and every server it leads to.");
            added.accept(name);
          });
    } catch (IllegalArgumentException e) {
      state.set(state.get().says(e.getMessage()));
    }
  }

  /** Forgets the server that was asked about. */
  public void forget() {
    State now = state.get();
    if (now.question() != Question.FORGET || now.busy()) {
      return;
    }
    InstanceKey server = now.server().orElseThrow();
    does(
        () -> {
          gateway.forget(server);
          return server;
        },
        name -> told.accept(name + " is forgotten."));
  }

  private void does(Tasks.Work<InstanceKey> deed, Consumer<InstanceKey> done) {
    int mine = asked;
    state.set(state.get().asked());
    tasks.run(
        deed,
        name -> {
          if (mine == asked) {
            state.set(State.NONE);
          }
          done.accept(name);
        },
        no -> {
          if (mine == asked) {
            state.set(state.get().says(no.getMessage()));
          }
        });
  }

  /** Puts the question away; what the node was asked already it does all the same. */
  public void close() {
    asked++;
    state.set(State.NONE);
  }
}
