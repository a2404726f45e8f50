package topiary.app.desktop.window;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import topiary.app.desktop.model.Form;

/** A question over the window, with a field for each thing to be filled in. */
final class FormSheet extends Sheet {

  private static final double WIDTH = 480;

  private final Consumer<Map<String, String>> answer;
  private final Runnable away;
  private final Runnable closed;
  private final Label title = new Label();
  private final Label words = new Label();
  private final VBox fields = new VBox(8);
  private final Map<String, TextField> inputs = new LinkedHashMap<>();
  private final ProgressIndicator busy = new ProgressIndicator();
  private final Label message = new Label();
  private final Button close = new Button("Not now");
  private final Button does = new Button();
  private Optional<Form> shown = Optional.empty();

  /**
   * A sheet.
   *
   * @param id the beginning of its parts' ids
   * @param form what is asked; empty while nothing is
   * @param answer is given what was filled in, by the fields' names
   * @param away puts the question away
   * @param closed gives the keys back to what is below
   */
  FormSheet(
      String id,
      ObservableValue<Optional<Form>> form,
      Consumer<Map<String, String>> answer,
      Runnable away,
      Runnable closed) {
    super(id);
    this.answer = answer;
    this.away = away;
    this.closed = closed;
    title.getStyleClass().add("sheet-title");
    words.getStyleClass().add("sheet-text");
    words.setMinHeight(Region.USE_PREF_SIZE);
    VBox head = head(title, words, fields);
    head.getStyleClass().add("question");
    message.setId(id + "-message");
    message.setMinHeight(Region.USE_PREF_SIZE);
    message.setMaxWidth(Double.MAX_VALUE);
    message.getStyleClass().add("message");
    HBox.setHgrow(message, Priority.ALWAYS);
    busy.getStyleClass().add("connect-busy");
    busy.managedProperty().bind(busy.visibleProperty());
    fields.managedProperty().bind(fields.visibleProperty());
    close.setId(id + "-close");
    close.setMinWidth(Region.USE_PREF_SIZE);
    close.setOnAction(e -> away.run());
    does.setId(id + "-do");
    does.setMinWidth(Region.USE_PREF_SIZE);
    does.setOnAction(e -> does());
    var foot = new HBox(busy, message, close, does);
    foot.getStyleClass().add("sheet-foot");
    foot.setMinHeight(Region.USE_PREF_SIZE);
    put(WIDTH, head, foot);
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    form.subscribe(this::show);
  }

  private void does() {
    var values = new LinkedHashMap<String, String>();
    inputs.forEach((name, input) -> values.put(name, input.getText()));
    answer.accept(values);
  }

  private void key(KeyEvent e) {
    switch (e.getCode()) {
      case ESCAPE -> {
        away.run();
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

  private void show(Optional<Form> next) {
    boolean fresh = next.isPresent() && shown.filter(next.get()::same).isEmpty();
    boolean answered = shown.filter(Form::busy).isPresent();
    boolean gone = next.isEmpty() && shown.isPresent();
    shown = next;
    setVisible(next.isPresent());
    if (next.isEmpty()) {
      if (gone) {
        closed.run();
      }
      return;
    }
    Form form = next.get();
    if (fresh) {
      word(form);
    }
    busy.setVisible(form.busy());
    fields.setDisable(form.busy());
    does.setDisable(form.busy());
    message.setText(form.busy() ? form.waiting() : form.sentence());
    message.getStyleClass().remove("bad");
    if (!form.busy() && !form.sentence().isEmpty()) {
      message.getStyleClass().add("bad");
    }
    if (fresh || answered && !form.busy()) {
      focus();
    }
  }

  /** The keys go to the first field that is empty, else to the first. */
  private void focus() {
    inputs.values().stream()
        .filter(input -> input.getText().isEmpty())
        .findFirst()
        .or(() -> inputs.values().stream().findFirst())
        .ifPresentOrElse(
            input -> {
              input.requestFocus();
              input.selectAll();
            },
            close::requestFocus);
  }

  private void word(Form form) {
    title.setText(form.title());
    words.setText(form.words());
    does.setText(form.does());
    does.getStyleClass().removeAll("accent", "danger");
    does.getStyleClass().add(form.danger() ? "danger" : "accent");
    fields.getChildren().clear();
    inputs.clear();
    for (Form.Field field : form.fields()) {
      var input = new TextField(field.value());
      input.setId(field.id());
      input.setPromptText(field.prompt());
      input.setAccessibleText(
          field.label().isEmpty() ? field.prompt() : field.label() + ": " + field.prompt());
      inputs.put(field.name(), input);
      if (field.label().isEmpty()) {
        fields.getChildren().add(input);
      } else {
        var label = new Label(field.label());
        label.setLabelFor(input);
        label.getStyleClass().add("sheet-text");
        fields.getChildren().add(new VBox(2, label, input));
      }
    }
    fields.setVisible(!form.fields().isEmpty());
  }
}
