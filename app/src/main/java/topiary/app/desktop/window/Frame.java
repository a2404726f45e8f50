package topiary.app.desktop.window;

import java.time.InstantSource;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.layout.StackPane;
import topiary.app.desktop.model.ConnectModel;
import topiary.app.desktop.model.Looks;
import topiary.app.desktop.model.Outside;
import topiary.app.desktop.model.Tasks;
import topiary.app.desktop.model.WindowModel;
import topiary.app.gateway.place.Places;
import topiary.engine.planner.Planner;
import topiary.engine.policy.PlanPolicy;

/** All of a window that can be on any node: what a node shows, or the choice of one. */
public final class Frame extends StackPane {

  private final Tasks tasks;
  private final InstantSource clock;
  private final Looks looks;
  private final Outside outside;
  private final ConnectModel connect;

  /** Made when it is first shown: a window that opens on a node needs none. */
  private Optional<ConnectPage> page = Optional.empty();

  private String untold = "";
  private final ReadOnlyObjectWrapper<Optional<Shell>> shell =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  /**
   * A frame.
   *
   * @param looks how the window looks, whatever node it is on
   * @param outside what is told outside of it
   */
  public Frame(Places places, Tasks tasks, InstantSource clock, Looks looks, Outside outside) {
    this.tasks = tasks;
    this.clock = clock;
    this.looks = looks;
    this.outside = outside;
    connect = new ConnectModel(places, tasks, this::on);
    getStylesheets().addAll(Shell.sheet("window.css"), Shell.sheet("connect.css"));
    connect.state().subscribe(state -> turn(state.shown()));
  }

  /** The choice of a node. */
  public ConnectModel connect() {
    return connect;
  }

  /** What shows the node the window is on; empty while there is none. */
  public ReadOnlyObjectProperty<Optional<Shell>> shell() {
    return shell.getReadOnlyProperty();
  }

  /** Another node is shown; the way to it is open. */
  private void on(Places.Opened way) {
    var model =
        new WindowModel(way.gateway(), tasks, new Planner(PlanPolicy.DEFAULT), looks, outside);
    model.elsewhere().set(Optional.of(connect::offer));
    // The node answers while all of it is being made.
    model.start();
    shell.set(Optional.of(new Shell(model, clock)));
    turn(false);
    model.tell(untold);
    model.tell(way.notice());
    untold = "";
  }

  /** Tells something in a sentence, as soon as there is where. */
  public void tell(String sentence) {
    if (shell.get().isPresent()) {
      shell.get().get().model().tell(sentence);
    } else {
      untold = sentence;
    }
  }

  /** What is not seen is not there at all, so that its keys do nothing. */
  private void turn(boolean choosing) {
    if (choosing) {
      ConnectPage choice = page.orElseGet(() -> new ConnectPage(connect));
      page = Optional.of(choice);
      getChildren().setAll(choice);
      choice.focus();
    } else {
      shell
          .get()
          .ifPresent(
              seen -> {
                getChildren().setAll(seen);
                seen.focus();
              });
    }
  }
}
