package topiary.app.desktop.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import topiary.app.gateway.Gateway;
import topiary.engine.catalogue.Saying;
import topiary.engine.model.InstanceKey;
import topiary.engine.said.Attribute;

/**
 * What is said of the host of the selected server. Nobody is told of news of it, so it is asked for
 * when a server is selected, after it was changed here, and again after a while.
 */
public final class AttributesModel {

  private static final Duration FRESH = Duration.ofSeconds(15);

  /**
   * What is known.
   *
   * @param host of which host; empty while no server is selected
   * @param attributes in order
   */
  public record State(String host, List<Attribute> attributes) {

    static final State NONE = new State("", List.of());

    public State {
      attributes = List.copyOf(attributes);
    }
  }

  private final Gateway gateway;
  private final Tasks tasks;
  private final SayingModel saying;
  private final Consumer<String> told;
  private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NONE);

  /** When it was asked for last by the clock; empty when it is to be asked for again. */
  private Optional<Instant> asked = Optional.empty();

  /** Counts the questions, so that a late answer about another host is not shown. */
  private int questions;

  /**
   * Of no server.
   *
   * @param told hears what was done
   */
  AttributesModel(Gateway gateway, Tasks tasks, SayingModel saying, Consumer<String> told) {
    this.gateway = gateway;
    this.tasks = tasks;
    this.saying = saying;
    this.told = told;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Another server is selected, or none. */
  void select(Optional<InstanceKey> server) {
    String host = server.map(InstanceKey::host).orElse("");
    if (!host.equals(state.get().host())) {
      state.set(new State(host, List.of()));
      reload();
    }
  }

  /** Asks again. */
  void reload() {
    asked = Optional.empty();
    String host = state.get().host();
    int mine = ++questions;
    if (!host.isEmpty()) {
      tasks.run(
          () -> gateway.attributes(host),
          attributes -> {
            if (mine == questions) {
              state.set(new State(host, attributes));
            }
          },
          // What was known stays; that the node does not answer is told elsewhere.
          no -> {});
    }
  }

  /** Asks again when what is known is old. */
  public void tick(Instant now, boolean live) {
    if (asked.isEmpty()) {
      asked = Optional.of(now);
    } else if (live && Duration.between(asked.get(), now).compareTo(FRESH) >= 0) {
      reload();
      asked = Optional.of(now);
    }
  }

  /** Asks how one is to be from now on. */
  public void change(String name) {
    State of = state.get();
    of.attributes().stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .ifPresent(
            a ->
                saying.ask(
                    new SayingModel.Question(
                        Saying.SET_HOST_ATTRIBUTE,
                        "Change " + name + " of the host",
                        a.host(),
                        Map.of("host", a.host(), "name", name),
                        Map.of("value", a.value()))));
  }

  /** Has one taken away; how it was is told, so that it can be said again. */
  public void remove(String name) {
    State of = state.get();
    Optional<Attribute> gone =
        of.attributes().stream().filter(a -> a.name().equals(name)).findFirst();
    gone.ifPresent(
        a ->
            tasks.run(
                () -> {
                  gateway.removeAttribute(a.host(), name);
                  return a;
                },
                done -> {
                  told.accept(
                      a.host() + ": " + name + " is said no more; it was " + a.value() + ".");
                  reload();
                },
                no -> told.accept(Words.sentence(no.getMessage()))));
  }
}
