package topiary.app.desktop.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import topiary.app.gateway.Gateway;
import topiary.engine.catalogue.Argument;
import topiary.engine.catalogue.Arguments;
import topiary.engine.catalogue.BadArgument;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;
import topiary.engine.model.InstanceKey;

/**
 * Something said of a server, a cluster, a pool or a host, or taken back: what the catalogue has it
 * need is asked for, and it is done.
 */
public final class SayingModel {

  private static final String SERVER = "instance";

  /**
   * A question.
   *
   * @param operation what is to be done
   * @param title of it
   * @param of of what: a server, a cluster; empty when the title says it
   * @param given the arguments that are settled
   * @param proposed what the others are at first; nothing for those that are not named
   */
  public record Question(
      Operation operation,
      String title,
      String of,
      Map<String, String> given,
      Map<String, String> proposed) {

    public Question {
      given = Map.copyOf(given);
      proposed = Map.copyOf(proposed);
    }

    /** What is asked for. */
    public List<Argument> arguments() {
      return operation.arguments().stream().filter(a -> !given.containsKey(a.name())).toList();
    }

    /** What is told when it is done. */
    private String done() {
      return (of.isEmpty() ? "" : of + ": ") + operation.name() + " is done.";
    }
  }

  /**
   * All there is to show.
   *
   * @param question what is asked; empty when nothing is
   * @param busy whether the node is asked
   * @param sentence the node's no, or what is wrong; empty when nothing is
   */
  public record State(Optional<Question> question, boolean busy, String sentence) {

    static final State NONE = new State(Optional.empty(), false, "");

    /** As a sheet shows it; empty when nothing is asked. */
    Optional<Form> form() {
      return question.map(
          q ->
              new Form(
                  (q.title() + " " + q.of()).strip(),
                  q.operation().summary() + ".",
                  q.arguments().stream().map(a -> field(a, q)).toList(),
                  q.operation().kind() == Operation.Kind.INTENT ? "Show the plan" : "Say so",
                  false,
                  "The node is asked …",
                  busy,
                  sentence));
    }

    private static Form.Field field(Argument argument, Question question) {
      String name = argument.name();
      return new Form.Field(
          name,
          "saying-" + name,
          Words.capital(name),
          argument.help(),
          question.proposed().getOrDefault(name, ""));
    }
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final Consumer<String> told;
  private final Consumer<Intent> planned;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);

  /** Counts the questions, so that a late answer to one that was put away is not shown. */
  private int asked;

  /**
   * Without a question.
   *
   * @param told hears what was done
   * @param planned hears what is to be planned, when all that it needs was answered
   */
  SayingModel(Gateway gateway, Tasks tasks, Consumer<String> told, Consumer<Intent> planned) {
    this.planned = planned;
    this.gateway = gateway;
    this.tasks = tasks;
    this.told = told;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** What is asked, as a sheet shows it. */
  public ObservableValue<Optional<Form>> form() {
    return state.map(State::form);
  }

  /** Asks for what an operation needs beside the server. */
  public void ask(Operation operation, String title, InstanceKey server) {
    ask(
        new Question(
            operation, title, server.toString(), Map.of(SERVER, server.toString()), Map.of()));
  }

  /** Asks for what an operation needs. */
  public void ask(Question question) {
    asked++;
    state.set(new State(Optional.of(question), false, ""));
  }

  /** Does an operation that needs the server only. */
  public void say(Operation operation, InstanceKey server) {
    asked++;
    tasks.run(
        () -> {
          gateway.say(operation, Map.of(SERVER, server.toString()));
          return server;
        },
        done -> told.accept(server + ": " + operation.name() + " is done."),
        no -> told.accept(Words.sentence(no.getMessage())));
  }

  /** Answers what was asked, by argument; what is blank was left out. */
  public void answer(Map<String, String> values) {
    Optional<Question> now = state.get().question();
    if (now.isEmpty() || state.get().busy()) {
      return;
    }
    Question question = now.get();
    var given = new TreeMap<>(values);
    given.values().removeIf(String::isBlank);
    given.putAll(question.given());
    try {
      Arguments arguments = Arguments.of(question.operation(), given);
      if (question.operation().kind() == Operation.Kind.INTENT) {
        Intent intent = Catalogue.intent(question.operation(), arguments).orElseThrow();
        close();
        planned.accept(intent);
        return;
      }
    } catch (BadArgument e) {
      state.set(new State(now, false, Words.sentence(e.getMessage())));
      return;
    }
    int mine = asked;
    state.set(new State(now, true, ""));
    tasks.run(
        () -> {
          gateway.say(question.operation(), given);
          return question;
        },
        done -> {
          if (mine == asked) {
            state.set(State.NONE);
          }
          told.accept(question.done());
        },
        no -> {
          if (mine == asked) {
            state.set(new State(now, false, Words.sentence(no.getMessage())));
          }
        });
  }

  /** Puts the question away; what the node was asked already it does all the same. */
  public void close() {
    asked++;
    state.set(State.NONE);
  }
}
