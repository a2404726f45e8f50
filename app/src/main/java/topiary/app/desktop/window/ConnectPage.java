package topiary.app.desktop.window;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.css.PseudoClass;
import javafx.geometry.HPos;
import javafx.geometry.VPos;
import javafx.scene.Group;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Control;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.shape.SVGPath;
import javafx.util.StringConverter;
import topiary.app.desktop.model.ConnectModel;
import topiary.app.desktop.model.ConnectModel.Field;
import topiary.app.desktop.model.ConnectModel.Kind;
import topiary.engine.policy.TlsMode;
import topiary.icons.AppIcon;

/** The choice of a node: this computer, or one elsewhere. */
public final class ConnectPage extends StackPane {

  private static final double WIDTH = 720;
  private static final double NAMES = 116;
  private static final double FORM = 264;
  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("danger");

  private final ConnectModel model;
  private final Choice here =
      new Choice(
          Kind.HERE,
          Choice.LAPTOP,
          "This computer",
          "Topiary looks after your servers from here, while it is open. Nothing else is needed,"
              + " and no port is opened.");
  private final Choice there =
      new Choice(
          Kind.THERE,
          Choice.RACK,
          "A node",
          "A Topiary that runs all the time, as a service. This window shows what it sees, and"
              + " it does what you approve.");
  private final TextField user = new TextField();
  private final PasswordField password = new PasswordField();
  private final ChoiceBox<TlsMode> tls =
      new ChoiceBox<>(
          FXCollections.observableArrayList(
              TlsMode.PREFERRED, TlsMode.REQUIRED, TlsMode.VERIFY_IDENTITY));
  private final TextField server = new TextField();
  private final TextField address = new TextField();
  private final TextField nodeUser = new TextField();
  private final PasswordField nodePassword = new PasswordField();
  private final TextField authority = new TextField();
  private final Map<Field, TextField> fields =
      Map.of(
          Field.USER,
          user,
          Field.PASSWORD,
          password,
          Field.SERVER,
          server,
          Field.ADDRESS,
          address,
          Field.NODE_USER,
          nodeUser,
          Field.NODE_PASSWORD,
          nodePassword,
          Field.AUTHORITY,
          authority);
  private final Label known = hint("");
  private final GridPane own = form();
  private final GridPane elsewhere = form();
  private final StackPane form = new StackPane();
  private final VBox recent = new VBox();
  private final Label message = new Label();
  private final ProgressIndicator busy = new ProgressIndicator();
  private final Button leave = new Button();
  private final Button connect = new Button("Connect");

