package topiary.app.desktop.window;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.ServersModel;
import topiary.app.desktop.model.ServersModel.Question;

/** A question over the window: which server is added, or whether one is forgotten. */
final class ServerSheet extends StackPane {

  private static final double WIDTH = 480;

  private final ServersModel model;
  private final Runnable closed;
  private final Label title = new Label();
  private final Label words = new Label();
  private final TextField address = new TextField();
  private final ProgressIndicator busy = new ProgressIndicator();
  private final Label message = new Label();
  private final Button close = new Button("Not now");
  private final Button does = new Button();
  private Question shown = Question.NONE;

  /**
   * A sheet.
   *
   * @param closed gives the keys back to what is below
   */
  ServerSheet(ServersModel model, Runnable closed) {
    this.model = model;
    this.closed = closed;
    setId("servers");
    getStyleClass().add("scrim");
    title.getStyleClass().add("sheet-title");
    words.getStyleClass().add("sheet-text");
    words.setMinHeight(Region.USE_PREF_SIZE);
    address.setId("new-server");
    address.setPromptText("HOST:PORT");
    address.setAccessibleText("Address of the server");
    var head = new VBox(title, words, address);
    head.getStyleClass().addAll("sheet-head", "question");
    message.setId("servers-message");
    message.setMinHeight(Region.USE_PREF_SIZE);
    message.setMaxWidth(Double.MAX_VALUE);
    message.getStyleClass().add("message");
    HBox.setHgrow(message, Priority.ALWAYS);
    busy.getStyleClass().add("connect-busy");
    close.setId("servers-close");
    does.setId("servers-do");
    for (Region part : List.of(busy, address)) {
      part.managedProperty().bind(part.visibleProperty());
    }
    for (Button button : List.of(close, does)) {
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    close.setOnAction(e -> model.close());
    does.setOnAction(e -> does());
    var foot = new HBox(busy, message, close, does);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    var sheet = new VBox(head, foot);
    sheet.getStyleClass().add("plan-sheet");
    sheet.setMaxSize(WIDTH, Region.USE_PREF_SIZE);
    getChildren().add(sheet);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    model.state().subscribe(this::show);
  }

  private void does() {
    if (model.state().get().question() == Question.ADD) {
      model.add(address.getText());
    } else {
      model.forget();
    }
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case ESCAPE -> {
        model.close();
        e.consume();
      }
      case ENTER -> {
        if (e.getTarget() instanceof Button button) {
          button.fire();
        } else {
          does();
        }
        e.consume();
      }
      default -> {}
    }
  }

  private void show(ServersModel.State state) {
    boolean asks = state.question() != Question.NONE;
    boolean adds = state.question() == Question.ADD;
    boolean fresh = state.question() != shown;
    shown = state.question();
    setVisible(asks);
    address.setVisible(adds);
    if (fresh) {
      word(state, adds);
    }
    busy.setVisible(state.busy());
    address.setDisable(state.busy());
    does.setDisable(state.busy());
    message.setText(state.busy() ? "The server is looked at …" : state.sentence());
    message.getStyleClass().remove("bad");
    if (!state.sentence().isEmpty()) {
      message.getStyleClass().add("bad");
    }
    if (fresh && !asks) {
      closed.run();
    } else if (adds && !state.busy()) {
      address.requestFocus();
      address.selectAll();
    } else if (asks) {
      close.requestFocus();
    }
  }

  private void word(ServersModel.State state, boolean adds) {
    does.getStyleClass().removeAll("accent", "danger");
    does.getStyleClass().add(adds ? "accent" : "danger");
    does.setText(adds ? "Add" : "Forget");
    title.setText(
        adds ? "Add a server" : "Forget " + state.server().map(Object::toString).orElse("") + "?");
    words.setText(
        adds
            ? "Name any one server of a replication tree; Topiary finds the others. The port is"
                + " 3306 when left out."
            : "Topiary stops looking after it. The server itself is left as it is. It comes back"
                + " if another server that is looked after still names it.");
    address.clear();
  }
}
