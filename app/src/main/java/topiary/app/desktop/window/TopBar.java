package topiary.app.desktop.window;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.controlsfx.control.textfield.CustomTextField;
import org.controlsfx.control.textfield.TextFields;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.FindingsModel;
import topiary.app.desktop.model.RecoveriesModel;
import topiary.app.desktop.model.WindowModel;
import topiary.engine.finding.Severity;
import topiary.icons.Symbol;

/** Menus, a few buttons, and where a server is searched. */
final class TopBar extends HBox {

  private static final PseudoClass BAD = PseudoClass.getPseudoClass("bad");
  private static final PseudoClass WATCH = PseudoClass.getPseudoClass("watch");

  private final TextField search = TextFields.createClearableTextField();

  private final Node bell;
  private final Node alarm;
  private final NodesMark nodes;

  TopBar(WindowModel model, Actions actions) {
    getStyleClass().add("top");
    var space = new Region();
    setHgrow(space, Priority.ALWAYS);
    search.setId("search");
    search.setPromptText("Find a server");
    search.setAccessibleText("Find a server by address, state, role, version, tags or pools");
    search.setMinWidth(100);
    search.setPrefWidth(240);
    if (search instanceof CustomTextField custom) {
      custom.setLeft(Icons.of(Symbol.SEARCH));
    }
    search.textProperty().bindBidirectional(model.search().text());
    bell = bell(model, actions.news);
    alarm = alarm(model.findings(), actions.findings);
    nodes = new NodesMark(model, actions.nodes);
    var tools =
        new HBox(
            button(actions.undo),
            separator(),
            button(actions.zoomOut),
            button(actions.zoomIn),
            button(actions.fit));
    tools.getStyleClass().add("tools");
    getChildren()
        .addAll(
            Menus.bar(actions, model.looks(), model.outside()),
            tools,
            space,
            nodes,
            search,
            palette(actions.palette),
            recoveries(model.recoveries(), actions.recoveries),
            alarm,
            bell);
  }

  TextField search() {
    return search;
  }

  /** Where there is little room, less is said. */
  void narrow(boolean is) {
    nodes.narrow(is);
  }

  /** Whether something is a part of the bell. */
  boolean bells(EventTarget target) {
    return NewsList.within(bell, target);
  }

  /** Whether something is a part of what opens the list of what is wrong. */
  boolean alarms(EventTarget target) {
    return NewsList.within(alarm, target);
  }

  private static Region separator() {
    var line = new Region();
    line.getStyleClass().add("tools-line");
    return line;
  }

  private static Button button(Action action) {
    var button = new Button(null, Icons.of(action.icon()));
    button.setId(action.id() + "-button");
    button.getStyleClass().add("tool");
    button.setMinWidth(USE_PREF_SIZE);
    button.setAccessibleText(action.text());
    String key = action.key().isEmpty() ? "" : "  (" + action.key() + ")";
    button.setTooltip(new Tooltip(action.help() + key));
    button.disableProperty().bind(Bindings.not(action.enabled()));
    button.setOnAction(e -> action.run());
    return button;
  }

  private static Node palette(Action action) {
    Button button = button(action);
    var key = new Label(action.key());
    key.getStyleClass().add("key");
    button.setGraphic(key);
    return button;
  }

  private static Node alarm(FindingsModel findings, Action action) {
    Button button = button(action);
    Label count = count();
    findings
        .all()
        .subscribe(
            all -> {
              int urgent = findings.urgent();
              Optional<Severity> worst = findings.worst();
              boolean bad =
                  worst.filter(s -> s == Severity.FAILURE || s == Severity.TROUBLE).isPresent();
              colour(button, count, bad, worst.isPresent());
              number(count, urgent);
              button.setAccessibleText(action.text() + ": " + findings.words());
            });
    return counted(button, count);
  }

  private static Node recoveries(RecoveriesModel recoveries, Action action) {
    Button button = button(action);
    Label count = count();
    recoveries
        .state()
        .subscribe(
            state -> {
              int open = state.open();
              colour(button, count, state.underWay(), open > 0);
              number(count, open);
              button.setAccessibleText(
                  action.text()
                      + (state.underWay()
                          ? ": one is under way"
                          : ": " + open + " not acknowledged"));
            });
    return counted(button, count);
  }

  private static void colour(Button button, Label count, boolean bad, boolean something) {
    button.pseudoClassStateChanged(BAD, bad);
    button.pseudoClassStateChanged(WATCH, something && !bad);
    count.pseudoClassStateChanged(WATCH, !bad);
  }

  private static void number(Label count, int number) {
    count.setVisible(number > 0);
    count.setText(number > 99 ? "99+" : Integer.toString(number));
  }

  private static Label count() {
    var count = new Label();
    count.getStyleClass().add("count");
    count.setMouseTransparent(true);
    count.setMinWidth(USE_PREF_SIZE);
    StackPane.setAlignment(count, Pos.TOP_RIGHT);
    return count;
  }

  private static Node counted(Button button, Label count) {
    var both = new StackPane(button, count);
    both.setMinWidth(USE_PREF_SIZE);
    return both;
  }

  private static Node bell(WindowModel model, Action action) {
    Button button = button(action);
    Label count = count();
    model
        .news()
        .unread()
        .subscribe(
            n -> {
              number(count, n.intValue());
              button.setAccessibleText(action.text() + ", " + n + " unread");
            });
    return counted(button, count);
  }
}