  public ConnectPage(ConnectModel model) {
    this.model = model;
    setId("connect-page");
    getStyleClass().add("connect");
    var card = new VBox(choices(), fields(), foot());
    card.getStyleClass().add("connect-card");
    card.setMaxWidth(WIDTH);
    var page = new VBox(head(), card);
    page.getStyleClass().add("connect-body");
    var scroll = new ScrollPane(page);
    scroll.setFitToWidth(true);
    scroll.setFitToHeight(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    getChildren().add(scroll);
    user.textProperty().bindBidirectional(model.user());
    password.textProperty().bindBidirectional(model.password());
    tls.valueProperty().bindBidirectional(model.tls());
    server.textProperty().bindBidirectional(model.server());
    address.textProperty().bindBidirectional(model.address());
    nodeUser.textProperty().bindBidirectional(model.nodeUser());
    nodePassword.textProperty().bindBidirectional(model.nodePassword());
    authority.textProperty().bindBidirectional(model.authority());
    model.kind().subscribe(this::choose);
    model.credentials().subscribe(this::knows);
    model.recent().subscribe(this::remembers);
    model.state().subscribe(this::show);
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
  }

  // ---- parts

  /** What each way of encryption means. */
  private static final class Words extends StringConverter<TlsMode> {
    @Override
    public String toString(TlsMode mode) {
      return switch (mode) {
        case null -> "";
        case PREFERRED -> "Where the server offers it";
        case REQUIRED -> "Always (MySQL 8 and newer ask for it)";
        case VERIFY_CA -> "Always, signed by a known authority";
        case VERIFY_IDENTITY -> "Always, with a certificate that is checked";
      };
    }

    @Override
    public TlsMode fromString(String text) {
      throw new IllegalStateException("nobody types it: " + text);
    }
  }

  private static VBox head() {
    var icon = new Group();
    AppIcon.parts()
        .forEach(
            part -> {
              var path = new SVGPath();
              path.setContent(part.path());
              path.setFill(Color.web(part.colour()));
              icon.getChildren().add(path);
            });
    var title = new Label("Topiary");
    title.getStyleClass().add("connect-title");
    var words = new Label("Choose who looks after your replication trees.");
    words.getStyleClass().add("connect-words");
    var head = new VBox(icon, title, words);
    head.getStyleClass().add("connect-head");
    return head;
  }

  private HBox choices() {
    for (Choice choice : List.of(here, there)) {
      choice.setOnAction(
          e -> {
            model.kind().set(choice.kind());
            choose(choice.kind());
          });
      choice.setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
      HBox.setHgrow(choice, Priority.ALWAYS);
    }
    var choices = new HBox(here, there);
    choices.getStyleClass().add("choices");
    return choices;
  }

  private StackPane fields() {
    user.setId("user");
    password.setId("password");
    server.setId("server");
    server.setPromptText("HOST:PORT, optional");
    address.setId("address");
    line(own, 0, "User", user);
    line(own, 1, "Password", password);
    tls.setId("tls");
    tls.setMaxWidth(Double.MAX_VALUE);
    tls.setConverter(new Words());
    line(own, 2, "Encryption", tls);
    line(own, 3, "First server", server);
    GridPane.setConstraints(known, 1, 4);
    own.getChildren().add(known);
    line(elsewhere, 0, "Address", address);
    address.setPromptText("HOST:PORT, or several");
    Label several =
        hint(
            "Of a cluster of nodes any one is enough: it tells of the others. Several, with spaces"
                + " between them, find it also while the first is down.");
    GridPane.setConstraints(several, 1, 1);
    elsewhere.getChildren().add(several);
    nodeUser.setId("node-user");
    nodeUser.setPromptText("when the node asks who you are");
    nodePassword.setId("node-password");
    nodePassword.setPromptText("stays in memory, and is not remembered");
    authority.setId("authority");
    authority.setPromptText("the file of its certificate's authority, when it is not a public one");
    line(elsewhere, 2, "User", nodeUser);
    line(elsewhere, 3, "Password", nodePassword);
    line(elsewhere, 4, "Authority", authority);
    GridPane.setConstraints(recent, 1, 5);
    recent.getStyleClass().add("recent");
    elsewhere.getChildren().add(recent);
    form.setMinHeight(FORM);
    return form;
  }

  private static GridPane form() {
    var form = new GridPane();
    form.getStyleClass().add("connect-form");
    form.getColumnConstraints()
        .addAll(
            new ColumnConstraints(NAMES),
            new ColumnConstraints(0, WIDTH, Double.MAX_VALUE, Priority.ALWAYS, HPos.LEFT, true));
    return form;
  }

  private static void line(GridPane form, int row, String name, Control field) {
    var label = new Label(name);
    label.setLabelFor(field);
    field.setAccessibleText(name);
    GridPane.setConstraints(label, 0, row, 1, 1, HPos.LEFT, VPos.CENTER);
    GridPane.setConstraints(field, 1, row);
    form.getChildren().addAll(label, field);
  }

  private HBox foot() {
    message.setId("connect-message");
    message.getStyleClass().add("message");
    message.setMaxWidth(Double.MAX_VALUE);
    message.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(message, Priority.ALWAYS);
    busy.getStyleClass().add("connect-busy");
    connect.setId("connect-now");
    connect.getStyleClass().add("accent");
    connect.setOnAction(e -> model.connect());
    leave.setId("leave");
    leave.setOnAction(e -> model.leave());
    for (Region part : List.of(busy, leave, connect)) {
      part.managedProperty().bind(part.visibleProperty());
      part.setMinWidth(Region.USE_PREF_SIZE);
    }
    var foot = new HBox(busy, message, leave, connect);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    return foot;
  }

  private static Label hint(String words) {
    var hint = new Label(words);
    hint.getStyleClass().addAll("hint", "connect-hint");
    hint.setMinHeight(Region.USE_PREF_SIZE);
    return hint;
  }

  // ---- what is shown

  private void choose(Kind kind) {
    here.setSelected(kind == Kind.HERE);
    there.setSelected(kind == Kind.THERE);
    form.getChildren().setAll(kind == Kind.HERE ? own : elsewhere);
    if (getScene() != null) {
      focus();
    }
  }

  /** Whether user and password are asked for. */
  private void knows(Optional<String> file) {
    for (Control field : List.of(user, password, tls)) {
      field.setDisable(file.isPresent());
    }
    user.setPromptText(file.isPresent() ? "from the file below" : "the user Topiary logs in as");
    password.setPromptText(file.isPresent() ? "from the file below" : "");
    known.setText(
        file.map(f -> "Users and passwords are taken from " + f + ".")
            .orElse(
                "One server is enough: Topiary finds the others of its tree. The password stays in"
                    + " memory, and is gone when Topiary is closed."));
  }

  private void remembers(List<String> addresses) {
    recent.getChildren().clear();
    if (addresses.isEmpty()) {
      recent
          .getChildren()
          .add(hint("Where a node serves is the last line it prints: ready http://…"));
      return;
    }
    recent.getChildren().add(hint("Recent"));
    for (String one : addresses) {
      var link = new Hyperlink(one);
      link.getStyleClass().add("recent-address");
      link.setOnAction(
          e -> {
            model.connectTo(one);
          });
      recent.getChildren().add(link);
    }
  }

  private void show(ConnectModel.State state) {
    fields.forEach((field, box) -> box.pseudoClassStateChanged(WRONG, field == state.wrong()));
    here.setDisable(state.busy());
    there.setDisable(state.busy());
    connect.setDisable(state.busy());
    busy.setVisible(state.busy());
    leave.setVisible(state.busy() || model.leavable().get());
    leave.setText(state.busy() ? "Cancel" : "Back");
    message.setText(state.busy() ? "Connecting …" : state.sentence());
    message.getStyleClass().remove("bad");
    if (!state.busy()) {
      message.getStyleClass().add("bad");
      focus();
    }
  }

  /** Puts the cursor where there is something to fill in, or to correct. */
  public void focus() {
    // What scrolls is in the scene only when its style is known.
    applyCss();
    Field wrong = model.state().get().wrong();
    TextField field = fields.get(wrong == Field.NONE ? model.first() : wrong);
    field.requestFocus();
    field.selectAll();
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case ESCAPE -> {
        model.leave();
        e.consume();
      }
      case ENTER -> {
        Node on = getScene().getFocusOwner();
        if (on instanceof ButtonBase button) {
          button.fire();
        } else {
          model.connect();
        }
        e.consume();
      }
      default -> {}
    }
  }
}
